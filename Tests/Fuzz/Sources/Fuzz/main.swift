// Fuzz --fuzzer=NAME ARGUMENT...: runs one of the fuzzers; the arguments are libFuzzer's. Without any, their names.
// SPDX-License-Identifier: MIT

import Glibc

exit(FuzzMain.run(CommandLine.arguments))
