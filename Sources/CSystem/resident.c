// Gives back memory that only the start, or the opening of libraries, needed.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "csystem.h"

#include <link.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Segments without write permission are never relocated, so their pages are clean copies of the file: dropped, they
// come back from the page cache when they are needed.
static int drop_clean_pages(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    (void)context;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) & ~(page - 1);
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void csystem_prepare_heap(size_t size) {
    // What is freed at the top of the heap stays there, and small blocks are cut from it.
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    void *block = malloc(size);
    if (!block) return;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)block + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)block + size) & ~(page - 1);
    // An older kernel does not know it: then the pages come one by one, as ever.
    if (end > start) madvise((void *)start, end - start, MADV_POPULATE_WRITE);
    free(block);
}

void csystem_share_heap(void) { mallopt(M_ARENA_MAX, 1); }

void csystem_release_clean_pages(void) { dl_iterate_phdr(drop_clean_pages, NULL); }
