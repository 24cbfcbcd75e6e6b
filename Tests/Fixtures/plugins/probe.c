// The child that looks at a plugin, in C: opens argv[1] as the host would and prints a verdict. The host's own child
// prints what PluginProbe.verdict returned; this one stands in for it where only the process matters.
// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    if (getenv("PVE_TOKEN_SECRET")) return 3;  // a stranger must not see it
    if (!dlopen(argv[1], RTLD_NOW | RTLD_LOCAL)) return printf("pve-probe: {\"refused\":\"%s: cannot be opened\"}\n", argv[1]), 0;
    puts("pve-probe: {\"description\":{},\"refusals\":[]}");
    return 0;
}
