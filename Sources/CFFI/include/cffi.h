// libffi as Swift can use it: its types are mutable globals, which Swift 6 does not let anybody touch.
// SPDX-License-Identifier: MIT
#ifndef CFFI_H
#define CFFI_H

#include <ffi.h>

/// The types of libffi. They are constant, and live as long as the process.
static inline ffi_type *cffi_void(void) { return &ffi_type_void; }
static inline ffi_type *cffi_u8(void) { return &ffi_type_uint8; }
static inline ffi_type *cffi_i32(void) { return &ffi_type_sint32; }
static inline ffi_type *cffi_u32(void) { return &ffi_type_uint32; }
static inline ffi_type *cffi_i64(void) { return &ffi_type_sint64; }
static inline ffi_type *cffi_u64(void) { return &ffi_type_uint64; }
static inline ffi_type *cffi_f64(void) { return &ffi_type_double; }
static inline ffi_type *cffi_pointer(void) { return &ffi_type_pointer; }

/// Prepares an interface with the C calling convention of this machine. Returns an ffi_status. `arguments` is kept, not
/// copied: it must live as long as `interface`.
static inline int cffi_prepare(ffi_cif *interface, unsigned count, ffi_type *result, ffi_type **arguments) {
    return (int)ffi_prep_cif(interface, FFI_DEFAULT_ABI, count, result, arguments);
}

/// Calls `function`. `result` has room for an ffi_arg at least; `values` are the addresses of the arguments.
static inline void cffi_call(ffi_cif *interface, const void *function, void *result, void **values) {
    ffi_call(interface, FFI_FN(function), result, values);
}

/// A result narrower than a register, as libffi widens it; `result` is what cffi_call wrote to.
static inline ffi_arg cffi_register(const void *result) { return *(const ffi_arg *)result; }

#endif
