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

#endif
