// Makes the header a library.
// SPDX-License-Identifier: MIT
#include "cffi.h"
