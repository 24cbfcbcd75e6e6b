// The plugin hello: a request, a function that sends one, and a function that is called as it is.
// SPDX-License-Identifier: MIT

mod pve_call;
mod pve_plugin;

use pve_call::{call_body, Call, Code};
use pve_plugin::*;
use std::ffi::CString;
use std::os::raw::{c_char, c_void};

// hello_version is a request and has no code: the host fills the path in, sends it and makes the answer.

static NODE: Parameter =
    Parameter { flags: REQUIRED, name: text!("node"), description: text!("Node, e.g. pve1."), ..Parameter::EMPTY };
static VERSION: Field = Field { flags: FIELD_CHOSEN | FIELD_ALWAYS, name: text!("version"), ..Field::EMPTY };
static VERSION_ANSWER: Answer = Answer::of(&[&VERSION]);
static VERSION_REQUEST: Endpoint = Endpoint::new(GET, text!("/nodes/{node}/version"));
static VERSION_TOOL: Tool = Tool {
    tier: TIER_READ_ONLY, annotations: READS | IDEMPOTENT, name: text!("hello_version"), title: text!("Version of a node"),
    description: text!("Proxmox VE version that a node runs."), result: Some(&VERSION_ANSWER),
    endpoint: Some(&VERSION_REQUEST), ..Tool::taking(&[&NODE])
};

// hello_guests is a function that runs on a worker thread. It sends what its body declares, and returns its reply.

fn count_guests(call: &Call) -> Result<String, String> {
    let guests = call.send(GET, "/cluster/resources", &[("type", "vm")])?;
    let running = guests.elements().filter(|guest| guest.member("status").text() == Some("running")).count();
    Ok(format!("{{\"running\":{},\"total\":{}}}", running, guests.count()))
}

static COUNT_GUESTS: Code = count_guests;
static RESOURCES: Endpoint = Endpoint::new(GET, text!("/cluster/resources"));
static GUESTS_BODY: CallBody = call_body(&COUNT_GUESTS, &[&RESOURCES]);
static GUESTS_TOOL: Tool = Tool {
    tier: TIER_READ_ONLY, annotations: READS | IDEMPOTENT, name: text!("hello_guests"), title: text!("Count guests"),
    description: text!("How many guests there are, and how many of them run."), result: Some(&Answer::EMPTY),
    call: Some(&GUESTS_BODY), ..Tool::taking(&[])
};

// hello_size is a function in C's manner. Nothing compares its type with the table: keep them together.

extern "C" fn size(bytes: u64) -> *mut c_char {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let (mut number, mut unit) = (bytes as f64, 0);
    while number >= 1024.0 {
        number /= 1024.0;
        unit += 1;
    }
    CString::new(format!("{:.*} {}", if unit > 0 { 1 } else { 0 }, number, units[unit])).unwrap_or_default().into_raw()
}

unsafe extern "C" fn release(text: *mut c_void) {
    drop(CString::from_raw(text as *mut c_char));
}

static BYTE_COUNT: Parameter = Parameter {
    kind: U64, flags: REQUIRED, name: text!("bytes"), description: text!("Bytes, e.g. 1610612736."), ..Parameter::EMPTY
};
static SIZE_ANSWER: Answer = Answer { name: text!("size"), ..Answer::EMPTY };
static SIZE_BODY: Native = Native::new(OWNED_UTF8, Function(size as *const c_void), Some(release));
static SIZE_TOOL: Tool = Tool {
    tier: TIER_READ_ONLY, annotations: READS | IDEMPOTENT, name: text!("hello_size"), title: text!("Size in words"),
    description: text!("A number of bytes as people write it, such as 1.5 GiB."), result: Some(&SIZE_ANSWER),
    native: Some(&SIZE_BODY), ..Tool::taking(&[&BYTE_COUNT])
};

static PLUGIN: Plugin = Plugin {
    category: text!("hello"), version: text!("1.0.0"), title: text!("Hello"),
    summary: text!("Versions of nodes, and how many guests run."), required_features: FEATURE_ENDPOINT | FEATURE_CALL,
    ..Plugin::with(&[&VERSION_TOOL, &GUESTS_TOOL, &SIZE_TOOL])
};

#[no_mangle]
pub extern "C" fn pve_plugin_hello(host: &Host) -> Option<&'static Plugin> {
    if host.abi_major_min <= ABI_MAJOR && ABI_MAJOR <= host.head.abi_major { Some(&PLUGIN) } else { None }
}
