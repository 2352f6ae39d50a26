/*
 * The method that V8 has from fdlibm, within 0.667 units of the last place: a
 * guess by dividing the exponent by three, a polynomial that makes it good to 23
 * bits, and one step of Newton's. The order of the operations is part of it.
 */
#include "isolate/cbrt.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* (1023 - 1023 / 3 - 0.03306235651) * 2^20, and the same for numbers that were scaled by 2^54. */
#define EXPONENT_BIAS 715094163u
#define SCALED_BIAS 696219795u

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 5 bits of the root of |x|. */
static double guess(double x) {
    uint32_t high = (uint32_t)(bits_of(x) >> 32);
    uint32_t bias = EXPONENT_BIAS;
    if (high < 0x00100000) {
        high = (uint32_t)(bits_of(x * 0x1p54) >> 32);
        bias = SCALED_BIAS;
    }
    return from_bits((uint64_t)(high / 3 + bias) << 32);
}

/* 23 bits, those after them zero, and not below the root. */
static double refine(double t, double x) {
    double r = (t * t) * (t / x);
    t = t *
        ((1.87595182427177009643 + r * (-1.88497979543377169875 + r * 1.621429720105354466140)) +
         ((r * r) * r) * (-0.758397934778766047437 + r * 0.145996192886612446982));
    return from_bits((bits_of(t) + 0x80000000u) & UINT64_C(0xffffffffc0000000));
}

double hutch_cbrt(double x) {
    if (x == 0 || !isfinite(x)) {
        return x + x;
    }
    double size = fabs(x);
    double t = refine(guess(size), size);
    double r = size / (t * t);
    r = (r - t) / (t + t + r);
    return copysign(t + t * r, x);
}
