/*
 * The queue of answers. Owns the answers in it; their memory is the arena's.
 *
 * Threads: the worker has one.
 */
#include "worker/answers.h"

#include "isolate/answer.h"
#include "isolate/driver.h"

/* Whether the answer can be given at all. Of a reply without its text the isolate itself knows
 * what to make; a reject needs its texts. */
static bool is_whole(const hutch_answer *answer) {
    return !answer->rejects || answer->text != NULL || answer->length == 0;
}

void hutch_answers_add(hutch_answers *answers, hutch_isolate *isolate, const hutch_answer *answer) {
    hutch_answer *queued = NULL;
    if (is_whole(answer)) {
        queued = (hutch_answer *)(void *)hutch_isolate_payload_new(isolate, sizeof *queued);
    }
    if (queued == NULL) {
        hutch_isolate_payload_free(isolate, answer->text);
        answers->lost = true;
        return;
    }
    *queued = *answer;
    queued->next = NULL;
    if (answers->first == NULL) {
        answers->first = queued;
    } else {
        answers->last->next = queued;
    }
    answers->last = queued;
}

/* Takes the first one out of the queue. */
static hutch_answer *take_first(hutch_answers *answers) {
    hutch_answer *answer = answers->first;
    if (answer != NULL) {
        answers->first = answer->next;
    }
    return answer;
}

static hutch_status give_reject(const hutch_answer *answer, hutch_isolate *isolate) {
    const hutch_frame_reject *reject = &answer->reject;
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    const char *at = answer->text;
    if (at != NULL) {
        failure.name = (hutch_text){.data = at, .length = reject->name_length};
        at += reject->name_length;
        failure.message = (hutch_text){.data = at, .length = reject->message_length};
        at += reject->message_length;
        failure.code = (hutch_text){.data = at, .length = reject->code_length};
        at += reject->code_length;
        failure.reasons = (hutch_text){.data = at, .length = reject->reasons_length};
    }
    hutch_status status = hutch_isolate_reject(isolate, reject->call_id, &failure, NULL);
    hutch_isolate_payload_free(isolate, answer->text);
    return status;
}

/* Takes the answer's text. */
static hutch_status give(const hutch_answer *answer, hutch_isolate *isolate) {
    return answer->rejects ? give_reject(answer, isolate)
                           : hutch_isolate_reply_payload(isolate, answer->reject.call_id,
                                                         answer->text, answer->length, NULL);
}

bool hutch_answers_give(hutch_answers *answers, hutch_isolate *isolate) {
    bool known = true;
    for (hutch_answer *answer = take_first(answers); answer != NULL && known;
         answer = take_first(answers)) {
        known = give(answer, isolate) != HUTCH_INVALID_ARGUMENT;
        hutch_isolate_payload_free(isolate, (char *)answer);
    }
    if (answers->lost) {
        answers->lost = false;
        hutch_isolate_fail_memory(isolate);
    }
    return known;
}

void hutch_answers_drop(hutch_answers *answers, hutch_isolate *isolate) {
    for (hutch_answer *answer = take_first(answers); answer != NULL; answer = take_first(answers)) {
        hutch_isolate_payload_free(isolate, answer->text);
        hutch_isolate_payload_free(isolate, (char *)answer);
    }
    answers->lost = false;
}
