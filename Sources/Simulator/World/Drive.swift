// The value of a drive option, such as `local-lvm:vm-100-disk-0,size=32G,iothread=1`.
// SPDX-License-Identifier: MIT

/// A volume and the options after it, in the order they were written.
struct Drive {
    var volume: String
    var options: [(key: String, value: String)] = []

    init(_ text: String) {
        volume = ""
        for (index, part) in text.utf8.split(separator: UInt8(ascii: ",")).enumerated() {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                if index == 0 { volume = String(Substring(part)) }
                continue
            }
            let key = String(Substring(part[..<equals]))
            let value = String(Substring(part[part.index(after: equals)...]))
            if key == "file" || key == "volume" { volume = value } else { options.append((key, value)) }
        }
    }

    var text: String { ([volume] + options.map { "\($0.key)=\($0.value)" }).joined(separator: ",") }

    subscript(key: String) -> String? {
        get { options.first { $0.key == key }?.value }
        set {
            let place = options.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): options[place].value = value
            case (let place?, nil): options.remove(at: place)
            case (nil, let value?): options.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// The storage the volume is on; nil for `none`, `cdrom` and paths.
    var storage: String? {
        guard let colon = volume.firstIndex(of: ":"), !volume.hasPrefix("/") else { return nil }
        return String(volume[..<colon])
    }

    /// The volume's name on its storage.
    var volumeName: String {
        guard let colon = volume.firstIndex(of: ":") else { return volume }
        return String(volume[volume.index(after: colon)...])
    }

    var isCDROM: Bool { self["media"] == "cdrom" || isCloudInit || volume == "cdrom" }

    var isCloudInit: Bool { volumeName.contains("cloudinit") }

    /// Whether the volume belongs to the guest: not a CD image, nor the host's drive.
    var isOwned: Bool { storage != nil && (!isCDROM || isCloudInit) }

    /// Bytes.
    var size: Int? { self["size"].flatMap(Self.bytes) }

    /// The bytes that a size such as `32G`, `512M` or `1.5T` means.
    static func bytes(_ text: String) -> Int? {
        guard let last = text.last else { return nil }
        let shift: Double? =
            switch last {
            case "K": 1024
            case "M": 1_048_576
            case "G": 1_073_741_824
            case "T": 1_099_511_627_776
            default: nil
            }
        guard let number = Double(shift == nil ? text : String(text.dropLast())), number >= 0, number < 9e15 else {
            return nil
        }
        let bytes = number * (shift ?? 1)
        return bytes < 9e18 ? Int(bytes) : nil
    }

    /// The largest unit in which a number of bytes is whole.
    static func sizeText(_ bytes: Int) -> String {
        for (unit, shift) in [("T", 40), ("G", 30), ("M", 20), ("K", 10)]
        where bytes >= 1 << shift && bytes % (1 << shift) == 0 { return "\(bytes >> shift)\(unit)" }
        return "\(bytes)"
    }
}
