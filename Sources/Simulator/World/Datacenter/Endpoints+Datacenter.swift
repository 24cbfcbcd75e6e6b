// The endpoints of the datacenter: options, log, membership.
// SPDX-License-Identifier: MIT

extension Endpoints {
    static let datacenter: Entries = [
        ("GET /cluster", { $0.clusterIndex($1) }),
        ("GET /cluster/options", { $0.datacenterOptions($1) }),
        ("PUT /cluster/options", { try $0.setDatacenterOptions($1) }),
        ("GET /cluster/log", { $0.clusterLog($1) }),
        ("GET /cluster/config", { _, _ in .index("name", ["nodes", "totem", "join", "qdevice", "apiversion"]) }),
        ("GET /cluster/config/nodes", { $0.memberList($1) }),
        ("GET /cluster/config/totem", { $0.totem($1) }),
        ("GET /cluster/config/join", { try $0.joinInformation($1) }),
        ("GET /cluster/config/qdevice", { _, _ in .object { _ in } }),
        ("GET /cluster/config/apiversion", { _, _ in .text("1") }),
    ]
}
