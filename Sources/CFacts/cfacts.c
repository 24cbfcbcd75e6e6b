// Embeds facts.bin, which scripts/generate-facts makes.
// SPDX-License-Identifier: MIT

#include "cfacts.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char table[] __attribute__((aligned(8))) = {
#embed "facts.bin"
};

const void *cfacts_bytes(void) { return table; }

size_t cfacts_size(void) { return sizeof table; }
