// Functions of every signature that a tool can have, by name.
// SPDX-License-Identifier: MIT
#ifndef CNATIVE_H
#define CNATIVE_H

/// The address of a function in functions.c; NULL for a name that is not there.
const void *cnative_function(const char *name);

/// Gives back what an owned function has allocated, and counts.
void cnative_release(void *memory);

/// How many allocations of owned functions have not been given back, and how often something was, on this thread.
int cnative_held(void);
int cnative_releases(void);

#endif
