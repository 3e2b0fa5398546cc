/*
 * The layout of every public struct, as programs compiled against 0.1 know it.
 *
 * flx_text and flx_decimal are frozen: offsets and size never change. From 1.0 on the others only grow at their end.
 * layout_rows.h has them: `make generate` adds a row for a new member, and refuses to change one. The numbers are those of
 * 64-bit targets.
 */
#include "flxchannel.h"

#include <limits.h>

#if UINTPTR_MAX != UINT64_MAX
#error "the layouts are recorded for 64-bit targets; record those of this one before shipping there"
#endif

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "the size of " #type " changed")
#define AT(type, member, offset)                                                                                       \
    _Static_assert(offsetof(type, member) == (offset), "the place of " #member " in " #type " changed")

_Static_assert(CHAR_BIT == 8 && sizeof(size_t) == 8 && sizeof(void *) == 8, "a 64-bit target");

SIZE(flx_text, 16);
AT(flx_text, p, 0);
AT(flx_text, n, 8);

SIZE(flx_decimal, 32);
AT(flx_decimal, text, 0);
AT(flx_decimal, unscaled, 16);
AT(flx_decimal, scale, 24);
AT(flx_decimal, fits, 28);

#include "layout_rows.h"
