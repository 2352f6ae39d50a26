/*
 * `hutch run`: one pool, one context, one program. The main thread waits in
 * poll() for the pool, for tool commands and for signals; nothing else waits.
 */
#include "run.h"

#include "command.h"
#include "help.h"
#include "options.h"
#include "program.h"
#include "report.h"
#include "signals.h"
#include "tools.h"

#include <hutch/hutch.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What poll() is given before the tools' own entries. */
enum { POLL_SIGNAL, POLL_POOL, POLL_STDOUT, POLL_STDERR, POLL_TOOLS };

/* A run that has not ended has this exit code. */
#define GOING_ON (-1)

typedef struct run {
    const cli_arguments *arguments;
    cli_program program;
    cli_report report;
    hutch_pool *pool;
    hutch_context *context;
    cli_tools *tools;
    int news; /* the pool's descriptor */
    struct timespec begin;
    struct pollfd *polls;
    int code; /* GOING_ON until the run has ended */
} run;

static double elapsed_ms(const run *r) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - r->begin.tv_sec) * 1e3 +
           (double)(now.tv_nsec - r->begin.tv_nsec) / 1e6;
}

static int complain_error(const hutch_error *error) {
    cli_complain(error->message);
    return error->status == HUTCH_INVALID_ARGUMENT ? CLI_EXIT_USAGE : CLI_EXIT_HOST;
}

static int complain_errno(const char *what) {
    cli_bytes text = {.data = NULL};
    cli_bytes_format(&text, "%s: %s", what, strerror(errno));
    cli_bytes_append(&text, "", 1);
    cli_complain(text.data);
    cli_bytes_free(&text);
    return CLI_EXIT_HOST;
}

static int open_context(run *r) {
    hutch_pool_options pool_options;
    hutch_context_options options;
    hutch_error error;
    hutch_pool_options_init(&pool_options);
    pool_options.max_workers = 1;
    pool_options.max_idle = 0;
    pool_options.spare = 0;
    pool_options.max_memory_mb =
        (uint32_t)((r->arguments->isolate.limits.memory_bytes + HUTCH_MIB - 1) / HUTCH_MIB);
    if (hutch_pool_new(&pool_options, &r->pool, &error) != HUTCH_OK ||
        hutch_pool_get_descriptor(r->pool, &r->news, &error) != HUTCH_OK) {
        return complain_error(&error);
    }
    hutch_tool *tools = cli_resize(NULL, r->arguments->tool_count, sizeof *tools);
    for (size_t i = 0; i < r->arguments->tool_count; i++) {
        const hutch_text *name = &r->arguments->tools[i].name;
        tools[i] = hutch_tool_named(name->data, name->length);
    }
    hutch_context_options_init(&options);
    options.isolate = r->arguments->isolate;
    options.isolate.typescript = !r->arguments->javascript;
    options.tools = tools;
    options.tool_count = r->arguments->tool_count;
    hutch_status status = hutch_context_open(r->pool, &options, &r->context, &error);
    free(tools);
    return status == HUTCH_OK ? GOING_ON : complain_error(&error);
}

static int begin(run *r) {
    hutch_error error;
    if (!cli_signals_start()) {
        return complain_errno("cannot start");
    }
    r->code = open_context(r);
    if (r->code != GOING_ON) {
        return r->code;
    }
    r->tools = cli_tools_new(r->arguments, r->context);
    r->polls = cli_resize(NULL, POLL_TOOLS + (size_t)r->arguments->jobs * CLI_COMMAND_POLLS,
                          sizeof *r->polls);
    clock_gettime(CLOCK_MONOTONIC, &r->begin);
    if (hutch_context_start(r->context, r->program.code.data, r->program.code.length, NULL,
                            &error) != HUTCH_OK) {
        return complain_error(&error);
    }
    return GOING_ON;
}

static void handle(run *r, const hutch_event *event) {
    /* What a signal has ended is not reported: the worker may have died of it as well. */
    if (cli_signals_caught() != 0) {
        return;
    }
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        cli_tools_call(r->tools, &event->as.tool_call);
        return;
    case HUTCH_EVENT_LOG:
        cli_report_log(&r->report, &event->as.log);
        return;
    case HUTCH_EVENT_DONE:
        r->code = (int)cli_report_done(&r->report, &event->as.done, elapsed_ms(r));
        return;
    case HUTCH_EVENT_FAILED:
        r->code = (int)cli_report_failed(&r->report, &event->as.failed, elapsed_ms(r));
        return;
    case HUTCH_EVENT_NONE:
    case HUTCH_EVENT_WAITING:
        return;
    }
    cli_complain("an event of an unknown type");
    r->code = CLI_EXIT_HOST;
}

/* Everything that the program has to say at the moment. */
static void take_events(run *r) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        if (hutch_context_poll(r->context, 0, &event) != HUTCH_OK) {
            cli_complain("out of memory");
            r->code = CLI_EXIT_HOST;
            return;
        }
        handle(r, &event);
    } while (r->code == GOING_ON && event.type != HUTCH_EVENT_NONE && cli_signals_caught() == 0);
}

/* Nobody reads a pipe any more: what the program still has to say is for nobody. As a shell tells of one
 * that SIGPIPE has ended. */
static void end_without_readers(run *r) {
    if (((r->polls[POLL_STDOUT].revents | r->polls[POLL_STDERR].revents) & POLLERR) != 0) {
        r->code = CLI_EXIT_READER;
    }
}

static void wait_for_something(run *r) {
    size_t count = POLL_TOOLS + cli_tools_poll_count(r->tools);
    r->polls[POLL_SIGNAL] = (struct pollfd){.fd = cli_signals_descriptor(), .events = POLLIN};
    r->polls[POLL_POOL] = (struct pollfd){.fd = r->news, .events = POLLIN};
    r->polls[POLL_STDOUT] = (struct pollfd){.fd = STDOUT_FILENO};
    r->polls[POLL_STDERR] = (struct pollfd){.fd = STDERR_FILENO};
    cli_tools_wait_for(r->tools, r->polls + POLL_TOOLS);
    if (poll(r->polls, (nfds_t)count, -1) < 0) {
        return;
    }
    cli_tools_step(r->tools, r->polls + POLL_TOOLS);
    end_without_readers(r);
}

static int go_on(run *r) {
    for (;;) {
        /* Of the one context there is, the pool has nothing to say that is not asked below: this
         * makes its descriptor silent again. Asking it each time also pushes on what an answer left
         * to be sent. */
        while (hutch_pool_poll(r->pool) != NULL) {
        }
        take_events(r);
        if (r->code != GOING_ON || cli_signals_caught() != 0) {
            break;
        }
        wait_for_something(r);
        if (r->code != GOING_ON) {
            break;
        }
    }
    if (cli_signals_caught() != 0) {
        cli_complain("interrupted");
        return 128 + cli_signals_caught();
    }
    return r->code;
}

static int run_program(const cli_arguments *arguments) {
    run r = {.arguments = arguments, .code = GOING_ON};
    cli_bytes error = {.data = NULL};
    if (!cli_program_read(arguments->file, &r.program, &error)) {
        cli_bytes_append(&error, "", 1);
        cli_complain(error.data);
        cli_bytes_free(&error);
        cli_program_free(&r.program);
        return CLI_EXIT_USAGE;
    }
    cli_report_init(&r.report, arguments, &r.program);
    int code = begin(&r);
    if (code == GOING_ON) {
        code = go_on(&r);
    }
    cli_tools_free(r.tools);
    hutch_pool_free(r.pool);
    free(r.polls);
    cli_report_free(&r.report);
    cli_program_free(&r.program);
    return code;
}

int cli_run(int count, char **texts) {
    cli_arguments arguments;
    cli_bytes text = {.data = NULL};
    int code = CLI_EXIT_DONE;
    if (!cli_arguments_parse(count, texts, &arguments, &text)) {
        cli_bytes_append(&text, "", 1);
        cli_complain(text.data);
        cli_refer_to_help("run");
        code = CLI_EXIT_USAGE;
    } else if (arguments.help) {
        cli_help_run(&text);
        fwrite(text.data, 1, text.length, stdout);
    } else {
        code = run_program(&arguments);
    }
    cli_bytes_free(&text);
    cli_arguments_free(&arguments);
    return code;
}
