// Refuses to compile the contract where it would lie differently in memory. Makes no code: this file is linked into
// every plugin.
// SPDX-License-Identifier: MIT
#include "pve_plugin.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "sizeof(" #type ") is not " #bytes);
#define FIELD(type, member, offset) \
    _Static_assert(offsetof(type, member) == (offset), "offsetof(" #type ", " #member ") is not " #offset);
#include "layout.h"

#define VALUE(name, number) _Static_assert((name) == (number), #name " is not " #number);
#define TEXT(name, text) _Static_assert(sizeof(name) == sizeof(text), #name " is not " #text);
#include "values.h"

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "the contract is for 64-bit systems");
