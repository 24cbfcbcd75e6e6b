// Settings: what is accepted, what is refused, and what the message names.
// SPDX-License-Identifier: MIT

import Foundation
import Proxmox
import Testing

@testable import Host

@Suite("Settings")
struct SettingsTests {
    private func source(_ environment: [String: String], flags: [String: String] = [:]) -> SettingSource {
        SettingSource(flags: flags, environment: environment, file: nil)
    }

    private let complete = [
        "PVE_BASE_URL": "https://pve.example.org", "PVE_TOKEN_ID": "agent@pve!mcp", "PVE_TOKEN_SECRET": "s3cret",
    ]

    @Test func flagsWinOverTheEnvironment() throws {
        let settings = try Settings(source(["PVE_ACCESS_TIER": "full"], flags: ["tier": "read-only"]))
        #expect(settings.tier == .readOnly)
    }

    @Test func theEnvironmentWinsOverTheFile() throws {
        let merged = SettingSource(
            flags: [:], environment: ["PVE_ACCESS_TIER": "read-execute"],
            file: ("/x.env", ["PVE_ACCESS_TIER": "full", "PVE_TIMEOUT": "5"]))
        #expect(try Settings(merged).tier == .readExecute)
        #expect(merged["PVE_TIMEOUT"]?.origin == "PVE_TIMEOUT in /x.env")
    }

    @Test func anEmptyVariableCountsAsAbsent() {
        #expect(source(["PVE_ACCESS_TIER": ""])["PVE_ACCESS_TIER"] == nil)
    }

    @Test(
        arguments: [
            ([:], "PVE_BASE_URL is not set"),
            (["PVE_BASE_URL": "https://h"], "PVE_TOKEN_ID is not set"),
            (["PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp"], "PVE_TOKEN_SECRET is not set"),
            (["PVE_BASE_URL": "https://h", "PVE_USERNAME": "a@pve"], "PVE_PASSWORD is not set"),
            (["PVE_BASE_URL": "https://h", "PVE_TOKEN_SECRET": "x"], "PVE_TOKEN_ID is not set"),
            (
                [
                    "PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "x",
                    "PVE_PASSWORD": "y",
                ],
                "PVE_TOKEN_ID and PVE_PASSWORD are both set"
            ),
            (
                ["PVE_BASE_URL": "http://pve.example.org", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "x"],
                "PVE_BASE_URL: "
            ),
            (
                ["PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "a\nb"],
                "PVE_TOKEN_SECRET: "
            ),
            (
                ["PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": " "],
                "PVE_TOKEN_SECRET: "
            ),
            (["PVE_BASE_URL": "https://h", "PVE_USERNAME": "a", "PVE_PASSWORD": "y"], "PVE_USERNAME: "),
            (["PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "ab", "PVE_TOKEN_SECRET": "x"], "PVE_TOKEN_ID: "),
            (
                [
                    "PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "x",
                    "PVE_TIMEOUT": "0",
                ],
                "PVE_TIMEOUT: "
            ),
            (
                [
                    "PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "x",
                    "PVE_FINGERPRINT": "AB",
                ], "PVE_FINGERPRINT: "
            ),
            (
                [
                    "PVE_BASE_URL": "https://h", "PVE_TOKEN_ID": "a@pve!mcp", "PVE_TOKEN_SECRET": "x",
                    "PVE_CA_FILE": "/no/such",
                ], "PVE_CA_FILE: /no/such cannot be read"
            ),
        ] as [([String: String], String)])
    func refusesAnIncompleteConnection(_ environment: [String: String], _ start: String) {
        #expect {
            try Settings.connection(source(environment))
        } throws: { error in
            let message = (error as? SettingError)?.message ?? ""
            return message.hasPrefix(start)
                && message.contains("PVE_") && !message.contains("a\nb")
        }
    }

    @Test(arguments: [
        (["PVE_ACCESS_TIER": "admin"], "PVE_ACCESS_TIER: expected one of read-only, read-execute, full, got \"admin\""),
        (["PVE_TOOL_WHITELIST": ","], "PVE_TOOL_WHITELIST: expected names of tools"),
        (["DEBUG": "maybe"], "DEBUG: expected true or false"),
        (["PVE_PLUGIN_PATH": "plugins"], "PVE_PLUGIN_PATH: plugins is not an absolute path"),
    ])
    func refusesMalformedValues(_ environment: [String: String], _ start: String) {
        #expect { try Settings(source(environment)) } throws: {
            ($0 as? SettingError)?.message.hasPrefix(start) ?? false
        }
    }

    @Test func readsASecretFromItsFile() throws {
        let path = NSTemporaryDirectory() + "secret-\(UUID().uuidString)"
        try "s3cret\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o600)
        defer { unlink(path) }
        var environment = complete
        environment["PVE_TOKEN_SECRET"] = nil
        environment["PVE_TOKEN_SECRET_FILE"] = path
        #expect(try source(environment).secret("PVE_TOKEN_SECRET")?.text == "s3cret")
        environment["PVE_TOKEN_SECRET"] = "x"
        #expect(throws: SettingError.self) { try source(environment).secret("PVE_TOKEN_SECRET") }
    }

    @Test func refusesAnEmptyWhitelistFlag() throws {
        #expect { try Settings(source([:], flags: ["whitelist": ""])) } throws: {
            ($0 as? SettingError)?.message.hasPrefix("--whitelist: expected names of tools") ?? false
        }
        #expect(try Settings(source(["PVE_TOOL_WHITELIST": ""])).whitelist == nil)
    }

    @Test func waitsForNoPipe() throws {
        let path = NSTemporaryDirectory() + "pipe-\(UUID().uuidString)"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let isRefused: (any Error) -> Bool = {
            ($0 as? SettingError)?.message.contains("is not a regular file") ?? false
        }
        #expect { try EnvFile(path: path) } throws: { isRefused($0) }
        var environment = complete
        environment["PVE_CA_FILE"] = path
        #expect { try Settings.connection(source(environment)) } throws: { isRefused($0) }
    }

    @Test func seesWhoMayReadASecret() throws {
        let path = NSTemporaryDirectory() + "secret-\(UUID().uuidString)"
        try "s3cret\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o600)
        defer { unlink(path) }
        for (mode, isOpen) in [(0o600, false), (0o640, true), (0o604, true)] as [(mode_t, Bool)] {
            chmod(path, mode)
            #expect(try TextFile.readSecret(path).isOpenToOthers == isOpen)
        }
    }

    @Test func readsASecretFromAPipe() throws {
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data("s3cret\n".utf8))
        try pipe.fileHandleForWriting.close()
        let read = try TextFile.readSecret("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
        #expect(read.bytes == Array("s3cret\n".utf8) && !read.isOpenToOthers)
    }

    @Test func givesAChildTheSecretAndNotItsFile() throws {
        let source = SettingSource(
            flags: ["token-secret-file": "/dev/fd/63", "base-url": "https://h"],
            environment: ["PVE_TIMEOUT": "7", "PVE_TOKEN_SECRET_FILE": "/x", "HOME": "/root"],
            file: ("/x.env", ["PVE_TOKEN_ID": "a@pve!mcp"]))
        let values = source.environment(
            for: .token(id: "a@pve!mcp", secret: "s3cret"),
            over: ["PVE_TIMEOUT": "7", "PVE_TOKEN_SECRET_FILE": "/x", "HOME": "/root", "PVE_CATEGORIES": ""])
        #expect(
            values == [
                "PVE_BASE_URL": "https://h", "PVE_TIMEOUT": "7", "PVE_TOKEN_ID": "a@pve!mcp",
                "PVE_TOKEN_SECRET": "s3cret", "HOME": "/root",
            ])
    }

    @Test func anEnvFileMustBeClosedToOthers() throws {
        let path = NSTemporaryDirectory() + "env-\(UUID().uuidString)"
        try "# mine\nexport PVE_TIMEOUT='5'\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        chmod(path, 0o644)
        #expect { try EnvFile(path: path) } throws: { ($0 as? SettingError)?.message.contains("chmod 600") ?? false }
        chmod(path, 0o600)
        #expect(try EnvFile(path: path).values == ["PVE_TIMEOUT": "5"])
    }

    @Test(arguments: ["PVE_PLUGIN_PATH", "PVE_CA_FILE", "PVE_FINGERPRINT", "PVE_VERIFY_SSL"])
    func anEnvFileMayNotDecideWhatIsTrusted(_ name: String) {
        #expect { try EnvFile.parse("\(name)=x", path: "f") } throws: {
            ($0 as? SettingError)?.message.contains("may not come from a file") ?? false
        }
    }

    @Test func namesTheLineOfAFaultyEnvFile() {
        #expect { try EnvFile.parse("\nPVE_TIER=full", path: "f") } throws: {
            ($0 as? SettingError)?.message.hasPrefix("f:2: PVE_TIER is not a setting") ?? false
        }
    }
}

@Suite("Command line")
struct CommandLineTests {
    @Test func takesFlagsInBothSpellings() throws {
        let arguments = try CommandLineArguments(["plugins", "--tier=full", "--categories", "nodes", "--json"])
        #expect(arguments.command == .plugins && arguments.json)
        #expect(arguments.flags == ["tier": "full", "categories": "nodes"])
    }

    @Test func takesDebugAloneOrWithAValue() throws {
        #expect(try CommandLineArguments(["--debug"]).flags == ["debug": "true"])
        #expect(try CommandLineArguments(["--debug=false", "tools"]).flags == ["debug": "false"])
        #expect(HelpCommand.text.contains("--debug[=BOOL]"))
    }

    @Test func namesTheCommandsThereAre() {
        #expect { try CommandLineArguments(["--debug", "true"]) } throws: {
            let message = ($0 as? SettingError)?.message ?? ""
            return message.contains("serve, plugins, plugin, tools, check, settings, approve, help, version")
        }
    }

    @Test func joinsPluginDirectories() throws {
        #expect(try CommandLineArguments(["--plugin-dir", "/a", "--plugin-dir", "/b"]).flags["plugin-dir"] == "/a:/b")
    }

    @Test(arguments: [
        (["--nope"], "unknown option --nope"), (["serve", "plugins"], "unknown command \"plugins\""),
        (["--tier"], "--tier needs a value"), (["--token-secret", "x"], "--token-secret would show the secret"),
    ])
    func refusesWhatItDoesNotKnow(_ words: [String], _ start: String) {
        #expect { try CommandLineArguments(words) } throws: { ($0 as? SettingError)?.message.hasPrefix(start) ?? false }
    }

    @Test func helpNamesEverySetting() {
        for definition in SettingDefinition.all {
            #expect(HelpCommand.text.contains(definition.variable))
            #expect(SettingDefinition.named(definition.variable).variable == definition.variable)
        }
    }
}
