// pve-mcp --help
// SPDX-License-Identifier: MIT

enum HelpCommand {
    static var text: String {
        var text = """
            pve-mcp \(Version.text): an MCP server for Proxmox VE whose tools are plugins.

            usage: pve-mcp [OPTIONS]             serve MCP on standard input and output
                   pve-mcp --demo                the same on a simulated cluster; needs no Proxmox
                   pve-mcp check [OPTIONS]       try the connection and the credentials, and say what is wrong
                   pve-mcp plugins [--json]      which plugins were found, loaded or refused, and why
                   pve-mcp plugin new NAME       begin a plugin; --lang c, swift or rust, --directory DIR
                   pve-mcp plugin check FILE     whether a plugin would be loaded, and what to know before; --json
                   pve-mcp plugin describe WHICH what a plugin, by name or file, says of itself; --json
                   pve-mcp plugin list           the same as plugins
                   pve-mcp tools [--json]        the tools a client would see
                   pve-mcp approve [ID] [--yes]  what waits for a person's yes, or that yes (PVE_CONFIRM=person)
                   pve-mcp settings --json       every setting, for other programs

            options (each also an environment variable; a flag wins over the variable):

            """
        for definition in SettingDefinition.all {
            let flag = definition.flag.map { "--\($0)" + definition.shownValue } ?? ""
            text += line(flag, definition.variable, definition.meaning)
            if definition.mayComeFromFile {
                text += line(
                    "--\(secretFileFlag(definition)) FILE", definition.variable + "_FILE", "A file that holds it.")
            }
        }
        text += line("--env-file FILE", "", "Read settings from FILE (NAME=value lines; chmod 600).")
        text += line("--strict", "", "Exit with status 3 when the connection check at the start fails.")
        text += line("--help, --version", "", "Show this text, or the version.")
        text += """

            Exit status: 0 done, 1 the command found a fault, 2 a setting is wrong, 3 --strict and no good connection,
            4 plugin check: the plugin would be refused (0 it would be loaded, 1 it would with warnings).

            """
        return text
    }

    private static func line(_ flag: String, _ variable: String, _ meaning: String) -> String {
        "  \(pad(flag, 26)) \(pad(variable, 23)) \(meaning)\n"
    }
}

extension SettingDefinition {
    fileprivate var shownValue: String { mayStandAlone ? "[=\(placeholder)]" : " \(placeholder)" }
}

/// Fills `text` with blanks up to `width` characters.
func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
