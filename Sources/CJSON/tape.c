// Reads JSON into a tape: one pass, no recursion, no copies.
// SPDX-License-Identifier: MIT
//
// A state per place in the grammar of RFC 8259, with gotos between them: the state is the program counter, which is
// what makes this fast. Strings are looked through eight bytes at a time. The tests compare every accepted text, node by
// node, with what RapidJSON makes of it.
#include "cjson_tape.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the first of eight bytes is looked for in the lowest bits"
#endif

enum { maximum_depth = 256 };

/// What the reading of one part of a text came to.
typedef struct {
    const char *at;     // behind the part, or where it goes wrong
    const char *error;  // NULL, or a constant sentence
} part;

static const uint64_t ones = 0x0101010101010101u;
static const uint64_t tops = 0x8080808080808080u;

static inline uint64_t word_at(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline bool is_ascii(const char *text, size_t length) {
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++) seen |= (unsigned char)text[i];
    return seen < 0x80;
}

static inline bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static inline const char *after_blanks(const char *at, const char *end) {
    while (at < end && is_blank(*at)) at++;
    return at;
}

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// MARK: Strings

/// The byte that ends plain text in a string: a quote, a backslash or a control character; `end` when there is none.
static inline const char *after_plain(const char *at, const char *end) {
    while (end - at >= 8) {
        uint64_t word = word_at(at);
        uint64_t quote = word ^ (ones * '"');
        uint64_t slash = word ^ (ones * '\\');
        // A borrow can set bits above the first byte found only.
        uint64_t found =
            (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word)) & tops;
        if (found) return at + (__builtin_ctzll(found) >> 3);
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\') at++;
    return at;
}

/// The UTF-16 unit of the escape \\uXXXX at `at`, or -1.
static int unit_at(const char *at, const char *end) {
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
    int unit = 0;
    for (int i = 2; i < 6; i++) {
        char c = at[i], low = c | 32;
        int digit = is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static bool is_high(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
static bool is_low(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

/// Reads the escape at `at`. Half of a surrogate pair that stands alone is overwritten with \\ufffd: RFC 8259 allows
/// it, UTF-8 has nothing for it, and clients send it when they cut a text in the middle of an emoji.
static part escape_at(char *at, const char *end) {
    if (end - at >= 2 && strchr("\"\\/bfnrt", at[1]) && at[1]) return (part){at + 2, NULL};
    int unit = unit_at(at, end);
    if (unit < 0) return (part){at, "an escape in a string is not one of JSON"};
    if (is_high(unit) && is_low(unit_at(at + 6, end))) return (part){at + 12, NULL};
    if (is_high(unit) || is_low(unit)) memcpy(at, "\\ufffd", 6);
    return (part){at + 6, NULL};
}

/// How long the UTF-8 sequence at `at` is; 0 when it is none (RFC 3629: shortest form, no surrogates, to U+10FFFF).
static size_t sequence_at(const unsigned char *at, size_t left) {
    unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    size_t length = lead >= 0xC2 && lead < 0xE0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (length == 0 || left < length) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    if (lead == 0xE0 && at[1] < 0xA0) return 0;
    if (lead == 0xED && at[1] >= 0xA0) return 0;
    if (lead == 0xF0 && at[1] < 0x90) return 0;
    if (lead == 0xF4 && at[1] >= 0x90) return 0;
    return length;
}

/// Where the bytes stop being UTF-8; `end` when they all are.
static const char *after_utf8(const char *at, const char *end) {
    while (at < end) {
        if (end - at >= 8 && !(word_at(at) & tops)) {
            at += 8;
            continue;
        }
        size_t length = sequence_at((const unsigned char *)at, (size_t)(end - at));
        if (length == 0) return at;
        at += length;
    }
    return end;
}

/// Reads the string whose opening quote is at `at`.
static inline part string_at(char *at, const char *end, bool *escaped) {
    char *byte = at + 1;
    *escaped = false;
    for (;;) {
        byte += after_plain(byte, end) - byte;
        if (byte == end) return (part){byte, "a string is not closed"};
        if (*byte == '"') return (part){byte + 1, NULL};
        if (*byte != '\\') return (part){byte, "a string holds a control character"};
        *escaped = true;
        part escape = escape_at(byte, end);
        if (escape.error) return escape;
        byte += escape.at - byte;
    }
}

// MARK: Other values

static inline part number_at(const char *at, const char *end) {
    static const char *const broken = "a number lacks a digit";
    if (at < end && *at == '-') at++;
    if (at == end || !is_digit(*at)) return (part){at, broken};
    if (*at == '0') {
        at++;
    } else {
        while (at < end && is_digit(*at)) at++;
    }
    if (at < end && *at == '.') {
        at++;
        if (at == end || !is_digit(*at)) return (part){at, broken};
        while (at < end && is_digit(*at)) at++;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        if (at == end || !is_digit(*at)) return (part){at, broken};
        while (at < end && is_digit(*at)) at++;
    }
    return (part){at, NULL};
}

static inline part word_is(const char *at, const char *end, const char *word, size_t length) {
    if ((size_t)(end - at) < length || memcmp(at, word, length) != 0) return (part){at, "not a JSON value"};
    return (part){at + length, NULL};
}

// MARK: The tape

static bool grow(cjson_tape *tape) {
    uint32_t wanted = tape->capacity ? tape->capacity * 2 : 64;
    if (wanted < tape->capacity) return false;
    void *grown = realloc(tape->nodes, (size_t)wanted * sizeof(cjson_node));
    if (!grown) return false;
    tape->nodes = grown;
    tape->capacity = wanted;
    return true;
}

/// Puts a value on the tape; false when there is no memory.
static inline bool append(cjson_tape *tape, unsigned kind, size_t start, size_t end, bool escaped) {
    if (tape->count == tape->capacity && !grow(tape)) return false;
    cjson_node *node = &tape->nodes[tape->count++];
    node->start = (uint32_t)start;
    node->end = (uint32_t)end;
    node->next = tape->count;
    node->count = 0;
    node->kind = kind;
    node->escaped = escaped;
    return true;
}

int cjson_parse(char *text, size_t length, cjson_tape *tape) {
    static const char *const no_memory = "out of memory";
    uint32_t open[maximum_depth];
    unsigned depth = 0;
    char *at = text;
    const char *end = text + length;
    part read = {text, NULL};
    bool escaped;
    unsigned kind;

    tape->count = 0;
    tape->error = NULL;
    tape->error_offset = 0;
    tape->bad_encoding = 0;
    if (length > UINT32_MAX - 1) {
        read.error = "the text is over 4 GiB";
        goto failed;
    }
    // Most texts are ASCII throughout, which is UTF-8.
    const bool ascii = is_ascii(text, length);

value:
    at += after_blanks(at, end) - at;
    if (at == end) {
        read = (part){at, tape->count == 0 ? "the text is empty" : "a value is missing at the end"};
        goto failed;
    }
    switch (*at) {
        case '{':
        case '[':
            if (depth == maximum_depth) {
                read = (part){at, "nested deeper than 256 levels"};
                goto failed;
            }
            kind = *at == '{' ? CJSON_OBJECT : CJSON_ARRAY;
            open[depth++] = tape->count;
            if (!append(tape, kind, (size_t)(at - text), 0, false)) goto exhausted;
            at++;
            at += after_blanks(at, end) - at;
            if (at < end && *at == (kind == CJSON_OBJECT ? '}' : ']')) goto close;
            if (kind == CJSON_OBJECT) goto name;
            goto value;
        case '"':
            kind = CJSON_STRING;
            goto string;
        case 't':
            read = word_is(at, end, "true", 4);
            kind = CJSON_TRUE;
            break;
        case 'f':
            read = word_is(at, end, "false", 5);
            kind = CJSON_FALSE;
            break;
        case 'n':
            read = word_is(at, end, "null", 4);
            kind = CJSON_NULL;
            break;
        case '-':
        case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
            read = number_at(at, end);
            kind = CJSON_NUMBER;
            break;
        default:
            read = (part){at, "not a JSON value"};
            break;
    }
    if (read.error) goto failed;
    if (!append(tape, kind, (size_t)(at - text), (size_t)(read.at - text), false)) goto exhausted;
    at += read.at - at;
    goto after;

name:
    at += after_blanks(at, end) - at;
    if (at == end || *at != '"') {
        read = (part){at, "a member's name is missing"};
        goto failed;
    }
    kind = CJSON_OBJECT;

string:  // Of a value, or of the name of a member: then `kind` is that of the container.
    read = string_at(at, end, &escaped);
    if (read.error) goto failed;
    if (!ascii) {
        const char *fault = after_utf8(at, read.at);
        if (fault != read.at) {
            tape->bad_encoding = 1;
            read = (part){fault, "a string is not valid UTF-8"};
            goto failed;
        }
    }
    if (!append(tape, CJSON_STRING, (size_t)(at - text), (size_t)(read.at - text), escaped)) goto exhausted;
    at += read.at - at;
    if (kind == CJSON_STRING) goto after;
    at += after_blanks(at, end) - at;
    if (at == end || *at != ':') {
        read = (part){at, "a colon is missing after a name"};
        goto failed;
    }
    at++;
    goto value;

after:  // A value is complete.
    if (depth == 0) goto done;
    {
        cjson_node *container = &tape->nodes[open[depth - 1]];
        const bool object = container->kind == CJSON_OBJECT;
        const uint32_t count = container->count + 1;
        container->count = count;
        if (container->count != count) {
            read = (part){at, "more than 268,435,455 elements"};
            goto failed;
        }
        if (at < end && *at != ',') at += after_blanks(at, end) - at;
        if (at < end && *at == ',') {
            at++;
            if (object) goto name;
            goto value;
        }
        if (at < end && *at == (object ? '}' : ']')) goto close;
        read = (part){at, object ? "a comma or } is missing" : "a comma or ] is missing"};
        goto failed;
    }

close:
    at++;
    tape->nodes[open[--depth]].end = (uint32_t)(at - text);
    tape->nodes[open[depth]].next = tape->count;
    goto after;

done:
    at += after_blanks(at, end) - at;
    if (at == end) return 0;
    read = (part){at, "there is more after the value"};

failed:
    tape->error = read.error;
    tape->error_offset = (size_t)(read.at - text);
    return -1;

exhausted:
    read = (part){at, no_memory};
    goto failed;
}

void cjson_free(cjson_node *nodes) { free(nodes); }
