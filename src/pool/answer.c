/*
 * Answers to tool calls. Whether an answer is still due is decided here, by the
 * session, so that the worker gets each at most once.
 */
#include "base/error.h"
#include "base/reasons.h"
#include "base/size.h"
#include "pool/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static hutch_status no_such_call(uint32_t call_id, hutch_error *error) {
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                           "call_id is %" PRIu32 ", expected that of a call without an answer",
                           call_id);
}

/* Without a worker every call that there was is one of a run that has ended. */
static hutch_answer_verdict judge(hutch_context *context, uint32_t call_id) {
    if (context->worker != NULL) {
        return hutch_session_answer(&context->worker->session, call_id);
    }
    return call_id > 0 && call_id <= context->last_call ? HUTCH_ANSWER_LATE : HUTCH_ANSWER_UNKNOWN;
}

static hutch_outgoing reply_frame(const hutch_frame_reply *reply, hutch_text json) {
    return (hutch_outgoing){
        .type = HUTCH_FRAME_REPLY, .fixed = reply, .fixed_length = sizeof *reply, .texts = {json}};
}

static hutch_frame_reject reject_of(uint32_t call_id, const hutch_tool_failure *failure) {
    return (hutch_frame_reject){.call_id = call_id,
                                .name_length = (uint32_t)failure->name.length,
                                .message_length = (uint32_t)failure->message.length,
                                .code_length = (uint32_t)failure->code.length,
                                .reasons_length = (uint32_t)failure->reasons.length};
}

static hutch_outgoing reject_frame(const hutch_frame_reject *reject,
                                   const hutch_tool_failure *failure) {
    return (hutch_outgoing){
        .type = HUTCH_FRAME_REJECT,
        .fixed = reject,
        .fixed_length = sizeof *reject,
        .texts = {failure->name, failure->message, failure->code, failure->reasons}};
}

/* An answer that is due. */
static hutch_status send(hutch_context *context, hutch_outgoing *frame, hutch_error *error) {
    hutch_worker *worker = context->worker;
    frame->run = worker->session.run;
    if (hutch_worker_send(worker, frame) != HUTCH_OK) {
        hutch_session_answer_failed(&worker->session);
        hutch_worker_settle(worker);
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for an answer");
    }
    hutch_context_set_active(context, true);
    hutch_worker_push(worker);
    hutch_worker_remind(worker);
    return HUTCH_OK;
}

/* An error in place of an answer that is due, as the isolate would make it. Whatever waits, there is
 * room for it. */
static hutch_status send_refusal(hutch_context *context, uint32_t call_id, const char *message,
                                 hutch_error *error) {
    static const char name[] = "RangeError";
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.name = (hutch_text){name, sizeof name - 1};
    failure.message = (hutch_text){message, strlen(message)};
    hutch_frame_reject reject = reject_of(call_id, &failure);
    hutch_outgoing frame = reject_frame(&reject, &failure);
    return send(context, &frame, error);
}

/* Whether the answer can be kept until the worker reads it: within the context's own limit, and
 * within what the pool may hold. @param why  [out] otherwise */
static bool can_be_kept(hutch_context *context, const hutch_outgoing *frame, char *why,
                        size_t why_size) {
    hutch_worker *worker = context->worker;
    size_t cost = hutch_outbox_cost_of(&worker->outbox, frame);
    size_t waiting = worker->outbox.bytes;
    uint64_t most = context->isolate.limits.queued_result_bytes;
    if (cost == 0) {
        return true;
    }
    if (waiting > 0 && (waiting > most || cost > most - waiting)) {
        (void)snprintf(why, why_size,
                       "The tool's answer takes %zu bytes, and %zu bytes of others wait for the "
                       "program to take them: more than maxQueuedToolResultSize, which is %" PRIu64
                       " bytes",
                       cost, waiting, most);
        return false;
    }
    hutch_worker_settle(worker);
    if (!hutch_budget_admits(worker->budget, &worker->account, cost)) {
        (void)snprintf(why, why_size,
                       "The tool's answer takes %zu bytes, and the pool holds %" PRIu64
                       " bytes: more than maxHeldSize, which is %" PRIu64 " bytes",
                       cost, worker->budget->held, worker->budget->most);
        return false;
    }
    return true;
}

/* Send an answer if it is still due; an error in its place where it is too much. */
static hutch_status send_answer(hutch_context *context, uint32_t call_id, hutch_outgoing *frame,
                                hutch_error *error) {
    char why[256];
    switch (judge(context, call_id)) {
    case HUTCH_ANSWER_LATE:
        return HUTCH_OK;
    case HUTCH_ANSWER_UNKNOWN:
        return no_such_call(call_id, error);
    case HUTCH_ANSWER_DUE:
        break;
    }
    return can_be_kept(context, frame, why, sizeof why)
               ? send(context, frame, error)
               : send_refusal(context, call_id, why, error);
}

/* A result beyond its limit stays here. */
static hutch_status refuse_result(hutch_context *context, uint32_t call_id, size_t length,
                                  hutch_error *error) {
    char message[160];
    (void)snprintf(message, sizeof message,
                   "The tool's result has %zu bytes of JSON, more than "
                   "maxToolResultSize, which is %" PRIu64 " bytes",
                   length, context->isolate.limits.tool_result_bytes);
    hutch_answer_verdict answer = judge(context, call_id);
    return answer == HUTCH_ANSWER_DUE    ? send_refusal(context, call_id, message, error)
           : answer == HUTCH_ANSWER_LATE ? HUTCH_OK
                                         : no_such_call(call_id, error);
}

hutch_status hutch_context_reply(hutch_context *context, uint32_t call_id, const char *json,
                                 size_t length, hutch_error *error) {
    if (json == NULL && length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "json is NULL, expected %zu bytes",
                               length);
    }
    if (length > context->isolate.limits.tool_result_bytes) {
        return refuse_result(context, call_id, length, error);
    }
    hutch_frame_reply reply = {.call_id = call_id};
    hutch_outgoing frame = reply_frame(&reply, (hutch_text){json, length});
    return send_answer(context, call_id, &frame, error);
}

static hutch_status check_failure(const hutch_tool_failure *failure, hutch_error *error) {
    if (failure == NULL) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "failure is NULL, expected a hutch_tool_failure");
    }
    hutch_status status = hutch_size_check(failure->size, sizeof *failure, "hutch_tool_failure",
                                           "HUTCH_TOOL_FAILURE_INIT", error);
    if (status != HUTCH_OK) {
        return status;
    }
    const hutch_text texts[] = {failure->name, failure->message, failure->code, failure->reasons};
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
    return hutch_reasons_check(failure->reasons, error);
}

hutch_status hutch_context_reject(hutch_context *context, uint32_t call_id,
                                  const hutch_tool_failure *failure, hutch_error *error) {
    hutch_status status = check_failure(failure, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_frame_reject reject = reject_of(call_id, failure);
    hutch_outgoing frame = reject_frame(&reject, failure);
    return send_answer(context, call_id, &frame, error);
}
