// A plugin in plain C: one tool that is a request, one that is a function.
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "pve_plugin.h"

// hello_version: the host sends GET /version and returns the fields below. No code runs here.

static const pve_field version_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_UTF8, .flags = PVE_FIELD_CHOSEN | PVE_FIELD_ALWAYS, .name = "version"};
static const pve_field release_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_UTF8, .flags = PVE_FIELD_CHOSEN, .name = "release"};
static const pve_field *const version_fields[] = {&version_field, &release_field};

static const pve_result version_result = {
    .struct_size = sizeof(pve_result), .shape = PVE_SHAPE_OBJECT, .fields = version_fields, .field_count = 2};
static const pve_endpoint version_endpoint = {
    .struct_size = sizeof(pve_endpoint), .method = PVE_METHOD_GET, .path = "/version"};

static const pve_tool version_tool = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .annotations = PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
    .name = "hello_version",
    .title = "Say which Proxmox VE this is",
    .description = "Returns the version and release of the Proxmox VE node that answers.",
    .result = &version_result,
    .endpoint = &version_endpoint,
};

// hello_greet: a function, run on a worker thread of the host. It reads an argument with the host's JSON.

static const pve_parameter name_parameter = {
    .struct_size = sizeof(pve_parameter),
    .type = PVE_TYPE_UTF8,
    .role = PVE_ROLE_LOCAL,
    .flags = PVE_PARAMETER_REQUIRED,
    .name = "name",
    .description = "Who is greeted.",
    .maximum_length = 64,
};
static const pve_parameter *const greet_parameters[] = {&name_parameter};

static const pve_field greeting_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_UTF8, .flags = PVE_FIELD_CHOSEN | PVE_FIELD_ALWAYS, .name = "greeting"};
static const pve_field *const greet_fields[] = {&greeting_field};
static const pve_result greet_result = {
    .struct_size = sizeof(pve_result), .shape = PVE_SHAPE_OBJECT, .fields = greet_fields, .field_count = 1};

static const pve_json *json;  // fetched by the entry, before any tool runs

static void greet(const pve_host *host, pve_call *call, void *context) {
    (void)context;
    const char *name = NULL;
    size_t length = 0;
    if (json->text(call, json->member(call, json->arguments(call), "name", 4), &name, &length) != PVE_OK) {
        static const char message[] = "Nobody was greeted: the argument name is not text.";
        host->fail(call, message, sizeof message - 1);
        return;
    }
    char text[320];
    const int written = snprintf(text, sizeof text, "Hello, %.*s!", (int)length, name);
    json->begin_object(call);
    json->name(call, "greeting", 8);
    json->write_text(call, text, (size_t)written);
    json->end_object(call);
    json->reply_written(call);
}

static const pve_call_body greet_call = {.struct_size = sizeof(pve_call_body), .run = greet};

static const pve_tool greet_tool = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .annotations = PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
    .name = "hello_greet",
    .title = "Greet somebody",
    .description = "Returns a greeting. Sends nothing to Proxmox.",
    .parameters = greet_parameters,
    .parameter_count = 1,
    .result = &greet_result,
    .call = &greet_call,
};

static const pve_tool *const tools[] = {&version_tool, &greet_tool};

static const pve_plugin plugin = {
    .head = {PVE_MAGIC_PLUGIN, sizeof(pve_plugin), PVE_ABI_MAJOR, PVE_ABI_MINOR, 0},
    .category = "hello",
    .version = "1.0.0",
    .title = "Hello",
    .summary = "an example of a plugin in C",
    .required_features = PVE_FEATURE_ENDPOINT | PVE_FEATURE_CALL,
    .tools = tools,
    .tool_count = 2,
};

const pve_plugin *pve_plugin_hello(const pve_host *host);
const pve_plugin *pve_plugin_hello(const pve_host *host) {
    json = host->extension(host, PVE_JSON_EXTENSION);
    return json ? &plugin : NULL;
}
