// Code of tools in safe Rust: a call reads its arguments, sends requests, and returns its reply or why there is none.
// SPDX-License-Identifier: MIT
#![allow(dead_code)]

use crate::pve_plugin::*;
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null;

/// The code of a tool: its reply as JSON text, or what the caller is told: what happened, to what, what to try.
pub type Code = fn(&Call) -> Result<String, String>;

/// A call body that runs `code`: `call_body(&CODE, &[&NODES])`, with `static CODE: Code = count;`.
pub const fn call_body(code: &'static Code, endpoints: &'static [&'static Endpoint]) -> CallBody {
    CallBody {
        struct_size: std::mem::size_of::<CallBody>() as u32,
        endpoint_count: endpoints.len() as u32,
        run,
        context: Context(code as *const Code as *const c_void),
        endpoints: List::of(endpoints),
    }
}

/// A call under way. Everything about it is for the thread it runs on.
pub struct Call {
    host: &'static Host,
    handle: CallHandle,
    json: &'static JsonApi,
    requests: &'static RequestApi,
}

/// A part of the arguments or of an answer.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    call: &'a Call,
    value: Value,
}

impl Call {
    /// The arguments, checked against the tool's parameters: an object.
    pub fn arguments(&self) -> Part<'_> {
        // Safe as all calls of the host's functions below: the host's tables and the handle are valid until the body returns.
        Part { call: self, value: unsafe { (self.json.arguments)(self.handle) } }
    }

    /// Sends a request that the tool declares and waits for its answer. `parameters` are texts by name.
    pub fn send(&self, method: u8, path: &str, parameters: &[(&str, &str)]) -> Result<Part<'_>, String> {
        let text = |text: &str| CString::new(text).map_err(|_| format!("{:?} has a NUL in it.", text));
        let path = text(path)?;
        let mut names = Vec::new();
        for (name, _) in parameters {
            names.push(text(name)?);
        }
        let raw: Vec<RequestParameter> = parameters.iter().zip(&names).map(|((_, value), name)| RequestParameter {
            name: name.as_ptr(), kind: UTF8, reserved: [0; 7], boolean: false, i64: 0, f64: 0.0, utf8: value.as_ptr(),
            length: value.len(), value: 0,
        }).collect();
        let list: Vec<*const RequestParameter> = raw.iter().map(|one| one as *const RequestParameter).collect();
        let request = Request {
            struct_size: std::mem::size_of::<Request>() as u32, method, reserved: 0, flags: 0, path: path.as_ptr(),
            parameters: list.as_ptr(), parameter_count: list.len() as u32, reserved1: 0,
        };
        let mut value = 0;
        let status = unsafe { (self.requests.send)(self.handle, &request, &mut value) };
        let answer = Part { call: self, value };
        if status == 0 { Ok(answer) } else { Err(answer.text().unwrap_or("The request could not be sent.").to_string()) }
    }

    /// Tells the client how far the call is; `done` must grow. False when the client has given up.
    pub fn progress(&self, done: f64, total: f64, message: &str) -> bool {
        unsafe { (self.host.progress)(self.handle, done, total, message.as_ptr(), message.len()) == 0 }
    }

    /// Whether the client has given up. Long code asks now and then.
    pub fn is_cancelled(&self) -> bool {
        unsafe { (self.host.cancelled)(self.handle) != 0 }
    }

    /// Writes a line to the host's log: 0 debug, 1 info, 2 warning, 3 error.
    pub fn log(&self, level: c_int, message: &str) {
        unsafe { (self.host.log)(self.host, level, message.as_ptr(), message.len()) }
    }
}

impl<'a> Part<'a> {
    /// The member of an object; `exists` says whether there is one.
    pub fn member(self, name: &str) -> Part<'a> {
        let value = unsafe { (self.call.json.member)(self.call.handle, self.value, name.as_ptr(), name.len()) };
        Part { call: self.call, value }
    }

    pub fn exists(self) -> bool {
        self.value != 0
    }

    /// How many elements or members there are.
    pub fn count(self) -> usize {
        unsafe { (self.call.json.count)(self.call.handle, self.value) }
    }

    /// The elements of an array, or the values of an object.
    pub fn elements(self) -> impl Iterator<Item = Part<'a>> {
        let Part { call, value: container } = self;
        let mut upcoming = unsafe { (call.json.first)(call.handle, container) };
        std::iter::from_fn(move || {
            if upcoming == 0 {
                return None;
            }
            let value = upcoming;
            upcoming = unsafe { (call.json.next)(call.handle, container, value) };
            Some(Part { call, value })
        })
    }

    pub fn i64(self) -> Option<i64> {
        let mut out = 0;
        if unsafe { (self.call.json.i64)(self.call.handle, self.value, &mut out) } == 0 { Some(out) } else { None }
    }

    pub fn f64(self) -> Option<f64> {
        let mut out = 0.0;
        if unsafe { (self.call.json.f64)(self.call.handle, self.value, &mut out) } == 0 { Some(out) } else { None }
    }

    pub fn boolean(self) -> Option<bool> {
        let mut out = false;
        if unsafe { (self.call.json.boolean)(self.call.handle, self.value, &mut out) } == 0 { Some(out) } else { None }
    }

    /// The text of a string, or the JSON text of any other value.
    pub fn text(self) -> Option<&'a str> {
        let (mut start, mut length) = (null(), 0);
        if unsafe { (self.call.json.text)(self.call.handle, self.value, &mut start, &mut length) } != 0 || start.is_null() {
            return None;
        }
        // The host keeps the bytes until the body returns, and no `Call` outlives it.
        std::str::from_utf8(unsafe { std::slice::from_raw_parts(start, length) }).ok()
    }
}

/// `CallBody.run` of every tool with code. A panic is the call's failure and goes no further.
unsafe extern "C" fn run(host: *const Host, handle: CallHandle, context: *const c_void) {
    let host: &'static Host = &*host;
    let find = |id: &'static str| (host.extension)(host, id.as_ptr() as *const c_char);
    let (json, requests) = (find("pve.json/1\0") as *const JsonApi, find("pve.request/1\0") as *const RequestApi);
    let outcome = if json.is_null() || requests.is_null() {
        Err("This host lacks pve.json/1 or pve.request/1; use a newer one.".to_string())
    } else {
        let call = Call { host, handle, json: &*json, requests: &*requests };
        let code = *(context as *const Code);
        catch_unwind(AssertUnwindSafe(|| code(&call))).unwrap_or_else(|_| Err("The tool's code panicked.".to_string()))
    };
    match outcome {
        Ok(reply) if (host.reply)(handle, reply.as_ptr(), reply.len()) == 0 => {}
        Ok(_) => fail(host, handle, "The tool's code replied with something that is not JSON of its shape."),
        Err(message) => fail(host, handle, &message),
    }
}

unsafe fn fail(host: &Host, handle: CallHandle, message: &str) {
    (host.fail)(handle, message.as_ptr(), message.len());
}
