// libFuzzer, as a library.
// SPDX-License-Identifier: MIT
#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer with these arguments; `callback` takes one input and returns 0. Returns what a main function would.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
