// Short forms of calls for containers, storages and backups.
// SPDX-License-Identifier: MIT

import JSON

@testable import Simulator

extension WorldLab {
    static let template = "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"

    /// A call for the container with this id; 110 runs on pve3, 111 is stopped on pve2.
    func ct(
        _ vmid: Int, _ method: String, _ path: String = "", _ values: [String: String] = [:], on node: String = "pve1",
        as caller: String = "root@pam!demo"
    ) -> LabAnswer {
        let all = ["vmid": String(vmid), "node": node].merging(values) { $1 }
        return call(method, "/nodes/{node}/lxc/{vmid}\(path)", all, as: caller)
    }

    /// Creates a container on pve1.
    func createContainer(_ vmid: Int, _ values: [String: String] = [:], as caller: String = "root@pam!demo")
        -> LabAnswer
    {
        let all = ["vmid": String(vmid), "ostemplate": Self.template, "storage": "local-lvm"].merging(values) { $1 }
        return call("POST", "/nodes/{node}/lxc", all.filter { !$0.value.isEmpty }, as: caller)
    }

    /// An option of a container's configuration, as text.
    func containerOption(_ vmid: Int, _ name: String, on node: String = "pve1", _ values: [String: String] = [:])
        -> String?
    {
        let value = ct(vmid, "GET", "/config", values, on: node).json?[name]
        return value?.string ?? value?.int.map { String($0) }
    }

    /// `running` or `stopped`.
    func containerStatus(_ vmid: Int, on node: String = "pve1") -> String? {
        ct(vmid, "GET", "/status/current", on: node).json?["status"]?.string
    }

    /// A call for a storage as a node sees it.
    func storage(
        _ name: String, _ method: String, _ path: String, _ values: [String: String] = [:],
        as caller: String = "root@pam!demo"
    ) -> LabAnswer {
        call(method, "/nodes/{node}/storage/{storage}\(path)", ["storage": name].merging(values) { $1 }, as: caller)
    }

    /// The ids of the volumes on a storage.
    func volumes(_ storage: String, _ values: [String: String] = [:]) -> [String] {
        self.storage(storage, "GET", "/content", values).json?.elements.compactMap { $0["volid"]?.string } ?? []
    }
}
