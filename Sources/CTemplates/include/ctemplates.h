// The examples as they are in the folder Examples, in the program's read-only data.
// SPDX-License-Identifier: MIT
#ifndef CTEMPLATES_H
#define CTEMPLATES_H

#include <stddef.h>

/// A file of an example.
typedef struct ctemplates_file {
    const char *language;  // "c", "rust", "swift": of Examples/hello-<language>
    const char *path;      // in the example's folder
    const unsigned char *bytes;
    size_t size;
} ctemplates_file;

/// How many files there are, of all languages.
size_t ctemplates_count(void);

/// A file; `index` is below the count.
const ctemplates_file *ctemplates_at(size_t index);

#endif
