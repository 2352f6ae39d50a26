/* `hutch doctor`; see doctor.h. */
#include "doctor.h"

#include "bytes.h"
#include "exit_code.h"
#include "help.h"
#include "options.h"
#include "report.h"

#include <hutch/hutch.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct layer {
    const char *name;
    hutch_layer bit;
    bool required;
    const char *stops;
} layer;

static const layer layers[] = {
#define LAYER(constant, bit, name, required, stops) {name, constant, required, stops},
    HUTCH_LAYER_TABLE(LAYER)
#undef LAYER
};

#define LAYER_COUNT (sizeof layers / sizeof layers[0])

static bool is_on(const hutch_confinement *found, const layer *asked) {
    return (found->on & (uint32_t)asked->bit) != 0;
}

/* Names and texts of the table need no escapes. */
static void put_json(cli_bytes *out, const hutch_confinement *found) {
    cli_bytes_format(out, "{\"complete\":%s,\"layers\":[", found->missing == 0 ? "true" : "false");
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        cli_bytes_format(out, "%s{\"name\":\"%s\",\"on\":%s,\"required\":%s,\"stops\":\"%s\"}",
                         i == 0 ? "" : ",", layers[i].name,
                         is_on(found, &layers[i]) ? "true" : "false",
                         layers[i].required ? "true" : "false", layers[i].stops);
    }
    cli_bytes_append_text(out, "]}\n");
}

static void put_table(cli_bytes *out, const hutch_confinement *found) {
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        cli_bytes_format(out, "%-4s %-17s %s\n", is_on(found, &layers[i]) ? "on" : "OFF",
                         layers[i].name, layers[i].stops);
    }
    cli_bytes_append_text(out, found->missing == 0
                                   ? "Every required layer is on.\n"
                                   : "A required layer is off: this is a build for tests.\n");
}

/* A moment each: a machine that is busy may need some. */
enum { QUESTIONS_MOST = 40 };

/* Asks a pool that has nothing else to do. */
static bool examine(hutch_confinement *found, hutch_error *error) {
    hutch_pool_options options;
    hutch_pool *pool = NULL;
    hutch_pool_options_init(&options);
    options.spare = 0;
    hutch_status status = hutch_pool_new(&options, &pool, error);
    if (status == HUTCH_OK) {
        for (int i = 0; i < QUESTIONS_MOST; i++) {
            status = hutch_pool_get_confinement(pool, found, error);
            if (status != HUTCH_UNAVAILABLE) {
                break;
            }
        }
        hutch_pool_free(pool);
    }
    return status == HUTCH_OK;
}

static int report(bool json) {
    hutch_confinement found = {.size = sizeof found};
    hutch_error error;
    cli_bytes out = {.data = NULL};
    if (!examine(&found, &error)) {
        cli_complain(error.message);
        return CLI_EXIT_HOST;
    }
    if (json) {
        put_json(&out, &found);
    } else {
        put_table(&out, &found);
    }
    fwrite(out.data, 1, out.length, stdout);
    cli_bytes_free(&out);
    return found.missing == 0 ? CLI_EXIT_DONE : CLI_EXIT_HOST;
}

static int show_help(void) {
    cli_bytes text = {.data = NULL};
    cli_help_doctor(&text);
    fwrite(text.data, 1, text.length, stdout);
    cli_bytes_free(&text);
    return CLI_EXIT_DONE;
}

static int complain_unknown(const char *word) {
    static const char *const known[] = {"--json", "--help"};
    const char *nearest = cli_nearest(word, known, sizeof known / sizeof known[0]);
    bool is_option = word[0] == '-';
    cli_complain_about("%s '%s'%s%s%s", is_option ? "unknown option" : "unexpected argument", word,
                       nearest != NULL ? "; did you mean "
                       : is_option     ? ""
                                       : "; expected none",
                       nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    cli_refer_to_help("doctor");
    return CLI_EXIT_USAGE;
}

int cli_doctor(int count, char **texts) {
    bool json = false;
    for (int i = 0; i < count; i++) {
        if (strcmp(texts[i], "--help") == 0 || strcmp(texts[i], "-h") == 0) {
            return show_help();
        }
        if (strcmp(texts[i], "--json") != 0) {
            return complain_unknown(texts[i]);
        }
        json = true;
    }
    return report(json);
}
