/*
 * Answers to tool calls. Whether an answer is still due is decided here, by the
 * session, so that the worker gets each at most once.
 */
#include "base/error.h"
#include "pool/state.h"

#include <inttypes.h>
#include <stdio.h>

static hutch_status no_such_call(uint32_t call_id, hutch_error *error) {
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                           "call_id is %" PRIu32 ", expected that of a call without an answer",
                           call_id);
}

/* Without a worker every call that there was is one of a run that has ended. */
static hutch_answer judge(hutch_context *context, uint32_t call_id) {
    if (context->worker != NULL) {
        return hutch_session_answer(&context->worker->session, call_id);
    }
    return call_id > 0 && call_id <= context->last_call ? HUTCH_ANSWER_LATE : HUTCH_ANSWER_UNKNOWN;
}

static hutch_status send_answer(hutch_context *context, uint32_t call_id, hutch_outgoing *frame,
                                hutch_error *error) {
    switch (judge(context, call_id)) {
    case HUTCH_ANSWER_LATE:
        return HUTCH_OK;
    case HUTCH_ANSWER_UNKNOWN:
        return no_such_call(call_id, error);
    case HUTCH_ANSWER_DUE:
        break;
    }
    hutch_worker *worker = context->worker;
    frame->run = worker->session.run;
    if (hutch_worker_send(worker, frame) != HUTCH_OK) {
        hutch_session_answer_failed(&worker->session, call_id);
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for an answer");
    }
    hutch_worker_push(worker);
    return HUTCH_OK;
}

static hutch_status send_reject(hutch_context *context, uint32_t call_id, hutch_text name,
                                hutch_text message, hutch_text code, hutch_error *error) {
    hutch_frame_reject reject = {.call_id = call_id,
                                 .name_length = (uint32_t)name.length,
                                 .message_length = (uint32_t)message.length,
                                 .code_length = (uint32_t)code.length};
    hutch_outgoing frame = {.type = HUTCH_FRAME_REJECT,
                            .fixed = &reject,
                            .fixed_length = sizeof reject,
                            .texts = {name, message, code}};
    return send_answer(context, call_id, &frame, error);
}

/* A result beyond its limit stays here; the guest gets what the isolate would give it. */
static hutch_status refuse_result(hutch_context *context, uint32_t call_id, size_t length,
                                  hutch_error *error) {
    static const char name[] = "RangeError";
    char message[160];
    int written = snprintf(message, sizeof message,
                           "The tool's result has %zu bytes of JSON, more than "
                           "maxToolResultSize, which is %" PRIu64 " bytes",
                           length, context->limits.tool_result_bytes);
    return send_reject(context, call_id, (hutch_text){name, sizeof name - 1},
                       (hutch_text){message, (size_t)written}, (hutch_text){NULL, 0}, error);
}

hutch_status hutch_context_reply(hutch_context *context, uint32_t call_id, const char *json,
                                 size_t length, hutch_error *error) {
    if (json == NULL && length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "json is NULL, expected %zu bytes",
                               length);
    }
    if (length > context->limits.tool_result_bytes) {
        return refuse_result(context, call_id, length, error);
    }
    hutch_frame_reply reply = {.call_id = call_id};
    hutch_outgoing frame = {.type = HUTCH_FRAME_REPLY,
                            .fixed = &reply,
                            .fixed_length = sizeof reply,
                            .texts = {{json, length}}};
    return send_answer(context, call_id, &frame, error);
}

static hutch_status check_failure(const hutch_tool_failure *failure, hutch_error *error) {
    if (failure == NULL || failure->size != sizeof *failure) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "failure is not set up, expected HUTCH_TOOL_FAILURE_INIT");
    }
    const hutch_text texts[] = {failure->name, failure->message, failure->code};
    size_t sum = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].data == NULL && texts[i].length > 0) {
            return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                   "a text of the failure is NULL, expected %zu bytes",
                                   texts[i].length);
        }
        if (texts[i].length > HUTCH_FRAME_JSON_MAX - sum) {
            return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                   "the failure's texts are too long, expected at most %" PRIu64
                                   " bytes together",
                                   HUTCH_FRAME_JSON_MAX);
        }
        sum += texts[i].length;
    }
    return HUTCH_OK;
}

hutch_status hutch_context_reject(hutch_context *context, uint32_t call_id,
                                  const hutch_tool_failure *failure, hutch_error *error) {
    hutch_status status = check_failure(failure, error);
    return status == HUTCH_OK ? send_reject(context, call_id, failure->name, failure->message,
                                            failure->code, error)
                              : status;
}
