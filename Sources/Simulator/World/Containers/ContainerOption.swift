// The options a container's configuration can hold, and how their values behave.
// SPDX-License-Identifier: MIT

/// Facts about options of containers.
enum ContainerOption {
    /// Answered as JSON numbers.
    private static let numeric: Set<String> = [
        "console", "cores", "cpulimit", "cpuunits", "debug", "memory", "onboot", "protection", "snaptime", "swap",
        "template", "tty", "unprivileged",
    ]

    private static let textual: Set<String> = [
        "arch", "cmode", "description", "features", "hookscript", "hostname", "lock", "nameserver", "ostype", "parent",
        "rootfs", "searchdomain", "startup", "tags", "timezone", "entrypoint", "env",
    ]

    private static let families = ["mp": 256, "net": 32, "dev": 256, "unused": 256]

    /// Taken by a running container at once.
    private static let live: Set<String> = [
        "description", "onboot", "startup", "protection", "hostname", "hookscript", "cores", "tags", "lock",
        "cpulimit", "cpuunits", "memory", "swap",
    ]

    static func exists(_ name: String) -> Bool {
        numeric.contains(name) || textual.contains(name) || families.keys.contains { index(of: name, in: $0) != nil }
    }

    /// The number in `mp3` for the family `mp`; nil when the name is not of that family.
    static func index(of name: String, in family: String) -> Int? {
        guard name.hasPrefix(family), let number = Int(name.dropFirst(family.count)), number >= 0,
            number < families[family] ?? 0
        else { return nil }
        return number
    }

    static func isNumeric(_ name: String) -> Bool { numeric.contains(name) }

    /// The root file system and mount points, not `unused3`.
    static func isVolume(_ name: String) -> Bool {
        switch name.utf8.first {
        case UInt8(ascii: "r"): name == "rootfs"
        case UInt8(ascii: "m"): index(of: name, in: "mp") != nil
        default: false
        }
    }

    /// Whether a running container takes the value at once; otherwise it waits for the next start.
    static func isHotpluggable(_ name: String, isSet: Bool, removes: Bool) -> Bool {
        if removes {
            // The size of the memory cannot be without a value, so only these can go at once.
            return live.contains(name) && name != "memory" || index(of: name, in: "net") != nil
                || index(of: name, in: "unused") != nil
        }
        if live.contains(name) || index(of: name, in: "net") != nil { return true }
        let isAdded = index(of: name, in: "mp") != nil || index(of: name, in: "dev") != nil
        return isAdded && !isSet
    }
}
