/*
 * Prints js/src/base/tables.ts: what JavaScript has to know of the tables and
 * enumerations of the C headers. Run by script/renew-tables.
 */
#include "addon.h"
#include "pieces.h"
#include "settings.h"

#include "base/json_cut.h"
#include "base/text.h"

#include <hutch/confinement.h>
#include <hutch/version.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Numbers of JavaScript are whole up to here. */
#define SAFE_MAX ((uint64_t)9007199254740991)

/* "tool_call" as toolCall, "invalid argument" as invalidArgument. */
static void print_key(const char *name) {
    bool raise = false;
    for (; *name != '\0'; name++) {
        if (*name == '_' || *name == ' ') {
            raise = true;
        } else {
            (void)putchar(raise ? toupper((unsigned char)*name) : *name);
            raise = false;
        }
    }
}

static void print_string(const char *text) {
    (void)putchar('"');
    for (; *text != '\0'; text++) {
        (void)printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    (void)putchar('"');
}

static void begin_numbers(const char *comment, const char *name) {
    (void)printf("\n/** %s */\nexport const %s = {\n", comment, name);
}

static void print_number(const char *name, uint64_t number) {
    (void)printf("  ");
    print_key(name);
    (void)printf(": %" PRIu64 ",\n", number);
}

static void end_numbers(void) {
    (void)printf("} as const\n");
}

static void print_words(const char *comment, const char *name, const char *const *words,
                        size_t count) {
    (void)printf("\n/** %s */\nexport const %s = [\n", comment, name);
    for (size_t i = 0; i < count; i++) {
        (void)printf("  ");
        print_string(words[i]);
        (void)printf(",\n");
    }
    (void)printf("] as const\n");
}

#define COUNT_OF(list) (sizeof list / sizeof((list)[0]))

/* ---- enumerations ---- */

static void print_addon(void) {
    begin_numbers("Words of the addon's header.", "Header");
    print_number("status", HUTCH_HEADER_STATUS);
    print_number("clock", HUTCH_HEADER_CLOCK);
    print_number("events", HUTCH_HEADER_EVENTS);
    print_number("more", HUTCH_HEADER_MORE);
    print_number("began", HUTCH_HEADER_BEGAN);
    print_number("values", HUTCH_HEADER_VALUES);
    print_number("batch", HUTCH_HEADER_BATCH);
    end_numbers();
    begin_numbers("What there may be after a batch.", "More");
    print_number("none", HUTCH_MORE_NONE);
    print_number("now", HUTCH_MORE_NOW);
    print_number("later", HUTCH_MORE_LATER);
    end_numbers();
    begin_numbers("Words of the header after a piece of JSON.", "Piece");
    print_number("records", HUTCH_PIECE_RECORDS);
    print_number("is_last", HUTCH_PIECE_IS_LAST);
    print_number("first_record", HUTCH_PIECE_FIRST_RECORD);
    end_numbers();
    begin_numbers("What a record of a piece does.", "PieceStep");
    print_number("items", HUTCH_JSON_STEP_ITEMS);
    print_number("array", HUTCH_JSON_STEP_ARRAY);
    print_number("object", HUTCH_JSON_STEP_OBJECT);
    print_number("close", HUTCH_JSON_STEP_CLOSE);
    end_numbers();
    (void)printf("\n/** What a number of the addon says when there is none. */\n"
                 "export const NONE = %" PRIu32 "\n",
                 HUTCH_SLOT_NONE);
    (void)printf(
        "\n/** The length of JSON that comes in pieces. */\nexport const IN_PIECES = %" PRIu32 "\n",
        HUTCH_PIECES_LENGTH);
    (void)printf(
        "\n/** The records of JSON that is a single value: it has no steps, and its one piece is "
        "all of it. */\nexport const SINGLE = %" PRIu32 "\n",
        HUTCH_PIECES_SINGLE);
}

static void print_events(void) {
#define NUMBER(constant, name, ...) print_number(name, constant);
    begin_numbers("hutch_event_type.", "EventType");
    HUTCH_EVENT_TABLE(NUMBER)
    end_numbers();
    begin_numbers("hutch_status.", "Status");
    HUTCH_STATUS_TABLE(NUMBER)
    end_numbers();
#undef NUMBER
#define WORD(constant, name, ...) name,
    static const char *const levels[] = {HUTCH_LOG_LEVEL_TABLE(WORD)};
    static const char *const failures[] = {HUTCH_FAILURE_TABLE(WORD)};
    static const char *const statuses[] = {HUTCH_STATUS_TABLE(WORD)};
#undef WORD
    print_words("The words of hutch_status.", "STATUSES", statuses, COUNT_OF(statuses));
    print_words("The levels of console entries, by hutch_log_level.", "LOG_LEVELS", levels,
                COUNT_OF(levels));
    (void)printf("\n/** How an entry of a level begins where all are one list of texts. */\n"
                 "export const LOG_PREFIXES = {\n");
#define PREFIX(constant, name, prefix) (void)printf("  %s: \"%s\",\n", name, prefix);
    HUTCH_LOG_LEVEL_TABLE(PREFIX)
#undef PREFIX
    end_numbers();
    print_words("Why a run failed, by hutch_failure.", "FAILURES", failures, COUNT_OF(failures));
}

static void print_layers(void) {
    (void)printf("\n/** The layers of confinement. */\nexport const LAYERS = [\n");
#define LAYER(constant, bit, name, required, stops)                                                \
    (void)printf("  { name: \"%s\", bit: %u, required: %s, stops: ", name, (unsigned)(constant),   \
                 (required) ? "true" : "false");                                                   \
    print_string(stops);                                                                           \
    (void)printf(" },\n");
    HUTCH_LAYER_TABLE(LAYER)
#undef LAYER
    (void)printf("] as const\n");
}

static void print_unsafe(void) {
    (void)printf("\n/** Characters that must not reach a terminal as they are. */\n"
                 "export const UNSAFE_CHARACTERS = [\n");
#define RANGE(first, last, meaning) (void)printf("  { first: 0x%x, last: 0x%x },\n", first, last);
    HUTCH_TEXT_UNSAFE_TABLE(RANGE)
#undef RANGE
    (void)printf("] as const\n");
}

/* ---- options ---- */

static const char *const kinds[] = {
    [HUTCH_OPTION_FLAG] = "flag",     [HUTCH_OPTION_CHOICE] = "choice",
    [HUTCH_OPTION_WHOLE] = "whole",   [HUTCH_OPTION_LIMIT] = "limit",
    [HUTCH_OPTION_DOMAIN] = "domain", [HUTCH_OPTION_GIVEN] = "given",
};

static void print_value(const hutch_option *row, uint64_t word) {
    bool is_signed = row->type == HUTCH_OPTION_INT32 || row->type == HUTCH_OPTION_INT64;
    if (row->kind == HUTCH_OPTION_LIMIT && word == HUTCH_NO_LIMIT) {
        (void)printf("Infinity");
    } else if (is_signed) {
        (void)printf("%" PRId64, (int64_t)word);
    } else {
        (void)printf("%" PRIu64, word < SAFE_MAX ? word : SAFE_MAX);
    }
}

/* The names of a CHOICE are where others have their unit, each after a '|'. */
static void print_choices(const char *names) {
    (void)printf("[");
    while (*names == '|') {
        size_t length = strcspn(names + 1, "|");
        (void)printf("\"%.*s\"", (int)length, names + 1);
        names += 1 + length;
        (void)printf("%s", *names == '|' ? ", " : "");
    }
    (void)printf("]");
}

/* @param given  the place of the element that says whether this is given; -1: it always is */
static void print_option(const hutch_option *row, size_t place, int given) {
    bool is_choice = row->kind == HUTCH_OPTION_CHOICE;
    (void)printf("  {\n    option: \"%s\",\n    kind: \"%s\",\n    choices: ", row->option,
                 kinds[row->kind]);
    print_choices(is_choice ? row->unit : "");
    (void)printf(",\n    unit: \"%s\",\n    standard: ", is_choice ? "" : row->unit);
    print_value(row, row->standard);
    (void)printf(",\n    minimum: ");
    print_value(row, row->minimum);
    (void)printf(",\n    maximum: ");
    print_value(row, row->maximum);
    (void)printf(",\n    place: %zu,\n    given: %d,\n    meaning: ", place, given);
    print_string(row->meaning);
    (void)printf(",\n  },\n");
}

/* Those that have a name in JavaScript. */
static void print_options(const hutch_option *rows, size_t count, size_t place) {
    for (size_t i = 0; i < count; i++) {
        bool is_given = i > 0 && rows[i - 1].kind == HUTCH_OPTION_GIVEN;
        if (rows[i].option[0] != '\0') {
            print_option(&rows[i], place + i, is_given ? (int)(place + i - 1) : -1);
        }
    }
}

/* All elements as they are where nothing is asked for. */
static void print_standards(const hutch_option *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        (void)printf("  ");
        print_value(&rows[i], rows[i].standard);
        (void)printf(",\n");
    }
}

static void print_option_tables(void) {
    (void)printf(
        "\n/** The options of a context, but its tools. */\nexport const CONTEXT_OPTIONS = [\n");
    print_options(hutch_limit_rows, HUTCH_LIMIT_ROWS, 0);
    print_options(hutch_isolate_rows, HUTCH_ISOLATE_ROWS, HUTCH_LIMIT_ROWS);
    print_options(hutch_context_rows, HUTCH_CONTEXT_ROWS, HUTCH_LIMIT_ROWS + HUTCH_ISOLATE_ROWS);
    (void)printf("] as const\n\n/** The settings of a context that asks for nothing. */\n"
                 "export const CONTEXT_STANDARDS = [\n");
    print_standards(hutch_limit_rows, HUTCH_LIMIT_ROWS);
    print_standards(hutch_isolate_rows, HUTCH_ISOLATE_ROWS);
    print_standards(hutch_context_rows, HUTCH_CONTEXT_ROWS);
    (void)printf("] as const\n\n/** The options of a pool, but its program. */\n"
                 "export const POOL_OPTIONS = [\n");
    print_options(hutch_pool_rows, HUTCH_POOL_ROWS, 0);
    (void)printf("] as const\n\n/** The settings of a pool that asks for nothing. */\n"
                 "export const POOL_STANDARDS = [\n");
    print_standards(hutch_pool_rows, HUTCH_POOL_ROWS);
    (void)printf("] as const\n\n/** The options of a run that are its context's otherwise. */\n"
                 "export const RUN_OPTIONS = [\n");
    print_options(hutch_run_rows, HUTCH_RUN_ROWS, 0);
    (void)printf("] as const\n");
}

int main(void) {
    (void)printf(
        "/**\n * The tables and enumerations of the C headers. Made by script/renew-tables: not to "
        "be edited.\n */\n");
    (void)printf(
        "\n/** Of the library; the package has the same. */\nexport const VERSION = \"%s\"\n",
        HUTCH_VERSION);
    print_addon();
    print_events();
    print_layers();
    print_unsafe();
    print_option_tables();
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
