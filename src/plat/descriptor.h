/**
 * @file descriptor.h
 * Descriptors of any kind.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_DESCRIPTOR_H
#define HUTCH_PLAT_DESCRIPTOR_H

/** Close a descriptor and forget its number. @param descriptor [in, out] -1 is nothing; -1 after */
void hutch_descriptor_close(int *descriptor);

/** Another descriptor of the same. @param copy [out] owned by the caller, closed on exec
 *  @return 0, or errno */
int hutch_descriptor_copy(int descriptor, int *copy);

#endif
