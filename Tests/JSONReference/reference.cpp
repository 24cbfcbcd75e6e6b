// RapidJSON's reader, driven so that it makes the tape the product's own reader makes: what that one is compared with.
// SPDX-License-Identifier: MIT
// RapidJSON inlines its reader only when this is set, and is half as fast without.
#ifndef NDEBUG
#define NDEBUG
#endif
#include "json_reference.h"

#include <cstdlib>
#include <cstring>
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#pragma clang diagnostic pop

const char *const json_reference_number_too_big = "a number is too big for a double";

namespace {

constexpr unsigned maximumDepth = 256;
constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag;
constexpr unsigned checkedFlags = flags | rapidjson::kParseValidateEncodingFlag;

// Most texts are ASCII throughout, which is UTF-8; only the others are checked character by character.
bool isASCII(const char *text, size_t length) {
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++) seen |= static_cast<unsigned char>(text[i]);
    return seen < 0x80;
}

struct Recorder {
    const char *text;
    rapidjson::MemoryStream &stream;
    cjson_tape &tape;
    uint32_t open[maximumDepth];
    unsigned depth = 0;
    const char *complaint = nullptr;

    Recorder(const char *text, rapidjson::MemoryStream &stream, cjson_tape &tape)
        : text(text), stream(stream), tape(tape) {}

    cjson_node *append(unsigned kind, size_t start, size_t end) {
        if (tape.count == tape.capacity) {
            uint32_t wanted = tape.capacity ? tape.capacity * 2 : 64;
            void *grown = std::realloc(tape.nodes, wanted * sizeof(cjson_node));
            if (!grown) {
                complaint = "out of memory";
                return nullptr;
            }
            tape.nodes = static_cast<cjson_node *>(grown);
            tape.capacity = wanted;
        }
        cjson_node *node = &tape.nodes[tape.count++];
        node->start = static_cast<uint32_t>(start);
        node->end = static_cast<uint32_t>(end);
        node->next = tape.count;
        node->count = 0;
        node->kind = kind;
        node->escaped = 0;
        return node;
    }

    bool literal(unsigned kind, size_t length) {
        size_t end = stream.Tell();
        return append(kind, end - length, end) != nullptr;
    }

    bool Null() { return literal(CJSON_NULL, 4); }
    bool Bool(bool value) { return value ? literal(CJSON_TRUE, 4) : literal(CJSON_FALSE, 5); }
    bool RawNumber(const char *, rapidjson::SizeType length, bool) { return literal(CJSON_NUMBER, length); }
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(int64_t) { return false; }
    bool Uint64(uint64_t) { return false; }
    bool Double(double) { return false; }

    // The reader stands behind the closing quote. The opening one is the nearest quote before it that
    // no backslash escapes: in front of an opening quote there is never a backslash.
    bool String(const char *, rapidjson::SizeType length, bool) {
        size_t end = stream.Tell();
        size_t start = end - 1;
        for (;;) {
            const void *quote = memrchr(text, '"', start);
            start = static_cast<size_t>(static_cast<const char *>(quote) - text);
            size_t slashes = 0;
            while (slashes < start && text[start - 1 - slashes] == '\\') slashes++;
            if (slashes % 2 == 0) break;
        }
        cjson_node *node = append(CJSON_STRING, start, end);
        if (!node) return false;
        node->escaped = (end - start - 2) != length;
        return true;
    }
    bool Key(const char *text, rapidjson::SizeType length, bool copy) { return String(text, length, copy); }

    // The reader recurses, and stops when this says that it is deep enough. It has taken the bracket already.
    bool begin(unsigned kind) {
        if (depth == maximumDepth) {
            complaint = "nested deeper than 256 levels";
            return false;
        }
        open[depth++] = tape.count;
        return append(kind, stream.Tell() - 1, 0) != nullptr;
    }
    bool close(rapidjson::SizeType count) {
        cjson_node *node = &tape.nodes[open[--depth]];
        node->end = static_cast<uint32_t>(stream.Tell());
        node->next = tape.count;
        node->count = count;
        return true;
    }
    bool StartObject() { return begin(CJSON_OBJECT); }
    bool StartArray() { return begin(CJSON_ARRAY); }
    bool EndObject(rapidjson::SizeType count) { return close(count); }
    bool EndArray(rapidjson::SizeType count) { return close(count); }
};

const char *sentence(rapidjson::ParseErrorCode code) {
    switch (code) {
        case rapidjson::kParseErrorDocumentEmpty: return "the text is empty";
        case rapidjson::kParseErrorDocumentRootNotSingular: return "there is more after the value";
        case rapidjson::kParseErrorValueInvalid: return "not a JSON value";
        case rapidjson::kParseErrorObjectMissName: return "a member's name is missing";
        case rapidjson::kParseErrorObjectMissColon: return "a colon is missing after a name";
        case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "a comma or } is missing";
        case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "a comma or ] is missing";
        case rapidjson::kParseErrorStringMissQuotationMark: return "a string is not closed";
        case rapidjson::kParseErrorStringInvalidEncoding: return "a string is not valid UTF-8";
        case rapidjson::kParseErrorNumberTooBig: return json_reference_number_too_big;
        default: return "not valid JSON";
    }
}

// The value of the four hexadecimal digits behind a \\u at `at`, or -1.
int unitAt(const char *text, size_t length, size_t at) {
    if (at + 6 > length || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

// Writes \\ufffd over each half of a surrogate pair that stands alone. RFC 8259 allows them, RapidJSON does not; clients
// send them when they cut a text in the middle of an emoji.
void mendSurrogates(char *text, size_t length) {
    for (size_t i = 0; i + 1 < length; i++) {
        if (text[i] != '\\') continue;
        int unit = unitAt(text, length, i);
        bool high = unit >= 0xD800 && unit < 0xDC00;
        int next = high ? unitAt(text, length, i + 6) : -1;
        if (high && next >= 0xDC00 && next < 0xE000) {
            i += 11;
        } else if (unit >= 0xD800 && unit < 0xE000) {
            std::memcpy(text + i, "\\ufffd", 6);
            i += 5;
        } else {
            i += 1;
        }
    }
}

int parse(const char *text, size_t length, cjson_tape *tape, bool *surrogates);

}  // namespace

int json_reference_parse(char *text, size_t length, cjson_tape *tape) {
    bool surrogates = false;
    int result = parse(text, length, tape, &surrogates);
    if (!surrogates) return result;
    mendSurrogates(text, length);
    return parse(text, length, tape, &surrogates);
}

namespace {

int parse(const char *text, size_t length, cjson_tape *tape, bool *surrogates) {
    tape->count = 0;
    tape->error = nullptr;
    tape->error_offset = 0;
    tape->bad_encoding = 0;
    if (length > UINT32_MAX - 1) {
        tape->error = "the text is over 4 GiB";
        return -1;
    }
    rapidjson::MemoryStream stream(text, length);
    Recorder recorder(text, stream, *tape);
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>> reader;
    rapidjson::ParseResult result = isASCII(text, length) ? reader.Parse<flags>(stream, recorder)
                                                          : reader.Parse<checkedFlags>(stream, recorder);
    if (!result.IsError() && stream.Tell() == length) return 0;
    if (!result.IsError()) {
        // The reader takes a NUL for the end of the text.
        tape->error = "there is a NUL after the value";
        tape->error_offset = stream.Tell();
        return -1;
    }
    tape->error = recorder.complaint ? recorder.complaint : sentence(result.Code());
    tape->error_offset = result.Offset();
    tape->bad_encoding = result.Code() == rapidjson::kParseErrorStringInvalidEncoding;
    *surrogates = result.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
    return -1;
}

}  // namespace
