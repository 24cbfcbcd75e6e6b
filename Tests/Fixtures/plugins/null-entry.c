// A plugin that cannot live with any host.
// SPDX-License-Identifier: MIT
#include "fixture.h"

const pve_plugin *ENTRY(const pve_host *host);
const pve_plugin *ENTRY(const pve_host *host) {
    (void)host;
    return NULL;
}
