// The calls that need feature macros or global variables of the C library.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "csystem.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int csystem_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void csystem_line_buffer_stdout(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
