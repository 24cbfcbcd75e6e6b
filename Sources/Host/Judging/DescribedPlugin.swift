// TEMP
// SPDX-License-Identifier: MIT
import PluginLoader
struct DescribedPlugin {
    let plugin: Plugin
    let features: UInt64
    init?(_ description: String, file: String, category: String) { return nil }
    var text: String { "" }
}
