extern "C" {
#include "sums.h"
}
