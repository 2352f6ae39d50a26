/*
 * Descriptors. A close() that was interrupted has closed all the same.
 */
#include "plat/descriptor.h"

#include <unistd.h>

void hutch_descriptor_close(int *descriptor) {
    if (*descriptor >= 0) {
        (void)close(*descriptor);
        *descriptor = -1;
    }
}
