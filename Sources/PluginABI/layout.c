// The header is the product; this file makes it a library.
// SPDX-License-Identifier: MIT
#include "pve_plugin.h"
