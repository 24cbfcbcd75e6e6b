// A plugin made with the first version of the header: a tool that is a request, one that is code and asks Proxmox.
// SPDX-License-Identifier: MIT
#include <pve_plugin.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(pve_result) == 32, "this is not the first version of the header");

static const pve_json *json;
static const pve_request_api *requests;

// first_list: a request with its result.

static const pve_field name_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_UTF8, .flags = PVE_FIELD_CHOSEN | PVE_FIELD_ALWAYS, .name = "node"};
static const pve_field memory_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_I64, .unit = PVE_UNIT_BYTES, .flags = PVE_FIELD_CHOSEN, .name = "maxmem"};
static const pve_field *const node_fields[] = {&name_field, &memory_field};
static const pve_result nodes_result = {
    .struct_size = sizeof(pve_result), .shape = PVE_SHAPE_LIST, .name = "nodes", .fields = node_fields, .field_count = 2};
static const pve_endpoint nodes = {.struct_size = sizeof(pve_endpoint), .method = PVE_METHOD_GET, .path = "/nodes"};
static const pve_tool list = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .annotations = PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
    .name = "first_list",
    .title = "List nodes",
    .description = "Lists the nodes.",
    .result = &nodes_result,
    .endpoint = &nodes,
};

// first_count: code that reads an argument, sends the request, walks the answer and writes a result.

static const pve_parameter least_parameter = {
    .struct_size = sizeof(pve_parameter),
    .type = PVE_TYPE_I64,
    .role = PVE_ROLE_LOCAL,
    .flags = PVE_PARAMETER_REQUIRED | PVE_PARAMETER_MINIMUM | PVE_PARAMETER_MAXIMUM,
    .name = "least",
    .description = "How many processors a node has at least.",
    .minimum = 0,
    .maximum = 1024,
};
static const pve_parameter *const parameters[] = {&least_parameter};
static const pve_field count_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_I64, .flags = PVE_FIELD_CHOSEN, .name = "count"};
static const pve_field names_field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_UTF8_LIST, .flags = PVE_FIELD_CHOSEN, .name = "names"};
static const pve_field *const count_fields[] = {&count_field, &names_field};
static const pve_result count_result = {
    .struct_size = sizeof(pve_result), .shape = PVE_SHAPE_OBJECT, .fields = count_fields, .field_count = 2};
static const pve_endpoint *const endpoints[] = {&nodes};

static pve_value member(pve_call *call, pve_value object, const char *name) {
    return json->member(call, object, name, strlen(name));
}

static void count(const pve_host *host, pve_call *call, void *context) {
    (void)context;
    int64_t least = 0, found = 0;
    if (json->i64(call, member(call, json->arguments(call), "least"), &least) != PVE_OK) {
        host->fail(call, "no least", 8);
        return;
    }
    host->progress(call, 1, 2, "asking", 6);
    const pve_request request = {.struct_size = sizeof(pve_request), .method = PVE_METHOD_GET, .path = "/nodes"};
    pve_value answer = 0;
    if (requests->send(call, &request, &answer) != PVE_OK) {
        const char *text = "";
        size_t length = 0;
        json->text(call, answer, &text, &length);
        host->fail(call, text, length);
        return;
    }
    json->begin_object(call);
    json->name(call, "names", 5);
    json->begin_array(call);
    for (pve_value node = json->first(call, answer); node; node = json->next(call, answer, node)) {
        int64_t processors = 0;
        if (json->i64(call, member(call, node, "maxcpu"), &processors) != PVE_OK || processors < least) continue;
        found++;
        json->write_value(call, member(call, node, "node"));
    }
    json->end_array(call);
    json->name(call, "count", 5);
    json->write_i64(call, found);
    json->end_object(call);
    json->reply_written(call);
}

static const pve_call_body count_body = {
    .struct_size = sizeof(pve_call_body), .endpoint_count = 1, .run = count, .endpoints = endpoints};
static const pve_tool count_tool = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .annotations = PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
    .name = "first_count",
    .title = "Count nodes",
    .description = "Counts the nodes that have so many processors.",
    .parameters = parameters,
    .parameter_count = 1,
    .result = &count_result,
    .call = &count_body,
};

static const pve_tool *const tools[] = {&list, &count_tool};
static const pve_plugin plugin = {
    .head =
        {.magic = PVE_MAGIC_PLUGIN,
         .struct_size = sizeof(pve_plugin),
         .abi_major = PVE_ABI_MAJOR,
         .abi_minor = PVE_ABI_MINOR},
    .category = "first",
    .version = "0.1.0",
    .title = "First",
    .summary = "made with the first version of the header",
    .required_features = PVE_FEATURE_ENDPOINT | PVE_FEATURE_CALL,
    .tools = tools,
    .tool_count = 2,
};

__attribute__((visibility("default"))) const pve_plugin *pve_plugin_first(const pve_host *host) {
    json = host->extension(host, PVE_JSON_EXTENSION);
    requests = host->extension(host, PVE_REQUEST_EXTENSION);
    return json && requests ? &plugin : NULL;
}
