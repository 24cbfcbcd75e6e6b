// Tests of the plugin hello: its tools, called without a server. Run by `make test`.
// SPDX-License-Identifier: MIT

import CPluginTesting
import Glibc

let plugin = pve_testing_open("./libpve-hello.so")
var failed = false

/// Says what was expected where it is not what there is.
func expect(_ what: String, _ got: UnsafePointer<CChar>?, _ expected: String?) {
    let got = got.map { String(cString: $0) }
    if got == expected { return }
    print("\(what): expected \(expected ?? "nothing"), got \(got ?? "nothing")")
    failed = true
}

expect("a refusal of the plugin", pve_testing_refusal(plugin), nil)

_ = pve_testing_answer(plugin, "GET /nodes/pve1/version", #"{"version":"9.2.3"}"#)
_ = pve_testing_call(plugin, "hello_version", #"{"node":"pve1"}"#)
expect("a version", pve_testing_member(plugin, "version"), #""9.2.3""#)

_ = pve_testing_answer(plugin, "GET /cluster/resources", #"[{"status":"running"},{"status":"stopped"}]"#)
_ = pve_testing_call(plugin, "hello_guests", "{}")
expect("the guests", pve_testing_reply(plugin), #"{"running":1,"total":2}"#)
expect("what was asked", pve_testing_request(plugin, 0), #"GET /cluster/resources {"type":"vm"}"#)

_ = pve_testing_refuse(plugin, "GET /cluster/resources", "Permission check failed")
_ = pve_testing_call(plugin, "hello_guests", "{}")
expect("a refusal", pve_testing_failure(plugin), "Permission check failed")

if failed { exit(1) }
print("passed")
