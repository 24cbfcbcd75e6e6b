// A plugin whose constructor does what CONSTRUCTOR says, before anybody can look at its descriptor; ON_ENTRY is what its entry
// does.
// SPDX-License-Identifier: MIT
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef CONSTRUCTOR
#define CONSTRUCTOR
#endif
__attribute__((constructor)) static void constructor(void) { CONSTRUCTOR; }

#include "fixture.c"
