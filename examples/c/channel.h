/* What the three examples share: opening the channel, and what to do about an error. */
#ifndef EXAMPLE_CHANNEL_H
#define EXAMPLE_CHANNEL_H

#include <flxchannel.h>

/** Opens the channel that FLX_URL, FLX_TOKEN and FLX_STATE_DIR name, or ends the program with the reason. */
flx_client *channel_open(void);

/**
 * Gives `status` back, or ends the program with the message of the error if it is one.
 *
 * It takes the address of the error pointer, because C may read an argument before it makes the call beside it.
 */
int32_t check(int32_t status, flx_error **err);

/** A flx_text as the two arguments of printf's "%.*s". */
#define TEXT(text) (int)(text).n, (text).p ? (text).p : ""

#endif
