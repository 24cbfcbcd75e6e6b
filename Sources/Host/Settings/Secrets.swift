// Takes secrets out of this process's environment once they have been read.
// SPDX-License-Identifier: MIT

import Glibc
import PluginLoader

enum Secrets {
    /// Overwrites the secrets where the kernel shows the environment (`/proc/PID/environ`), and keeps other processes of
    /// the user from reading this one's memory. What is started from now on inherits none of them.
    static func hide() {
        for definition in SettingDefinition.all where definition.mayComeFromFile {
            let prefix = definition.variable + "="
            var entry = environ
            while let variable = entry.pointee {
                if strncmp(variable, prefix, prefix.utf8.count) == 0 {
                    memset(variable + prefix.utf8.count, 0, strlen(variable) - prefix.utf8.count)
                }
                entry += 1
            }
            unsetenv(definition.variable)
        }
        ChildLimits.hideParent()
    }
}
