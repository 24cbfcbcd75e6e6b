// The endpoints of high availability.
// SPDX-License-Identifier: MIT

extension Endpoints {
    private static let base = "/cluster/ha"

    static let highAvailability: Entries = [
        (
            "GET \(base)",
            { cluster, _ in .index("id", ["status", "resources", "groups"] + (cluster.hasHAGroups ? [] : ["rules"])) }
        ),
        (
            "GET \(base)/status",
            { cluster, _ in
                .index("name", ["current", "manager_status"] + (cluster.hasHAGroups ? [] : ["disarm-ha", "arm-ha"]))
            }
        ),
        ("GET \(base)/status/current", { $0.haStatus($1) }),
        ("GET \(base)/status/manager_status", { $0.haManagerStatus($1) }),
        ("POST \(base)/status/disarm-ha", { $0.disarmHA($1) }),
        ("POST \(base)/status/arm-ha", { $0.armHA($1) }),
        ("GET \(base)/resources", { $0.haResourceList($1) }),
        ("POST \(base)/resources", { try $0.createHAResource($1) }),
        ("GET \(base)/resources/{sid}", { try $0.haResourceDetails($1) }),
        ("PUT \(base)/resources/{sid}", { try $0.updateHAResource($1) }),
        ("DELETE \(base)/resources/{sid}", { try $0.deleteHAResource($1) }),
        ("POST \(base)/resources/{sid}/migrate", { try $0.moveHAResource($1, relocates: false) }),
        ("POST \(base)/resources/{sid}/relocate", { try $0.moveHAResource($1, relocates: true) }),
        ("GET \(base)/rules", { $0.haRuleList($1) }),
        ("POST \(base)/rules", { try $0.createHARule($1) }),
        ("GET \(base)/rules/{rule}", { try $0.haRuleDetails($1) }),
        ("PUT \(base)/rules/{rule}", { try $0.updateHARule($1) }),
        ("DELETE \(base)/rules/{rule}", { $0.deleteHARule($1) }),
        ("GET \(base)/groups", { try $0.haGroupList($1) }),
        ("POST \(base)/groups", { try $0.createHAGroup($1) }),
        ("GET \(base)/groups/{group}", { try $0.haGroupDetails($1) }),
        ("PUT \(base)/groups/{group}", { try $0.updateHAGroup($1) }),
        ("DELETE \(base)/groups/{group}", { try $0.deleteHAGroup($1) }),
    ]
}
