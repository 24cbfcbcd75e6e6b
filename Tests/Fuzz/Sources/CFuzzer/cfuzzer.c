// libFuzzer is linked in; there is only its header here.
// SPDX-License-Identifier: MIT
#include "cfuzzer.h"
