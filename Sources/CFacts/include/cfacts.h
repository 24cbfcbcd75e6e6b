// The facts about the Proxmox VE API, as one read-only table without pointers.
// SPDX-License-Identifier: MIT
#ifndef CFACTS_H
#define CFACTS_H

#include <stddef.h>

/// The first byte of the table. It lies in the program's read-only data: pages are read when first looked at.
const void *cfacts_bytes(void);

/// How many bytes the table has.
size_t cfacts_size(void);

#endif
