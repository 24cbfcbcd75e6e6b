// A plugin that cannot live with any host.
// SPDX-License-Identifier: MIT
#include "pve_plugin.h"

const pve_plugin *pve_plugin_bad(const pve_host *host) {
    (void)host;
    return NULL;
}
