// A target has a source; the functions are in PluginTestingC.
// SPDX-License-Identifier: MIT

#include "pve_testing.h"
