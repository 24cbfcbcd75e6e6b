// pve-mcp settings --json: every setting, for the documents and for other programs.
// SPDX-License-Identifier: MIT

import JSON

enum SettingsCommand {
    static var json: String {
        var writer = JSONWriter()
        writer.array {
            for definition in SettingDefinition.all {
                $0.object {
                    $0.member("variable", definition.variable)
                    if let flag = definition.flag { $0.member("flag", "--\(flag)") }
                    if definition.mayComeFromFile {
                        $0.member("file_variable", definition.variable + "_FILE")
                        $0.member("file_flag", "--\(secretFileFlag(definition))")
                    }
                    $0.member("meaning", definition.meaning)
                    $0.member("example", definition.example)
                    $0.member("in_env_file", definition.allowedInFile)
                }
            }
        }
        return writer.text
    }
}
