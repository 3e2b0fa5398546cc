/* SQLite as the core sees it. A shim stands here only for what Swift cannot call: variadic functions, cast macros. */
#ifndef FLX_CSQLITE_H
#define FLX_CSQLITE_H

#include <sqlite3.h>
#include <stdint.h>

static inline int32_t flxc_sqlite_switch(sqlite3 *db, int32_t what, int32_t on) { return sqlite3_db_config(db, what, on, (int *)0); }
static inline int32_t flxc_bind_text(sqlite3_stmt *s, int32_t i, const char *p, uint64_t n) { return sqlite3_bind_text64(s, i, p, n, SQLITE_TRANSIENT, SQLITE_UTF8); }
static inline int32_t flxc_bind_blob(sqlite3_stmt *s, int32_t i, const void *p, uint64_t n) { return sqlite3_bind_blob64(s, i, p, n, SQLITE_TRANSIENT); }

#endif
