// A running simulator: certificate, cluster, API and server put together.
// SPDX-License-Identifier: MIT

import CSimulatorTLS
import Glibc

/// Everything pve-sim needs to serve.
struct Simulation {
    let server: HTTPServer
    let api: APIServer
    /// The settings a client needs, in the notation of env files, and a blank line.
    let settings: String
    private let privateDirectory: String?

    /// Why it cannot start.
    struct StartError: Error, CustomStringConvertible {
        let description: String
    }

    /// Makes the certificate, reads the facts and binds the port. Nothing is served before `server.start()`.
    init(_ options: SimulatorOptions) throws(StartError) {
        let facts: APIFacts
        do { facts = try APIFacts(release: options.world.release) } catch { throw StartError(description: "\(error)") }
        let secret = options.tokens.first { $0.id == "root@pam!demo" }?.secret ?? Credentials.newSecret()
        let credentials = Credentials()
        for id in ["root@pam!demo", "root@pam!nothing", "auditor@pve!ro"] { credentials.setSecret(secret, ofToken: id) }
        for (id, secret) in options.tokens { credentials.setSecret(secret, ofToken: id) }
        for (user, password) in options.passwords { credentials.setPassword(password, ofUser: user) }
        let world = World(options: options.world)
        for id in options.tokens.map({ $0.id }) + options.passwords.map({ $0.0 }) {
            if let principal = Principal(id) { world.admit(principal) }
        }
        let api = APIServer(
            facts: facts, world: world, credentials: credentials,
            faults: Faults(options.faults), log: try Self.log(options), loginDelay: options.loginDelay,
            hasControl: options.hasControl)
        self.api = api
        let security = options.usesTLS ? try Self.security(options.certificateDirectory) : nil
        privateDirectory = options.certificateDirectory == nil ? security?.directory : nil
        do throws(HTTPServer.StartError) {
            server = try HTTPServer(port: options.port, tls: security?.context) { api.handle($0) }
        } catch {
            Self.removeFiles(privateDirectory)
            throw StartError(description: error.description)
        }
        var lines = [
            "PVE_BASE_URL=\(options.usesTLS ? "https" : "http")://127.0.0.1:\(server.port)",
            "PVE_TOKEN_ID=root@pam!demo",
            "PVE_TOKEN_SECRET=\(secret)",
        ]
        if let security {
            lines.append("PVE_CA_FILE=\(security.directory)/pve-root-ca.pem")
            lines.append("PVE_FINGERPRINT=\(security.fingerprint)")
        }
        settings = lines.joined(separator: "\n") + "\n\n"
    }

    /// Removes the certificate's files when nobody named a directory for them.
    func removeFiles() { Self.removeFiles(privateDirectory) }

    private static func removeFiles(_ directory: String?) {
        guard let directory else { return }
        for file in ["pve-root-ca.pem", "pve-ssl.pem", "pve-ssl.key"] { unlink("\(directory)/\(file)") }
        rmdir(directory)
    }

    private static func log(_ options: SimulatorOptions) throws(StartError) -> RequestLog {
        guard let path = options.logFile else { return RequestLog(file: nil, keeps: options.hasControl) }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StartError(description: "--log: cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
        return RequestLog(file: file, keeps: options.hasControl)
    }

    private static func security(
        _ named: String?
    ) throws(StartError) -> (context: OpaquePointer, fingerprint: String, directory: String) {
        let directory: String
        if let named { directory = named } else { directory = try newDirectory() }
        var fingerprint = [CChar](repeating: 0, count: Int(SIM_FINGERPRINT_SIZE))
        var error = [CChar](repeating: 0, count: Int(SIM_ERROR_SIZE))
        guard sim_tls_write_certificate(directory, &fingerprint, &error) == 0,
            let context = sim_tls_open(directory, &error)
        else { throw StartError(description: text(error)) }
        return (context, text(fingerprint), directory)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func newDirectory() throws(StartError) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/pve-sim-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StartError(
                description: "cannot make a directory in \(parent): \(String(cString: strerror(errno))); use --cert-dir"
            )
        }
        return text(template)
    }
}
