/*
 * The host's answers to tool calls; see answer.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/answer.h"

#include "base/error.h"
#include "base/reasons.h"
#include "base/size.h"
#include "isolate/driver.h"
#include "isolate/guest.h"
#include "isolate/tools.h"

#include <inttypes.h>
#include <string.h>

/* The open call of this id, taken out of the table. */
static hutch_status take_call(hutch_isolate *isolate, uint32_t call_id, hutch_call **call,
                              hutch_error *error) {
    hutch_guest *guest = isolate->guest;
    *call = NULL;
    if (guest->run.phase == HUTCH_PHASE_NONE) {
        return hutch_error_set(error, HUTCH_WRONG_STATE, 0, "no run is in progress");
    }
    if (guest->run.phase >= HUTCH_PHASE_FINISHED) {
        /* The run has ended, which the host will hear of next: the answer comes too late. */
        return HUTCH_OK;
    }
    *call = hutch_calls_take(&guest->calls, call_id);
    if (*call == NULL) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "no tool call %" PRIu32 " waits for an answer", call_id);
    }
    return HUTCH_OK;
}

hutch_status hutch_isolate_reply_payload(hutch_isolate *isolate, uint32_t call_id, char *payload,
                                         size_t length, hutch_error *error) {
    hutch_guest *guest = isolate->guest;
    hutch_call *call = NULL;
    hutch_guest_visit visit = hutch_guest_enter(guest);
    hutch_status status = take_call(isolate, call_id, &call, error);
    if (call != NULL) {
        hutch_tools_resolve(guest, call, payload, length);
    }
    js_free_rt(guest->rt, payload);
    hutch_guest_leave(guest, visit);
    return status;
}

hutch_status hutch_isolate_reply(hutch_isolate *isolate, uint32_t call_id, const char *json,
                                 size_t length, hutch_error *error) {
    if (json == NULL && length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "json is NULL, expected %zu bytes of JSON", length);
    }
    char *payload = NULL;
    if (length > 0 && length <= isolate->options.limits.tool_result_bytes) {
        payload = hutch_isolate_payload_new(isolate, length);
    }
    if (payload != NULL) {
        memcpy(payload, json, length);
    }
    return hutch_isolate_reply_payload(isolate, call_id, payload, length, error);
}

hutch_status hutch_isolate_reject(hutch_isolate *isolate, uint32_t call_id,
                                  const hutch_tool_failure *failure, hutch_error *error) {
    hutch_guest *guest = isolate->guest;
    hutch_call *call = NULL;
    hutch_status status = hutch_size_check(failure->size, sizeof *failure, "hutch_tool_failure",
                                           "HUTCH_TOOL_FAILURE_INIT", error);
    if (status != HUTCH_OK) {
        return status;
    }
    status = hutch_reasons_check(failure->reasons, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_guest_visit visit = hutch_guest_enter(guest);
    status = take_call(isolate, call_id, &call, error);
    if (call != NULL) {
        hutch_tools_reject(guest, call, failure);
    }
    hutch_guest_leave(guest, visit);
    return status;
}
