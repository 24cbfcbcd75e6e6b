// Every setting once: its variable, its flag, and what it means. Help, parsing and the README's table come from here.
// SPDX-License-Identifier: MIT

/// A setting of the server: an environment variable and the flag that overrides it.
struct SettingDefinition: Sendable {
    /// The environment variable.
    let variable: String
    /// The flag without its dashes; nil for secrets, which never belong on a command line.
    let flag: String?
    /// What stands for the value in `--help`.
    let placeholder: String
    /// One sentence.
    let meaning: String
    /// A value that would be accepted.
    let example: String
    /// Whether an env file may set it. Plugins, trust and TLS are the environment's alone.
    var allowedInFile = true
    /// Whether `<variable>_FILE` may name a file that holds the value.
    var mayComeFromFile = false
    /// Whether the flag may stand alone, for true. Its value then follows an equals sign only.
    var mayStandAlone = false

    static let all: [SettingDefinition] = [
        SettingDefinition(
            variable: "PVE_BASE_URL", flag: "base-url", placeholder: "URL",
            meaning: "The Proxmox VE server; port 8006 if none is given.", example: "https://pve.example.org:8006"),
        SettingDefinition(
            variable: "PVE_TOKEN_ID", flag: "token-id", placeholder: "ID",
            meaning: "The API token's id: user@realm!name.", example: "agent@pve!mcp"),
        SettingDefinition(
            variable: "PVE_TOKEN_SECRET", flag: nil, placeholder: "SECRET",
            meaning: "The API token's secret.", example: "00000000-0000-0000-0000-000000000000",
            mayComeFromFile: true),
        SettingDefinition(
            variable: "PVE_USERNAME", flag: "username", placeholder: "USER",
            meaning: "A user with realm, instead of a token.", example: "agent@pve"),
        SettingDefinition(
            variable: "PVE_PASSWORD", flag: nil, placeholder: "PASSWORD",
            meaning: "The user's password.", example: "correct-horse", mayComeFromFile: true),
        SettingDefinition(
            variable: "PVE_CA_FILE", flag: "ca-file", placeholder: "FILE",
            meaning: "A PEM file with the authority that signed the server's certificate.",
            example: "/etc/pve/pve-root-ca.pem", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_FINGERPRINT", flag: "fingerprint", placeholder: "SHA256",
            meaning: "The SHA-256 fingerprint of the server's certificate, as Proxmox shows it.",
            example: "AB:CD:… (32 bytes in hex)", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_VERIFY_SSL", flag: "verify-ssl", placeholder: "BOOL",
            meaning: "Whether the server's certificate is checked (default true).", example: "true",
            allowedInFile: false),
        SettingDefinition(
            variable: "PVE_TIMEOUT", flag: "timeout", placeholder: "SECONDS",
            meaning: "How long one request may take, 1 to 3600 (default 30).", example: "30"),
        SettingDefinition(
            variable: "PVE_ACCESS_TIER", flag: "tier", placeholder: "TIER",
            meaning: "What the server may do: read-only, read-execute or full (default full).", example: "read-only"),
        SettingDefinition(
            variable: "PVE_CATEGORIES", flag: "categories", placeholder: "LIST",
            meaning: "Which plugins to load: names with commas, default, or all.", example: "nodes,qemu"),
        SettingDefinition(
            variable: "PVE_TOOL_WHITELIST", flag: "whitelist", placeholder: "LIST",
            meaning: "Offer only these tools.", example: "pve_list_nodes,pve_start_qemu_vm"),
        SettingDefinition(
            variable: "PVE_TOOL_BLACKLIST", flag: "blacklist", placeholder: "LIST",
            meaning: "Do not offer these tools.", example: "pve_delete_qemu_vm"),
        SettingDefinition(
            variable: "PVE_PROTECT", flag: "protect", placeholder: "LIST",
            meaning: "Guests that nothing destructive is done to: ids, ranges, tag:NAME, pool:NAME, with commas.",
            example: "100,200-299,tag:prod,pool:infra"),
        SettingDefinition(
            variable: "PVE_CONFIRM", flag: "confirm", placeholder: "MODE",
            meaning: "How a loss is confirmed where the client cannot ask: ask, person or never (default ask).",
            example: "person"),
        SettingDefinition(
            variable: "PVE_CONFIRM_SECONDS", flag: "confirm-seconds", placeholder: "SECONDS",
            meaning: "How long a question stands and its token counts, 1 to 3600 (default 300).", example: "300"),
        SettingDefinition(
            variable: "PVE_PLUGIN_PATH", flag: "plugin-dir", placeholder: "DIRS",
            meaning: "Further plugin directories, separated by colons.", example: "/opt/pve-plugins",
            allowedInFile: false),
        SettingDefinition(
            variable: "PVE_SAFE_MODE", flag: "safe-mode", placeholder: "BOOL",
            meaning: "Whether to load only the plugins that came with pve-mcp (default false).", example: "true",
            allowedInFile: false, mayStandAlone: true),
        SettingDefinition(
            variable: "PVE_ISOLATE", flag: "isolate", placeholder: "LIST",
            meaning: "Plugins that run in processes of their own: names with commas, or third-party.",
            example: "third-party", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_ISOLATE_SECONDS", flag: "isolate-seconds", placeholder: "SECONDS",
            meaning: "Silence after which an isolated call counts as hanging, 0.05 to 3600 (default 60).",
            example: "60", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_ISOLATE_RESTARTS", flag: "isolate-restarts", placeholder: "N",
            meaning: "How often an isolated plugin is started again after a crash or hang (default 100).",
            example: "100", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_ISOLATE_MEMORY", flag: "isolate-memory", placeholder: "MIB",
            meaning: "Memory of one isolated process, 32 to 65536 (default 256).", example: "256",
            allowedInFile: false),
        SettingDefinition(
            variable: "PVE_TOOL_TIERS", flag: "tool-tiers", placeholder: "LIST",
            meaning: "What tools of manifests are: TOOL=TIER with commas; others are full and destructive.",
            example: "zlib_version=read-only", allowedInFile: false),
        SettingDefinition(
            variable: "PVE_SCHEMA_CHECK", flag: "schema-check", placeholder: "BOOL",
            meaning: "Whether requests are checked against the API's schema before they are sent (default true).",
            example: "true"),
        SettingDefinition(
            variable: "DEBUG", flag: "debug", placeholder: "BOOL",
            meaning: "Whether to log each request to stderr (default false).", example: "true",
            mayStandAlone: true),
    ]

    static func named(_ variable: String) -> SettingDefinition {
        // Every caller names a variable of the table above; a test holds them together.
        all.first { $0.variable == variable } ?? all[0]
    }
}
