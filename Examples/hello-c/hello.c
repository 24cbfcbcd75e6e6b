// The plugin hello: a request, a function that sends one, and a C function as it is.
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pve_native.h"

#define STRUCT(type) .struct_size = sizeof(type)
#define READS (PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT)

// hello_version is a request and has no code: the host fills the path in, sends it and makes the answer.

static const pve_parameter node = {
    STRUCT(pve_parameter), .type = PVE_TYPE_UTF8, .flags = PVE_PARAMETER_REQUIRED,
    .name = "node", .description = "Node, e.g. pve1."};
static const pve_field version_field = {
    STRUCT(pve_field), .type = PVE_TYPE_UTF8, .flags = PVE_FIELD_CHOSEN | PVE_FIELD_ALWAYS, .name = "version"};
static const pve_tool version_tool = {
    STRUCT(pve_tool), .tier = PVE_TIER_READ_ONLY, .annotations = READS,
    .name = "hello_version", .title = "Version of a node", .description = "Proxmox VE version that a node runs.",
    .parameters = (const pve_parameter *const[]){&node}, .parameter_count = 1,
    .result = &(const pve_result){STRUCT(pve_result), .shape = PVE_SHAPE_OBJECT,
                                  .fields = (const pve_field *const[]){&version_field}, .field_count = 1},
    .endpoint = &(const pve_endpoint){STRUCT(pve_endpoint), .method = PVE_METHOD_GET, .path = "/nodes/{node}/version"}};

// hello_guests is a function that runs on a worker thread. It sends what `endpoints` declares, and replies once.

static const pve_json *json;            // both fetched by the entry, before any tool runs
static const pve_request_api *requests;

static void count_guests(const pve_host *host, pve_call *call, void *context) {
    (void)context;
    const pve_request_parameter type = {.name = "type", .type = PVE_TYPE_UTF8, .utf8 = "vm", .length = 2};
    const pve_request request = {
        STRUCT(pve_request), .method = PVE_METHOD_GET, .path = "/cluster/resources",
        .parameters = (const pve_request_parameter *const[]){&type}, .parameter_count = 1};
    pve_value guests = 0;
    const char *text = "The request could not be sent.";
    size_t length = strlen(text);
    if (requests->send(call, &request, &guests) != PVE_OK) {
        json->text(call, guests, &text, &length);  // what Proxmox VE, or the host, says about it
        host->fail(call, text, length);
        return;
    }
    int64_t running = 0;
    for (pve_value guest = json->first(call, guests); guest; guest = json->next(call, guests, guest)) {
        const pve_value status = json->member(call, guest, "status", 6);
        if (json->text(call, status, &text, &length) == PVE_OK && length == 7 && memcmp(text, "running", 7) == 0) running++;
    }
    json->begin_object(call);
    json->name(call, "running", 7);
    json->write_i64(call, running);
    json->name(call, "total", 5);
    json->write_i64(call, (int64_t)json->count(call, guests));
    json->end_object(call);
    json->reply_written(call);
}

static const pve_endpoint resources = {STRUCT(pve_endpoint), .method = PVE_METHOD_GET, .path = "/cluster/resources"};
static const pve_tool guests_tool = {
    STRUCT(pve_tool), .tier = PVE_TIER_READ_ONLY, .annotations = READS,
    .name = "hello_guests", .title = "Count guests", .description = "How many guests there are, and how many of them run.",
    .result = &(const pve_result){STRUCT(pve_result), .shape = PVE_SHAPE_OBJECT},
    .call = &(const pve_call_body){STRUCT(pve_call_body), .run = count_guests,
                                   .endpoints = (const pve_endpoint *const[]){&resources}, .endpoint_count = 1}};

// hello_size is an ordinary C function. The statement below it does not compile when it disagrees with the function.

static char *size(uint64_t bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double number = (double)bytes;
    size_t unit = 0;
    for (; number >= 1024; unit++) number /= 1024;
    char *text = malloc(32);
    if (text) snprintf(text, 32, "%.*f %s", unit ? 1 : 0, number, units[unit]);
    return text;
}

PVE_NATIVE_TOOL(
    size, PVE_NAMED("size", PVE_RETURNS_OWNED(free)), "hello_size", "Size in words",
    "A number of bytes as people write it, such as 1.5 GiB.", PVE_TIER_READ_ONLY, READS,
    PVE_REQUIRED(uint64_t, bytes, "Bytes, e.g. 1610612736."));

const pve_plugin *pve_plugin_hello(const pve_host *host);
__attribute__((visibility("default"))) const pve_plugin *pve_plugin_hello(const pve_host *host) {
    static const pve_tool *const tools[] = {&version_tool, &guests_tool, &size_tool};
    static const pve_plugin plugin = {
        .head = {PVE_MAGIC_PLUGIN, sizeof plugin, PVE_ABI_MAJOR, PVE_ABI_MINOR, 0}, .category = "hello",
        .version = "1.0.0", .title = "Hello", .summary = "Versions of nodes, and how many guests run.",
        .required_features = PVE_FEATURE_ENDPOINT | PVE_FEATURE_CALL,
        .tools = tools, .tool_count = sizeof tools / sizeof *tools};
    json = host->extension(host, PVE_JSON_EXTENSION);
    requests = host->extension(host, PVE_REQUEST_EXTENSION);
    return json && requests ? &plugin : NULL;
}
