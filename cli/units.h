/**
 * @file units.h
 * Durations and sizes as people write them. One that is too large for 64 bits is the largest number,
 * which is beyond any range.
 */
#ifndef HUTCH_CLI_UNITS_H
#define HUTCH_CLI_UNITS_H

#include <stdbool.h>
#include <stdint.h>

/** Room for any formatted value. */
#define CLI_UNIT_TEXT 32

/** `500ms`, `2s`, `1.5m`, `1h`; a plain number is milliseconds. */
bool cli_parse_duration(const char *text, uint64_t *ms);
/** `64MB`, `0.5GB`, `512KB`, in powers of 1024; a plain number is megabytes. */
bool cli_parse_size(const char *text, uint64_t *bytes);
/** A whole number. */
bool cli_parse_count(const char *text, uint64_t *count);

/** The shortest exact form: `30s`, `128MB`. */
void cli_format_duration(uint64_t ms, char text[CLI_UNIT_TEXT]);
void cli_format_size(uint64_t bytes, char text[CLI_UNIT_TEXT]);
void cli_format_count(uint64_t count, char text[CLI_UNIT_TEXT]);

#endif
