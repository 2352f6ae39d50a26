/*
 * Channels: SOCK_SEQPACKET, descriptors as SCM_RIGHTS.
 */
#include "plat/channel.h"

#include <errno.h>
#include <stdalign.h>
#include <string.h>
#include <sys/socket.h>

enum { CONTROL_SIZE = CMSG_SPACE(HUTCH_CHANNEL_DESCRIPTORS_MAX * sizeof(int)) };

int hutch_channel_new(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : errno;
}

int hutch_channel_send(int end, const void *message, size_t length, const int *descriptors,
                       size_t count) {
    alignas(struct cmsghdr) unsigned char control[CONTROL_SIZE] = {0};
    struct iovec part = {.iov_base = (void *)message, .iov_len = length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > HUTCH_CHANNEL_DESCRIPTORS_MAX) {
        return EINVAL;
    }
    if (count > 0) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(rights), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(end, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

void hutch_channel_shut(int end) {
    (void)shutdown(end, SHUT_RDWR);
}

static void take_descriptors(struct msghdr *header, hutch_channel_arrival *arrival) {
    struct cmsghdr *part = CMSG_FIRSTHDR(header);
    if (part == NULL || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
        return;
    }
    arrival->count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(arrival->descriptors, CMSG_DATA(part), arrival->count * sizeof(int));
}

int hutch_channel_receive(int end, void *message, size_t length, hutch_channel_arrival *arrival) {
    alignas(struct cmsghdr) unsigned char control[CONTROL_SIZE];
    struct iovec part = {.iov_base = message, .iov_len = length};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control};
    memset(arrival, 0, sizeof *arrival);
    ssize_t got;
    do {
        got = recvmsg(end, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_TRUNC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno == ECONNRESET ? EPIPE : errno;
    }
    take_descriptors(&header, arrival);
    arrival->length = (size_t)got;
    /* No message of ours is empty, so nothing means the end. */
    return got == 0 ? EPIPE : 0;
}
