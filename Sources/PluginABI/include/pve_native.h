// pve_native.h - a C function becomes a tool with one statement beside it.
// SPDX-License-Identifier: MIT
//
// A native tool (pve_native in pve_plugin.h) is a function and a table of its parameters. Where the two disagree, the host
// calls the function wrongly, and nobody can tell at run time. The macros below write the table from one statement, take
// the type codes from the C types, and compare the statement with the function's own type: when they disagree, the plugin
// does not compile. C11, gcc or clang; nothing in here is code that runs.
//
//     static double scale(int32_t count, const double *factor, int64_t base) { … }
//
//     PVE_NATIVE_TOOL(
//         scale, PVE_RETURNS(double), "pve_demo_scale", "Scale", "Multiplies a count and adds a base.",
//         PVE_TIER_READ_ONLY, PVE_ANNOTATION_READ_ONLY | PVE_ANNOTATION_IDEMPOTENT,
//         PVE_REQUIRED(int32_t, count, "How many.", PVE_RANGE(1, 100)),
//         PVE_OPTIONAL(double, factor, "What to multiply by; 1 when left out."),
//         PVE_DEFAULT(int64_t, base, "10", "What to add."));
//
//     static const pve_tool *const tools[] = {&scale_tool};
//
// The statement defines `static const pve_tool scale_tool`. After the annotations come up to 12 parameters, in the order of
// the function's arguments; a tool may have none.
//
//     parameter                              argument of the function
//     PVE_CALL_HANDLE                        pve_call *call; the first, if there is one
//     PVE_REQUIRED(type, name, …)            type name
//     PVE_DEFAULT(type, name, json, …)       type name; `json` when the caller leaves it out
//     PVE_OPTIONAL(type, name, …)            const type *name, NULL when the caller leaves it out; a text as it is
//     PVE_REQUIRED_BYTES(name, …)            const uint8_t *name, size_t length
//     PVE_DEFAULT_BYTES(name, json, …)       the same; `json` is a string of base64
//     PVE_OPTIONAL_BYTES(name, …)            the same; NULL, 0 when the caller leaves it out
//
// `type` is bool, int32_t, uint32_t, int64_t, uint64_t, double or const char *. `…` is the description, and then as many as
// apply of PVE_RANGE(minimum, maximum), PVE_MINIMUM(number), PVE_MAXIMUM(number), PVE_LENGTH(characters), PVE_CHOICES("a", …),
// PVE_PATTERN("…") and PVE_SECRET.
//
//     result                                 type of the function
//     PVE_RETURNS(type)                      void or a `type`; a const char * stays the plugin's and is copied at once
//     PVE_RETURNS_OWNED(release)             char *, freed with release(void *)
//     PVE_RETURNS_BYTES(release)             const uint8_t *, last argument size_t *length; release may be NULL
//     PVE_RETURNS_STATUS(release)            int, 0 is success; last argument char **error, an error's text, NULL at first;
//                                            release may be NULL
//     PVE_NAMED("name", result)              one of these, whose value the answer has as "name" instead of "result"
//
// Arguments, lengths, the handle and what comes out are 12 at most.
#ifndef PVE_NATIVE_H
#define PVE_NATIVE_H

#include "pve_plugin.h"

#ifndef __cplusplus

#define PVE_NATIVE_TOOL(function_, result_, name_, title_, description_, tier_, ...)                                   \
    PVE_EACH_(PVE_TYPE_CHECK_, __VA_ARGS__)                                                                            \
    _Static_assert(PVE_RESULT_CODE_ result_ != 255,                                                                    \
                   #function_ ": PVE_RETURNS takes void, bool, int32_t, uint32_t, int64_t, uint64_t, double or "       \
                              "const char *");                                                                         \
    _Static_assert((0 PVE_LATER_(PVE_IS_CALL_, __VA_ARGS__)) == 0, #function_ ": PVE_CALL_HANDLE comes first, once");  \
    _Static_assert(                                                                                                    \
        (0 PVE_EACH_(PVE_ARGUMENT_COUNT_, __VA_ARGS__) + PVE_RESULT_OUT_COUNT_ result_) <= 12,                         \
        #function_ ": a native function has at most 12 arguments, the handle, lengths and what comes out included");   \
    _Static_assert(                                                                                                    \
        _Generic(&(function_),                                                                                         \
            PVE_RESULT_TYPE_ result_ (*)(                                                                              \
                PVE_ARGUMENTS_(0 PVE_EACH_(PVE_ARGUMENT_TYPES_, __VA_ARGS__) PVE_RESULT_OUT_ result_)): 1,             \
            default: 0),                                                                                               \
        #function_ ": its arguments or its result are not those of this PVE_NATIVE_TOOL; see the table in "            \
                   "pve_native.h");                                                                                    \
    static const pve_parameter *const function_##_parameters[] = {PVE_EACH_(PVE_ROW_, __VA_ARGS__) NULL};              \
    static const pve_native function_##_native = {                                                                     \
        .struct_size = sizeof(pve_native),                                                                             \
        .result = PVE_RESULT_CODE_ result_,                                                                            \
        .takes_call = 0 PVE_EACH_(PVE_IS_CALL_, __VA_ARGS__),                                                          \
        .function = (void (*)(void))(function_),                                                                       \
        .release = PVE_RESULT_RELEASE_ result_};                                                                       \
    static const pve_tool function_##_tool = {                                                                         \
        .struct_size = sizeof(pve_tool),                                                                               \
        .tier = (tier_),                                                                                               \
        .annotations = (PVE_FIRST_(__VA_ARGS__, 0)),                                                                   \
        .name = name_,                                                                                                 \
        .title = title_,                                                                                               \
        .description = description_,                                                                                   \
        .parameters = function_##_parameters,                                                                          \
        .parameter_count = sizeof function_##_parameters / sizeof function_##_parameters[0] - 1,                       \
        .result = PVE_RESULT_DESCRIPTION_ result_,                                                                     \
        .native = &function_##_native}

// Parameters: a kind, the type, the name, flags, the default, then the description and what limits the values.
#define PVE_CALL_HANDLE (CALL, pve_call, "", 0, NULL, "")
#define PVE_REQUIRED(type_, name_, ...) (VALUE, type_, #name_, PVE_PARAMETER_REQUIRED, NULL, __VA_ARGS__)
#define PVE_DEFAULT(type_, name_, json_, ...) (VALUE, type_, #name_, 0, json_, __VA_ARGS__)
#define PVE_OPTIONAL(type_, name_, ...) (ADDRESS, type_, #name_, 0, NULL, __VA_ARGS__)
#define PVE_REQUIRED_BYTES(name_, ...) (BYTES, uint8_t, #name_, PVE_PARAMETER_REQUIRED, NULL, __VA_ARGS__)
#define PVE_DEFAULT_BYTES(name_, json_, ...) (BYTES, uint8_t, #name_, 0, json_, __VA_ARGS__)
#define PVE_OPTIONAL_BYTES(name_, ...) (BYTES, uint8_t, #name_, 0, NULL, __VA_ARGS__)

// What limits values: flags, then initializers.
#define PVE_RANGE(minimum_, maximum_)                                                                                  \
    (PVE_PARAMETER_MINIMUM | PVE_PARAMETER_MAXIMUM, .minimum = (minimum_), .maximum = (maximum_))
#define PVE_MINIMUM(minimum_) (PVE_PARAMETER_MINIMUM, .minimum = (minimum_))
#define PVE_MAXIMUM(maximum_) (PVE_PARAMETER_MAXIMUM, .maximum = (maximum_))
#define PVE_LENGTH(characters_) (0, .maximum_length = (characters_))
#define PVE_PATTERN(pattern_) (0, .pattern = pattern_)
#define PVE_CHOICES(...)                                                                                               \
    (0, .choices = (const char *const[]){__VA_ARGS__},                                                                 \
     .choice_count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define PVE_SECRET (PVE_PARAMETER_SECRET, .api_name = NULL)

// Results: the type, its code, the release function, what comes out by an argument, the description.
#define PVE_RETURNS(type_)                                                                                             \
    (type_,                                                                                                            \
     _Generic((type_ *)0, void *: PVE_TYPE_NONE, PVE_SCALAR_CODES_, const char **: PVE_TYPE_UTF8, default: 255),       \
     NULL, NOTHING, NULL)
#define PVE_RETURNS_OWNED(release_) (char *, PVE_TYPE_OWNED_UTF8, release_, NOTHING, NULL)
#define PVE_RETURNS_BYTES(release_) (const uint8_t *, PVE_TYPE_BYTES, release_, LENGTH, NULL)
#define PVE_RETURNS_STATUS(release_) (int, PVE_TYPE_STATUS, release_, ERROR, NULL)
#define PVE_NAMED(name_, result_) PVE_NAMED_(name_, PVE_UNWRAP_ result_)

// ---------------------------------------------------------------------------------------------------------
// Not for plugins: how the above is made.

#define PVE_SCALAR_CODES_                                                                                              \
    bool *: PVE_TYPE_BOOL, int32_t *: PVE_TYPE_I32, uint32_t *: PVE_TYPE_U32, int64_t *: PVE_TYPE_I64,                 \
    uint64_t *: PVE_TYPE_U64, double *: PVE_TYPE_F64
#define PVE_CODE_VALUE_(type_)                                                                                         \
    _Generic((type_ *)0, PVE_SCALAR_CODES_, const char **: PVE_TYPE_UTF8, default: PVE_TYPE_NONE)
#define PVE_CODE_ADDRESS_(type_) PVE_CODE_VALUE_(type_)
#define PVE_CODE_BYTES_(type_) PVE_TYPE_BYTES
#define PVE_CODE_CALL_(type_) 255

#define PVE_TYPE_CHECK_(parameter_) PVE_TYPE_CHECK_OF_ parameter_
#define PVE_TYPE_CHECK_OF_(kind_, type_, name_, ...)                                                                   \
    _Static_assert(PVE_CODE_##kind_##_(type_) != PVE_TYPE_NONE,                                                        \
                   "parameter " name_ ": a native function takes bool, int32_t, uint32_t, int64_t, uint64_t, "         \
                   "double, const char * or bytes");

#define PVE_IS_CALL_(parameter_) PVE_IS_CALL_OF_ parameter_
#define PVE_IS_CALL_OF_(kind_, ...) +PVE_IS_CALL_##kind_##_
#define PVE_IS_CALL_CALL_ 1
#define PVE_IS_CALL_VALUE_ 0
#define PVE_IS_CALL_ADDRESS_ 0
#define PVE_IS_CALL_BYTES_ 0

#define PVE_ARGUMENT_COUNT_(parameter_) PVE_ARGUMENT_COUNT_OF_ parameter_
#define PVE_ARGUMENT_COUNT_OF_(kind_, ...) +PVE_ARGUMENT_COUNT_##kind_##_
#define PVE_ARGUMENT_COUNT_CALL_ 1
#define PVE_ARGUMENT_COUNT_VALUE_ 1
#define PVE_ARGUMENT_COUNT_ADDRESS_ 1
#define PVE_ARGUMENT_COUNT_BYTES_ 2

#define PVE_ARGUMENT_TYPES_(parameter_) PVE_ARGUMENT_TYPES_OF_ parameter_
#define PVE_ARGUMENT_TYPES_OF_(kind_, type_, ...) PVE_ARGUMENT_TYPES_##kind_##_(type_)
#define PVE_ARGUMENT_TYPES_CALL_(type_) , pve_call *
#define PVE_ARGUMENT_TYPES_VALUE_(type_) , type_
#define PVE_ARGUMENT_TYPES_BYTES_(type_) , const uint8_t *, size_t
// A text is an address already.
#define PVE_ARGUMENT_TYPES_ADDRESS_(type_)                                                                             \
    , __typeof__(_Generic((type_ *)0, const char **: (const char *)0, default: (type_ const *)0))

#define PVE_ROW_(parameter_) PVE_ROW_OF_ parameter_
#define PVE_ROW_OF_(kind_, ...) PVE_ROW_##kind_##_(kind_, __VA_ARGS__)
#define PVE_ROW_CALL_(...)
#define PVE_ROW_VALUE_(...) PVE_ROW_OF_ANY_(__VA_ARGS__)
#define PVE_ROW_ADDRESS_(...) PVE_ROW_OF_ANY_(__VA_ARGS__)
#define PVE_ROW_BYTES_(...) PVE_ROW_OF_ANY_(__VA_ARGS__)
#define PVE_ROW_OF_ANY_(kind_, type_, name_, flags_, json_, ...)                                                       \
    &(const pve_parameter){.struct_size = sizeof(pve_parameter),                                                       \
                           .type = PVE_CODE_##kind_##_(type_),                                                         \
                           .role = PVE_ROLE_LOCAL,                                                                     \
                           .flags = flags_ PVE_ATTR_(PVE_ATTR_FLAGS_, __VA_ARGS__),                                    \
                           .name = name_,                                                                              \
                           .description = PVE_FIRST_(__VA_ARGS__, 0),                                                  \
                           .default_json = json_ PVE_ATTR_(PVE_ATTR_VALUES_, __VA_ARGS__)},
#define PVE_ATTR_FLAGS_(attribute_) | (PVE_ATTR_FLAGS_OF_ attribute_)
#define PVE_ATTR_FLAGS_OF_(flags_, ...) flags_
#define PVE_ATTR_VALUES_(attribute_) , PVE_ATTR_VALUES_OF_ attribute_
#define PVE_ATTR_VALUES_OF_(flags_, ...) __VA_ARGS__

#define PVE_RESULT_TYPE_(type_, ...) type_
#define PVE_RESULT_CODE_(type_, code_, ...) (code_)
#define PVE_RESULT_RELEASE_(type_, code_, release_, ...) (release_)
#define PVE_RESULT_DESCRIPTION_(type_, code_, release_, out_, description_) description_
#define PVE_RESULT_OUT_(type_, code_, release_, out_, ...) PVE_OUT_##out_##_
#define PVE_OUT_NOTHING_
#define PVE_OUT_LENGTH_ , size_t *
#define PVE_OUT_ERROR_ , char **
#define PVE_RESULT_OUT_COUNT_(type_, code_, release_, out_, ...) PVE_OUT_COUNT_##out_##_
#define PVE_OUT_COUNT_NOTHING_ 0
#define PVE_OUT_COUNT_LENGTH_ 1
#define PVE_OUT_COUNT_ERROR_ 1
#define PVE_UNWRAP_(...) __VA_ARGS__
#define PVE_NAMED_(...) PVE_NAMED_OF_(__VA_ARGS__)
#define PVE_NAMED_OF_(name_, type_, code_, release_, out_, description_)                                               \
    (type_, code_, release_, out_,                                                                                     \
     (&(const pve_result){.struct_size = sizeof(pve_result), .shape = PVE_SHAPE_OBJECT, .name = name_}))

#define PVE_FIRST_(first_, ...) first_
#define PVE_JOIN_(left_, right_) PVE_JOIN_AS_IS_(left_, right_)
#define PVE_JOIN_AS_IS_(left_, right_) left_##right_

// The types of all arguments, each behind a comma, to a list: void when there is none behind the 0.
#define PVE_ARGUMENTS_(...) PVE_JOIN_(PVE_ARGUMENTS_, PVE_AMOUNT_(__VA_ARGS__))(__VA_ARGS__)
#define PVE_ARGUMENTS_ONE_(zero_) void
#define PVE_ARGUMENTS_MANY_(zero_, ...) __VA_ARGS__
#define PVE_AMOUNT_(...)                                                                                               \
    PVE_ITEM_32_(__VA_ARGS__, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_,      \
    MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_, MANY_,    \
    MANY_, MANY_, ONE_, 0)
#define PVE_ITEM_32_(                                                                                                  \
    i1_, i2_, i3_, i4_, i5_, i6_, i7_, i8_, i9_, i10_, i11_, i12_, i13_, i14_, i15_, i16_, i17_, i18_, i19_, i20_,     \
    i21_, i22_, i23_, i24_, i25_, i26_, i27_, i28_, i29_, i30_, i31_, item_, ...) item_

// What stands behind the first of a list, each through `m`; LATER leaves out the second, too.
#define PVE_COUNT_(...)                                                                                                \
    PVE_ITEM_17_(__VA_ARGS__, 16_, 15_, 14_, 13_, 12_, 11_, 10_, 9_, 8_, 7_, 6_, 5_, 4_, 3_, 2_, 1_, 0)
#define PVE_ITEM_17_(                                                                                                  \
    i1_, i2_, i3_, i4_, i5_, i6_, i7_, i8_, i9_, i10_, i11_, i12_, i13_, i14_, i15_, i16_, item_, ...) item_
#define PVE_EACH_(m, ...) PVE_JOIN_(PVE_EACH_, PVE_COUNT_(__VA_ARGS__))(m, __VA_ARGS__)
#define PVE_LATER_(m, ...) PVE_JOIN_(PVE_LATER_, PVE_COUNT_(__VA_ARGS__))(m, __VA_ARGS__)
#define PVE_ATTR_(m, ...) PVE_JOIN_(PVE_ATTR_, PVE_COUNT_(__VA_ARGS__))(m, __VA_ARGS__)

#define PVE_EACH_1_(m, x)
#define PVE_EACH_2_(m, x, a) m(a)
#define PVE_EACH_3_(m, x, a, ...) m(a) PVE_EACH_2_(m, x, __VA_ARGS__)
#define PVE_EACH_4_(m, x, a, ...) m(a) PVE_EACH_3_(m, x, __VA_ARGS__)
#define PVE_EACH_5_(m, x, a, ...) m(a) PVE_EACH_4_(m, x, __VA_ARGS__)
#define PVE_EACH_6_(m, x, a, ...) m(a) PVE_EACH_5_(m, x, __VA_ARGS__)
#define PVE_EACH_7_(m, x, a, ...) m(a) PVE_EACH_6_(m, x, __VA_ARGS__)
#define PVE_EACH_8_(m, x, a, ...) m(a) PVE_EACH_7_(m, x, __VA_ARGS__)
#define PVE_EACH_9_(m, x, a, ...) m(a) PVE_EACH_8_(m, x, __VA_ARGS__)
#define PVE_EACH_10_(m, x, a, ...) m(a) PVE_EACH_9_(m, x, __VA_ARGS__)
#define PVE_EACH_11_(m, x, a, ...) m(a) PVE_EACH_10_(m, x, __VA_ARGS__)
#define PVE_EACH_12_(m, x, a, ...) m(a) PVE_EACH_11_(m, x, __VA_ARGS__)
#define PVE_EACH_13_(m, x, a, ...) m(a) PVE_EACH_12_(m, x, __VA_ARGS__)
#define PVE_EACH_14_(m, x, a, ...) m(a) PVE_EACH_13_(m, x, __VA_ARGS__)
#define PVE_EACH_15_(m, x, a, ...) m(a) PVE_EACH_14_(m, x, __VA_ARGS__)
#define PVE_EACH_16_(m, x, a, ...) m(a) PVE_EACH_15_(m, x, __VA_ARGS__)

#define PVE_ATTR_1_(m, x)
#define PVE_ATTR_2_(m, x, a) m(a)
#define PVE_ATTR_3_(m, x, a, ...) m(a) PVE_ATTR_2_(m, x, __VA_ARGS__)
#define PVE_ATTR_4_(m, x, a, ...) m(a) PVE_ATTR_3_(m, x, __VA_ARGS__)
#define PVE_ATTR_5_(m, x, a, ...) m(a) PVE_ATTR_4_(m, x, __VA_ARGS__)
#define PVE_ATTR_6_(m, x, a, ...) m(a) PVE_ATTR_5_(m, x, __VA_ARGS__)
#define PVE_ATTR_7_(m, x, a, ...) m(a) PVE_ATTR_6_(m, x, __VA_ARGS__)
#define PVE_ATTR_8_(m, x, a, ...) m(a) PVE_ATTR_7_(m, x, __VA_ARGS__)

#define PVE_LATER_1_(m, x)
#define PVE_LATER_2_(m, x, ...) PVE_EACH_1_(m, __VA_ARGS__)
#define PVE_LATER_3_(m, x, ...) PVE_EACH_2_(m, __VA_ARGS__)
#define PVE_LATER_4_(m, x, ...) PVE_EACH_3_(m, __VA_ARGS__)
#define PVE_LATER_5_(m, x, ...) PVE_EACH_4_(m, __VA_ARGS__)
#define PVE_LATER_6_(m, x, ...) PVE_EACH_5_(m, __VA_ARGS__)
#define PVE_LATER_7_(m, x, ...) PVE_EACH_6_(m, __VA_ARGS__)
#define PVE_LATER_8_(m, x, ...) PVE_EACH_7_(m, __VA_ARGS__)
#define PVE_LATER_9_(m, x, ...) PVE_EACH_8_(m, __VA_ARGS__)
#define PVE_LATER_10_(m, x, ...) PVE_EACH_9_(m, __VA_ARGS__)
#define PVE_LATER_11_(m, x, ...) PVE_EACH_10_(m, __VA_ARGS__)
#define PVE_LATER_12_(m, x, ...) PVE_EACH_11_(m, __VA_ARGS__)
#define PVE_LATER_13_(m, x, ...) PVE_EACH_12_(m, __VA_ARGS__)
#define PVE_LATER_14_(m, x, ...) PVE_EACH_13_(m, __VA_ARGS__)
#define PVE_LATER_15_(m, x, ...) PVE_EACH_14_(m, __VA_ARGS__)
#define PVE_LATER_16_(m, x, ...) PVE_EACH_15_(m, __VA_ARGS__)

#endif
#endif
