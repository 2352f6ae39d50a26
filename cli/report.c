/* What the command prints; see report.h. */
#include "report.h"

#include "frame.h"
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLOR_ERROR "\x1b[1;31m"
#define COLOR_WARN "\x1b[33m"
#define COLOR_FAINT "\x1b[2m"
#define COLOR_END "\x1b[0m"

/* How a console entry begins; as the logs of the JavaScript package. */
static const char *prefix_of(hutch_log_level level) {
    static const char *const prefixes[] = {
#define PREFIX(constant, name, prefix) [constant] = (prefix),
        HUTCH_LOG_LEVEL_TABLE(PREFIX)
#undef PREFIX
    };
    bool is_known = (size_t)level < sizeof prefixes / sizeof prefixes[0];
    return is_known ? prefixes[level] : "UNKNOWN: ";
}

static const char *color_of(hutch_log_level level) {
    switch (level) {
    case HUTCH_LOG_LOG:
    case HUTCH_LOG_INFO:
        return "";
    case HUTCH_LOG_WARN:
        return COLOR_WARN;
    case HUTCH_LOG_ERROR:
        return COLOR_ERROR;
    case HUTCH_LOG_DEBUG:
        return COLOR_FAINT;
    }
    /* Of a later version. */
    return COLOR_ERROR;
}

cli_exit cli_exit_of_failure(hutch_failure failure) {
    switch (failure) {
    case HUTCH_FAILURE_GUEST:
    case HUTCH_FAILURE_SYNTAX:
    case HUTCH_FAILURE_STALLED:
    case HUTCH_FAILURE_DETACHED:
        return CLI_EXIT_PROGRAM;
    case HUTCH_FAILURE_TIMEOUT:
    case HUTCH_FAILURE_CPU_TIME:
    case HUTCH_FAILURE_MEMORY:
    case HUTCH_FAILURE_STACK:
    case HUTCH_FAILURE_LIMIT:
        return CLI_EXIT_LIMIT;
    case HUTCH_FAILURE_STOPPED:
        return CLI_EXIT_INTERRUPTED;
    case HUTCH_FAILURE_WORKER_DIED:
    case HUTCH_FAILURE_VIOLATION:
        return CLI_EXIT_HOST;
    }
    /* Of a later version. */
    return CLI_EXIT_HOST;
}

void cli_complain(const char *text) {
    cli_complain_about("%s", text);
}

void cli_complain_about(const char *format, ...) {
    static const char no_memory[] = "out of memory";
    char *text = NULL;
    cli_bytes safe = {.data = NULL};
    va_list values;
    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    cli_bytes_append_text(&safe, "hutch: ");
    cli_text_append_line(&safe, length < 0 ? no_memory : text,
                         length < 0 ? strlen(no_memory) : (size_t)length);
    cli_bytes_append_text(&safe, "\n");
    fwrite(safe.data, 1, safe.length, stderr);
    cli_bytes_free(&safe);
    if (length >= 0) {
        free(text);
    }
}

void cli_refer_to_help(const char *command) {
    fprintf(stderr, "Try 'hutch%s%s --help'.\n", command != NULL ? " " : "",
            command != NULL ? command : "");
}

cli_exit cli_complain_unwritten(const char *what, int reason) {
    if (reason == EPIPE) {
        return CLI_EXIT_READER;
    }
    cli_complain_about("cannot write %s: %s", what, strerror(reason));
    return CLI_EXIT_HOST;
}

/* https://no-color.org: set and not empty means none. */
static bool wants_color(void) {
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && (no_color == NULL || *no_color == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

void cli_report_init(cli_report *report, const cli_arguments *arguments,
                     const cli_program *program) {
    *report = (cli_report){.arguments = arguments, .program = program, .color = wants_color()};
}

void cli_report_free(cli_report *report) {
    cli_bytes_free(&report->logs);
}

static void put_color(const cli_report *report, cli_bytes *out, const char *color) {
    if (report->color) {
        cli_bytes_append_text(out, color);
    }
}

static void print_error(cli_bytes *text) {
    fwrite(text->data, 1, text->length, stderr);
    cli_bytes_free(text);
}

static void log_as_json(cli_report *report, const hutch_log *log, const char *prefix) {
    cli_bytes entry = {.data = NULL};
    cli_bytes_append_text(&entry, prefix);
    cli_bytes_append(&entry, log->text.data, log->text.length);
    if (report->logs.length > 0) {
        cli_bytes_append_text(&report->logs, ",");
    }
    cli_text_append_json_string(&report->logs, entry.data, entry.length);
    cli_bytes_free(&entry);
}

void cli_report_log(cli_report *report, const hutch_log *log) {
    const char *prefix = prefix_of(log->level);
    cli_bytes line = {.data = NULL};
    if (report->arguments->json) {
        log_as_json(report, log, prefix);
        return;
    }
    if (report->arguments->quiet) {
        return;
    }
    put_color(report, &line, *prefix != '\0' ? color_of(log->level) : "");
    cli_bytes_append_text(&line, prefix);
    put_color(report, &line, *prefix != '\0' ? COLOR_END : "");
    cli_text_append_safe(&line, log->text.data, log->text.length);
    cli_bytes_append_text(&line, "\n");
    print_error(&line);
}

/* The result, or why it could not be printed. */
static cli_exit print_output(cli_bytes *text, cli_exit code) {
    bool written = text->length == 0 || fwrite(text->data, 1, text->length, stdout) == text->length;
    cli_bytes_free(text);
    return written && fflush(stdout) == 0 ? code : cli_complain_unwritten("the result", errno);
}

static void begin_object(cli_bytes *out, bool success) {
    cli_bytes_append_text(out, success ? "{\"success\":true" : "{\"success\":false");
}

static void end_object(const cli_report *report, cli_bytes *out, double ms) {
    cli_bytes_append_text(out, ",\"logs\":[");
    cli_bytes_append(out, report->logs.data, report->logs.length);
    cli_bytes_format(out, "],\"ms\":%.3f}\n", ms);
}

cli_exit cli_report_done(cli_report *report, const hutch_done *done, double ms) {
    cli_bytes out = {.data = NULL};
    bool json = report->arguments->json;
    if (json) {
        begin_object(&out, true);
        cli_bytes_append_text(&out, done->json.length > 0 ? ",\"value\":" : "");
    }
    cli_text_append_json(&out, done->json.data, done->json.length);
    if (json) {
        end_object(report, &out, ms);
    } else if (done->json.length > 0) {
        cli_bytes_append_text(&out, "\n");
    }
    return print_output(&out, CLI_EXIT_DONE);
}

static void put_member(cli_bytes *out, const char *name, hutch_text text) {
    if (text.length > 0) {
        cli_bytes_format(out, ",\"%s\":", name);
        cli_text_append_json_string(out, text.data, text.length);
    }
}

static cli_exit failed_as_json(cli_report *report, const hutch_failed *failed, double ms) {
    cli_bytes out = {.data = NULL};
    begin_object(&out, false);
    cli_bytes_append_text(&out, ",\"error\":{\"name\":");
    cli_text_append_json_string(&out, failed->name.data, failed->name.length);
    cli_bytes_append_text(&out, ",\"message\":");
    cli_text_append_json_string(&out, failed->message.data, failed->message.length);
    put_member(&out, "code", failed->code);
    put_member(&out, "stack", failed->stack);
    if (failed->line > 0) {
        cli_bytes_format(&out, ",\"line\":%u,\"column\":%u", failed->line, failed->column);
    }
    cli_bytes_append_text(&out, "}");
    end_object(report, &out, ms);
    return print_output(&out, cli_exit_of_failure(failed->failure));
}

static bool is_range_error(const hutch_failed *failed) {
    static const char name[] = "RangeError";
    return failed->name.length == sizeof name - 1 &&
           memcmp(failed->name.data, name, sizeof name - 1) == 0;
}

/* How the limit behind a failure is changed: the one that its code is, or that its message names. An
 * error that the program threw itself is none of a limit's, but for what the library throws inside. */
static void hint_at_option(cli_bytes *out, const hutch_failed *failed) {
    bool is_guests = failed->failure == HUTCH_FAILURE_GUEST;
    cli_limit limit = {.option = NULL};
    if (!is_guests) {
        limit = cli_limit_of_name(failed->code.data, failed->code.length);
    }
    if (!limit.is_known && (!is_guests || is_range_error(failed))) {
        limit = cli_limit_in_message(failed->message.data, failed->message.length);
    }
    if (limit.is_known && limit.option != NULL) {
        cli_bytes_format(out, "  --%s changes this limit\n", limit.option->name);
    } else if (limit.is_known) {
        cli_bytes_append_text(out, "  no option changes this limit\n");
    }
}

cli_exit cli_report_failed(cli_report *report, const hutch_failed *failed, double ms) {
    cli_bytes out = {.data = NULL};
    if (report->arguments->json) {
        return failed_as_json(report, failed, ms);
    }
    put_color(report, &out, COLOR_ERROR);
    cli_text_append_safe(&out, failed->name.data, failed->name.length);
    put_color(report, &out, COLOR_END);
    if (failed->code.length > 0 && failed->failure == HUTCH_FAILURE_GUEST) {
        cli_bytes_append_text(&out, " [");
        cli_text_append_safe(&out, failed->code.data, failed->code.length);
        cli_bytes_append_text(&out, "]");
    }
    if (failed->message.length > 0) {
        cli_bytes_append_text(&out, ": ");
        cli_text_append_safe(&out, failed->message.data, failed->message.length);
    }
    cli_bytes_append_text(&out, "\n");
    if (failed->line > 0) {
        cli_frame_append(&out, report->program, failed->line, failed->column);
    }
    cli_frame_append_stack(&out, report->program, failed->stack.data, failed->stack.length);
    hint_at_option(&out, failed);
    print_error(&out);
    return cli_exit_of_failure(failed->failure);
}
