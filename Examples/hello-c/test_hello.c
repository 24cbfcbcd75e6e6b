// Tests of the plugin hello: its tools, called without a server. Run by `make test`.
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "pve_testing.h"

static int failed;

// Says what was expected where it is not what there is.
static void expect(const char *what, const char *got, const char *expected) {
    if (got && strcmp(got, expected) == 0) return;
    fprintf(stderr, "%s: expected %s, got %s\n", what, expected, got ? got : "nothing");
    failed = 1;
}

int main(void) {
    pve_testing *plugin = pve_testing_open("./libpve-hello.so");
    if (pve_testing_refusal(plugin)) expect("the plugin", pve_testing_refusal(plugin), "no refusal");

    pve_testing_answer(plugin, "GET /nodes/pve1/version", "{\"version\":\"9.2.3\"}");
    pve_testing_call(plugin, "hello_version", "{\"node\":\"pve1\"}");
    expect("a version", pve_testing_member(plugin, "version"), "\"9.2.3\"");

    pve_testing_answer(plugin, "GET /cluster/resources", "[{\"status\":\"running\"},{\"status\":\"stopped\"}]");
    pve_testing_call(plugin, "hello_guests", "{}");
    expect("the guests", pve_testing_reply(plugin), "{\"running\":1,\"total\":2}");
    expect("what was asked", pve_testing_request(plugin, 0), "GET /cluster/resources {\"type\":\"vm\"}");

    pve_testing_refuse(plugin, "GET /cluster/resources", "Permission check failed");
    pve_testing_call(plugin, "hello_guests", "{}");
    expect("a refusal", pve_testing_failure(plugin), "Permission check failed");

    pve_testing_call(plugin, "hello_size", "{\"bytes\":1610612736}");
    expect("a size", pve_testing_reply(plugin), "{\"size\":\"1.5 GiB\"}");

    pve_testing_close(plugin);
    if (!failed) puts("passed");
    return failed;
}
