// Functions that tell what a library might do. Hints: it may not call them, and may do the same without them.
// SPDX-License-Identifier: MIT

/// What wanting certain functions suggests about a library.
public enum TellingImport: String, CaseIterable, Sendable {
    case programs = "run other programs"
    case network = "talk to the network"
    case libraries = "load further libraries"
    case otherProcesses = "look into or signal other processes"
    case codeInMemory = "make memory executable, or otherwise change how memory may be used"
    case privileges = "change its user or its privileges"
    case environment = "change the process's environment"
    case rawCalls = "call the kernel directly"
    case processEnd = "end the process"

    var names: Set<String> {
        switch self {
        case .programs:
            [
                "execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "execveat", "fexecve", "fork",
                "vfork", "clone", "system", "popen", "posix_spawn", "posix_spawnp", "wordexp",
            ]
        case .network:
            ["socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "getaddrinfo", "gethostbyname"]
        case .libraries: ["dlopen", "dlmopen"]
        case .otherProcesses:
            ["ptrace", "process_vm_readv", "process_vm_writev", "kill", "killpg", "tgkill", "pidfd_open"]
        case .codeInMemory: ["mprotect", "pkey_mprotect", "memfd_create"]
        case .privileges:
            [
                "setuid", "seteuid", "setreuid", "setresuid", "setgid", "setegid", "setregid", "setresgid", "setgroups",
                "chroot", "unshare", "setns", "mount", "capset",
            ]
        case .environment: ["setenv", "putenv", "unsetenv", "clearenv"]
        case .rawCalls: ["syscall"]
        case .processEnd: ["exit", "_exit", "_Exit", "quick_exit"]
        }
    }

    /// Those of the library's imports that suggest it, by name.
    public func found(in facts: ELFFacts) -> [String] {
        let names = names
        return facts.imports.filter(names.contains).sorted()
    }
}
