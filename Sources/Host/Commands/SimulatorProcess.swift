// The simulated cluster behind --demo.
// SPDX-License-Identifier: MIT

import Glibc
import Proxmox

/// A running pve-sim and the settings to reach it. It ends with this process, whatever happens.
struct SimulatorProcess {
    private let child: ChildProcess
    /// The settings it printed, by variable.
    let settings: [String: String]

    static func start() throws(SettingError) -> SimulatorProcess {
        let path = Environment.executableDirectory + "/pve-sim"
        guard access(path, X_OK) == 0 else {
            throw SettingError(
                "--demo needs the simulator, but \(path) is not there; it is built and installed with pve-mcp")
        }
        guard let child = ChildProcess.start(path, ["--until-eof"]) else {
            throw SettingError("--demo: \(path) cannot be started: \(TextFile.lastError)")
        }
        var settings: [String: String] = [:]
        for line in lines(child.output) {
            if let equals = line.firstIndex(of: "=") {
                settings[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
        }
        guard settings["PVE_BASE_URL"] != nil else {
            child.end()
            throw SettingError("--demo: the simulator \(path) ended before it printed its settings")
        }
        return SimulatorProcess(child: child, settings: settings)
    }

    func end() {
        child.end()
    }

    /// The lines up to the first blank one, which the simulator prints when it is ready.
    private static func lines(_ descriptor: Int32) -> [String] {
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            text.append(byte)
            if text.suffix(2) == [0x0A, 0x0A] { break }
        }
        return text.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }
}
