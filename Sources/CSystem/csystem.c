// Calls that need feature macros or global variables, which headers imported by Swift do without.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "csystem.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

int csystem_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void csystem_line_buffer_stdout(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

int csystem_is_data(const void *address) {
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;
    if (dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || symbol == NULL) return 0;
    const unsigned char type = ELF64_ST_TYPE(symbol->st_info);
    return type == STT_OBJECT || type == STT_TLS || type == STT_COMMON;
}
