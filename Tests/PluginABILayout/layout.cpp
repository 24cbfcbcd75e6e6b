// The contract compiled as C++17, checked against the same numbers as C and handed to the Swift tests.
// SPDX-License-Identifier: MIT
#include "abi_layout.h"

#include <string_view>
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

#define VALUE(name, number) static_assert((name) == (number));
#define TEXT(name, text) static_assert(std::string_view(name) == text);
#include "../../Sources/PluginABI/values.h"
#undef VALUE
#undef TEXT

#define VALUE(name, number) #name,
#define TEXT(name, text) #name,
static const char *const names[] = {
#include "../../Sources/PluginABI/values.h"
};

const char *const *abi_value_names(size_t *count) {
    *count = sizeof names / sizeof names[0];
    return names;
}

const abi_layout_line *abi_layout(size_t *count) {
    *count = sizeof lines / sizeof lines[0];
    return lines;
}
