// The Proxmox VE API as facts: endpoints, parameters, permissions and formats, carried inside the program.
// SPDX-License-Identifier: MIT
#ifndef SIMULATOR_FACTS_H
#define SIMULATOR_FACTS_H

#include <stddef.h>

/// JSON text that lives as long as the program. Not terminated by a zero byte.
struct simulator_facts {
    const unsigned char *bytes;
    size_t count;
};

/// The endpoints of release 9.2.
struct simulator_facts simulator_facts_9(void);
/// The endpoints of release 8.4.
struct simulator_facts simulator_facts_8(void);
/// The named formats and the keys of those that are property strings.
struct simulator_facts simulator_facts_formats(void);

#endif
