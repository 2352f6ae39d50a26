/**
 * @file close_range.h
 * Closing many descriptors.
 *
 * Threads: any; also in a child that shares the memory of its parent.
 */
#ifndef HUTCH_PLAT_LINUX_CLOSE_RANGE_H
#define HUTCH_PLAT_LINUX_CLOSE_RANGE_H

/** Close every descriptor from `first` to `last`, open or not. ~0U: to the end. @return 0, or errno */
int hutch_close_range(unsigned first, unsigned last);

#endif
