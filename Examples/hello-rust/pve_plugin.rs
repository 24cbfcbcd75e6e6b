// The contract between pve-mcp and its plugins, for Rust: pve_plugin.h as repr(C) types.
// SPDX-License-Identifier: MIT
//
// No crates; rustc 1.63 and newer. The header says what everything means; names are its own without the prefix pve_. What a
// plugin describes is constant: statics that refer to each other.
#![allow(dead_code)]

use std::os::raw::{c_char, c_int, c_void};
use std::ptr::null;

pub const ABI_MAJOR: u16 = 1;
pub const ABI_MINOR: u16 = 0;
pub const MAGIC_PLUGIN: u32 = 0x5045_5650;

pub const FEATURE_ENDPOINT: u64 = 1;
pub const FEATURE_CALL: u64 = 2;
pub const FEATURE_NATIVE: u64 = 4;

pub const TIER_READ_ONLY: u8 = 1;
pub const TIER_READ_EXECUTE: u8 = 2;
pub const TIER_FULL: u8 = 3;

pub const READS: u8 = 1;
pub const DESTROYS: u8 = 2;
pub const IDEMPOTENT: u8 = 4;
pub const OPEN_WORLD: u8 = 8;

pub const BOOL: u8 = 1;
pub const I32: u8 = 2;
pub const U32: u8 = 3;
pub const I64: u8 = 4;
pub const U64: u8 = 5;
pub const F64: u8 = 6;
pub const UTF8: u8 = 7;
pub const BYTES: u8 = 8;
pub const UTF8_LIST: u8 = 16;
pub const I64_LIST: u8 = 17;
pub const OBJECT: u8 = 18;
pub const JSON: u8 = 19;
pub const OWNED_UTF8: u8 = 32;
pub const STATUS: u8 = 33;

pub const ROLE_ARGUMENT: u8 = 0;
pub const ROLE_LOCAL: u8 = 1;
pub const ROLE_OPTIONS: u8 = 2;
pub const ROLE_WAIT: u8 = 3;
pub const ROLE_FIELDS: u8 = 4;
pub const ROLE_LIMIT: u8 = 5;
pub const ROLE_CURSOR: u8 = 6;

pub const REQUIRED: u16 = 1;
pub const GUEST_NODE: u16 = 2;
pub const SECRET: u16 = 4;
pub const MINIMUM: u16 = 8;
pub const MAXIMUM: u16 = 16;
pub const TASK_NODE: u16 = 32;

pub const FIELD_CHOSEN: u16 = 1;
pub const FIELD_ALWAYS: u16 = 2;

pub const SHAPE_NONE: u8 = 0;
pub const SHAPE_OBJECT: u8 = 1;
pub const SHAPE_LIST: u8 = 2;
pub const SHAPE_TASK: u8 = 3;
pub const SHAPE_LOG: u8 = 4;
pub const SHAPE_SERIES: u8 = 5;

pub const GET: u8 = 1;
pub const POST: u8 = 2;
pub const PUT: u8 = 3;
pub const DELETE: u8 = 4;

pub const WITH_ARGUMENTS: u16 = 1;

/// A constant text of a description: `text!("node")`.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Text(pub *const c_char);
// It points to a literal.
unsafe impl Sync for Text {}
pub const NO_TEXT: Text = Text(null());

#[macro_export]
macro_rules! text {
    ($text:expr) => {
        $crate::pve_plugin::Text(concat!($text, "\0").as_ptr() as *const std::os::raw::c_char)
    };
}

/// A constant list. Its count is a field beside it: `Tool::taking(&[&NODE])` and the like set both.
#[repr(transparent)]
pub struct List<T: 'static>(*const &'static T);
// It points to statics.
unsafe impl<T: Sync> Sync for List<T> {}
impl<T: Sync> List<T> {
    pub const fn of(items: &'static [&'static T]) -> List<T> {
        List(items.as_ptr())
    }
}

/// The values that a parameter may have: `Choices::of(&[text!("a"), text!("b")])`.
#[repr(transparent)]
pub struct Choices(*const Text);
// It points to a constant.
unsafe impl Sync for Choices {}
impl Choices {
    pub const fn of(choices: &'static [Text]) -> Choices {
        Choices(choices.as_ptr())
    }
    pub const NONE: Choices = Choices(null());
}

const fn size<T>() -> u32 {
    std::mem::size_of::<T>() as u32
}

// What a description leaves out: `Parameter { name: text!("node"), ..Parameter::EMPTY }`.

impl Parameter {
    pub const EMPTY: Parameter = Parameter {
        struct_size: size::<Parameter>(), kind: UTF8, role: ROLE_ARGUMENT, flags: 0, name: NO_TEXT, description: NO_TEXT,
        api_name: NO_TEXT, default_json: NO_TEXT, choices: Choices::NONE, choice_count: 0, maximum_length: 0, pattern: NO_TEXT,
        minimum: 0.0, maximum: 0.0,
    };
}

impl Field {
    pub const EMPTY: Field =
        Field { struct_size: size::<Field>(), kind: UTF8, unit: 0, flags: FIELD_CHOSEN, name: NO_TEXT };
}

impl Answer {
    pub const EMPTY: Answer = Answer::of(&[]);
    /// An object with these fields among others.
    pub const fn of(fields: &'static [&'static Field]) -> Answer {
        Answer {
            struct_size: size::<Answer>(), shape: SHAPE_OBJECT, reserved: [0; 3], name: NO_TEXT, fields: List::of(fields),
            field_count: fields.len() as u32, reserved1: 0, note: NO_TEXT,
        }
    }
}

impl Endpoint {
    pub const fn new(method: u8, path: Text) -> Endpoint {
        Endpoint { struct_size: size::<Endpoint>(), method, reserved: [0; 3], path }
    }
}

impl Native {
    /// `release` frees an owned result.
    pub const fn new(result: u8, function: Function, release: Option<unsafe extern "C" fn(*mut c_void)>) -> Native {
        Native { struct_size: size::<Native>(), result, takes_call: 0, reserved: 0, function, release }
    }
}

impl Tool {
    /// A tool with these parameters, or none.
    pub const fn taking(parameters: &'static [&'static Parameter]) -> Tool {
        Tool {
            struct_size: size::<Tool>(), tier: TIER_FULL, annotations: 0, reserved: 0, name: NO_TEXT, title: NO_TEXT,
            description: NO_TEXT, parameters: List::of(parameters), result: None, endpoint: None, call: None, native: None,
            parameter_count: parameters.len() as u32, reserved1: 0,
        }
    }
}

impl Plugin {
    pub const fn with(tools: &'static [&'static Tool]) -> Plugin {
        Plugin {
            head: Head {
                magic: MAGIC_PLUGIN, struct_size: size::<Plugin>(), abi_major: ABI_MAJOR, abi_minor: ABI_MINOR, reserved: 0,
            },
            category: NO_TEXT, version: NO_TEXT, title: NO_TEXT, summary: NO_TEXT, required_features: 0,
            tools: List::of(tools), tool_count: tools.len() as u32, reserved: 0,
        }
    }
}

#[repr(C)]
pub struct Head {
    pub magic: u32,
    pub struct_size: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub reserved: u32,
}

#[repr(C)]
pub struct Parameter {
    pub struct_size: u32,
    pub kind: u8,
    pub role: u8,
    pub flags: u16,
    pub name: Text,
    pub description: Text,
    pub api_name: Text,
    pub default_json: Text,
    pub choices: Choices,
    pub choice_count: u32,
    pub maximum_length: u32,
    pub pattern: Text,
    pub minimum: f64,
    pub maximum: f64,
}

#[repr(C)]
pub struct Field {
    pub struct_size: u32,
    pub kind: u8,
    pub unit: u8,
    pub flags: u16,
    pub name: Text,
}

#[repr(C)]
pub struct Answer {
    pub struct_size: u32,
    pub shape: u8,
    pub reserved: [u8; 3],
    pub name: Text,
    pub fields: List<Field>,
    pub field_count: u32,
    pub reserved1: u32,
    pub note: Text,
}

#[repr(C)]
pub struct Endpoint {
    pub struct_size: u32,
    pub method: u8,
    pub reserved: [u8; 3],
    pub path: Text,
}

#[repr(C)]
pub struct CallBody {
    pub struct_size: u32,
    pub endpoint_count: u32,
    pub run: unsafe extern "C" fn(*const Host, CallHandle, *const c_void),
    pub context: Context,
    pub endpoints: List<Endpoint>,
}

/// What `run` is handed with each call; never changed by the host.
#[repr(transparent)]
pub struct Context(pub *const c_void);
// It points to a constant.
unsafe impl Sync for Context {}

#[repr(C)]
pub struct Native {
    pub struct_size: u32,
    pub result: u8,
    pub takes_call: u8,
    pub reserved: u16,
    pub function: Function,
    pub release: Option<unsafe extern "C" fn(*mut c_void)>,
}

/// The address of an `extern "C"` function of any type: `Function(size as *const c_void)`.
#[repr(transparent)]
pub struct Function(pub *const c_void);
// Code does not change.
unsafe impl Sync for Function {}

#[repr(C)]
pub struct Tool {
    pub struct_size: u32,
    pub tier: u8,
    pub annotations: u8,
    pub reserved: u16,
    pub name: Text,
    pub title: Text,
    pub description: Text,
    pub parameters: List<Parameter>,
    pub result: Option<&'static Answer>,
    pub endpoint: Option<&'static Endpoint>,
    pub call: Option<&'static CallBody>,
    pub native: Option<&'static Native>,
    pub parameter_count: u32,
    pub reserved1: u32,
}

#[repr(C)]
pub struct Plugin {
    pub head: Head,
    pub category: Text,
    pub version: Text,
    pub title: Text,
    pub summary: Text,
    pub required_features: u64,
    pub tools: List<Tool>,
    pub tool_count: u32,
    pub reserved: u32,
}

// The host: what a plugin is handed. Every function from any thread of a call's own, as the header says.

/// A call under way: a number that means something to the host until the body returns.
pub type CallHandle = *mut c_void;
/// A JSON value that belongs to a call; 0 is none.
pub type Value = u64;

#[repr(C)]
pub struct Host {
    pub head: Head,
    pub abi_major_min: u16,
    pub abi_minor_min: u16,
    pub reserved: u32,
    pub features: u64,
    pub version: Text,
    pub extension: unsafe extern "C" fn(*const Host, *const c_char) -> *const c_void,
    pub reply: unsafe extern "C" fn(CallHandle, *const u8, usize) -> c_int,
    pub fail: unsafe extern "C" fn(CallHandle, *const u8, usize) -> c_int,
    pub progress: unsafe extern "C" fn(CallHandle, f64, f64, *const u8, usize) -> c_int,
    pub log: unsafe extern "C" fn(*const Host, c_int, *const u8, usize),
    pub cancelled: unsafe extern "C" fn(CallHandle) -> c_int,
}

#[repr(C)]
pub struct JsonApi {
    pub struct_size: u32,
    pub reserved: u32,
    pub arguments: unsafe extern "C" fn(CallHandle) -> Value,
    pub kind: unsafe extern "C" fn(CallHandle, Value) -> c_int,
    pub count: unsafe extern "C" fn(CallHandle, Value) -> usize,
    pub member: unsafe extern "C" fn(CallHandle, Value, *const u8, usize) -> Value,
    pub first: unsafe extern "C" fn(CallHandle, Value) -> Value,
    pub next: unsafe extern "C" fn(CallHandle, Value, Value) -> Value,
    pub i64: unsafe extern "C" fn(CallHandle, Value, *mut i64) -> c_int,
    pub f64: unsafe extern "C" fn(CallHandle, Value, *mut f64) -> c_int,
    pub boolean: unsafe extern "C" fn(CallHandle, Value, *mut bool) -> c_int,
    pub text: unsafe extern "C" fn(CallHandle, Value, *mut *const u8, *mut usize) -> c_int,
    pub begin_object: unsafe extern "C" fn(CallHandle) -> c_int,
    pub end_object: unsafe extern "C" fn(CallHandle) -> c_int,
    pub begin_array: unsafe extern "C" fn(CallHandle) -> c_int,
    pub end_array: unsafe extern "C" fn(CallHandle) -> c_int,
    pub name: unsafe extern "C" fn(CallHandle, *const u8, usize) -> c_int,
    pub write_null: unsafe extern "C" fn(CallHandle) -> c_int,
    pub write_boolean: unsafe extern "C" fn(CallHandle, bool) -> c_int,
    pub write_i64: unsafe extern "C" fn(CallHandle, i64) -> c_int,
    pub write_f64: unsafe extern "C" fn(CallHandle, f64) -> c_int,
    pub write_text: unsafe extern "C" fn(CallHandle, *const u8, usize) -> c_int,
    pub write_value: unsafe extern "C" fn(CallHandle, Value) -> c_int,
    pub reply_written: unsafe extern "C" fn(CallHandle) -> c_int,
    pub reply_value: unsafe extern "C" fn(CallHandle, Value) -> c_int,
}

#[repr(C)]
pub struct RequestParameter {
    pub name: *const c_char,
    pub kind: u8,
    pub reserved: [u8; 7],
    pub boolean: bool,
    pub i64: i64,
    pub f64: f64,
    pub utf8: *const u8,
    pub length: usize,
    pub value: Value,
}

#[repr(C)]
pub struct Request {
    pub struct_size: u32,
    pub method: u8,
    pub reserved: u8,
    pub flags: u16,
    pub path: *const c_char,
    pub parameters: *const *const RequestParameter,
    pub parameter_count: u32,
    pub reserved1: u32,
}

#[repr(C)]
pub struct RequestApi {
    pub struct_size: u32,
    pub reserved: u32,
    pub send: unsafe extern "C" fn(CallHandle, *const Request, *mut Value) -> c_int,
}
