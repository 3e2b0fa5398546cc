/*
 * JSON whose numbers survive JavaScript: its only number is a double, so what a double would change becomes text.
 */
#ifndef FLX_NODE_EXACT_H
#define FLX_NODE_EXACT_H

#include <stddef.h>

/**
 * Puts quotes around every number that is not a whole one of at most 2^53 - 1: 19.99 becomes "19.99".
 *
 * @param in   sound JSON
 * @param out  receives the text, or NULL to ask only how long it is
 * @return its length
 */
size_t exact_json(const char *in, size_t n, char *out);

#endif
