// The guest agent, as far as a machine that is not there can have one.
// SPDX-License-Identifier: MIT

import JSON

/// Agent commands that have an endpoint of their own and take no values of their own.
enum AgentCommand {
    static let reads = [
        "get-fsinfo", "get-host-name", "get-memory-block-info", "get-memory-blocks", "get-osinfo", "get-time",
        "get-timezone", "get-users", "get-vcpus", "info", "network-get-interfaces",
    ]
    static let changes = [
        "fsfreeze-freeze", "fsfreeze-status", "fsfreeze-thaw", "fstrim", "ping", "set-user-password", "shutdown",
        "suspend-disk", "suspend-hybrid", "suspend-ram",
    ]
}

/// What became of a command run in a guest.
struct AgentExecution {
    var exitCode: Int
    var output: String
    var errors: String
}

extension Cluster {
    /// The guest of a call, when its agent can be talked to.
    private func guestWithAgent(_ call: APICall) throws -> Guest {
        let guest = try guest(call)
        guard guest.hasAgent else { throw Refusal("No QEMU guest agent configured") }
        guard guest.run.isRunning else { throw Refusal("VM \(guest.vmid) is not running") }
        guard guest.agentAnswers else { throw Refusal("QEMU guest agent is not running") }
        return guest
    }

    /// GET /nodes/{node}/qemu/{vmid}/agent
    func agentIndex(_ call: APICall) throws -> APIAnswer {
        _ = try nodeName(call)
        let names = ["exec", "exec-status", "file-read", "file-write"] + AgentCommand.reads + AgentCommand.changes
        return .index("name", names.sorted())
    }

    /// Commands whose answer is `{"result": …}`.
    mutating func agentCommand(_ call: APICall, _ command: String) throws -> APIAnswer {
        let guest = try guestWithAgent(call)
        var result = JSONWriter()
        switch command {
        case "fsfreeze-status": result.string(guest.isFrozen ? "frozen" : "thawed")
        case "fsfreeze-freeze", "fsfreeze-thaw":
            result.int(guest.isFrozen == (command == "fsfreeze-freeze") ? 0 : 1)
            guest.isFrozen = command == "fsfreeze-freeze"
        case "fstrim":
            result.object {
                $0.member("paths") {
                    $0.array {
                        $0.object {
                            $0.member("path", "/"); $0.member("trimmed", 0); $0.member("minimum", 0)
                        }
                    }
                }
            }
        case "shutdown":
            setStopped(guest.vmid)
            result.object { _ in }
        case "suspend-ram", "suspend-disk", "suspend-hybrid":
            throw Refusal("Agent error: the guest does not support this suspend mode")
        default: writeAgentResult(command, of: guest, to: &result)
        }
        return .object { $0.member("result", raw: result.bytes) }
    }

    private func writeAgentResult(_ command: String, of guest: Guest, to result: inout JSONWriter) {
        switch command {
        case "get-host-name": result.object { $0.member("host-name", guest.name) }
        case "get-time": result.int(Int(now * 1000) * 1_000_000)
        case "get-timezone":
            result.object {
                $0.member("zone", "UTC"); $0.member("offset", 0)
            }
        case "get-users": result.array { _ in }
        case "get-memory-block-info": result.object { $0.member("size", 134_217_728) }
        case "get-memory-blocks":
            result.array { array in
                for block in 0..<min(256, guest.memory >> 27) {
                    array.object {
                        $0.member("phys-index", block); $0.member("online", true); $0.member("can-offline", true)
                    }
                }
            }
        case "get-vcpus":
            result.array { array in
                for cpu in 0..<guest.cpus {
                    array.object {
                        $0.member("logical-id", cpu); $0.member("online", true); $0.member("can-offline", cpu > 0)
                    }
                }
            }
        case "get-osinfo":
            result.object {
                for (key, value) in [
                    ("id", "debian"), ("name", "Debian GNU/Linux"), ("pretty-name", "Debian GNU/Linux 13 (trixie)"),
                    ("version", "13 (trixie)"), ("version-id", "13"), ("machine", "x86_64"),
                    ("kernel-release", "6.12.48+deb13-amd64"),
                    ("kernel-version", "#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1"),
                ] { $0.member(key, value) }
            }
        case "get-fsinfo": writeFileSystem(of: guest, to: &result)
        case "network-get-interfaces": writeInterfaces(of: guest, to: &result)
        case "info": writeAgentInfo(to: &result)
        default: result.object { _ in }
        }
    }

    private func writeFileSystem(of guest: Guest, to result: inout JSONWriter) {
        result.array {
            $0.object {
                $0.member("name", "sda1")
                $0.member("mountpoint", "/")
                $0.member("type", "ext4")
                $0.member("total-bytes", guest.diskSize / 20 * 19)
                $0.member("used-bytes", guest.diskSize / 4)
                $0.member("disk") { $0.array { _ in } }
            }
        }
    }

    private func writeInterfaces(of guest: Guest, to result: inout JSONWriter) {
        let usage = usage(of: guest)
        let mac =
            guest.config.current["net0"]?.split(separator: ",").first?.split(separator: "=").last?.lowercased() ?? ""
        let address = "198.51.100.\(guest.vmid % 250 + 2)"
        result.array { array in
            for (name, hardware, ip, prefix) in [
                ("lo", "00:00:00:00:00:00", "127.0.0.1", 8), ("ens18", mac, address, 24),
            ] {
                array.object { row in
                    row.member("name", name)
                    row.member("hardware-address", hardware)
                    row.member("ip-addresses") {
                        $0.array {
                            $0.object {
                                $0.member("ip-address", ip)
                                $0.member("ip-address-type", "ipv4")
                                $0.member("prefix", prefix)
                            }
                        }
                    }
                    row.member("statistics") {
                        $0.object {
                            $0.member("rx-bytes", usage.netIn)
                            $0.member("tx-bytes", usage.netOut)
                            $0.member("rx-packets", usage.netIn / 900)
                            $0.member("tx-packets", usage.netOut / 700)
                            for key in ["rx-errs", "tx-errs", "rx-dropped", "tx-dropped"] { $0.member(key, 0) }
                        }
                    }
                }
            }
        }
    }

    private func writeAgentInfo(to result: inout JSONWriter) {
        result.object {
            $0.member("version", "10.0.3")
            $0.member("supported_commands") {
                $0.array { array in
                    for name in AgentCommand.reads + AgentCommand.changes + ["exec", "exec-status"] where name != "info"
                    {
                        array.object {
                            $0.member("name", "guest-\(name)")
                            $0.member("enabled", true)
                            $0.member("success-response", true)
                        }
                    }
                }
            }
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/agent/exec: knows a handful of programs.
    mutating func agentExec(_ call: APICall) throws -> APIAnswer {
        let guest = try guestWithAgent(call)
        let command = call.lists["command"] ?? call.values["command"].map { [$0] } ?? []
        let program = command.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? ""
        let arguments = command.dropFirst()
        let execution: AgentExecution
        switch program {
        case "true", "sleep", "sync": execution = AgentExecution(exitCode: 0, output: "", errors: "")
        case "false": execution = AgentExecution(exitCode: 1, output: "", errors: "")
        case "echo":
            execution = AgentExecution(exitCode: 0, output: arguments.joined(separator: " ") + "\n", errors: "")
        case "hostname": execution = AgentExecution(exitCode: 0, output: guest.name + "\n", errors: "")
        case "uname": execution = AgentExecution(exitCode: 0, output: "Linux\n", errors: "")
        case "whoami": execution = AgentExecution(exitCode: 0, output: "root\n", errors: "")
        case "cat":
            let path = arguments.first ?? ""
            let text = file(path, in: guest)
            execution = AgentExecution(
                exitCode: text == nil ? 1 : 0, output: text ?? "",
                errors: text == nil ? "cat: \(path): No such file or directory\n" : "")
        default:
            // The agent's message holds curly quotes, on which the real daemon dies; the proxy then says this.
            throw Refusal(status: 596, "Broken pipe")
        }
        let pid = 2000 + Int(random.next() % 30_000)
        executions[guest.vmid, default: [:]][pid] = execution
        return .object { $0.member("pid", pid) }
    }

    /// GET /nodes/{node}/qemu/{vmid}/agent/exec-status: what came of a command, once.
    mutating func agentExecStatus(_ call: APICall) throws -> APIAnswer {
        let guest = try guestWithAgent(call)
        guard let pid = call.number("pid"), let execution = executions[guest.vmid]?.removeValue(forKey: pid) else {
            throw Refusal("Agent error: Invalid parameter 'pid'")
        }
        return .object {
            $0.member("exited", 1)
            $0.member("exitcode", execution.exitCode)
            if !execution.output.isEmpty { $0.member("out-data", execution.output) }
            if !execution.errors.isEmpty { $0.member("err-data", execution.errors) }
        }
    }

    private func file(_ path: String, in guest: Guest) -> String? {
        if let text = guest.files[path] { return text }
        return switch path {
        case "/etc/hostname": guest.name + "\n"
        case "/etc/debian_version": "13.1\n"
        default: nil
        }
    }

    /// GET /nodes/{node}/qemu/{vmid}/agent/file-read
    func agentFileRead(_ call: APICall) throws -> APIAnswer {
        let guest = try guestWithAgent(call)
        let path = call.values["file"] ?? ""
        guard let text = file(path, in: guest) else {
            throw Refusal("Agent error: failed to open file '\(path)' (mode: 'r'): No such file or directory")
        }
        return .object {
            $0.member("content", text)
            $0.member("bytes-read", text.utf8.count)
        }
    }

    /// POST /nodes/{node}/qemu/{vmid}/agent/file-write
    mutating func agentFileWrite(_ call: APICall) throws -> APIAnswer {
        let guest = try guestWithAgent(call)
        guest.files[call.values["file"] ?? ""] = call.values["content"] ?? ""
        return .null
    }
}
