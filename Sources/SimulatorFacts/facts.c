// Embeds the JSON files in data/. The files are data about the API; the simulator checks requests against them.
// SPDX-License-Identifier: MIT
#include "simulator_facts.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char release_9[] = {
#embed "pve-api-facts.json"
};
static const unsigned char release_8[] = {
#embed "pve-api-facts-8.4.json"
};
static const unsigned char formats[] = {
#embed "pve-formats.json"
};

struct simulator_facts simulator_facts_9(void) { return (struct simulator_facts){release_9, sizeof release_9}; }
struct simulator_facts simulator_facts_8(void) { return (struct simulator_facts){release_8, sizeof release_8}; }
struct simulator_facts simulator_facts_formats(void) { return (struct simulator_facts){formats, sizeof formats}; }
