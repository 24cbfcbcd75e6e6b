// The wording of refusals: what was found, what was wanted, what to do.
// SPDX-License-Identifier: MIT

import Glibc
import PluginABI

extension RefusalReason {
    /// Everything after the file's name.
    public func message(category: String?) -> String {
        switch self {
        case .badFileName(let name):
            "\"\(name)\" does not name a category; rename it to "
                + (PluginFileName.isManifest(name) ? "pve-<category>.json" : "libpve-<category>.so")
                + ", where the category is 1 to 40 of a-z, 0-9 and -"
        case .unreadable(let path, let number):
            "\(path) cannot be read: \(String(cString: strerror(number))); make it readable for this user"
        case .notRegularFile:
            "it is not a regular file; put the shared library itself there"
        case .writableByOthers(let path, let mode):
            "\(path) can be written by others (mode \(octal(mode))), so anybody could replace the plugin; run: chmod "
                + "go-w \(path)"
        case .foreignOwner(let path, let uid):
            "\(path) belongs to user \(uid), it must belong to root or to the user \(geteuid()) that runs pve-mcp; "
                + "run: chown \(geteuid()) \(path)"
        case .leadsOut(let target):
            "it is a symbolic link to \(target), outside its directory; copy the file there instead"
        case .notELF:
            "it is not an ELF file; a plugin is a shared library (cc -shared -fPIC)"
        case .otherWordSize(let bits):
            "it is made for \(bits == 0 ? "an unknown word size" : "\(bits)-bit programs"), this host is 64-bit; build "
                + "it for \(SharedObject.name(of: SharedObject.machine))"
        case .otherByteOrder:
            "it is big-endian, this host is little-endian; build it for "
                + SharedObject.name(of: SharedObject.machine)
        case .otherMachine(let machine):
            "it is made for \(SharedObject.name(of: machine)), this host is "
                + "\(SharedObject.name(of: SharedObject.machine)); build or install it for that"
        case .notSharedObject(let type):
            "it is an ELF file of type \(type)\(objectKind(type)), wanted 3, a shared library; link it with -shared"
        case .notDynamic:
            "it has nothing for the dynamic linker to read, so it cannot be loaded; link it with -shared"
        case .tooLarge(let limit):
            "it has more than \(limit >> 20) MiB, too much to be looked at; strip it (strip --strip-unneeded)"
        case .cannotOpen(let text):
            "the dynamic linker cannot open it: \(text); install or link what it needs (ldd -r shows it)"
        case .noEntry(let symbol):
            "it does not export \(symbol), the entry of a plugin of its name; export that function, or rename the file "
                + "after its category"
        case .entryIsData(let symbol):
            "it exports \(symbol) as data, wanted a function; return the descriptor from a function"
        case .entryReturnedNull(let symbol):
            "\(symbol) returned NULL: it cannot work with this host, ABI \(PVE_ABI_MAJOR).\(PVE_ABI_MINOR); install "
                + "the plugin of this host's release"
        default: descriptorMessage(category: category)
        }
    }

    private func descriptorMessage(category: String?) -> String {
        switch self {
        case .wrongMagic(let magic):
            "its descriptor begins with 0x\(hex(UInt64(magic))), wanted 0x\(hex(UInt64(PVE_MAGIC_PLUGIN))) "
                + "(PVE_MAGIC_PLUGIN); return a pve_plugin from the entry"
        case .otherMajor(let major, let minor):
            "it is made for ABI \(major).\(minor), this host serves \(PVE_ABI_MAJOR).0 to "
                + "\(PVE_ABI_MAJOR).\(PVE_ABI_MINOR); rebuild it with this host's pve_plugin.h or install its release"
        case .shortStruct(let size, let wanted):
            "the struct_size of its pve_plugin is \(size), wanted at least \(wanted); set it to sizeof(pve_plugin)"
        case .wrongCategory(let found):
            "it says its category is \"\(found)\", its file name says \"\(category ?? "")\"; rename the file to "
                + "libpve-\(found).so or change the descriptor"
        case .unknownFeatures(let bits):
            "it requires \(featureNames(bits)), which this host does not have; install a newer pve-mcp"
        case .badText(let field, let fault):
            "its \(field) \(fault.message)"
        case .noTools:
            "it has no tools; list them in pve_plugin.tools and tool_count"
        case .tooManyTools(let count):
            "it says it has \(count) tools, more than \(DescriptorCheck.toolLimit); correct tool_count"
        case .badManifest(let fault): "\(fault); correct the manifest"
        case .missingLibrary(let library, let text):
            "the dynamic linker cannot open \(library), the library it names: \(text); install it, or correct the name"
        case .standardCategory:
            "category \"\(category ?? "")\" is a standard one, which manifests cannot be; rename it"
        case .badDescription(let fault):
            "the child process that described it said what cannot be read: \(fault); ask its author"
        case .categoryTaken(let file):
            "category \"\(category ?? "")\" is served by \(file); remove one of the two"
        case .safeMode:
            "it did not come with pve-mcp, and in safe mode (PVE_SAFE_MODE) only what did is loaded"
        case .probe(let failure, let words):
            failure.message + (words.isEmpty ? "" : "; its last words: \(words)")
        default: ""
        }
    }

    private func objectKind(_ type: UInt16) -> String {
        switch type {
        case 1: " (an object file)"
        case 2: " (a program)"
        case 4: " (a core dump)"
        default: ""
        }
    }

    private func featureNames(_ bits: UInt64) -> String {
        let known = ["endpoint bodies", "call bodies", "native bodies"]
        return (0..<64).filter { bits & (1 << UInt64($0)) != 0 }
            .map { $0 < known.count ? known[$0] : "feature bit \($0)" }.joined(separator: " and ")
    }
}

extension TextFault {
    /// What is wrong, to be read after the name of the text.
    var message: String {
        switch self {
        case .absent: "is NULL; give it a text"
        case .empty: "is empty; give it a text"
        case .tooLong(let limit): "has more than \(limit) bytes; shorten it"
        case .notUTF8: "is not UTF-8; save the source as UTF-8"
        case .notAName(let text, let grammar): "is \"\(text)\"; use \(grammar) only"
        }
    }
}

private func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}

private func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
}
