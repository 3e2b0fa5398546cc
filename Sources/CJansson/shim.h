/* jansson as the core sees it. */
#ifndef FLX_CJANSSON_H
#define FLX_CJANSSON_H

#include <jansson.h>

#endif
