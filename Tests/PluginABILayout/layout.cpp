// The contract compiled as C++17, checked against the same numbers as C and handed to the Swift tests.
// SPDX-License-Identifier: MIT
#include "abi_layout.h"

#include <type_traits>

#include "pve_plugin.h"

#define SIZE(type, bytes)                    \
    static_assert(sizeof(type) == (bytes));  \
    static_assert(std::is_standard_layout_v<type> && std::is_trivially_copyable_v<type>);
#define FIELD(type, member, offset) static_assert(offsetof(type, member) == (offset));
#include "../../Sources/PluginABI/layout.h"
#undef SIZE
#undef FIELD

#define SIZE(type, bytes) {#type, nullptr, bytes},
#define FIELD(type, member, offset) {#type, #member, offset},
static const abi_layout_line lines[] = {
#include "../../Sources/PluginABI/layout.h"
};

const abi_layout_line *abi_layout(size_t *count) {
    *count = sizeof lines / sizeof lines[0];
    return lines;
}
