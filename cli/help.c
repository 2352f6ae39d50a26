/* The texts of --help; see help.h. */
#include "help.h"

#include "commands.h"
#include "exit_code.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

/* Where the explanations of options begin, and how long lines get. */
#define HELP_COLUMN 26
#define HELP_WIDTH 80

static const char command_head[] =
    "Usage: hutch COMMAND [ARGUMENT]...\n"
    "\n"
    "Runs TypeScript and JavaScript that nobody has read, natively and confined.\n"
    "\n"
    "Commands:\n";

static const char command_tail[] =
    "\n"
    "Options:\n"
    "  -h, --help     show this help\n"
    "  -V, --version  show the version\n"
    "\n"
    "Example:\n"
    "  echo 'return 6 * 7' | hutch run -\n"
    "\n"
    "`hutch help run` explains programs, tools and limits; `hutch help --man` prints all\n"
    "as a page for man.\n";

static const char run_head[] =
    "Usage: hutch run [OPTION]... FILE\n"
    "\n"
    "Runs a program in a confined worker process and prints what it returns, as JSON.\n"
    "A program is the body of an async function: it may use await and return. It is\n"
    "TypeScript or JavaScript. FILE is - for standard input.\n"
    "\n"
    "What the program writes to its console goes to standard error.\n"
    "\n"
    "Options:\n";

static const char run_tools[] =
    "\n"
    "Tools:\n"
    "  With --tool NAME=COMMAND the program can call `await NAME(input)`. The command\n"
    "  gets the input as JSON on its standard input; what it writes to its standard\n"
    "  output must be JSON, or nothing for undefined, and is the result. When it ends\n"
    "  with a status other than 0, the call throws an Error with what it wrote to\n"
    "  standard error, and the code EXIT_<status>. Tool commands are not confined.\n"
    "  A NAME that is not an identifier is called as one: list-issues is list_issues().\n"
    "\n"
    "Units:\n"
    "  DURATION  500ms, 2s, 1m, 1h; a plain number is milliseconds\n"
    "  SIZE      512KB, 64MB, 1GB; a plain number is megabytes\n"
    "\n"
    "Examples:\n"
    "  hutch run program.ts\n"
    "  echo 'return 6 * 7' | hutch run -\n"
    "  hutch run --timeout 2s --memory 64MB program.js\n"
    "  hutch run --tool 'users=sqlite3 -json app.db \"select * from users\"' program.js\n"
    "  hutch run --json program.js | jq .value\n"
    "\n"
    "Exit status:\n";

static const char strip_help[] =
    "Usage: hutch strip [OPTION]... FILE\n"
    "\n"
    "Prints the JavaScript of a TypeScript source: types become blanks, and every other\n"
    "token keeps its line and column. The source is a program, the body of an async\n"
    "function, unless --module is given. FILE is - for standard input. `hutch run` does\n"
    "this by itself.\n"
    "\n"
    "Options:\n"
    "  -o, --output FILE  write to FILE instead of standard output\n"
    "      --module       the source is a file with import and export\n"
    "      --json         print one JSON object with success, changed and code, or error\n"
    "  -h, --help         show this help\n"
    "\n"
    "Exit status:\n"
    "  0    the source was stripped\n"
    "  1    the source is neither TypeScript nor JavaScript\n"
    "  2    the command line or FILE is wrong\n"
    "  4    the JavaScript could not be written\n";

static const char check_help[] =
    "Usage: hutch check [OPTION]... FILE\n"
    "\n"
    "Type-checks a program against the declarations of its tools, without running it. A\n"
    "program is the body of an async function. FILE is - for standard input.\n"
    "\n"
    "TypeScript's own compiler does the work. It needs Node.js, Bun or Deno, and the npm\n"
    "packages @hutch/isolate and typescript.\n"
    "\n"
    "Options:\n"
    "  -t, --tools FILE        declarations of the tools, as Code Mode's system prompt\n"
    "                          shows them to the model\n"
    "      --timeout DURATION  longest time for the compiler (default: 30s)\n"
    "      --json              print one JSON object with success and diagnostics\n"
    "  -h, --help              show this help\n"
    "\n"
    "Exit status:\n"
    "  0    nothing is wrong with the program\n"
    "  1    something is wrong with it\n"
    "  2    the command line or a FILE is wrong\n"
    "  4    this machine could not check the program\n";

static const char completion_help[] =
    "Usage: hutch completion SHELL\n"
    "\n"
    "Prints completions of commands and options for a SHELL: bash, zsh or fish. For the\n"
    "shell that is open:\n"
    "  source <(hutch completion bash)\n"
    "  source <(hutch completion zsh)\n"
    "  hutch completion fish | source\n"
    "\n"
    "Options:\n"
    "  -h, --help  show this help\n";

static const char doctor_head[] =
    "Usage: hutch doctor [OPTION]...\n"
    "\n"
    "Starts a pool and prints which layers of confinement hold its workers. Layers that\n"
    "this machine refuses are off; programs run without them, but never without the\n"
    "required ones.\n"
    "\n"
    "Options:\n"
    "      --json  print one JSON object with complete and layers\n"
    "  -h, --help  show this help\n"
    "\n"
    "Layers, and what each of them stops (* required):\n";

static const char doctor_tail[] = "\n"
                                  "Exit status:\n"
                                  "  0    every required layer is on\n"
                                  "  2    the command line is wrong\n"
                                  "  4    a required layer is off, or no worker can be started\n";

void cli_help_strip(cli_bytes *out) {
    cli_bytes_append_text(out, strip_help);
}

void cli_help_check(cli_bytes *out) {
    cli_bytes_append_text(out, check_help);
}

void cli_help_completion(cli_bytes *out) {
    cli_bytes_append_text(out, completion_help);
}

const cli_topic *cli_topics(size_t *count) {
    static const cli_topic topics[] = {
#define TOPIC(name, operand, run, help, meaning) {name, help},
        CLI_COMMAND_TABLE(TOPIC)
#undef TOPIC
    };
    *count = sizeof topics / sizeof topics[0];
    return topics;
}

void cli_help_doctor(cli_bytes *out) {
    cli_bytes_append_text(out, doctor_head);
#define HELP_LAYER(constant, bit, name, required, stops)                                           \
    cli_bytes_format(out, "  %-17s %c %s\n", name, (required) ? '*' : ' ', stops);
    HUTCH_LAYER_TABLE(HELP_LAYER)
#undef HELP_LAYER
    cli_bytes_append_text(out, doctor_tail);
}

void cli_help_command(cli_bytes *out) {
    cli_bytes_append_text(out, command_head);
#define HELP_COMMAND(name, operand, run, help, meaning)                                            \
    cli_bytes_format(out, "  %-13s %s\n", name " " operand, meaning);
    CLI_COMMAND_TABLE(HELP_COMMAND)
#undef HELP_COMMAND
    cli_bytes_append_text(out, command_tail);
}

static void pad_to(cli_bytes *out, size_t line_start, size_t column) {
    while (out->length - line_start < column) {
        cli_bytes_append_text(out, " ");
    }
}

/* Words, broken over lines that begin at HELP_COLUMN. */
static void put_wrapped(cli_bytes *out, size_t line_start, const char *text) {
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (out->length - line_start + word > HELP_WIDTH) {
            out->length -= out->data[out->length - 1] == ' ' ? 1 : 0;
            cli_bytes_append_text(out, "\n");
            line_start = out->length;
            pad_to(out, line_start, HELP_COLUMN);
        }
        cli_bytes_append(out, text, word);
        text += word;
        if (*text == ' ') {
            cli_bytes_append_text(out, " ");
            text++;
        }
    }
    cli_bytes_append_text(out, "\n");
}

static void put_option(cli_bytes *out, const cli_option *option) {
    char text[256];
    char standard[32];
    size_t line_start = out->length;
    const char letter[] = {'-', option->letter, ',', '\0'};
    cli_bytes_format(out, "  %-3s --%s%s%s", option->letter != '\0' ? letter : "", option->name,
                     option->value != NULL ? " " : "", option->value != NULL ? option->value : "");
    if (out->length - line_start + 2 > HELP_COLUMN) {
        cli_bytes_append_text(out, "\n");
        size_t next_line = out->length;
        pad_to(out, next_line, HELP_COLUMN);
    } else {
        pad_to(out, line_start, HELP_COLUMN);
    }
    size_t column_start = out->length - HELP_COLUMN;
    bool number = option->kind == CLI_OPTION_DURATION || option->kind == CLI_OPTION_SIZE ||
                  option->kind == CLI_OPTION_COUNT;
    if (number) {
        cli_option_format(option, cli_option_range(option).standard, standard);
    }
    snprintf(text, sizeof(text), "%s%s%s%s", option->help, number ? " (default: " : "",
             number ? standard : "", number ? ")" : "");
    put_wrapped(out, column_start, text);
}

void cli_help_run(cli_bytes *out) {
    size_t count;
    const cli_option *options = cli_options(&count);
    cli_bytes_append_text(out, run_head);
    for (size_t i = 0; i < count; i++) {
        put_option(out, &options[i]);
    }
    cli_bytes_append_text(out, run_tools);
#define HELP_EXIT(constant, code, meaning) cli_bytes_format(out, "  %-4d %s\n", code, meaning);
    CLI_EXIT_TABLE(HELP_EXIT)
#undef HELP_EXIT
}
