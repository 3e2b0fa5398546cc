/* The floor: a library of one function that links what libflxchannel links, and does nothing with it. */
#include <stdint.h>

uint32_t flx_version(void)
{
    return 1000;
}
