// The layout of the contract as C++ sees it, for tests.
// SPDX-License-Identifier: MIT
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A line of layout.h: a struct's size when `member` is NULL, else the member's offset.
typedef struct abi_layout_line {
    const char *type;
    const char *member;
    size_t bytes;
} abi_layout_line;

/// The lines, in order; `count` receives how many. Constant.
const abi_layout_line *abi_layout(size_t *count);

/// The names in values.h, in order; `count` receives how many. Constant.
const char *const *abi_value_names(size_t *count);

#ifdef __cplusplus
}
#endif
#endif
