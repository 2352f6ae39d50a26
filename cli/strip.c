/*
 * `hutch strip`: TypeScript in, JavaScript out, every token at its line and
 * column. Nothing is run.
 *
 * Threads: one.
 */
#include "strip.h"

#include "exit_code.h"
#include "frame.h"
#include "help.h"
#include "options.h"
#include "program.h"
#include "report.h"
#include "text.h"

#include <hutch/strip.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct arguments {
    const char *file;   /* "-": standard input */
    const char *output; /* NULL: standard output */
    bool module;
    bool json;
    bool help;
} arguments;

static bool complain(const char *what, const char *word, const char *more) {
    cli_complain_about("%s '%s'%s", what, word, more);
    cli_refer_to_help("strip");
    return false;
}

static bool complain_unknown(const char *word) {
    static const char *const known[] = {"--output", "--module", "--json", "--help"};
    char more[64] = "";
    const char *nearest = cli_nearest(word, known, sizeof known / sizeof known[0]);
    if (nearest != NULL) {
        snprintf(more, sizeof more, "; did you mean %s?", nearest);
    }
    return complain("unknown option", word, more);
}

/* The word after --output, or after its `=`. */
static bool take_output(arguments *a, int count, char **texts, int *next) {
    const char *equals = strchr(texts[*next], '=');
    if (equals == NULL && *next + 1 == count) {
        return complain("no value after", texts[*next], "; expected a FILE");
    }
    a->output = equals != NULL ? equals + 1 : texts[++*next];
    return true;
}

static bool take_word(arguments *a, int count, char **texts, int *next) {
    const char *word = texts[*next];
    if (strcmp(word, "--module") == 0) {
        a->module = true;
    } else if (strcmp(word, "--json") == 0) {
        a->json = true;
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        a->help = true;
    } else if (strcmp(word, "-o") == 0 || strcmp(word, "--output") == 0 ||
               strncmp(word, "--output=", strlen("--output=")) == 0) {
        return take_output(a, count, texts, next);
    } else if (word[0] == '-' && word[1] != '\0') {
        return complain_unknown(word);
    } else if (a->file != NULL) {
        return complain("unexpected argument", word, "; expected one FILE");
    } else {
        a->file = word;
    }
    return true;
}

static bool parse(int count, char **texts, arguments *a) {
    for (int next = 0; next < count; next++) {
        if (!take_word(a, count, texts, &next)) {
            return false;
        }
    }
    if (a->file == NULL && !a->help) {
        cli_complain("no source; expected a FILE, or - for standard input");
        cli_refer_to_help("strip");
        return false;
    }
    return true;
}

/* Write to the file or to standard output. */
static int write_out(const arguments *a, const char *text, size_t length) {
    FILE *file = a->output != NULL ? fopen(a->output, "we") : stdout;
    bool written = file != NULL && (length == 0 || fwrite(text, 1, length, file) == length) &&
                   fflush(file) == 0;
    int reason = errno;
    if (file != NULL && file != stdout) {
        bool closed = fclose(file) == 0;
        reason = written && !closed ? errno : reason;
        written = closed && written;
    }
    cli_exit code = CLI_EXIT_DONE;
    if (!written) {
        code = cli_complain_unwritten(a->output != NULL ? a->output : "the JavaScript", reason);
    }
    return (int)code;
}

static int report_done(const arguments *a, const cli_program *program,
                       const hutch_strip_output *output) {
    const char *text = output->is_unchanged ? program->code.data : output->text;
    size_t length = output->is_unchanged ? program->code.length : output->length;
    if (!a->json) {
        return write_out(a, text, length);
    }
    cli_bytes out = {.data = NULL};
    cli_bytes_format(&out, "{\"success\":true,\"changed\":%s,\"code\":",
                     output->is_unchanged ? "false" : "true");
    cli_text_append_json_string(&out, text, length);
    cli_bytes_append_text(&out, "}\n");
    int code = write_out(a, out.data, out.length);
    cli_bytes_free(&out);
    return code;
}

static int report_problem(const arguments *a, const cli_program *program,
                          const hutch_strip_problem *problem) {
    cli_bytes out = {.data = NULL};
    if (a->json) {
        cli_bytes_append_text(
            &out, "{\"success\":false,\"error\":{\"name\":\"SyntaxError\",\"message\":");
        cli_text_append_json_string(&out, problem->message, strlen(problem->message));
        cli_bytes_format(&out, ",\"line\":%u,\"column\":%u}}\n", problem->line, problem->column);
    } else {
        cli_bytes_append_text(&out, "SyntaxError: ");
        cli_text_append_safe(&out, problem->message, strlen(problem->message));
        cli_bytes_append_text(&out, "\n");
        cli_frame_append(&out, program, problem->line, problem->column);
    }
    fwrite(out.data, 1, out.length, a->json ? stdout : stderr);
    cli_bytes_free(&out);
    return CLI_EXIT_PROGRAM;
}

static int strip_program(const arguments *a, cli_program *program) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    hutch_strip_output output = {.text = NULL};
    hutch_strip_problem problem;
    options.goal = a->module ? HUTCH_STRIP_MODULE : HUTCH_STRIP_BODY;
    hutch_status status =
        hutch_strip(program->code.data, program->code.length, &options, &output, &problem);
    if (status == HUTCH_INVALID_ARGUMENT) {
        return report_problem(a, program, &problem);
    }
    if (status != HUTCH_OK) {
        cli_complain("out of memory");
        return CLI_EXIT_HOST;
    }
    /* The line for the system's loader stood in the way. */
    char *text = output.is_unchanged ? program->code.data : output.text;
    if (program->is_script) {
        text[program->script_at] = '#';
        text[program->script_at + 1] = '!';
    }
    int code = report_done(a, program, &output);
    hutch_strip_output_free(&output, NULL);
    return code;
}

static int strip_file(const arguments *a) {
    cli_program program;
    cli_bytes error = {.data = NULL};
    int code = CLI_EXIT_USAGE;
    if (!cli_program_read(a->file, &program, &error)) {
        cli_bytes_append(&error, "", 1);
        cli_complain(error.data);
    } else if (program.code.length > CLI_PROGRAM_MOST) {
        cli_complain("the source is too long; expected at most 256 MB");
    } else {
        code = strip_program(a, &program);
    }
    cli_bytes_free(&error);
    cli_program_free(&program);
    return code;
}

int cli_strip(int count, char **texts) {
    arguments a = {.file = NULL};
    if (!parse(count, texts, &a)) {
        return CLI_EXIT_USAGE;
    }
    if (a.help) {
        cli_bytes text = {.data = NULL};
        cli_help_strip(&text);
        fwrite(text.data, 1, text.length, stdout);
        cli_bytes_free(&text);
        return CLI_EXIT_DONE;
    }
    return strip_file(&a);
}
