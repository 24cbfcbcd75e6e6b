// The rows of guests in /cluster/resources: written by hand, because there may be ten thousand of them.
// SPDX-License-Identifier: MIT

import JSON

extension Cluster {
    /// A JSON array that has one row for each guest and then the elements of another array.
    func guestRows(before others: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(others.count + guestIDs.count * 480)
        bytes.append(UInt8(ascii: "["))
        let reachable = Set(nodeNames.filter { nodes[$0]?.isOnline == true })
        for vmid in guestIDs {
            guard let guest = guests[vmid] else { continue }
            append(guest, isReachable: reachable.contains(guest.node), inPool: access.poolOfGuest[vmid], to: &bytes)
            bytes.append(UInt8(ascii: ","))
        }
        // The last comma belongs to what follows, if anything does.
        if others.count <= 2, bytes.count > 1 { bytes.removeLast() }
        bytes += others.dropFirst()
        return bytes
    }

    /// The row of one guest.
    func resourceRow(of guest: Guest, inPool pool: String?) -> [UInt8] {
        var bytes: [UInt8] = []
        append(guest, isReachable: nodes[guest.node]?.isOnline == true, inPool: pool, to: &bytes)
        return bytes
    }

    private func append(_ guest: Guest, isReachable: Bool, inPool pool: String?, to bytes: inout [UInt8]) {
        if guest.row == nil { guest.row = fixedRow(of: guest) }
        if let fixed = guest.row { bytes += fixed }
        if let pool { append(#","pool":"#, pool, to: &bytes) }
        if let state = haState(of: guest) { append(#","hastate":"#, state, to: &bytes) }
        guard isReachable else {
            append(#","status":"unknown"}"#, to: &bytes)
            return
        }
        let usage = usage(of: guest)
        append(guest.run.isRunning ? #","status":"running","cpu":"# : #","status":"stopped","cpu":"#, to: &bytes)
        append(ratio: usage.cpu, to: &bytes)
        append(#","mem":"#, usage.memory, to: &bytes)
        if !isRelease8 { append(#","memhost":"#, usage.memoryOnHost, to: &bytes) }
        append(#","disk":"#, usage.disk, to: &bytes)
        append(#","netin":"#, usage.netIn, to: &bytes)
        append(#","netout":"#, usage.netOut, to: &bytes)
        append(#","diskread":"#, usage.diskRead, to: &bytes)
        append(#","diskwrite":"#, usage.diskWrite, to: &bytes)
        append(#","uptime":"#, usage.uptime, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// The row without its closing brace and without what is measured.
    private func fixedRow(of guest: Guest) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("id", "\(guest.kind.rawValue)/\(guest.vmid)")
            $0.member("type", guest.kind.rawValue)
            $0.member("vmid", guest.vmid)
            $0.member("name", guest.name)
            $0.member("node", guest.node)
            $0.member("template", guest.isTemplate ? 1 : 0)
            $0.member("maxcpu", guest.cpus)
            $0.member("maxmem", guest.memory)
            $0.member("maxdisk", guest.diskSize)
            if let tags = guest.config.current["tags"] { $0.member("tags", tags) }
            if let lock = guest.lock { $0.member("lock", lock) }
        }
        return Array(writer.bytes.dropLast())
    }

    private func append(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// A member whose value has no characters that need an escape.
    private func append(_ text: StaticString, _ plain: String, to bytes: inout [UInt8]) {
        append(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        bytes += plain.utf8
        bytes.append(UInt8(ascii: "\""))
    }

    private func append(_ text: StaticString, _ number: Int, to bytes: inout [UInt8]) {
        append(text, to: &bytes)
        append(number, to: &bytes)
    }

    /// A number from 0 to 1 with at most four digits after the point.
    private func append(ratio: Double, to bytes: inout [UInt8]) {
        let parts = Int((ratio * 10000).rounded())
        append(parts / 10000, to: &bytes)
        guard parts % 10000 != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var rest = parts % 10000
        var unit = 1000
        while rest > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// The digits of a number that is not negative.
    private func append(_ number: Int, to bytes: inout [UInt8]) {
        var unit = 1
        while number / unit > 9 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
            unit /= 10
        }
    }
}
