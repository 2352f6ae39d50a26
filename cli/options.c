/* The options of `hutch run`; see options.h. */
#include "options.h"

#include "units.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT(field) offsetof(cli_arguments, isolate.limits.field)
#define ISOLATE(field) offsetof(cli_arguments, isolate.field)
#define MEMBER(name) offsetof(cli_arguments, name)

static const cli_option options[] = {
    {"tool", 't', CLI_OPTION_TOOL, MEMBER(tools), "NAME=COMMAND",
     "give the program the async function NAME, which runs COMMAND with /bin/sh; repeatable"},
    {"timeout", 0, CLI_OPTION_DURATION, LIMIT(timeout_ms), "DURATION",
     "longest time from start to end, waiting for tools included"},
    {"cpu-time", 0, CLI_OPTION_DURATION, LIMIT(cpu_time_ms), "DURATION",
     "most processor time of the program"},
    {"memory", 0, CLI_OPTION_SIZE, LIMIT(memory_bytes), "SIZE", "largest heap of the program"},
    {"stack", 0, CLI_OPTION_SIZE, LIMIT(stack_bytes), "SIZE", "largest stack of the program"},
    {"max-tool-calls", 0, CLI_OPTION_COUNT, LIMIT(tool_calls), "COUNT",
     "most tool calls of the program"},
    {"max-open-input", 0, CLI_OPTION_SIZE, LIMIT(open_input_bytes), "SIZE",
     "most JSON in the inputs of all calls without an answer, one of which has 32MB at most"},
    {"max-tool-output", 0, CLI_OPTION_SIZE, MEMBER(outputs), "SIZE",
     "output of commands that still run, beyond which all but the oldest of them have to wait"},
    {"jobs", 'j', CLI_OPTION_COUNT, MEMBER(jobs), "COUNT",
     "most tool commands that run at the same time"},
    {"javascript", 0, CLI_OPTION_FLAG, MEMBER(javascript), NULL,
     "take the program as JavaScript, even where it reads as TypeScript"},
    {"detached", 0, CLI_OPTION_CHOICE, ISOLATE(detached), "WHAT",
     "wait, deliver or fail: what becomes of tool calls that nobody awaits, when the program has "
     "returned (default: wait)"},
    {"detached-timeout", 0, CLI_OPTION_DURATION, ISOLATE(detached_timeout_ms), "DURATION",
     "longest time that the run goes on for them, within --timeout"},
    {"wrapping", 0, CLI_OPTION_CHOICE, ISOLATE(wrapping), "WHAT",
     "unwrap, refuse or as-is: what becomes of a program in a wrapping, as a markdown fence, a "
     "function that nobody calls or a value that nobody returns (default: unwrap)"},
    {"proto-keys", 0, CLI_OPTION_CHOICE, ISOLATE(proto_keys), "WHAT",
     "drop, keep or error: what becomes of members __proto__ in the JSON of tool inputs and of the "
     "value (default: drop)"},
    {"json", 0, CLI_OPTION_FLAG, MEMBER(json), NULL,
     "print one JSON object with success, value or error, logs and ms"},
    {"quiet", 'q', CLI_OPTION_FLAG, MEMBER(quiet), NULL,
     "do not print what the program writes to its console"},
    {"help", 'h', CLI_OPTION_FLAG, MEMBER(help), NULL, "show this help"},
};

#define OPTION_COUNT (sizeof options / sizeof options[0])

/* Limits by the place of their member. */
static const struct {
    const char *name; /* in the library's messages */
    size_t offset;
    cli_range range;
} limits[] = {
#define LIMIT_ROW(field, option, standard, minimum, maximum, unit, meaning)                        \
    {option, LIMIT(field), {standard, minimum, maximum}},
    HUTCH_LIMITS_TABLE(LIMIT_ROW)
#undef LIMIT_ROW
    /* Of the pool, which is made for one context's memory. */
    {"maxMemoryLimit", LIMIT(memory_bytes), {0, 0, 0}},
};

/* What else an isolate is made with, by the place of its member. */
static const struct {
    size_t offset;
    cli_range range;
    const char *names; /* of a choice, in the order of the numbers, each after a '|' */
} others[] = {
#define OTHER_ROW(field, option, kind, type, standard, minimum, maximum, unit, meaning)            \
    {ISOLATE(field), {(uint64_t)(standard), (uint64_t)(minimum), (uint64_t)(maximum)}, unit},
    HUTCH_ISOLATE_OPTIONS_TABLE(OTHER_ROW)
#undef OTHER_ROW
};

const cli_option *cli_options(size_t *count) {
    *count = OPTION_COUNT;
    return options;
}

cli_range cli_option_range(const cli_option *option) {
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i].offset == option->offset) {
            return limits[i].range;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (others[i].offset == option->offset) {
            return others[i].range;
        }
    }
    return option->offset == MEMBER(outputs)
               ? (cli_range){CLI_OUTPUTS_DEFAULT, CLI_OUTPUTS_MIN, CLI_OUTPUTS_MAX}
               : (cli_range){CLI_JOBS_DEFAULT, CLI_JOBS_MIN, CLI_JOBS_MAX};
}

static const cli_option *option_at(size_t offset) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (options[i].offset == offset) {
            return &options[i];
        }
    }
    return NULL;
}

cli_limit cli_limit_of_name(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (strlen(limits[i].name) == length && memcmp(limits[i].name, name, length) == 0) {
            return (cli_limit){.is_known = true, .option = option_at(limits[i].offset)};
        }
    }
    return (cli_limit){.option = NULL};
}

cli_limit cli_limit_in_message(const char *message, size_t length) {
    for (size_t begin = 0; begin < length;) {
        size_t end = begin;
        bool is_word = true; /* an ordinary one: without a capital inside */
        while (end < length && isalnum((unsigned char)message[end]) != 0) {
            is_word = is_word && (end == begin || isupper((unsigned char)message[end]) == 0);
            end++;
        }
        cli_limit limit = cli_limit_of_name(message + begin, end - begin);
        if (!is_word && limit.is_known) {
            return limit;
        }
        begin = end + 1;
    }
    return (cli_limit){.option = NULL};
}

void cli_option_format(const cli_option *option, uint64_t value, char text[32]) {
    if (value == HUTCH_NO_LIMIT) {
        memcpy(text, "no limit", sizeof("no limit"));
    } else if (option->kind == CLI_OPTION_DURATION) {
        cli_format_duration(value, text);
    } else if (option->kind == CLI_OPTION_SIZE) {
        cli_format_size(value, text);
    } else {
        cli_format_count(value, text);
    }
}

/* Edits (insert, delete, replace) from one word to the other. Words are short. */
static unsigned distance(const char *a, const char *b) {
    enum { LENGTH_MAX = 32 };
    unsigned row[LENGTH_MAX + 1];
    size_t width = strlen(b);
    if (strlen(a) > LENGTH_MAX || width > LENGTH_MAX) {
        return LENGTH_MAX;
    }
    for (unsigned j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= width; j++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);
            unsigned shifted = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shifted ? replaced : shifted;
        }
    }
    return row[width];
}

const char *cli_nearest(const char *wrong, const char *const *known, size_t count) {
    const char *nearest = NULL;
    unsigned least = 3;
    for (size_t i = 0; i < count; i++) {
        unsigned edits = distance(wrong, known[i]);
        bool begins = strlen(wrong) > 1 && strncmp(wrong, known[i], strlen(wrong)) == 0;
        if (begins || (edits < least && edits < strlen(known[i]))) {
            nearest = known[i];
            least = begins ? 1 : edits;
        }
    }
    return nearest;
}

static void complain_unknown(const char *name, cli_bytes *error) {
    const char *names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        names[i] = options[i].name;
    }
    const char *nearest = cli_nearest(name, names, OPTION_COUNT);
    cli_bytes_format(error, "unknown option --%s", name);
    if (nearest != NULL) {
        cli_bytes_format(error, "; did you mean --%s?", nearest);
    }
}

static const cli_option *find_long(const char *name, size_t length) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

static const cli_option *find_letter(char letter) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (letter != '\0' && options[i].letter == letter) {
            return &options[i];
        }
    }
    return NULL;
}

static bool add_tool(cli_arguments *arguments, const char *value, cli_bytes *error) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value || equals[1] == '\0') {
        cli_bytes_format(error, "--tool: '%s' is not NAME=COMMAND", value);
        return false;
    }
    size_t length = (size_t)(equals - value);
    for (size_t i = 0; i < arguments->tool_count; i++) {
        const hutch_text *other = &arguments->tools[i].name;
        if (other->length == length && memcmp(other->data, value, length) == 0) {
            cli_bytes_format(error, "--tool: '%.*s' is given twice; each tool needs its own name",
                             (int)length, value);
            return false;
        }
    }
    arguments->tools =
        cli_resize(arguments->tools, arguments->tool_count + 1, sizeof arguments->tools[0]);
    arguments->tools[arguments->tool_count++] =
        (cli_tool){.name = {value, length}, .command = equals + 1};
    return true;
}

static bool parse_number(const cli_option *option, const char *value, uint64_t *number) {
    switch (option->kind) {
    case CLI_OPTION_DURATION:
        return cli_parse_duration(value, number);
    case CLI_OPTION_SIZE:
        return cli_parse_size(value, number);
    case CLI_OPTION_COUNT:
    case CLI_OPTION_FLAG:
    case CLI_OPTION_TOOL:
    case CLI_OPTION_CHOICE:
    default:
        return cli_parse_count(value, number);
    }
}

static const char *describe_kind(cli_option_kind kind) {
    return kind == CLI_OPTION_DURATION ? "not a duration: expected 500ms, 2s or 1m"
           : kind == CLI_OPTION_SIZE   ? "not a size: expected 64MB or 1GB"
                                       : "not a count: expected a whole number";
}

static bool set_number(const cli_option *option, const char *value, void *member,
                       cli_bytes *error) {
    char least[CLI_UNIT_TEXT];
    char most[CLI_UNIT_TEXT];
    uint64_t number;
    cli_range range = cli_option_range(option);
    if (!parse_number(option, value, &number)) {
        cli_bytes_format(error, "--%s: '%s' is %s", option->name, value,
                         describe_kind(option->kind));
        return false;
    }
    if (number < range.minimum || number > range.maximum) {
        cli_option_format(option, range.minimum, least);
        cli_option_format(option, range.maximum, most);
        cli_bytes_format(error, "--%s: '%s' is out of range; expected %s to %s", option->name,
                         value, least, most);
        return false;
    }
    memcpy(member, &number, sizeof number);
    return true;
}

const char *cli_option_names(const cli_option *option) {
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (others[i].offset == option->offset) {
            return others[i].names;
        }
    }
    return "";
}

/* "|a|b|c" as "a, b or c". */
static void add_names(const char *names, cli_bytes *error) {
    while (*names == '|') {
        size_t length = strcspn(names + 1, "|");
        cli_bytes_append(error, names + 1, length);
        names += 1 + length;
        if (*names == '|') {
            cli_bytes_format(error, "%s", strchr(names + 1, '|') != NULL ? ", " : " or ");
        }
    }
}

static bool set_choice(const cli_option *option, const char *value, void *member,
                       cli_bytes *error) {
    unsigned number = 0;
    for (const char *name = cli_option_names(option); *name == '|'; number++) {
        size_t length = strcspn(name + 1, "|");
        if (strlen(value) == length && memcmp(value, name + 1, length) == 0) {
            memcpy(member, &number, sizeof number);
            return true;
        }
        name += 1 + length;
    }
    cli_bytes_format(error, "--%s: '%s' is not a choice; expected ", option->name, value);
    add_names(cli_option_names(option), error);
    return false;
}

_Static_assert(sizeof(hutch_proto_keys) == sizeof(unsigned) &&
                   sizeof(hutch_detached) == sizeof(unsigned) &&
                   sizeof(hutch_wrapping) == sizeof(unsigned),
               "a choice is set by its number");
_Static_assert(sizeof(((cli_arguments *)0)->isolate.detached_timeout_ms) == sizeof(uint64_t),
               "a number is set whole");

static bool set_option(cli_arguments *arguments, const cli_option *option, const char *value,
                       cli_bytes *error) {
    static const bool yes = true;
    char *member = (char *)arguments + option->offset;
    switch (option->kind) {
    case CLI_OPTION_FLAG:
        memcpy(member, &yes, sizeof yes);
        return true;
    case CLI_OPTION_TOOL:
        return add_tool(arguments, value, error);
    case CLI_OPTION_CHOICE:
        return set_choice(option, value, member, error);
    case CLI_OPTION_DURATION:
    case CLI_OPTION_SIZE:
    case CLI_OPTION_COUNT:
    default:
        return set_number(option, value, member, error);
    }
}

/* The words of a command line, one after another. */
typedef struct words {
    char **texts;
    int count;
    int next;
} words;

static bool take_value(cli_arguments *arguments, words *line, const cli_option *option,
                       const char *value, cli_bytes *error) {
    bool is_flag = option->kind == CLI_OPTION_FLAG;
    if (is_flag && value != NULL) {
        cli_bytes_format(error, "--%s takes no value", option->name);
        return false;
    }
    if (!is_flag && value == NULL) {
        if (line->next == line->count) {
            cli_bytes_format(error, "--%s needs a value; expected %s", option->name, option->value);
            return false;
        }
        value = line->texts[line->next++];
    }
    return set_option(arguments, option, value, error);
}

static bool take_name(cli_arguments *arguments, words *line, const char *name, cli_bytes *error) {
    size_t length = strcspn(name, "=");
    const cli_option *option = find_long(name, length);
    if (option == NULL) {
        char shown[64];
        snprintf(shown, sizeof shown, "%.*s", (int)(length < 60 ? length : 60), name);
        complain_unknown(shown, error);
        return false;
    }
    return take_value(arguments, line, option, name[length] == '=' ? name + length + 1 : NULL,
                      error);
}

/* Flags, one after another, and at the end perhaps an option with its value: -qj2. */
static bool take_letters(cli_arguments *arguments, words *line, const char *letters,
                         cli_bytes *error) {
    bool taken = true;
    while (taken && *letters != '\0') {
        const cli_option *option = find_letter(*letters);
        if (option == NULL) {
            cli_bytes_format(error, "unknown option -%.1s", letters);
            return false;
        }
        bool is_flag = option->kind == CLI_OPTION_FLAG;
        const char *value = !is_flag && letters[1] != '\0' ? letters + 1 : NULL;
        taken = take_value(arguments, line, option, value, error);
        letters = is_flag ? letters + 1 : "";
    }
    return taken;
}

static bool take_option(cli_arguments *arguments, words *line, const char *word, cli_bytes *error) {
    return word[1] == '-' ? take_name(arguments, line, word + 2, error)
                          : take_letters(arguments, line, word + 1, error);
}

static bool take_file(cli_arguments *arguments, const char *word, cli_bytes *error) {
    if (arguments->file != NULL) {
        cli_bytes_format(error, "unexpected argument '%s'; expected one FILE", word);
        return false;
    }
    arguments->file = word;
    return true;
}

bool cli_arguments_parse(int count, char **texts, cli_arguments *arguments, cli_bytes *error) {
    words line = {.texts = texts, .count = count};
    bool options_end = false;
    *arguments = (cli_arguments){.jobs = CLI_JOBS_DEFAULT, .outputs = CLI_OUTPUTS_DEFAULT};
    hutch_isolate_options_init(&arguments->isolate);
    arguments->isolate.wrapping = HUTCH_WRAPPING_UNWRAP;
    while (line.next < line.count) {
        const char *word = line.texts[line.next++];
        bool is_option = !options_end && word[0] == '-' && word[1] != '\0';
        if (is_option && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!(is_option ? take_option(arguments, &line, word, error)
                               : take_file(arguments, word, error))) {
            return false;
        }
    }
    if (arguments->file == NULL && !arguments->help) {
        cli_bytes_append_text(error, "no program; expected a FILE, or - for standard input");
        return false;
    }
    return true;
}

void cli_arguments_free(cli_arguments *arguments) {
    free(arguments->tools);
    *arguments = (cli_arguments){.tools = NULL};
}
