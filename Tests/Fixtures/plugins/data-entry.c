// A plugin that exports its descriptor where its entry should be.
// SPDX-License-Identifier: MIT
#include "pve_plugin.h"

const pve_plugin pve_plugin_bad = {.head = {PVE_MAGIC_PLUGIN, sizeof(pve_plugin), PVE_ABI_MAJOR, PVE_ABI_MINOR, 0}};
