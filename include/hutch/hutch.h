/**
 * @file hutch.h
 * The whole public interface.
 */
#ifndef HUTCH_HUTCH_H
#define HUTCH_HUTCH_H

#include <hutch/allocator.h>
#include <hutch/api.h>
#include <hutch/confinement.h>
#include <hutch/context.h>
#include <hutch/error.h>
#include <hutch/event.h>
#include <hutch/excerpt.h>
#include <hutch/isolate.h>
#include <hutch/limits.h>
#include <hutch/option.h>
#include <hutch/pool.h>
#include <hutch/status.h>
#include <hutch/strip.h>
#include <hutch/tool.h>
#include <hutch/version.h>

#endif
