/*
 * Descriptors. A close() that was interrupted has closed all the same.
 */
#include "plat/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void hutch_descriptor_close(int *descriptor) {
    if (*descriptor >= 0) {
        (void)close(*descriptor);
        *descriptor = -1;
    }
}

int hutch_descriptor_copy(int descriptor, int *copy) {
    int made = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (made < 0) {
        return errno;
    }
    *copy = made;
    return 0;
}
