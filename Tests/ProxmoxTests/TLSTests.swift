// Which certificates the client accepts, and that it says nothing to others.
// SPDX-License-Identifier: MIT

import EventLoop
import Foundation
import Testing

@testable import Proxmox

/// A TLS server with a certificate of its own that writes down what it receives and never answers (openssl s_server).
final class TLSRecorder {
    static let openssl = "/usr/bin/openssl"

    let port: Int
    let certificate: URL
    private let folder: URL
    private let process = Process()
    private let output = Pipe()
    private var text = ""

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("pve-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("cert.pem")
        let key = folder.appendingPathComponent("key.pem")
        _ = try TLSRecorder.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key.path, "-out",
            certificate.path,
        ])
        process.executableURL = URL(fileURLWithPath: TLSRecorder.openssl)
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", key.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        // Open and empty: it would end with its input.
        process.standardInput = Pipe()
        try process.run()
        var seen = ""
        while !seen.contains("ACCEPT") || !seen.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            seen += String(decoding: data, as: UTF8.self)
        }
        port = seen.split(separator: ":").last.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
    }

    deinit {
        end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Ends the server and returns what it received.
    func received() -> String {
        end()
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    private func end() {
        // Not SIGTERM: a child of a test's thread inherits a mask that blocks it.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    func fingerprint() throws -> Fingerprint {
        let line = try TLSRecorder.run(["x509", "-in", certificate.path, "-noout", "-fingerprint", "-sha256"])
        let value = line.split(separator: "=").last ?? ""
        return try Fingerprint(value.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}

@Suite("TLS", .enabled(if: FileManager.default.isExecutableFile(atPath: TLSRecorder.openssl)), .serialized)
struct TLSTests {
    /// Sends one request that the server never answers. A timeout means that the certificate was accepted.
    func attempt(
        _ server: TLSRecorder, host: String = "127.0.0.1", _ change: (inout ConnectionSettings) -> Void
    ) throws -> Failure? {
        var settings = ConnectionSettings(
            baseURL: try BaseURL("https://\(host):\(server.port)"),
            credentials: .token(id: "root@pam!mcp", secret: "geheim"))
        settings.timeoutSeconds = 0.5
        change(&settings)
        let loop = EventLoop()
        let client = Client(settings: settings, policy: UncheckedPolicy(), loop: loop)
        var failure: Failure?
        client.send(Request(.get, "/nodes")) { result in
            if case .failure(let given) = result { failure = given }
            loop.stop()
        }
        loop.run()
        return failure
    }

    func isTimeout(_ failure: Failure?) -> Bool {
        if case .timeout? = failure { true } else { false }
    }

    @Test("the pinned certificate is accepted without any authority, under any name")
    func acceptsPin() throws {
        let server = try TLSRecorder()
        let pin = try server.fingerprint()
        #expect(isTimeout(try attempt(server, host: "other.localhost") { $0.fingerprint = pin }))
        #expect(server.received().contains("GET /api2/json/nodes"))
    }

    @Test("another certificate than the pinned one gets no request, even when certificates are not checked otherwise")
    func refusesOtherPin() throws {
        let server = try TLSRecorder()
        let shown = try server.fingerprint()
        let other = try Fingerprint(String(repeating: "ab", count: 32))
        for verifies in [true, false] {
            let failure = try attempt(server) {
                $0.fingerprint = other
                $0.caFile = server.certificate.path
                $0.verifyTLS = verifies
            }
            guard case .tls(_, _, shown, other)? = failure else {
                Issue.record("got \(String(describing: failure))")
                return
            }
        }
        let received = server.received()
        #expect(!received.contains("GET") && !received.contains("geheim"))
    }

    @Test("a certificate nobody vouches for gets no request; the failure says its fingerprint")
    func refusesUntrusted() throws {
        let server = try TLSRecorder()
        let shown = try server.fingerprint()
        let failure = try attempt(server) { _ in }
        #expect(failure?.message.contains("PVE_FINGERPRINT=\(shown)") == true, "\(failure?.message ?? "")")
        #expect(!server.received().contains("GET"))
    }

    @Test("an authority from a file is enough, for the right name only")
    func usesAuthority() throws {
        let server = try TLSRecorder()
        let authority = server.certificate.path
        #expect(isTimeout(try attempt(server) { $0.caFile = authority }))
        let wrongName = try attempt(server, host: "other.localhost") { $0.caFile = authority }
        #expect(wrongName?.message.contains("other.localhost") == true)
        guard case .tls(_, _, .some, nil)? = wrongName else { return #expect(Bool(false)) }
    }

    @Test("without checking any certificate is accepted")
    func checksNothing() throws {
        let server = try TLSRecorder()
        #expect(isTimeout(try attempt(server) { $0.verifyTLS = false }))
    }
}
