// pve_testing.h - runs a plugin's tools in a test: no MCP, no Proxmox VE, no server.
// SPDX-License-Identifier: MIT
//
// The library libpvetesting.so opens a plugin as the host does, with the same checks, and stands in for the host while a tool
// runs. Requests are answered with what the test has laid out. For any language that can call C.
//
//     pve_testing *plugin = pve_testing_open("./libpve-hello.so");
//     if (pve_testing_refusal(plugin)) { … }                                 // why it, or one of its tools, was not taken
//     pve_testing_answer(plugin, "GET /nodes", "[{\"node\":\"pve1\"}]");
//     if (pve_testing_call(plugin, "hello_nodes", "{}") != 0) { … }          // pve_testing_failure says why
//     puts(pve_testing_reply(plugin));                                       // JSON
//     pve_testing_close(plugin);
//
// Texts are UTF-8 and end with NUL. Those that are returned belong to the library: they stay until the next function that is
// not a question (open, answer, refuse, cancel, call, close) is called for the same plugin. No function may be handed NULL where
// it says nothing about it. A plugin is used by one thread at a time; tools run on the thread that calls them.
//
// What it does not do: make answers look as clients see them (chosen fields, times in words, pages), wait for tasks, ask before
// something is lost, and check values against bounds, choices and patterns. `pve-mcp --demo` does all that.
#ifndef PVE_TESTING_H
#define PVE_TESTING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A plugin under test.
typedef struct pve_testing pve_testing;

/// Opens the plugin in `file`, which is named libpve-<category>.so. Never NULL; whether it worked says pve_testing_refusal. The
/// library stays in the process: opening it again finds its variables as they are.
pve_testing *pve_testing_open(const char *file);

/// Why the plugin, or one of its tools, was not taken: a line each, in the host's words. NULL when everything was.
const char *pve_testing_refusal(pve_testing *plugin);

/// The name of a tool that was taken, in the plugin's order. NULL behind the last.
const char *pve_testing_tool(pve_testing *plugin, size_t index);

/// Lays out the answer to a request, until another one is laid out for it. `request` is "GET /nodes/{node}/status", as the plugin
/// declares it, or with values, "GET /nodes/pve1/status", which is looked for first. `json` is what Proxmox VE has under `data`.
/// 0; or -1 when `request` or `json` is not that: nothing is laid out, and the next call fails with the reason.
int pve_testing_answer(pve_testing *plugin, const char *request, const char *json);

/// The same for a request that Proxmox VE says no to, in these words.
int pve_testing_refuse(pve_testing *plugin, const char *request, const char *words);

/// From now on the client has given up each call before it begins (not 0), or does not (0).
void pve_testing_cancel(pve_testing *plugin, int cancelled);

/// Calls a tool. `arguments` is a JSON object. 0 when it replied, 1 when it failed, or could not be called at all.
int pve_testing_call(pve_testing *plugin, const char *tool, const char *arguments);

/// What the last call replied, as JSON; NULL when it failed. A request without code replies what was laid out for it.
const char *pve_testing_reply(pve_testing *plugin);

/// A part of the reply, as JSON: "total", "guests.0.name". NULL when there is none.
const char *pve_testing_member(pve_testing *plugin, const char *path);

/// Why the last call failed; NULL when it replied.
const char *pve_testing_failure(pve_testing *plugin);

/// A request that the last call sent, with its parameters as JSON: "GET /cluster/resources {"type":"vm"}". NULL behind the last.
const char *pve_testing_request(pve_testing *plugin, size_t index);

/// A message of progress of the last call. NULL behind the last.
const char *pve_testing_progress(pve_testing *plugin, size_t index);

/// A line that the plugin has written to the host's log since it was opened, as "warning: disk is full". NULL behind the last.
const char *pve_testing_log(pve_testing *plugin, size_t index);

/// Frees what belongs to the test. The plugin's library stays loaded, as in a host.
void pve_testing_close(pve_testing *plugin);

#ifdef __cplusplus
}
#endif
#endif
