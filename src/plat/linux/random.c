/*
 * Random bytes: getrandom, which needs no descriptor.
 */
#include "plat/random.h"

#include <errno.h>
#include <sys/random.h>

int hutch_random_fill(void *bytes, size_t length) {
    unsigned char *at = bytes;
    while (length > 0) {
        ssize_t got = getrandom(at, length, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        at += got;
        length -= (size_t)got;
    }
    return 0;
}
