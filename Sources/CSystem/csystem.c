// Constants and inline functions only: see include/csystem.h.
// SPDX-License-Identifier: MIT
#include "csystem.h"
