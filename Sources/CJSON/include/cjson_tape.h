// The JSON tape: what a JSON text holds, as a flat array of nodes with byte offsets.
// SPDX-License-Identifier: MIT
#ifndef CJSON_TAPE_H
#define CJSON_TAPE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CJSON_NULL = 0,
    CJSON_FALSE = 1,
    CJSON_TRUE = 2,
    CJSON_NUMBER = 3,
    CJSON_STRING = 4,
    CJSON_ARRAY = 5,
    CJSON_OBJECT = 6,
};

/// One value. The bytes [start, end) of the text are the value exactly as it was written, quotes and
/// brackets included. `next` is the index of the node after this value and everything inside it.
/// The members of an object are pairs of nodes: the key (a string), then its value.
typedef struct cjson_node {
    uint32_t start;
    uint32_t end;
    uint32_t next;
    uint32_t count : 28;   // elements of an array, members of an object
    uint32_t kind : 3;
    uint32_t escaped : 1;  // the string holds backslash escapes
} cjson_node;

/// A parsed text. `nodes` was allocated with malloc and belongs to the caller; cjson_free releases it.
typedef struct cjson_tape {
    cjson_node *nodes;
    uint32_t count;
    uint32_t capacity;
    const char *error;     // NULL, or a constant sentence
    size_t error_offset;
    int bad_encoding;      // 1 when the text is not UTF-8
} cjson_tape;

/// Reads one JSON value that fills `text` (RFC 8259, UTF-8 checked, no trailing bytes, at most 256 levels).
/// `tape` may be reused: what it holds is overwritten, its memory kept. Returns 0, or -1 with `error` set.
/// Half of a surrogate pair that stands alone becomes \ufffd in the text itself.
int cjson_parse(char *text, size_t length, cjson_tape *tape);

/// Releases the nodes of a tape; NULL is allowed.
void cjson_free(cjson_node *nodes);

#ifdef __cplusplus
}
#endif
#endif
