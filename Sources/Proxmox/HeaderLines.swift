// Header lines that requests share.
// SPDX-License-Identifier: MIT

import CCurl
import Glibc

/// A list of header lines in libcurl's form. Whoever sends with it keeps it until the answer is there.
final class HeaderLines {
    let list: OpaquePointer?

    /// Opens libcurl if need be.
    init(_ lines: [String]) {
        var pointers: [UnsafePointer<CChar>?] = lines.map { UnsafePointer(strdup($0)) }
        list = ccurl_headers_make(&pointers, pointers.count)
        for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) }
    }

    deinit {
        ccurl_headers_free(list)
    }
}
