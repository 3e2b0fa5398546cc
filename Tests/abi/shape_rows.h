/*
 * The rows of which the tables in shapes_*.c are made. Each names a member of STRUCT, which the table defines, and its
 * JSON pointer.
 */
#ifndef ABI_SHAPE_ROWS_H
#define ABI_SHAPE_ROWS_H

#include "shapes.h"

#include "flxchannel.h"

/* Text, decimal, number, flag, instant; the last three with their bit of `has`. */
#define T(member, pointer) {#member, TEXT, offsetof(STRUCT, member), pointer, NULL, 0, NULL, 0}
#define D(member, pointer) {#member, DECIMAL, offsetof(STRUCT, member), pointer, NULL, 0, NULL, 0}
#define N(member, pointer, bit) {#member, NUMBER, offsetof(STRUCT, member), pointer, NULL, FLX_HAS_##bit, NULL, 0}
#define F(member, pointer, bit) {#member, FLAG, offsetof(STRUCT, member), pointer, NULL, FLX_HAS_##bit, NULL, 0}
#define I(member, pointer, bit) {#member, INSTANT, offsetof(STRUCT, member), pointer, NULL, FLX_HAS_##bit, NULL, 0}
/* An object; an object or its handle as plain text, at either of two places; a list of objects; a list of texts. */
#define O(member, pointer, shape) {#member, OBJECT, offsetof(STRUCT, member), pointer, NULL, 0, &shape, 0}
#define H(member, pointer, or_pointer, shape)                                                                          \
    {#member, HANDLE, offsetof(STRUCT, member), pointer, or_pointer, 0, &shape, 0}
#define L(member, count, pointer, shape)                                                                               \
    {#member, LIST, offsetof(STRUCT, member), pointer, NULL, 0, &shape, offsetof(STRUCT, count)}
#define S(member, count, pointer)                                                                                      \
    {#member, TEXTS, offsetof(STRUCT, member), pointer, NULL, 0, NULL, offsetof(STRUCT, count)}
#define END {NULL, TEXT, 0, NULL, NULL, 0, NULL, 0}

#define NAME(type) #type
#define SHAPE(type, fields) {NAME(type), sizeof(type), fields}

#endif
