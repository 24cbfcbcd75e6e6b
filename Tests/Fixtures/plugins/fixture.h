// A sound plugin to break: each macro below replaces one thing in it. Compiled once per test with -D.
// SPDX-License-Identifier: MIT
#include "pve_plugin.h"

#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)

#ifndef CATEGORY
#define CATEGORY "fixture"
#endif
#ifndef ENTRY
#define ENTRY pve_plugin_fixture
#endif
#ifndef HEAD
#define HEAD {PVE_MAGIC_PLUGIN, sizeof(pve_plugin), PVE_ABI_MAJOR, PVE_ABI_MINOR, 0}
#endif
#ifndef VERSION
#define VERSION "1.2.3"
#endif
#ifndef TITLE
#define TITLE "Fixture"
#endif
#ifndef SUMMARY
#define SUMMARY "a plugin for tests"
#endif
#ifndef FEATURES
#define FEATURES PVE_FEATURE_ENDPOINT
#endif
#ifndef TOOL_NAME
#define TOOL_NAME "fixture_get"
#endif

// Changes to the tool, the parameters, the bodies and the result: further designated initializers, which win.
#ifndef TOOL
#define TOOL
#endif
#ifndef NODE
#define NODE
#endif
#ifndef EXTRA
#define EXTRA
#endif
#ifndef ENDPOINT
#define ENDPOINT
#endif
#ifndef NATIVE
#define NATIVE
#endif
#ifndef RESULT
#define RESULT
#endif
#ifndef FIELD
#define FIELD
#endif
#ifndef PARAMETERS
#define PARAMETERS &node, &extra
#endif
#ifndef TOOLS
#define TOOLS &tool, &sound
#endif
#ifndef CALL
#define CALL
#endif
#ifndef NATIVE
#define NATIVE
#endif
// What the entry does before it returns the descriptor.
#ifndef ON_ENTRY
#define ON_ENTRY
#endif
#ifndef PLUGIN
#define PLUGIN
#endif
