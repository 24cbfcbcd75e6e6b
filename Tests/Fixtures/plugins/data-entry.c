// A plugin that exports its descriptor where its entry should be.
// SPDX-License-Identifier: MIT
#include "fixture.h"

const pve_plugin ENTRY = {.head = {PVE_MAGIC_PLUGIN, sizeof(pve_plugin), PVE_ABI_MAJOR, PVE_ABI_MINOR, 0}};
