// Tests of the plugin hello: its tools, called without a server. Run by `make test`.
// SPDX-License-Identifier: MIT

use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_int, c_void};

#[link(name = "pvetesting")]
extern "C" {
    fn pve_testing_open(file: *const c_char) -> *mut c_void;
    fn pve_testing_refusal(plugin: *mut c_void) -> *const c_char;
    fn pve_testing_answer(plugin: *mut c_void, request: *const c_char, json: *const c_char) -> c_int;
    fn pve_testing_refuse(plugin: *mut c_void, request: *const c_char, words: *const c_char) -> c_int;
    fn pve_testing_call(plugin: *mut c_void, tool: *const c_char, arguments: *const c_char) -> c_int;
    fn pve_testing_reply(plugin: *mut c_void) -> *const c_char;
    fn pve_testing_failure(plugin: *mut c_void) -> *const c_char;
    fn pve_testing_request(plugin: *mut c_void, index: usize) -> *const c_char;
    fn pve_testing_close(plugin: *mut c_void);
}

fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

/// A plugin under test.
struct Plugin(*mut c_void);

impl Plugin {
    fn open() -> Plugin {
        let plugin = Plugin(unsafe { pve_testing_open(c("./libpve-hello.so").as_ptr()) });
        assert_eq!(unsafe { text(pve_testing_refusal(plugin.0)) }, None);
        plugin
    }

    fn answer(&self, request: &str, json: &str) {
        assert_eq!(unsafe { pve_testing_answer(self.0, c(request).as_ptr(), c(json).as_ptr()) }, 0);
    }

    fn refuse(&self, request: &str, words: &str) {
        assert_eq!(unsafe { pve_testing_refuse(self.0, c(request).as_ptr(), c(words).as_ptr()) }, 0);
    }

    /// The reply, or why there is none.
    fn call(&self, tool: &str, arguments: &str) -> Result<String, String> {
        unsafe {
            match pve_testing_call(self.0, c(tool).as_ptr(), c(arguments).as_ptr()) {
                0 => Ok(text(pve_testing_reply(self.0)).unwrap()),
                _ => Err(text(pve_testing_failure(self.0)).unwrap()),
            }
        }
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        unsafe { pve_testing_close(self.0) }
    }
}

unsafe fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() { None } else { Some(CStr::from_ptr(pointer).to_string_lossy().into_owned()) }
}

#[test]
fn asks_a_node_for_its_version() {
    let plugin = Plugin::open();
    plugin.answer("GET /nodes/pve1/version", r#"{"version":"9.2.3"}"#);
    assert_eq!(plugin.call("hello_version", r#"{"node":"pve1"}"#).unwrap(), r#"{"version":"9.2.3"}"#);
}

#[test]
fn counts_guests() {
    let plugin = Plugin::open();
    plugin.answer("GET /cluster/resources", r#"[{"status":"running"},{"status":"stopped"}]"#);
    assert_eq!(plugin.call("hello_guests", "{}").unwrap(), r#"{"running":1,"total":2}"#);
    let asked = unsafe { text(pve_testing_request(plugin.0, 0)) };
    assert_eq!(asked.unwrap(), r#"GET /cluster/resources {"type":"vm"}"#);
}

#[test]
fn passes_a_refusal_on() {
    let plugin = Plugin::open();
    plugin.refuse("GET /cluster/resources", "Permission check failed");
    assert_eq!(plugin.call("hello_guests", "{}").unwrap_err(), "Permission check failed");
}

#[test]
fn writes_sizes_in_words() {
    let plugin = Plugin::open();
    assert_eq!(plugin.call("hello_size", r#"{"bytes":1610612736}"#).unwrap(), r#"{"size":"1.5 GiB"}"#);
}
