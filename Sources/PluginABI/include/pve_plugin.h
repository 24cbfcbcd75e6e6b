// pve_plugin.h - the contract between the pve-mcp host and its tool plugins.
// SPDX-License-Identifier: MIT
//
// A plugin is a shared library libpve-<category>.so that exports one function, pve_plugin_<category>. The
// host calls it once and gets a constant descriptor: tools as data. Plain C11, freestanding headers only;
// C++17 and Swift import it as it is.
//
// Versioning. Every top-level struct begins with a pve_head. The same major number is required. Within a
// major, fields are only appended: read a field only if struct_size covers it, and set struct_size to the
// size you were compiled with. Lists are arrays of pointers, so a struct may grow without a stride changing.
// Further host powers are extensions, fetched by a string id that carries its revision.
//
// Trust. A plugin runs inside the host's process: it can read that process's memory, credentials included.
// Install plugins as you would install programs.
//
// Every function says what it does, when and on which thread it may be called, who owns what, and how it fails.
#ifndef PVE_PLUGIN_H
#define PVE_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PVE_ABI_MAJOR 1
#define PVE_ABI_MINOR 0
#define PVE_MAGIC_HOST 0x48455650u    // "PVEH" in memory on a little-endian machine
#define PVE_MAGIC_PLUGIN 0x50455650u  // "PVEP"

/// The start of every top-level struct.
typedef struct pve_head {
    uint32_t magic;
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    uint32_t reserved;  // 0
} pve_head;

typedef struct pve_host pve_host;
typedef struct pve_call pve_call;  // one tools/call under way; opaque, valid until the body returns

/// A JSON value that belongs to a call: an argument, an answer, or part of one. 0 is "no value".
typedef uint64_t pve_value;

/// What functions return that can fail.
enum pve_status {
    PVE_OK = 0,
    PVE_INVALID = -1,      // an argument of the function is wrong; nothing was done
    PVE_CANCELLED = -2,    // the client has cancelled the call: stop, a reply is no longer wanted
    PVE_REFUSED = -3,      // policy forbids it (the tier, or a request that was not declared)
    PVE_FAILED = -4,       // Proxmox, or the way to it, said no: `answer` says how
    PVE_TWICE = -5,        // this call has had its reply
};

/// Bits of pve_plugin.required_features and pve_host.features.
enum pve_feature {
    PVE_FEATURE_ENDPOINT = 1 << 0,  // endpoint bodies
    PVE_FEATURE_CALL = 1 << 1,      // call bodies
    PVE_FEATURE_NATIVE = 1 << 2,    // native bodies
};

/// Who may use a tool. A tool above the configured tier does not exist for the client.
enum pve_tier {
    PVE_TIER_READ_ONLY = 1,
    PVE_TIER_READ_EXECUTE = 2,
    PVE_TIER_FULL = 3,
};

/// What a tool does, as a hint to clients. The host refuses a tool that claims less than its requests do.
enum pve_annotation {
    PVE_ANNOTATION_READ_ONLY = 1 << 0,    // changes nothing
    PVE_ANNOTATION_DESTRUCTIVE = 1 << 1,  // may overwrite or delete
    PVE_ANNOTATION_IDEMPOTENT = 1 << 2,   // a second call changes nothing more
    PVE_ANNOTATION_OPEN_WORLD = 1 << 3,   // reaches out to the internet
};

/// Types of parameters, fields and results. 1 to 8 are the types a native function takes.
enum pve_type {
    PVE_TYPE_NONE = 0,
    PVE_TYPE_BOOL = 1,
    PVE_TYPE_I32 = 2,
    PVE_TYPE_U32 = 3,
    PVE_TYPE_I64 = 4,
    PVE_TYPE_U64 = 5,
    PVE_TYPE_F64 = 6,
    PVE_TYPE_UTF8 = 7,        // native: const char *, NUL-terminated
    PVE_TYPE_BYTES = 8,       // native: const uint8_t *, size_t; JSON: base64
    PVE_TYPE_UTF8_LIST = 16,  // array of strings
    PVE_TYPE_I64_LIST = 17,   // array of integers
    PVE_TYPE_OBJECT = 18,     // object with any members
    PVE_TYPE_JSON = 19,       // any JSON value
    PVE_TYPE_OWNED_UTF8 = 32, // native result only: char *, released with pve_native.release
    PVE_TYPE_STATUS = 33,     // native result only: int, 0 is success; last argument char **error, released likewise
};

/// What a parameter is for.
enum pve_role {
    PVE_ROLE_ARGUMENT = 0,  // sent to Proxmox: in the path if the template names it, else as a parameter
    PVE_ROLE_LOCAL = 1,     // read by the body (call, native) only
    PVE_ROLE_OPTIONS = 2,   // an object whose members are sent as further API parameters
    PVE_ROLE_WAIT = 3,      // seconds to wait for the task that the request starts
    PVE_ROLE_FIELDS = 4,    // names of the result's fields to return
    PVE_ROLE_LIMIT = 5,     // how many entries of a list to return
    PVE_ROLE_CURSOR = 6,    // where the last answer's list stopped
};

/// Bits of pve_parameter.flags.
enum pve_parameter_flag {
    PVE_PARAMETER_REQUIRED = 1 << 0,
    PVE_PARAMETER_GUEST_NODE = 1 << 1,  // a node: when absent, the host finds the one that holds `vmid`
    PVE_PARAMETER_SECRET = 1 << 2,      // never logged
    PVE_PARAMETER_MINIMUM = 1 << 3,     // `minimum` holds
    PVE_PARAMETER_MAXIMUM = 1 << 4,     // `maximum` holds
    PVE_PARAMETER_TASK_NODE = 1 << 5,   // a node: when absent, the host takes the one that `upid` names
};

/// A parameter of a tool. The host makes the input schema from it and validates against it.
typedef struct pve_parameter {
    uint32_t struct_size;
    uint8_t type;   // pve_type
    uint8_t role;   // pve_role
    uint16_t flags; // pve_parameter_flag
    const char *name;
    const char *description;
    const char *api_name;      // NULL: as `name`
    const char *default_json;  // shown in the schema, not sent; a native body gets it; NULL: none
    const char *const *choices;
    uint32_t choice_count;
    uint32_t maximum_length;  // of a string, in characters; 0: no bound
    const char *pattern;      // ECMA 262, anchored; NULL: none. Shown in the schema and checked by the host
    double minimum;
    double maximum;
} pve_parameter;

/// What a field counts.
enum pve_unit {
    PVE_UNIT_NONE = 0,
    PVE_UNIT_BYTES = 1,
    PVE_UNIT_SECONDS = 2,
    PVE_UNIT_FRACTION = 3,  // 0 to 1
    PVE_UNIT_EPOCH = 4,     // seconds since 1970, UTC
    PVE_UNIT_MEBIBYTES = 5,
};

enum pve_field_flag {
    PVE_FIELD_CHOSEN = 1 << 0,  // returned when the caller names no fields
    PVE_FIELD_ALWAYS = 1 << 1,  // Proxmox always sends it; a list is sorted by the first such field
};

/// A field of an answer. Values are coerced to `type`; fields that are not declared pass through as they came.
typedef struct pve_field {
    uint32_t struct_size;
    uint8_t type;   // pve_type, 1 to 7 or 16 and above
    uint8_t unit;   // pve_unit
    uint16_t flags; // pve_field_flag
    const char *name;
} pve_field;

/// The shape of an answer.
enum pve_shape {
    PVE_SHAPE_NONE = 0,    // nothing but success
    PVE_SHAPE_OBJECT = 1,  // one object
    PVE_SHAPE_LIST = 2,    // an array of objects, returned as {"<name>": […], "total": n}
    PVE_SHAPE_TASK = 3,    // a UPID: the host waits for the task and reports how it ended
    PVE_SHAPE_LOG = 4,     // an array of {n, t}: returned as {"<name>": ["line", …], "total": n}
    PVE_SHAPE_SERIES = 5,  // an array of points in time
};

typedef struct pve_result {
    uint32_t struct_size;
    uint8_t shape;  // pve_shape
    uint8_t reserved[3];
    const char *name;  // of the list inside the answer; NULL for other shapes
    const pve_field *const *fields;
    uint32_t field_count;
    uint32_t reserved1;
    const char *note;  // what to do next, returned as "note" of every success, at most 1,024 bytes; NULL: nothing
} pve_result;

enum pve_method {
    PVE_METHOD_GET = 1,
    PVE_METHOD_POST = 2,
    PVE_METHOD_PUT = 3,
    PVE_METHOD_DELETE = 4,
};

/// A request to Proxmox: verb and path template, such as "/nodes/{node}/qemu/{vmid}/config". Each segment is literal
/// or one name in braces. In an endpoint body each name is the API name of a parameter of role ARGUMENT that is
/// required, a guest's node or a task's.
typedef struct pve_endpoint {
    uint32_t struct_size;
    uint8_t method;  // pve_method
    uint8_t reserved[3];
    const char *path;
} pve_endpoint;

/// A body that is a function of the plugin.
typedef struct pve_call_body {
    uint32_t struct_size;
    uint32_t endpoint_count;
    /// Runs one call. On a worker thread of the host; may block; other calls may run at the same time.
    /// `call` and everything read from it are the host's and end with the function. It must give exactly
    /// one reply (reply, reply_value, reply_written or fail) before it returns; none is an error the client sees.
    void (*run)(const pve_host *host, pve_call *call, void *context);
    void *context;
    const pve_endpoint *const *endpoints;  // every request `run` may send; others are refused
} pve_call_body;

/// A body that is an ordinary C function, called through its typed signature: the tool's parameters in order, of
/// types 1 to 8 and role ARGUMENT or LOCAL. On a worker thread; may block; other calls may run at the same time.
/// One that is required or has a default goes in by value, any other by address: const int32_t *, NULL when absent.
/// UTF8 is const char *, BYTES is const uint8_t *, size_t, NULL (and 0) when absent. What goes in is the host's
/// until the function returns. At most 12 arguments in C. The host cannot see the function's own type: one that is
/// not as described breaks the process. pve_native.h has macros that compare the two when the plugin is compiled.
typedef struct pve_native {
    uint32_t struct_size;
    uint8_t result;      // pve_type 0 to 8, OWNED_UTF8 or STATUS; BYTES: last argument size_t *length
    uint8_t takes_call;  // 1: the first argument is the pve_call *; a reply given through it wins over the result
    uint16_t reserved;
    void (*function)(void);
    /// Frees OWNED_UTF8, which needs it; BYTES and the text of STATUS too, unless NULL. Called once, after copying.
    void (*release)(void *);
} pve_native;

/// A tool. Exactly one of endpoint, call and native is not NULL.
typedef struct pve_tool {
    uint32_t struct_size;
    uint8_t tier;         // pve_tier
    uint8_t annotations;  // pve_annotation
    uint16_t reserved;
    const char *name;         // [a-z0-9_], at most 40 characters
    const char *title;
    const char *description;  // at most 1,024 bytes
    const pve_parameter *const *parameters;
    const pve_result *result;
    const pve_endpoint *endpoint;
    const pve_call_body *call;
    const pve_native *native;
    uint32_t parameter_count;
    uint32_t reserved1;
} pve_tool;

/// What the entry returns: constant, valid for the life of the process.
typedef struct pve_plugin {
    pve_head head;  // PVE_MAGIC_PLUGIN
    const char *category;  // as in the file's name: [a-z0-9-]
    const char *version;   // of the plugin, such as "1.4.0"
    const char *title;
    const char *summary;   // one sentence for the server's instructions
    uint64_t required_features;
    const pve_tool *const *tools;
    uint32_t tool_count;
    uint32_t reserved;
} pve_plugin;

/// The host, as the plugin sees it. Valid for the life of the process; every function from any thread
/// unless it says otherwise.
struct pve_host {
    pve_head head;  // PVE_MAGIC_HOST; abi_major and abi_minor are the newest the host serves
    uint16_t abi_major_min;
    uint16_t abi_minor_min;
    uint32_t reserved;
    uint64_t features;
    const char *version;
    /// Finds an extension, such as "pve.json/1". The table is the host's, for the life of the process.
    /// NULL when this host has none of that id and revision.
    const void *(*extension)(const pve_host *host, const char *id);
    /// Ends the call with an answer: JSON text, copied before returning. On the call's thread.
    /// PVE_INVALID if it is not JSON of the tool's shape, PVE_TWICE after another reply.
    int (*reply)(pve_call *call, const char *json, size_t length);
    /// Ends the call with an error that the model reads: what happened, to what, what to try. Copied.
    /// On the call's thread. PVE_TWICE after another reply.
    int (*fail)(pve_call *call, const char *message, size_t length);
    /// Tells the client how far the call is; `progress` must grow; `total` 0 is unknown. Copied. On the
    /// call's thread. PVE_CANCELLED when the client has given up.
    int (*progress)(pve_call *call, double progress, double total, const char *message, size_t length);
    /// Writes a line to the host's log (stderr); level 0 debug, 1 info, 2 warning, 3 error. Copied. Never fails.
    void (*log)(const pve_host *host, int level, const char *message, size_t length);
    /// 1 when the client has cancelled the call, else 0. On the call's thread.
    int (*cancelled)(const pve_call *call);
};

/// The entry: exported as pve_plugin_<category>, with '-' in the category written '_'. Called once, on the
/// main thread, before any tool runs. NULL when the plugin cannot live with this host.
typedef const pve_plugin *(*pve_entry)(const pve_host *host);

// ---------------------------------------------------------------------------------------------------------
// pve.json/1: arguments and answers are read, and results written, with the host's JSON.

#define PVE_JSON_EXTENSION "pve.json/1"

enum pve_kind { PVE_KIND_NONE = 0, PVE_KIND_NULL, PVE_KIND_BOOL, PVE_KIND_NUMBER, PVE_KIND_STRING, PVE_KIND_ARRAY, PVE_KIND_OBJECT };

/// All functions: on the call's thread. Values and bytes are borrowed until the call's body returns.
typedef struct pve_json {
    uint32_t struct_size;
    uint32_t reserved;
    /// The call's arguments, validated: an object.
    pve_value (*arguments)(pve_call *call);
    /// The kind of a value; PVE_KIND_NONE for 0.
    int (*kind)(pve_call *call, pve_value value);
    /// How many elements or members; 0 for other kinds.
    size_t (*count)(pve_call *call, pve_value value);
    /// The member of an object, or 0.
    pve_value (*member)(pve_call *call, pve_value object, const char *name, size_t length);
    /// The first element of an array or value of an object, or 0.
    pve_value (*first)(pve_call *call, pve_value container);
    /// The sibling after `value`, which first or next returned; 0 at the end.
    pve_value (*next)(pve_call *call, pve_value container, pve_value value);
    /// Reads leniently, as Proxmox answers vary ("512", 512, 1, true): PVE_INVALID if it cannot be one.
    int (*i64)(pve_call *call, pve_value value, int64_t *out);
    int (*f64)(pve_call *call, pve_value value, double *out);
    int (*boolean)(pve_call *call, pve_value value, bool *out);
    /// The decoded text of a string, or the JSON text of any other value. Not NUL-terminated.
    int (*text)(pve_call *call, pve_value value, const char **out, size_t *length);
    /// Write the result piece by piece; the host places commas. PVE_INVALID where JSON allows no such piece.
    int (*begin_object)(pve_call *call);
    int (*end_object)(pve_call *call);
    int (*begin_array)(pve_call *call);
    int (*end_array)(pve_call *call);
    int (*name)(pve_call *call, const char *name, size_t length);
    int (*write_null)(pve_call *call);
    int (*write_boolean)(pve_call *call, bool value);
    int (*write_i64)(pve_call *call, int64_t value);
    int (*write_f64)(pve_call *call, double value);
    int (*write_text)(pve_call *call, const char *text, size_t length);
    int (*write_value)(pve_call *call, pve_value value);
    /// Ends the call with what was written; as pve_host.reply.
    int (*reply_written)(pve_call *call);
    /// Ends the call with a value, such as an answer passed on; as pve_host.reply.
    int (*reply_value)(pve_call *call, pve_value value);
} pve_json;

// ---------------------------------------------------------------------------------------------------------
// pve.request/1: the host talks to Proxmox.

#define PVE_REQUEST_EXTENSION "pve.request/1"

/// A parameter of a request. `type` is BOOL, I64, F64, UTF8 or JSON; the matching member holds the value.
typedef struct pve_request_parameter {
    const char *name;
    uint8_t type;
    uint8_t reserved[7];
    bool boolean;
    int64_t i64;
    double f64;
    const char *utf8;  // `length` bytes
    size_t length;
    pve_value value;
} pve_request_parameter;

enum pve_request_flag {
    /// Send the call's own arguments too, those not given here, as an endpoint body would.
    PVE_REQUEST_WITH_ARGUMENTS = 1 << 0,
};

/// A request: a template plus values, never a finished path.
typedef struct pve_request {
    uint32_t struct_size;
    uint8_t method;  // pve_method
    uint8_t reserved;
    uint16_t flags;  // pve_request_flag
    const char *path;
    const pve_request_parameter *const *parameters;
    uint32_t parameter_count;
    uint32_t reserved1;
} pve_request;

typedef struct pve_request_api {
    uint32_t struct_size;
    uint32_t reserved;
    /// Sends a request and waits for its answer. On the call's thread. PVE_OK: `answer` is the `data` of the
    /// answer. PVE_FAILED, PVE_REFUSED: `answer` is a string that tells the model what was wrong; hand it to
    /// fail. A write is sent at most once. The tier is enforced here by what is sent.
    int (*send)(pve_call *call, const pve_request *request, pve_value *answer);
} pve_request_api;

#ifdef __cplusplus
}
#endif
#endif
