#include <string.h>
#include "exact.h"

#define MOST_DIGITS 16
static const char most[] = "9007199254740991"; /* Number.MAX_SAFE_INTEGER */

static int is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static int is_safe(const char *digits, size_t n)
{
    if (*digits == '-') {
        digits++;
        n--;
    }
    for (size_t i = 0; i < n; i++)
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
    return n < MOST_DIGITS || (n == MOST_DIGITS && memcmp(digits, most, n) <= 0);
}

/* Where the string that begins at `at` is over. */
static size_t after_string(const char *in, size_t n, size_t at)
{
    for (at++; at < n && in[at] != '"'; at++)
        if (in[at] == '\\')
            at++;
    return at < n ? at + 1 : n;
}

static size_t put(char *out, size_t length, const char *from, size_t n)
{
    if (out)
        memcpy(out + length, from, n);
    return length + n;
}

size_t exact_json(const char *in, size_t n, char *out)
{
    size_t length = 0;
    for (size_t at = 0, end; at < n; at = end) {
        int is_number = in[at] == '-' || (in[at] >= '0' && in[at] <= '9');
        end = in[at] == '"' ? after_string(in, n, at) : at + 1;
        while (is_number && end < n && is_of_number(in[end]))
            end++;
        int is_quoted = is_number && !is_safe(in + at, end - at);
        length = put(out, length, "\"", (size_t)is_quoted);
        length = put(out, length, in + at, end - at);
        length = put(out, length, "\"", (size_t)is_quoted);
    }
    return length;
}
