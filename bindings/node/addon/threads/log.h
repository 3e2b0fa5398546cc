/*
 * Log records on their way to JavaScript: the library gives them on the thread that is in a call, JavaScript gets them on its own.
 */
#ifndef FLX_NODE_LOG_H
#define FLX_NODE_LOG_H

#include "connection.h"

/** Lets clients of this config give their records to the connection's holder. */
int32_t log_to(flx_config *config, connection *one, flx_error **err);

#endif
