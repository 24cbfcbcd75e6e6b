// A plugin that needs what nobody has.
// SPDX-License-Identifier: MIT
#include "fixture.h"

extern const pve_plugin *there_is_no_such_function(void);

const pve_plugin *ENTRY(const pve_host *host);
const pve_plugin *ENTRY(const pve_host *host) {
    (void)host;
    return there_is_no_such_function();
}
