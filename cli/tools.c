/*
 * Tool calls; see tools.h.
 *
 * What commands hold has bounds: the inputs of all calls by the limit of open
 * inputs, --max-open-input; the outputs by --max-tool-output, beyond which only
 * the oldest command is read from.
 *
 * Invariant: `running` has `running_count` calls in the order of their start,
 * which is the order of the entries given to poll(); `first` and `last` are the
 * calls that wait, oldest first.
 */
#include "tools.h"

#include "command.h"
#include "json.h"
#include "keeper.h"
#include "text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

typedef struct call {
    struct call *next; /* in the queue */
    uint32_t id;
    const cli_tool *tool;
    cli_bytes input;
    cli_command command; /* once it runs */
} call;

struct cli_tools {
    const cli_arguments *arguments;
    hutch_context *context;
    call **running;
    size_t running_count;
    call *first;
    call *last;
};

cli_tools *cli_tools_new(const cli_arguments *arguments, hutch_context *context) {
    cli_tools *tools = cli_resize(NULL, 1, sizeof *tools);
    *tools = (cli_tools){.arguments = arguments, .context = context};
    tools->running = cli_resize(NULL, (size_t)arguments->jobs, sizeof(call *));
    return tools;
}

static void free_call(call *ended) {
    cli_command_free(&ended->command);
    cli_bytes_free(&ended->input);
    free(ended);
}

void cli_tools_free(cli_tools *tools) {
    if (tools == NULL) {
        return;
    }
    for (size_t i = 0; i < tools->running_count; i++) {
        free_call(tools->running[i]);
    }
    while (tools->first != NULL) {
        call *next = tools->first->next;
        free_call(tools->first);
        tools->first = next;
    }
    cli_keeper_end();
    free(tools->running);
    free(tools);
}

static void reject(cli_tools *tools, const call *ended, const cli_bytes *message,
                   const char *code) {
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.message = (hutch_text){message->data, message->length};
    failure.code = (hutch_text){code, strlen(code)};
    /* Where the run is over there is nobody left to tell; the next event says so. */
    (void)hutch_context_reject(tools->context, ended->id, &failure, NULL);
}

static void reject_text(cli_tools *tools, const call *ended, const char *code, const char *text) {
    cli_bytes message = {.data = NULL};
    cli_bytes_format(&message, "tool %.*s: %s", (int)ended->tool->name.length,
                     ended->tool->name.data, text);
    reject(tools, ended, &message, code);
    cli_bytes_free(&message);
}

/* Not every C library knows these names. */
static const char *signal_name(int number) {
    static const char *const names[] = {
        [SIGABRT] = "ABRT", [SIGALRM] = "ALRM", [SIGBUS] = "BUS",       [SIGCHLD] = "CHLD",
        [SIGCONT] = "CONT", [SIGFPE] = "FPE",   [SIGHUP] = "HUP",       [SIGILL] = "ILL",
        [SIGINT] = "INT",   [SIGIO] = "POLL",   [SIGKILL] = "KILL",     [SIGPIPE] = "PIPE",
        [SIGPROF] = "PROF", [SIGPWR] = "PWR",   [SIGQUIT] = "QUIT",     [SIGSEGV] = "SEGV",
        [SIGSTOP] = "STOP", [SIGSYS] = "SYS",   [SIGTERM] = "TERM",     [SIGTRAP] = "TRAP",
        [SIGTSTP] = "TSTP", [SIGTTIN] = "TTIN", [SIGTTOU] = "TTOU",     [SIGURG] = "URG",
        [SIGUSR1] = "USR1", [SIGUSR2] = "USR2", [SIGVTALRM] = "VTALRM", [SIGWINCH] = "WINCH",
        [SIGXCPU] = "XCPU", [SIGXFSZ] = "XFSZ",
    };
    bool is_known = number > 0 && (size_t)number < sizeof names / sizeof names[0];
    return is_known && names[number] != NULL ? names[number] : "UNKNOWN";
}

/* A command that failed says why on its standard error. */
static void reject_status(cli_tools *tools, const call *ended, const cli_command_end *end) {
    char code[32];
    char text[64];
    const char *errors = end->errors;
    size_t length = cli_text_trim(&errors, end->error_length);
    if (WIFSIGNALED(end->status)) {
        snprintf(code, sizeof code, "SIG%s", signal_name(WTERMSIG(end->status)));
        snprintf(text, sizeof(text), "its command was ended by %s", code);
    } else {
        snprintf(code, sizeof code, "EXIT_%d", WEXITSTATUS(end->status));
        snprintf(text, sizeof(text), "its command ended with status %d", WEXITSTATUS(end->status));
    }
    if (length > 0) {
        cli_bytes message = {.data = (char *)errors, .length = length};
        reject(tools, ended, &message, code);
    } else {
        reject_text(tools, ended, code, text);
    }
}

static void reject_output(cli_tools *tools, const call *ended, const char *output, size_t length) {
    enum { SHOWN = 60 };
    cli_bytes text = {.data = NULL};
    cli_bytes_append_text(&text, "its command must write JSON, or nothing, to its standard "
                                 "output; it wrote: ");
    cli_text_append_safe(&text, output, length < SHOWN ? length : SHOWN);
    cli_bytes_append(&text, length > SHOWN ? " ..." : "", length > SHOWN ? 4 : 0);
    cli_bytes_append(&text, "", 1);
    reject_text(tools, ended, "TOOL_OUTPUT", text.data);
    cli_bytes_free(&text);
}

static void answer(cli_tools *tools, const call *ended, const cli_command_end *end) {
    const char *output = end->output;
    size_t length = cli_text_trim(&output, end->output_length);
    if (end->overflowed) {
        reject_text(tools, ended, "TOOL_OUTPUT_LIMIT",
                    "its command wrote more than 64 MB and was killed");
    } else if (!WIFEXITED(end->status) || WEXITSTATUS(end->status) != 0) {
        reject_status(tools, ended, end);
    } else if (length > 0 && !cli_json_is_valid(output, length)) {
        reject_output(tools, ended, output, length);
    } else {
        hutch_error error;
        if (hutch_context_reply(tools->context, ended->id, output, length, &error) != HUTCH_OK) {
            reject_text(tools, ended, "TOOL_RESULT", error.message);
        }
    }
}

/* Whether a refusal may pass once other commands have ended. */
static bool may_pass(int reason) {
    return reason == EMFILE || reason == ENFILE || reason == EAGAIN || reason == ENOMEM;
}

/* Start the first of the calls that wait. @return false when it has to go on waiting */
static bool start_first(cli_tools *tools) {
    call *next = tools->first;
    if (cli_command_start(&next->command, next->tool->command, &next->input)) {
        tools->first = next->next;
        tools->running[tools->running_count++] = next;
        return true;
    }
    int reason = errno;
    if (may_pass(reason) && tools->running_count > 0) {
        return false;
    }
    reject_text(tools, next, "TOOL_START", strerror(reason));
    tools->first = next->next;
    free_call(next);
    return true;
}

static void start_waiting(cli_tools *tools) {
    bool started = true;
    while (started && tools->first != NULL && tools->running_count < tools->arguments->jobs) {
        started = start_first(tools);
    }
}

void cli_tools_call(cli_tools *tools, const hutch_tool_call *call_event) {
    call *added = cli_resize(NULL, 1, sizeof *added);
    *added = (call){
        .id = call_event->id,
        .tool = &tools->arguments->tools[call_event->tool],
        .command = CLI_COMMAND_NONE,
    };
    cli_bytes_append(&added->input, call_event->input.data, call_event->input.length);
    /* Shells read lines. */
    cli_bytes_append_text(&added->input, "\n");
    if (tools->first == NULL) {
        tools->first = added;
    } else {
        tools->last->next = added;
    }
    tools->last = added;
    start_waiting(tools);
}

size_t cli_tools_poll_count(const cli_tools *tools) {
    return tools->running_count * CLI_COMMAND_POLLS;
}

/* Output that waits for its command to end. */
static uint64_t outputs_held(const cli_tools *tools) {
    uint64_t sum = 0;
    for (size_t i = 0; i < tools->running_count; i++) {
        sum += tools->running[i]->command.output_text.length;
    }
    return sum;
}

void cli_tools_wait_for(const cli_tools *tools, struct pollfd *polls) {
    bool has_room = outputs_held(tools) < tools->arguments->outputs;
    for (size_t i = 0; i < tools->running_count; i++) {
        /* The oldest goes on in any case: so all of them come to their end. */
        cli_command_wait_for(&tools->running[i]->command, has_room || i == 0,
                             polls + i * CLI_COMMAND_POLLS);
    }
}

void cli_tools_step(cli_tools *tools, const struct pollfd *polls) {
    size_t left = 0;
    for (size_t i = 0; i < tools->running_count; i++) {
        call *current = tools->running[i];
        cli_command_end end;
        if (cli_command_step(&current->command, polls + i * CLI_COMMAND_POLLS, &end)) {
            answer(tools, current, &end);
            free_call(current);
        } else {
            tools->running[left++] = current;
        }
    }
    tools->running_count = left;
    start_waiting(tools);
}
