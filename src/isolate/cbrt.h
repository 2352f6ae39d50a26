/**
 * @file cbrt.h
 * Cube roots, with the very digits that Node.js gives: the C library's are one
 * unit of the last place off here and there, Math.cbrt(27) among them.
 */
#ifndef HUTCH_ISOLATE_CBRT_H
#define HUTCH_ISOLATE_CBRT_H

double hutch_cbrt(double x);

#endif
