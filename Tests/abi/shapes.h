/*
 * The structs of the header as tables: each member, its type, and where the hub has it in the record's JSON.
 *
 * A second reading of the contract, independent of the library's own; views.c compares the two.
 */
#ifndef ABI_SHAPES_H
#define ABI_SHAPES_H

#include <stddef.h>
#include <stdint.h>

enum kind { TEXT, DECIMAL, NUMBER, FLAG, INSTANT, OBJECT, LIST, TEXTS };

struct shape;

/* One member of a struct, and where the hub has it. A second pointer is asked when the first finds nothing. */
struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *pointer, *or_pointer;
    uint32_t bit;              /* of `has`; 0 for members without one */
    const struct shape *shape; /* of OBJECT and LIST */
    size_t count_offset;       /* of LIST and TEXTS */
};

struct shape {
    const char *name;
    uint32_t size;
    uint32_t bits; /* that may be set in `has` */
    const struct field *fields;
};

extern const struct shape variant_shape, parent_shape, order_shape, shipment_shape, return_shape;

#endif
