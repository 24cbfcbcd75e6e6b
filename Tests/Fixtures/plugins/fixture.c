// The plugin that tests break in one place each; see fixture.h for the places.
// SPDX-License-Identifier: MIT
#include "fixture.h"

static const pve_parameter node = {
    .struct_size = sizeof(pve_parameter),
    .type = PVE_TYPE_UTF8,
    .flags = PVE_PARAMETER_REQUIRED,
    .name = "node",
    .description = "The node's name.",
    NODE};
static const char *const choices[] = {"a", "b"};
static const char *const choices_with_null[] = {"a", NULL};
static const char *const choices_not_utf8[] = {"a", "\xff"};
static const pve_parameter extra = {
    .struct_size = sizeof(pve_parameter),
    .type = PVE_TYPE_I64,
    .flags = PVE_PARAMETER_MINIMUM | PVE_PARAMETER_MAXIMUM,
    .name = "extra",
    .description = "Something more.",
    .minimum = 1,
    .maximum = 9,
    .default_json = "5",
    EXTRA};
#define NUMBER(n) \
    static const pve_parameter number##n = { \
        .struct_size = sizeof(pve_parameter), .type = PVE_TYPE_I32, .name = "number" #n, .description = "A number."}
NUMBER(1); NUMBER(2); NUMBER(3); NUMBER(4); NUMBER(5); NUMBER(6); NUMBER(7); NUMBER(8); NUMBER(9); NUMBER(10); NUMBER(11);
static const pve_parameter *const parameters[] = {PARAMETERS};

static const pve_field field = {
    .struct_size = sizeof(pve_field), .type = PVE_TYPE_I64, .unit = PVE_UNIT_BYTES, .flags = PVE_FIELD_CHOSEN, .name = "size", FIELD};
static const pve_field *const fields[] = {&field};
static const pve_field *const no_fields[] = {NULL};
static const pve_result result = {
    .struct_size = sizeof(pve_result), .shape = PVE_SHAPE_LIST, .name = "things", .fields = fields, .field_count = 1, RESULT};

static const pve_endpoint endpoint = {
    .struct_size = sizeof(pve_endpoint), .method = PVE_METHOD_GET, .path = "/nodes/{node}/things", ENDPOINT};
static const pve_endpoint *const endpoints[] = {&endpoint};

static void run(const pve_host *host, pve_call *call, void *context) { (void)context, host->reply(call, "{}", 2); }
static const pve_call_body call = {
    .struct_size = sizeof(pve_call_body), .run = run, .context = (void *)&endpoint, .endpoints = endpoints, .endpoint_count = 1, CALL};
static const pve_call_body no_run = {.struct_size = sizeof(pve_call_body)};
static const pve_call_body short_call = {.struct_size = 4, .run = run};

static void function(void) {}
static const pve_native native = {.struct_size = sizeof(pve_native), .result = PVE_TYPE_BOOL, .function = function, NATIVE};
static const pve_native no_function = {.struct_size = sizeof(pve_native), .result = PVE_TYPE_BOOL};

static const pve_tool tool = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .annotations = PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
    .name = TOOL_NAME,
    .title = "Get things",
    .description = "Returns the things of a node.",
    .parameters = parameters,
    .parameter_count = sizeof parameters / sizeof parameters[0],
    .result = &result,
    .endpoint = &endpoint,
    TOOL};

// Nothing breaks this one: it shows that a refused tool leaves the others be.
static const pve_endpoint sound_endpoint = {.struct_size = sizeof(pve_endpoint), .method = PVE_METHOD_GET, .path = "/version"};
static const pve_tool sound = {
    .struct_size = sizeof(pve_tool),
    .tier = PVE_TIER_READ_ONLY,
    .name = "sound_" STRINGIFY(ENTRY),
    .title = "Sound",
    .description = "Is sound.",
    .endpoint = &sound_endpoint};

static const pve_tool *const tools[] = {TOOLS};

#ifdef MILLION
// A list that is as long as it says.
static const pve_tool *million[1000000];
__attribute__((constructor)) static void fill(void) {
    for (size_t i = 0; i < sizeof million / sizeof million[0]; i++) million[i] = &sound;
}
#endif

static const pve_plugin plugin = {
    .head = HEAD,
    .category = CATEGORY,
    .version = VERSION,
    .title = TITLE,
    .summary = SUMMARY,
    .required_features = FEATURES,
    .tools = tools,
    .tool_count = sizeof tools / sizeof tools[0],
    PLUGIN};

const pve_plugin *ENTRY(const pve_host *host);
const pve_plugin *ENTRY(const pve_host *host) {
    (void)host, (void)choices, (void)choices_with_null, (void)no_fields, (void)call, (void)no_run, (void)short_call;
    (void)native, (void)no_function, (void)endpoints, (void)sound, (void)tool, (void)choices_not_utf8;
    ON_ENTRY;
    return &plugin;
}
