// Reads JSON with RapidJSON into the same tape as cjson_parse, to compare the two.
// SPDX-License-Identifier: MIT
#ifndef JSON_REFERENCE_H
#define JSON_REFERENCE_H

#include "cjson_tape.h"

#ifdef __cplusplus
extern "C" {
#endif

/// As cjson_parse. It refuses numbers that no double holds, with the error below; RFC 8259 allows them.
int json_reference_parse(char *text, size_t length, cjson_tape *tape);

extern const char *const json_reference_number_too_big;

#ifdef __cplusplus
}
#endif
#endif
