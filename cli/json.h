/**
 * @file json.h
 * Whether bytes are JSON.
 *
 * Threads: any.
 */
#ifndef HUTCH_CLI_JSON_H
#define HUTCH_CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>

/** Whether the bytes are one JSON value with nothing around it but white space. */
bool cli_json_is_valid(const char *text, size_t length);

#endif
