// Requests, states and clocks for the tests of confirmation.
// SPDX-License-Identifier: MIT

import Foundation
import JSON
import MCP
import Proxmox
import Synchronization

@testable import Host

/// Bytes that count up, so that names differ and tests are alike.
func countingRandom() -> RandomSource {
    let next = Counter()
    return RandomSource { count in next.take(count) }
}

private final class Counter: Sendable {
    private let value = Mutex<UInt8>(0)

    func take(_ count: Int) -> [UInt8] {
        value.withLock { value in
            value &+= 1
            return [UInt8](repeating: 0, count: count - 1) + [value]
        }
    }
}

func ledger(seconds: Int = 300, key: UInt8 = 7) -> ConfirmationLedger {
    ConfirmationLedger(
        seal: Seal(key: [UInt8](repeating: key, count: 32)), random: countingRandom(), seconds: seconds)
}

/// A request about VM 101 on pve1.
func vmRequest(
    _ method: Proxmox.Method, _ below: String = "", _ parameters: [String: ParameterValue] = [:], vmid: Int = 101,
    path: [String: String] = [:]
) -> Request {
    Request(
        method, "/nodes/{node}/qemu/{vmid}\(below)",
        path: ["node": "pve1", "vmid": "\(vmid)"].merging(path) { $1 },
        parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
}

let deleteVM = vmRequest(.delete)

/// VM 101, called web, with two disks and two snapshots.
func web(
    status: String = "running", tags: [String] = [], pool: String? = nil, protection: Bool = false,
    digest: String = "d1"
) throws -> GuestState {
    var guest = GuestState(vmid: 101)
    guest.take(
        listed: try json(
            #"{"vmid":101,"type":"qemu","node":"pve1","name":"web","status":"\#(status)"\#(pool.map { #","pool":"\#($0)""# } ?? "")}"#
        ))
    guest.take(
        config: try json(
            #"""
            {"digest":"\#(digest)","name":"web","protection":\#(protection ? 1 : 0),"tags":"\#(tags.joined(separator: ";"))",
            "scsi0":"local-lvm:vm-101-disk-0,size=32G","ide2":"local:iso/x.iso,media=cdrom","unused0":"local-lvm:vm-101-disk-1"}
            """#))
    guest.take(
        snapshots: try json(
            #"""
            [{"name":"late","snaptime":1795176885,"description":"two\nlines"},{"name":"early","snaptime":86400,"vmstate":1},
            {"name":"current","digest":"x"}]
            """#))
    return guest
}

func state(_ guest: GuestState) -> ObjectState {
    ObjectState(guest: guest, guests: [guest], hasGuestList: true, data: nil)
}

/// A gate on its way, with its ledger and a clock that stands still.
struct StagedGate {
    var gate: ConfirmationGate
    var ledger: ConfirmationLedger
    var now: UInt64 = 1000

    init(
        _ request: Request = deleteVM, _ way: ConfirmationGate.Way = .token, mode: ConfirmationMode = .ask,
        protect: [String] = [], token: String? = nil, input: CallInput? = nil, takesToken: Bool = true,
        arguments: String = #"{"vmid":101}"#, tool: String = "pve_delete_qemu_vm",
        ledger given: ConfirmationLedger? = nil
    ) {
        var settings = ConfirmationSettings()
        settings.mode = mode
        settings.protection.rules = protect.compactMap(ProtectionRule.init)
        let caller = ConfirmationGate.Caller(
            tool: tool, takesToken: takesToken, arguments: Array(arguments.utf8), token: token, input: input, way: way)
        gate = ConfirmationGate(AskedRequest(request), caller, settings, facts: .newest)
        ledger = given ?? standardLedger()
    }

    mutating func handle(_ event: ConfirmationGate.Event) -> ConfirmationGate.Action {
        gate.handle(event, &ledger, now: now)
    }

    /// Begins and reads a state.
    mutating func reading(_ state: ObjectState) -> ConfirmationGate.Action {
        _ = handle(.begin)
        return handle(.read(state))
    }
}

private func standardLedger() -> ConfirmationLedger { ledger() }

extension ConfirmationGate.Action {
    /// The text with which a call ends.
    var ending: String? { if case .end(let text) = self { text } else { nil } }
    var refusal: String? { if case .refuse(let text) = self { text } else { nil } }
    var question: String? { if case .ask(let text) = self { text } else { nil } }

    /// The token in the text with which a call ends.
    var token: String? {
        guard let text = ending, let start = text.range(of: #""confirm": ""#) else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
