/*
 * The rules that a worker has to keep. Everything here works on the host's own
 * copies: nothing is read from shared memory.
 */
#include "pool/session.h"

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
            shape->body_max = session->limits.tool_input_bytes;
        } else if (shape->type == HUTCH_FRAME_DONE) {
            shape->body_max = session->limits.result_bytes;
        } else if (shape->type == HUTCH_FRAME_LOG) {
            /* No UTF-16 unit takes more than three bytes of UTF-8. */
            shape->body_max = 3 * (session->limits.log_units + HUTCH_SESSION_LOG_NOTE_UNITS);
        }
    }
}

void hutch_session_open(hutch_session *session, const hutch_limits *limits, size_t tool_count) {
    session->limits = *limits;
    session->tool_count = (uint32_t)tool_count;
    session->last_call = 0;
    session->first_call = 1;
    set_shapes(session);
}

void hutch_session_run(hutch_session *session, uint32_t run) {
    session->run = run;
    session->running = true;
    session->answers = 0;
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
    hutch_call_set_clear(&session->open);
}

hutch_answer hutch_session_answer(hutch_session *session, uint32_t call_id) {
    if (call_id == 0 || call_id > session->last_call) {
        return HUTCH_ANSWER_UNKNOWN;
    }
    if (!session->running || call_id < session->first_call) {
        return HUTCH_ANSWER_LATE;
    }
    if (!hutch_call_set_remove(&session->open, call_id)) {
        return HUTCH_ANSWER_UNKNOWN;
    }
    session->answers++;
    return HUTCH_ANSWER_DUE;
}

void hutch_session_answer_failed(hutch_session *session, uint32_t call_id) {
    /* There is room: the id has just been taken out. */
    (void)hutch_call_set_add(&session->open, call_id);
    session->answers--;
}

static hutch_verdict violation(const char **why, const char *text) {
    *why = text;
    return HUTCH_VERDICT_VIOLATION;
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
    return HUTCH_VERDICT_SOUND;
}

static hutch_verdict judge_log(const hutch_session *session, const hutch_frame_reader *reader,
                               const char **why) {
    if (reader->fixed.log.level > HUTCH_LOG_DEBUG) {
        return violation(why, "a log entry of an unknown level");
    }
    /* One entry more may say that entries are missing. */
    if (session->log_entries > session->limits.log_entries) {
        return violation(why, "more log entries than maxLogEntries");
    }
    return HUTCH_VERDICT_SOUND;
}

static bool is_failure_of_worker(uint32_t failure) {
    return failure <= HUTCH_FAILURE_VIOLATION && failure != HUTCH_FAILURE_WORKER_DIED &&
           failure != HUTCH_FAILURE_VIOLATION;
}

static hutch_verdict judge_failed(const hutch_frame_reader *reader, const char **why) {
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
    if (!is_failure_of_worker(failed->failure)) {
        return violation(why, "a failure of an unknown kind");
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
    switch (header->type) {
    case HUTCH_FRAME_CALL:
        return judge_call(session, reader, why);
    case HUTCH_FRAME_LOG:
        return judge_log(session, reader, why);
    case HUTCH_FRAME_FAILED:
        return judge_failed(reader, why);
    case HUTCH_FRAME_WAITING:
        return judge_waiting(session, reader, why);
    default:
        return HUTCH_VERDICT_SOUND;
    }
}

static hutch_verdict take_call(hutch_session *session, const hutch_frame_reader *reader,
                               const char *body, const char **why) {
    if (!hutch_utf8_is_valid(body, (size_t)reader->body_length)) {
        return violation(why, "a tool call whose input is not UTF-8");
    }
    if (!hutch_call_set_add(&session->open, reader->fixed.call.call_id)) {
        return HUTCH_VERDICT_NO_MEMORY;
    }
    session->last_call = reader->fixed.call.call_id;
    session->calls++;
    return HUTCH_VERDICT_SOUND;
}

static hutch_verdict take_log(hutch_session *session, const hutch_frame_reader *reader,
                              const char *body, const char **why) {
    size_t length = (size_t)reader->body_length;
    if (!hutch_utf8_is_valid(body, length)) {
        return violation(why, "a log entry that is not UTF-8");
    }
    session->log_entries++;
    session->log_units += hutch_utf8_utf16_units(body, length);
    if (session->log_units > session->limits.log_units + HUTCH_SESSION_LOG_NOTE_UNITS) {
        return violation(why, "more log text than maxLogLength");
    }
    return HUTCH_VERDICT_SOUND;
}

static hutch_verdict take_done(hutch_session *session, const hutch_frame_reader *reader,
                               const char *body, const char **why) {
    if (!hutch_utf8_is_valid(body, (size_t)reader->body_length)) {
        return violation(why, "a result that is not UTF-8");
    }
    end_run(session);
    return HUTCH_VERDICT_SOUND;
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
        session->running = false;
    }
}

/* Only what later heads are judged by. */
static void take_abandoned(hutch_session *session, const hutch_frame_reader *reader) {
    switch (reader->header.type) {
    case HUTCH_FRAME_CALL:
        session->last_call = reader->fixed.call.call_id;
        session->calls++;
        break;
    case HUTCH_FRAME_LOG:
        session->log_entries++;
        break;
    case HUTCH_FRAME_WAITING:
        take_waiting(session, reader);
        break;
    case HUTCH_FRAME_DONE:
    case HUTCH_FRAME_FAILED:
        session->running = false;
        break;
    default:
        break;
    }
}

hutch_verdict hutch_session_take(hutch_session *session, const hutch_frame_reader *reader,
                                 const char *body, const char **why) {
    if (reader->header.type == HUTCH_FRAME_READY) {
        take_ready(session);
        return HUTCH_VERDICT_SOUND;
    }
    if (session->abandoned) {
        take_abandoned(session, reader);
        return HUTCH_VERDICT_SOUND;
    }
    switch (reader->header.type) {
    case HUTCH_FRAME_CALL:
        return take_call(session, reader, body, why);
    case HUTCH_FRAME_LOG:
        return take_log(session, reader, body, why);
    case HUTCH_FRAME_DONE:
        return take_done(session, reader, body, why);
    case HUTCH_FRAME_FAILED:
        return take_failed(session, reader, body, why);
    case HUTCH_FRAME_WAITING:
        take_waiting(session, reader);
        return HUTCH_VERDICT_SOUND;
    default:
        return HUTCH_VERDICT_SOUND;
    }
}
