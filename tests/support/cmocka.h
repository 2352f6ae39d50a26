/**
 * @file cmocka.h
 * cmocka with what it wants included before it.
 */
#ifndef HUTCH_TESTS_SUPPORT_CMOCKA_H
#define HUTCH_TESTS_SUPPORT_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
