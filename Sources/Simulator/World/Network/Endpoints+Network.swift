// The endpoints of the nodes' networks.
// SPDX-License-Identifier: MIT

extension Endpoints {
    static let network: Entries = [
        ("GET /nodes/{node}/network", { try $0.interfaceList($1) }),
        ("POST /nodes/{node}/network", { try $0.createInterface($1) }),
        ("PUT /nodes/{node}/network", { try $0.applyNetwork($1) }),
        ("DELETE /nodes/{node}/network", { try $0.revertNetwork($1) }),
        ("GET /nodes/{node}/network/{iface}", { try $0.interfaceDetails($1) }),
        ("PUT /nodes/{node}/network/{iface}", { try $0.updateInterface($1) }),
        ("DELETE /nodes/{node}/network/{iface}", { try $0.deleteInterface($1) }),
    ]
}
