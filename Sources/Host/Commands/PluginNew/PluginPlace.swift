// Where what plugins are built with is, beside this program.
// SPDX-License-Identifier: MIT

import Glibc

/// The directories that a plugin's local.mk names; nil for what is not there, for which pkg-config is asked.
struct PluginPlace: Equatable {
    /// Of pve-mcp itself.
    let programs: String
    /// Of libpvetesting.so.
    let libraries: String?
    /// Of pve_testing.h; in an installation of pve_plugin.h as well.
    let headers: String?
    /// The package PluginKit.
    let kit: String?
    /// Where the package was looked for.
    let expectedKit: String

    /// As `make install` puts it when the program is in a `bin`; else as it is in a build tree.
    static func beside(
        _ programs: String, exists: (String) -> Bool = { access($0, F_OK) == 0 }
    ) -> PluginPlace {
        func there(_ directory: String, with file: String) -> String? {
            exists("\(directory)/\(file)") ? directory : nil
        }
        let libraries: String
        let headers: String
        let kit: String
        if programs.hasSuffix("/bin") {
            let prefix = String(programs.dropLast("/bin".count))
            (libraries, headers, kit) = (
                "\(prefix)/lib", "\(prefix)/include/pve-mcp", "\(prefix)/share/pve-mcp/PluginKit"
            )
        } else {
            let root = root(of: programs)
            (libraries, headers, kit) = (
                programs, "\(root)/Sources/CPluginTesting/include", "\(root)/Packaging/PluginKit"
            )
        }
        return PluginPlace(
            programs: programs, libraries: there(libraries, with: "libpvetesting.so"),
            headers: there(headers, with: "pve_testing.h"), kit: there(kit, with: "Package.swift"), expectedKit: kit)
    }

    /// The source tree of `<root>/.build/…`.
    private static func root(of programs: String) -> String {
        let segments = programs.split(separator: "/", omittingEmptySubsequences: false)
        guard let build = segments.lastIndex(of: ".build") else { return programs }
        return segments[..<build].joined(separator: "/")
    }

    /// The variables of local.mk.
    var variables: [(name: String, directory: String?)] {
        [("PVE_BIN", programs), ("PVE_LIB", libraries), ("PVE_INCLUDE", headers), ("PVE_KIT", kit)]
    }
}
