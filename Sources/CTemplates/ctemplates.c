// Embeds the examples that `pve-mcp plugin new` makes plugins of.
// SPDX-License-Identifier: MIT

#include "ctemplates.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char c_gitignore[] = {
#embed "../../Examples/hello-c/.gitignore"
};
static const unsigned char c_makefile[] = {
#embed "../../Examples/hello-c/Makefile"
};
static const unsigned char c_readme_md[] = {
#embed "../../Examples/hello-c/README.md"
};
static const unsigned char c_local_mk[] = {
#embed "../../Examples/hello-c/local.mk"
};
static const unsigned char c_hello_c[] = {
#embed "../../Examples/hello-c/hello.c"
};
static const unsigned char c_test_hello_c[] = {
#embed "../../Examples/hello-c/test_hello.c"
};
static const unsigned char c_pve_plugin_h[] = {
#embed "../../Examples/hello-c/pve_plugin.h"
};
static const unsigned char c_pve_native_h[] = {
#embed "../../Examples/hello-c/pve_native.h"
};

static const unsigned char rust_gitignore[] = {
#embed "../../Examples/hello-rust/.gitignore"
};
static const unsigned char rust_makefile[] = {
#embed "../../Examples/hello-rust/Makefile"
};
static const unsigned char rust_readme_md[] = {
#embed "../../Examples/hello-rust/README.md"
};
static const unsigned char rust_local_mk[] = {
#embed "../../Examples/hello-rust/local.mk"
};
static const unsigned char rust_hello_rs[] = {
#embed "../../Examples/hello-rust/hello.rs"
};
static const unsigned char rust_test_hello_rs[] = {
#embed "../../Examples/hello-rust/test_hello.rs"
};
static const unsigned char rust_pve_plugin_rs[] = {
#embed "../../Examples/hello-rust/pve_plugin.rs"
};
static const unsigned char rust_pve_call_rs[] = {
#embed "../../Examples/hello-rust/pve_call.rs"
};

static const unsigned char swift_gitignore[] = {
#embed "../../Examples/hello-swift/.gitignore"
};
static const unsigned char swift_makefile[] = {
#embed "../../Examples/hello-swift/Makefile"
};
static const unsigned char swift_readme_md[] = {
#embed "../../Examples/hello-swift/README.md"
};
static const unsigned char swift_local_mk[] = {
#embed "../../Examples/hello-swift/local.mk"
};
static const unsigned char swift_package_swift[] = {
#embed "../../Examples/hello-swift/Package.swift"
};
static const unsigned char swift_exports_map[] = {
#embed "../../Examples/hello-swift/exports.map"
};
static const unsigned char swift_sources_tools_tools_swift[] = {
#embed "../../Examples/hello-swift/Sources/Tools/Tools.swift"
};
static const unsigned char swift_test_hello_swift[] = {
#embed "../../Examples/hello-swift/test_hello.swift"
};

static const ctemplates_file files[] = {
    {"c", ".gitignore", c_gitignore, sizeof c_gitignore},
    {"c", "Makefile", c_makefile, sizeof c_makefile},
    {"c", "README.md", c_readme_md, sizeof c_readme_md},
    {"c", "local.mk", c_local_mk, sizeof c_local_mk},
    {"c", "hello.c", c_hello_c, sizeof c_hello_c},
    {"c", "test_hello.c", c_test_hello_c, sizeof c_test_hello_c},
    {"c", "pve_plugin.h", c_pve_plugin_h, sizeof c_pve_plugin_h},
    {"c", "pve_native.h", c_pve_native_h, sizeof c_pve_native_h},
    {"rust", ".gitignore", rust_gitignore, sizeof rust_gitignore},
    {"rust", "Makefile", rust_makefile, sizeof rust_makefile},
    {"rust", "README.md", rust_readme_md, sizeof rust_readme_md},
    {"rust", "local.mk", rust_local_mk, sizeof rust_local_mk},
    {"rust", "hello.rs", rust_hello_rs, sizeof rust_hello_rs},
    {"rust", "test_hello.rs", rust_test_hello_rs, sizeof rust_test_hello_rs},
    {"rust", "pve_plugin.rs", rust_pve_plugin_rs, sizeof rust_pve_plugin_rs},
    {"rust", "pve_call.rs", rust_pve_call_rs, sizeof rust_pve_call_rs},
    {"swift", ".gitignore", swift_gitignore, sizeof swift_gitignore},
    {"swift", "Makefile", swift_makefile, sizeof swift_makefile},
    {"swift", "README.md", swift_readme_md, sizeof swift_readme_md},
    {"swift", "local.mk", swift_local_mk, sizeof swift_local_mk},
    {"swift", "Package.swift", swift_package_swift, sizeof swift_package_swift},
    {"swift", "exports.map", swift_exports_map, sizeof swift_exports_map},
    {"swift", "Sources/Tools/Tools.swift", swift_sources_tools_tools_swift, sizeof swift_sources_tools_tools_swift},
    {"swift", "test_hello.swift", swift_test_hello_swift, sizeof swift_test_hello_swift},
};

size_t ctemplates_count(void) { return sizeof files / sizeof *files; }

const ctemplates_file *ctemplates_at(size_t index) { return &files[index]; }
