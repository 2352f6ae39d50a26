/**
 * @file weapons.c
 * `echo` gives its input back, `fail` fails with it, `weapon(kind)` answers
 * with something that a careless sandbox would choke on.
 */
#include "weapons.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOOL_ECHO, TOOL_FAIL, TOOL_WEAPON };

const hutch_tool weapons_tools[] = {HUTCH_TOOL("echo"), HUTCH_TOOL("fail"), HUTCH_TOOL("weapon")};
const size_t weapons_tool_count = sizeof weapons_tools / sizeof weapons_tools[0];

/* `count` times `open`, then `count` times `close`. */
static char *nested(size_t count, char open, char close, size_t *length) {
    char *text = malloc(2 * count);
    if (text != NULL) {
        memset(text, open, count);
        memset(text + count, close, count);
        *length = 2 * count;
    }
    return text;
}

static char *long_string(size_t count, size_t *length) {
    char *text = malloc(count + 2);
    if (text != NULL) {
        memset(text, 'x', count + 2);
        text[0] = text[count + 1] = '"';
        *length = count + 2;
    }
    return text;
}

static char *odd_keys(size_t count, size_t *length) {
    char *text = malloc(count * 24 + 64);
    if (text != NULL) {
        size_t used = (size_t)sprintf(text, "{\"length\":6,\"constructor\":1,\"\":2,\"0\":0");
        for (size_t i = 0; i < count; i++)
            used += (size_t)sprintf(text + used, ",\"%zu\":%zu", (i * 7919) % 4294967296u, i % 10);
        text[used++] = '}';
        *length = used;
    }
    return text;
}

static hutch_status answer_text(hutch_context *context, uint32_t id, const char *json) {
    return hutch_context_reply(context, id, json, strlen(json), NULL);
}

static hutch_status answer_owned(hutch_context *context, uint32_t id, char *json, size_t length) {
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    if (json != NULL)
        status = hutch_context_reply(context, id, json, length, NULL);
    free(json);
    return status;
}

static hutch_status answer_error(hutch_context *context, uint32_t id) {
    enum { SIZE = 1000000 };
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    char *text = malloc(SIZE);
    if (text != NULL) {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        memset(text, 'e', SIZE);
        text[1] = '\0';
        text[2] = (char)0xff;
        failure.name = failure.message = failure.code = (hutch_text){text, SIZE};
        status = hutch_context_reject(context, id, &failure, NULL);
    }
    free(text);
    return status;
}

static const struct {
    const char *kind;
    const char *json;
} fixed_weapons[] = {
    {"\"proto\"",
     "{\"__proto__\":{\"polluted\":1},\"constructor\":{\"prototype\":{\"polluted\":1}}}"},
    {"\"array\"", "[1,2,3]"},
    {"\"broken\"", "{\"a\":1,}"},
    {"\"numbers\"", "[1e999,-1e999,1e-999]"},
    {"\"surrogates\"", "\"\\ud800\\u0000\\udfff\""},
};

static hutch_status answer_weapon(hutch_context *context, const hutch_tool_call *call) {
    char kind[32] = "";
    size_t length = 0;
    if (call->input.length < sizeof kind)
        memcpy(kind, call->input.data, call->input.length);
    for (size_t i = 0; i < sizeof fixed_weapons / sizeof fixed_weapons[0]; i++)
        if (strcmp(kind, fixed_weapons[i].kind) == 0)
            return answer_text(context, call->id, fixed_weapons[i].json);

    hutch_status status = HUTCH_INVALID_ARGUMENT;
    char *json = NULL;
    if (strcmp(kind, "\"never\"") == 0) {
        status = HUTCH_OK;
    } else if (strcmp(kind, "\"error\"") == 0) {
        status = answer_error(context, call->id);
    } else if (strcmp(kind, "\"deep\"") == 0) {
        json = nested(300000, '[', ']', &length);
        status = answer_owned(context, call->id, json, length);
    } else if (strcmp(kind, "\"huge\"") == 0) {
        json = long_string(40000000, &length);
        status = answer_owned(context, call->id, json, length);
    } else if (strcmp(kind, "\"keys\"") == 0) {
        json = odd_keys(100000, &length);
        status = answer_owned(context, call->id, json, length);
    }
    return status;
}

hutch_status weapons_answer(hutch_context *context, const hutch_tool_call *call) {
    hutch_status status = HUTCH_OK;
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    switch (call->tool) {
    case TOOL_ECHO:
        status = hutch_context_reply(context, call->id, call->input.data, call->input.length, NULL);
        break;
    case TOOL_FAIL:
        failure.message = (hutch_text){"no", 2};
        if (memmem(call->input.data, call->input.length, "real", 4) != NULL)
            failure.message = (hutch_text){"real", 4};
        status = hutch_context_reject(context, call->id, &failure, NULL);
        break;
    default:
        status = answer_weapon(context, call);
        break;
    }
    return status;
}
