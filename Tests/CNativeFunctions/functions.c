// What NativeCall is tried on.
// SPDX-License-Identifier: MIT
#include "cnative.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of the calling thread: tests run beside each other.
static _Thread_local int held, releases;

void cnative_release(void *memory) {
    held--, releases++;
    free(memory);
}
int cnative_held(void) { return held; }
int cnative_releases(void) { return releases; }

static char *owned(const char *text) {
    char *copy = strdup(text);
    held++;
    return copy;
}

static void nothing(void) {}
static bool not_bool(bool value) { return !value; }
static int32_t same_i32(int32_t value) { return value; }
static uint32_t same_u32(uint32_t value) { return value; }
static int64_t same_i64(int64_t value) { return value; }
static uint64_t same_u64(uint64_t value) { return value; }
static double same_f64(double value) { return value; }
static const char *same_text(const char *text) { return text; }
static const uint8_t *same_bytes(const uint8_t *bytes, size_t count, size_t *length) {
    *length = count;
    return bytes;
}
static double nan_result(void) { return NAN; }
static const char *no_text(void) { return NULL; }
static const char *bad_text(void) { return "\xff\xfe"; }
static char *owned_text(const char *text) { return text ? owned(text) : NULL; }
static char *owned_bad_text(void) { return owned("\xff"); }
static const uint8_t *no_bytes(size_t *length) {
    *length = 3;
    return NULL;
}
static const uint8_t *unsaid_bytes(size_t *length) {
    (void)length;
    return NULL;
}
static const uint8_t *endless_bytes(size_t *length) {
    *length = SIZE_MAX;
    return (const uint8_t *)"";
}
static const uint8_t *owned_bytes(size_t *length) {
    *length = 2;
    return (const uint8_t *)owned("ab");
}

static int status(int32_t code, const char *text, char **error) {
    if (text) *error = owned(text);
    return code;
}
static int plain_status(int32_t code, char **error) {
    *error = (char *)"the disk is full";
    return code;
}

// What each parameter was, so that a test sees every one of them.
static char *optionals(const bool *b, const int32_t *i, const uint32_t *u, const int64_t *l, const uint64_t *m,
                       const double *d, const char *text, const uint8_t *bytes, size_t count) {
    char line[256] = "";
    size_t end = 0;
#define ADD(...) end += (size_t)snprintf(line + end, sizeof line - end, __VA_ARGS__)
    if (b) ADD("b%d ", *b);
    if (i) ADD("i%d ", *i);
    if (u) ADD("u%u ", *u);
    if (l) ADD("l%lld ", (long long)*l);
    if (m) ADD("m%llu ", (unsigned long long)*m);
    if (d) ADD("d%g ", *d);
    if (text) ADD("t%s ", text);
    ADD("%s%zu", bytes ? "x" : "-", count);
    return owned(line);
}

static double twelve(int32_t a, double b, int64_t c, double d, uint32_t e, double f, bool g, double h, uint64_t i,
                     double j, int32_t k, double l) {
    return a + b * 10 + (double)c * 100 + d * 1e3 + e * 1e4 + f * 1e5 + g * 1e6 + h * 1e7 + (double)i * 1e8 + j * 1e9 +
           k * 1e10 + l * 1e11;
}
static int64_t twelve_doubles(double a, double b, double c, double d, double e, double f, double g, double h, double i,
                              double j, double k, double l) {
    double all[] = {a, b, c, d, e, f, g, h, i, j, k, l};
    int64_t sum = 0;
    for (int place = 0; place < 12; place++) sum = sum * 3 + (int64_t)all[place];
    return sum;
}

static int64_t with_handle(void *handle, int64_t value) { return handle ? *(int64_t *)handle + value : value; }
static int with_everything(void *handle, const uint8_t *bytes, size_t count, const int32_t *code, char **error) {
    if (handle && count && code) return bytes[0];
    *error = owned("something is missing");
    return -1;
}

#define ENTRY(name) {#name, (const void *)name}
static const struct {
    const char *name;
    const void *function;
} functions[] = {
    ENTRY(nothing), ENTRY(not_bool), ENTRY(same_i32), ENTRY(same_u32), ENTRY(same_i64), ENTRY(same_u64),
    ENTRY(same_f64), ENTRY(same_text), ENTRY(same_bytes), ENTRY(nan_result), ENTRY(no_text), ENTRY(bad_text),
    ENTRY(owned_text), ENTRY(owned_bad_text), ENTRY(no_bytes), ENTRY(unsaid_bytes), ENTRY(endless_bytes),
    ENTRY(owned_bytes), ENTRY(status), ENTRY(plain_status), ENTRY(optionals), ENTRY(twelve), ENTRY(twelve_doubles),
    ENTRY(with_handle), ENTRY(with_everything),
};

const void *cnative_function(const char *name) {
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++)
        if (strcmp(functions[index].name, name) == 0) return functions[index].function;
    return NULL;
}
