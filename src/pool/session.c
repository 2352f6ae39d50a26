/*
 * The rules that a worker has to keep. Everything here works on the host's own
 * copies: nothing is read from shared memory.
 */
#include "pool/session.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <string.h>

static const hutch_frame_shape all_shapes[] = {HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_SHAPE)};

void hutch_session_init(hutch_session *session) {
    *session = (hutch_session){.ready_owed = 1};
    memcpy(session->shapes, all_shapes, sizeof all_shapes);
}

void hutch_session_free(hutch_session *session) {
    hutch_call_set_free(&session->open);
}

/* How long frames of each type may be in this context. */
static void set_shapes(hutch_session *session) {
    for (size_t i = 0; i < HUTCH_FRAMES_TO_POOL_COUNT; i++) {
        hutch_frame_shape *shape = &session->shapes[i];
        if (shape->type == HUTCH_FRAME_CALL) {
            shape->body_max = hutch_input_most_bytes(&session->limits);
        } else if (shape->type == HUTCH_FRAME_DONE || shape->type == HUTCH_FRAME_SETTLED) {
            shape->body_max = session->limits.result_bytes;
        } else if (shape->type == HUTCH_FRAME_LOG) {
            /* No UTF-16 unit takes more than three bytes of UTF-8. */
            shape->body_max = 3 * (session->limits.log_units + HUTCH_SESSION_LOG_NOTE_UNITS);
        }
    }
}

void hutch_session_open(hutch_session *session, const hutch_isolate_options *options,
                        size_t tool_count) {
    session->limits = options->limits;
    session->proto_keys = options->proto_keys;
    session->waits_for_detached = options->detached == HUTCH_DETACHED_WAIT;
    session->tool_count = (uint32_t)tool_count;
    session->last_call = 0;
    session->first_call = 1;
    set_shapes(session);
}

void hutch_session_run(hutch_session *session, uint32_t run) {
    session->run = run;
    session->running = true;
    session->answers = 0;
    session->settled = false;
    session->waited = 0;
    session->first_call = session->last_call + 1;
    session->calls = 0;
    session->log_entries = 0;
    session->log_units = 0;
}

static void end_run(hutch_session *session) {
    session->running = false;
    hutch_call_set_clear(&session->open);
}

void hutch_session_close(hutch_session *session) {
    session->ready_owed++;
    session->abandoned = session->running;
    session->dropped = 0;
}

hutch_answer_verdict hutch_session_answer(hutch_session *session, uint32_t call_id) {
    if (call_id == 0 || call_id > session->last_call) {
        return HUTCH_ANSWER_UNKNOWN;
    }
    if (!session->running || call_id < session->first_call) {
        return HUTCH_ANSWER_LATE;
    }
    if (!hutch_call_set_remove(&session->open, call_id, &session->answered)) {
        return HUTCH_ANSWER_UNKNOWN;
    }
    session->answers++;
    return HUTCH_ANSWER_DUE;
}

void hutch_session_answer_failed(hutch_session *session) {
    /* There is room: the call has just been taken out. */
    (void)hutch_call_set_add(&session->open, session->answered);
    session->answers--;
}

static hutch_verdict violation(const char **why, const char *text) {
    *why = text;
    return HUTCH_VERDICT_VIOLATION;
}

/* The reader lets none through that does not go this way; and whoever adds one to those that do has
 * to say in each switch what it is worth. */
static hutch_verdict unknown_type(const char **why) {
    return violation(why, "a frame of an unknown type");
}

/* Whether a frame of the run in progress may come now. */
static bool may_speak(const hutch_session *session) {
    return session->running && session->ready_owed == (session->abandoned ? 1u : 0u);
}

static hutch_verdict judge_ready(const hutch_session *session, const hutch_frame_header *header,
                                 const char **why) {
    if (session->ready_owed == 0) {
        return violation(why, "READY that nobody asked for");
    }
    return header->run == 0 ? HUTCH_VERDICT_SOUND : violation(why, "READY with a run number");
}

static hutch_verdict judge_call(const hutch_session *session, const hutch_frame_reader *reader,
                                const char **why) {
    const hutch_frame_call *call = &reader->fixed.call;
    if (call->call_id <= session->last_call) {
        return violation(why, "a tool call whose id is not above the last one");
    }
    if (call->tool >= session->tool_count) {
        return violation(why, "a call of a tool that does not exist");
    }
    if (reader->body_length == 0) {
        return violation(why, "a tool call without input");
    }
    if (session->calls >= session->limits.tool_calls) {
        return violation(why, "more tool calls than maxToolCalls");
    }
    if (session->open.count >= session->limits.open_calls) {
        return violation(why, "more open tool calls than maxOpenToolCalls");
    }
    if (!hutch_inputs_fit_bytes(&session->open.inputs, &session->limits, reader->body_length)) {
        return violation(why, "more bytes of open tool inputs than maxOpenToolInputSize");
    }
    return HUTCH_VERDICT_SOUND;
}

static bool is_level(uint32_t level) {
#define CASE(constant, name, prefix) case constant:
    switch ((hutch_log_level)level) {
        HUTCH_LOG_LEVEL_TABLE(CASE)
        return true;
    }
    return false;
#undef CASE
}

static hutch_verdict judge_log(const hutch_session *session, const hutch_frame_reader *reader,
                               const char **why) {
    if (!is_level(reader->fixed.log.level)) {
        return violation(why, "a log entry of an unknown level");
    }
    if (session->log_entries >= session->limits.log_entries + HUTCH_SESSION_LOG_NOTES) {
        return violation(why, "more log entries than maxLogEntries");
    }
    return HUTCH_VERDICT_SOUND;
}

static hutch_verdict judge_settled(const hutch_session *session, const char **why) {
    if (!session->waits_for_detached) {
        return violation(why, "SETTLED where no run waits for detached calls");
    }
    return session->settled ? violation(why, "SETTLED for the second time") : HUTCH_VERDICT_SOUND;
}

static hutch_verdict judge_done(const hutch_session *session, const hutch_frame_reader *reader,
                                const char **why) {
    return session->settled && reader->body_length > 0
               ? violation(why, "DONE with a result after SETTLED")
               : HUTCH_VERDICT_SOUND;
}

static hutch_verdict judge_failed(const hutch_session *session, const hutch_frame_reader *reader,
                                  const char **why) {
    const hutch_frame_failed *failed = &reader->fixed.failed;
    const uint64_t lengths[] = {failed->name_length, failed->message_length, failed->stack_length,
                                failed->code_length};
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        if (lengths[i] > HUTCH_FRAME_ERROR_TEXT_MAX) {
            return violation(why, "an error text that is too long");
        }
        sum += lengths[i];
    }
    if (sum != reader->body_length) {
        return violation(why, "error texts that do not add up to their frame");
    }
    if (!hutch_failure_is_claimable((hutch_failure)failed->failure)) {
        return violation(why, "a failure that no worker may claim");
    }
    if (session->settled) {
        return violation(why, "FAILED after SETTLED");
    }
    if (failed->usable > 1) {
        return violation(why, "a failure that is neither usable nor not");
    }
    return failed->name_length > 0 ? HUTCH_VERDICT_SOUND
                                   : violation(why, "an error without a name");
}

static hutch_verdict judge_waiting(const hutch_session *session, const hutch_frame_reader *reader,
                                   const char **why) {
    if (reader->fixed.waiting.answers > session->answers) {
        return violation(why, "WAITING with more answers than were given");
    }
    if (reader->fixed.waiting.answers < session->waited) {
        return violation(why, "WAITING again without another answer");
    }
    if (reader->fixed.waiting.answers == session->answers && session->open.count == 0 &&
        !session->abandoned) {
        return violation(why, "WAITING without an open tool call");
    }
    return HUTCH_VERDICT_SOUND;
}

/* By the limit of each, and by that of all together. */
static uint64_t most_input_values(const hutch_session *session) {
    uint64_t most = session->limits.tool_input_values;
    uint64_t left = hutch_inputs_values_left(&session->open.inputs, &session->limits);
    return most < left ? most : left;
}

/* A body that is judged as it arrives begins. */
static hutch_verdict begin_body(hutch_session *session, const hutch_frame_header *header,
                                const char **why) {
    switch ((hutch_frame_type)header->type) {
    case HUTCH_FRAME_CALL:
        hutch_json_scan_begin(&session->json, most_input_values(session), session->proto_keys);
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_SETTLED:
    case HUTCH_FRAME_DONE:
        hutch_json_scan_begin(&session->json, session->limits.result_values, session->proto_keys);
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_LOG:
        session->text = (hutch_utf8_walk){0};
        session->text_units = 0;
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_READY:
    case HUTCH_FRAME_FAILED:
    case HUTCH_FRAME_WAITING:
        return HUTCH_VERDICT_SOUND;
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return unknown_type(why);
}

static hutch_verdict judge_fixed(const hutch_session *session, const hutch_frame_reader *reader,
                                 const char **why) {
    switch ((hutch_frame_type)reader->header.type) {
    case HUTCH_FRAME_CALL:
        return judge_call(session, reader, why);
    case HUTCH_FRAME_LOG:
        return judge_log(session, reader, why);
    case HUTCH_FRAME_FAILED:
        return judge_failed(session, reader, why);
    case HUTCH_FRAME_WAITING:
        return judge_waiting(session, reader, why);
    case HUTCH_FRAME_SETTLED:
        return judge_settled(session, why);
    case HUTCH_FRAME_DONE:
        return judge_done(session, reader, why);
    case HUTCH_FRAME_READY:
        return HUTCH_VERDICT_SOUND;
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return unknown_type(why);
}

hutch_verdict hutch_session_judge_head(hutch_session *session, const hutch_frame_reader *reader,
                                       const char **why) {
    const hutch_frame_header *header = &reader->header;
    if (header->type == HUTCH_FRAME_READY) {
        return judge_ready(session, header, why);
    }
    if (!may_speak(session)) {
        return violation(why, session->ready_owed > 0 ? "another frame where READY is owed"
                                                      : "a frame outside of a run");
    }
    if (header->run != session->run) {
        return violation(why, "a frame of another run");
    }
    if (session->abandoned &&
        session->dropped + reader->body_length > session->limits.memory_bytes) {
        return violation(why, "more of an abandoned run than its memoryLimit could hold");
    }
    hutch_verdict verdict = judge_fixed(session, reader, why);
    return verdict == HUTCH_VERDICT_SOUND ? begin_body(session, header, why) : verdict;
}

static hutch_verdict too_many_input_values(const hutch_session *session, const char **why) {
    return violation(why, session->json.most_values < session->limits.tool_input_values
                              ? "more values of open tool inputs than maxOpenToolInputValues"
                              : "a tool call whose input has more values than maxToolInputValues");
}

static hutch_verdict judge_input(const hutch_session *session, hutch_json_verdict verdict,
                                 const char **why) {
    switch (verdict) {
    case HUTCH_JSON_SOUND:
        return HUTCH_VERDICT_SOUND;
    case HUTCH_JSON_NOT_UTF8:
        return violation(why, "a tool call whose input is not UTF-8");
    case HUTCH_JSON_TOO_MANY:
        return too_many_input_values(session, why);
    case HUTCH_JSON_TOO_DEEP:
        return violation(why, "a tool call whose input is nested too deep");
    case HUTCH_JSON_PROTO:
        return violation(why, "a tool call whose input has a member __proto__");
    case HUTCH_JSON_TOO_LONG:
        return violation(why, "a tool call whose input has a number that is too long");
    case HUTCH_JSON_SPACED:
        return violation(why, "a tool call whose input has too much white space");
    case HUTCH_JSON_INVALID:
        break;
    }
    return violation(why, "a tool call whose input is not JSON");
}

static hutch_verdict judge_result(hutch_json_verdict verdict, const char **why) {
    switch (verdict) {
    case HUTCH_JSON_SOUND:
        return HUTCH_VERDICT_SOUND;
    case HUTCH_JSON_NOT_UTF8:
        return violation(why, "a result that is not UTF-8");
    case HUTCH_JSON_TOO_MANY:
        return violation(why, "a result with more values than maxResultValues");
    case HUTCH_JSON_TOO_DEEP:
        return violation(why, "a result that is nested too deep");
    case HUTCH_JSON_PROTO:
        return violation(why, "a result with a member __proto__");
    case HUTCH_JSON_TOO_LONG:
        return violation(why, "a result with a number that is too long");
    case HUTCH_JSON_SPACED:
        return violation(why, "a result with too much white space");
    case HUTCH_JSON_INVALID:
        break;
    }
    return violation(why, "a result that is not JSON");
}

/* Whether the text of the run's console may go on by so many units. */
static hutch_verdict judge_log_units(const hutch_session *session, uint64_t units,
                                     const char **why) {
    uint64_t most = session->limits.log_units + HUTCH_SESSION_LOG_NOTE_UNITS;
    return units <= most - session->log_units ? HUTCH_VERDICT_SOUND
                                              : violation(why, "more log text than maxLogLength");
}

static hutch_verdict judge_log_piece(hutch_session *session, const char *text, size_t length,
                                     const char **why) {
    if (!hutch_utf8_walk_on(&session->text, text, length)) {
        return violation(why, "a log entry that is not UTF-8");
    }
    session->text_units += hutch_utf8_utf16_units(text, length);
    return judge_log_units(session, session->text_units, why);
}

hutch_verdict hutch_session_judge_piece(hutch_session *session, const hutch_frame_reader *reader,
                                        char *body, size_t from, size_t to, size_t *kept,
                                        const char **why) {
    *kept = to;
    if (session->abandoned) {
        return HUTCH_VERDICT_SOUND;
    }
    switch ((hutch_frame_type)reader->header.type) {
    case HUTCH_FRAME_CALL:
        return judge_input(session, hutch_json_scan_edit(&session->json, body, from, to, kept),
                           why);
    case HUTCH_FRAME_SETTLED:
    case HUTCH_FRAME_DONE:
        return judge_result(hutch_json_scan_edit(&session->json, body, from, to, kept), why);
    case HUTCH_FRAME_LOG:
        return judge_log_piece(session, body + from, to - from, why);
    case HUTCH_FRAME_FAILED:
        /* It is short, and judged when it is whole. */
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_READY:
    case HUTCH_FRAME_WAITING:
        /* They have no body. */
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return unknown_type(why);
}

static hutch_verdict count_call(hutch_session *session, const hutch_frame_reader *reader) {
    hutch_open_call call = {.id = reader->fixed.call.call_id,
                            .tool = reader->fixed.call.tool,
                            .input = {.bytes = (uint32_t)reader->body_length}};
    if (!session->abandoned) {
        call.input.values = (uint32_t)session->json.values;
    }
    if (!hutch_call_set_add(&session->open, call)) {
        return HUTCH_VERDICT_NO_MEMORY;
    }
    session->last_call = reader->fixed.call.call_id;
    session->calls++;
    return HUTCH_VERDICT_SOUND;
}

static hutch_verdict count_log(hutch_session *session, uint64_t units, const char **why) {
    hutch_verdict verdict = judge_log_units(session, units, why);
    if (verdict == HUTCH_VERDICT_SOUND) {
        session->log_entries++;
        session->log_units += units;
    }
    return verdict;
}

static hutch_verdict take_call(hutch_session *session, const hutch_frame_reader *reader,
                               const char **why) {
    hutch_verdict verdict = judge_input(session, hutch_json_scan_end(&session->json), why);
    return verdict == HUTCH_VERDICT_SOUND ? count_call(session, reader) : verdict;
}

static hutch_verdict take_log(hutch_session *session, const char **why) {
    return hutch_utf8_walk_is_whole(&session->text)
               ? count_log(session, session->text_units, why)
               : violation(why, "a log entry that is not UTF-8");
}

static hutch_verdict end_result(hutch_session *session, const hutch_frame_reader *reader,
                                const char **why) {
    return reader->body_length == 0 ? HUTCH_VERDICT_SOUND
                                    : judge_result(hutch_json_scan_end(&session->json), why);
}

static hutch_verdict take_settled(hutch_session *session, const hutch_frame_reader *reader,
                                  const char **why) {
    session->settled = true;
    return end_result(session, reader, why);
}

static hutch_verdict take_done(hutch_session *session, const hutch_frame_reader *reader,
                               const char **why) {
    hutch_verdict verdict = end_result(session, reader, why);
    if (verdict == HUTCH_VERDICT_SOUND) {
        end_run(session);
    }
    return verdict;
}

/* Each text on its own: a character must not reach from one into the next. */
static hutch_verdict take_failed(hutch_session *session, const hutch_frame_reader *reader,
                                 const char *body, const char **why) {
    const hutch_frame_failed *failed = &reader->fixed.failed;
    const uint32_t lengths[] = {failed->name_length, failed->message_length, failed->stack_length,
                                failed->code_length};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        if (!hutch_utf8_is_valid(body, lengths[i])) {
            return violation(why, "an error text that is not UTF-8");
        }
        body += lengths[i];
    }
    end_run(session);
    return HUTCH_VERDICT_SOUND;
}

static void take_waiting(hutch_session *session, const hutch_frame_reader *reader) {
    session->waited = (uint64_t)reader->fixed.waiting.answers + 1;
}

static void take_ready(hutch_session *session) {
    session->ready_owed--;
    if (session->ready_owed == 0 && session->abandoned) {
        session->abandoned = false;
        end_run(session);
    }
}

/* Only what later heads are judged by. */
static hutch_verdict take_abandoned(hutch_session *session, const hutch_frame_reader *reader,
                                    const char **why) {
    session->dropped += reader->body_length;
    switch ((hutch_frame_type)reader->header.type) {
    case HUTCH_FRAME_CALL:
        return count_call(session, reader);
    case HUTCH_FRAME_LOG:
        /* No UTF-16 unit takes more than three bytes of UTF-8. */
        return count_log(session, (reader->body_length + 2) / 3, why);
    case HUTCH_FRAME_WAITING:
        take_waiting(session, reader);
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_SETTLED:
        session->settled = true;
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_DONE:
    case HUTCH_FRAME_FAILED:
        end_run(session);
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_READY:
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return unknown_type(why);
}

hutch_verdict hutch_session_take(hutch_session *session, const hutch_frame_reader *reader,
                                 const char *body, const char **why) {
    if (session->abandoned && reader->header.type != HUTCH_FRAME_READY) {
        return take_abandoned(session, reader, why);
    }
    switch ((hutch_frame_type)reader->header.type) {
    case HUTCH_FRAME_READY:
        take_ready(session);
        return HUTCH_VERDICT_SOUND;
    case HUTCH_FRAME_CALL:
        return take_call(session, reader, why);
    case HUTCH_FRAME_LOG:
        return take_log(session, why);
    case HUTCH_FRAME_SETTLED:
        return take_settled(session, reader, why);
    case HUTCH_FRAME_DONE:
        return take_done(session, reader, why);
    case HUTCH_FRAME_FAILED:
        return take_failed(session, reader, body, why);
    case HUTCH_FRAME_WAITING:
        take_waiting(session, reader);
        return HUTCH_VERDICT_SOUND;
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return unknown_type(why);
}
