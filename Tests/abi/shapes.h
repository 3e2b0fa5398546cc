/*
 * The structs of the header as tables: each member, its type, and where the hub has it in the record's JSON.
 *
 * Made of tables/, like the library's own views; views.c compares what the library reads with the record's JSON, and
 * Tests/contract/test_record_views.py compares the tables with the contract file, which is written by hand.
 */
#ifndef ABI_SHAPES_H
#define ABI_SHAPES_H

#include <stddef.h>
#include <stdint.h>

enum kind { TEXT, DECIMAL, NUMBER, FLAG, INSTANT, HANDLE, OBJECT, LIST, TEXTS };

struct shape;

/* One member of a struct, and where the hub has it. */
struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *pointer;       /* JSON pointer below the struct's object */
    const char *or_pointer;    /* asked when that finds nothing, or NULL */
    uint32_t bit;              /* of `has`; 0 for members without one */
    const struct shape *shape; /* of HANDLE, OBJECT and LIST */
    size_t count_offset;       /* of LIST and TEXTS */
};

struct shape {
    const char *name;
    uint32_t size;
    const struct field *fields; /* a field without a name ends them */
};

extern const struct shape name_value_shape; /* shared by the tables */
extern const struct shape variant_shape, parent_shape, order_shape, shipment_shape, return_shape;

#endif
