/* `hutch check`; see check.h. */
#include "check.h"

#include "bytes.h"
#include "exit_code.h"
#include "help.h"
#include "options.h"
#include "report.h"
#include "units.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The script of the package, which takes the same options. */
#define SCRIPT "check-command.js"
#define PACKAGE_SCRIPT "/node_modules/@hutch/isolate/dist/" SCRIPT
/* Range of --timeout in ms: that of checkProgram(). */
#define TIMEOUT_MAX ((uint64_t)INT32_MAX)

typedef struct arguments {
    const char *file;  /* "-": standard input */
    const char *tools; /* NULL: none */
    const char *timeout;
    bool json;
    bool help;
} arguments;

/* Where the words of the command line are read. */
typedef struct reader {
    int count;
    char **texts;
    int next;
    bool only_files; /* after `--` */
} reader;

static bool complain(const char *what, const char *word, const char *more) {
    cli_complain_about("%s '%s'%s", what, word, more);
    cli_refer_to_help("check");
    return false;
}

static bool complain_unknown(const char *word) {
    static const char *const known[] = {"--tools", "--timeout", "--json", "--help"};
    char more[64] = "";
    const char *nearest = cli_nearest(word, known, sizeof known / sizeof known[0]);
    if (nearest != NULL) {
        snprintf(more, sizeof more, "; did you mean %s?", nearest);
    }
    return complain("unknown option", word, more);
}

/* Whether a word is the option, alone or with a value in the same word. */
static bool is_option(const char *word, const char *name, char letter, const char **value) {
    size_t length = strlen(name);
    *value = NULL;
    if (strncmp(word, name, length) == 0 && (word[length] == '\0' || word[length] == '=')) {
        *value = word[length] == '=' ? word + length + 1 : NULL;
        return true;
    }
    if (letter != '\0' && word[0] == '-' && word[1] == letter) {
        *value = word[2] != '\0' ? word + 2 : NULL;
        return true;
    }
    return false;
}

/* The value of the option that the present word is. */
static bool take_value(reader *r, const char *value, const char *expected, const char **into) {
    const char *word = r->texts[r->next];
    if (value == NULL && r->next + 1 == r->count) {
        return complain("no value after", word, expected);
    }
    *into = value != NULL ? value : r->texts[++r->next];
    return true;
}

static bool take_timeout(reader *r, const char *value, arguments *a) {
    uint64_t ms;
    if (!take_value(r, value, "; expected a DURATION", &a->timeout)) {
        return false;
    }
    return (cli_parse_duration(a->timeout, &ms) && ms >= 1 && ms <= TIMEOUT_MAX) ||
           complain("--timeout:", a->timeout,
                    " is not a duration from 1ms: expected 500ms, 2s or 1m");
}

static bool take_file(const char *word, arguments *a) {
    if (a->file != NULL) {
        return complain("unexpected argument", word, "; expected one FILE");
    }
    a->file = word;
    return true;
}

static bool take_word(reader *r, arguments *a) {
    const char *word = r->texts[r->next];
    const char *value;
    if (r->only_files || word[0] != '-' || word[1] == '\0') {
        return take_file(word, a);
    }
    if (strcmp(word, "--") == 0) {
        r->only_files = true;
    } else if (strcmp(word, "--json") == 0) {
        a->json = true;
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        a->help = true;
    } else if (is_option(word, "--tools", 't', &value)) {
        return take_value(r, value, "; expected a FILE", &a->tools);
    } else if (is_option(word, "--timeout", '\0', &value)) {
        return take_timeout(r, value, a);
    } else {
        return complain_unknown(word);
    }
    return true;
}

static bool parse(int count, char **texts, arguments *a) {
    reader r = {.count = count, .texts = texts};
    for (; r.next < count; r.next++) {
        if (!take_word(&r, a)) {
            return false;
        }
    }
    if (a->file == NULL && !a->help) {
        cli_complain("no program; expected a FILE, or - for standard input");
        cli_refer_to_help("check");
        return false;
    }
    if (a->file != NULL && a->tools != NULL && strcmp(a->file, "-") == 0 &&
        strcmp(a->tools, "-") == 0) {
        return complain("FILE and --tools are both", "-", "; standard input can be one of them");
    }
    return true;
}

/* A path as text that ends with NUL; whether there is such a file. */
static bool is_there(cli_bytes *path, const char *folder, size_t length, const char *file) {
    path->length = 0;
    cli_bytes_append(path, folder, length);
    cli_bytes_append(path, file, strlen(file) + 1);
    return access(path->data, R_OK) == 0;
}

/* Where the package has started this program from. */
static bool find_named(cli_bytes *path) {
    const char *folder = getenv("HUTCH_PACKAGE");
    return folder != NULL && is_there(path, folder, strlen(folder), "/" SCRIPT);
}

/* Beside this program, as in a build from source, or beside the package that has it, where npm has put
 * both. */
static bool find_beside(cli_bytes *path) {
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    const char *slash = length > 0 ? memrchr(self, '/', (size_t)length) : NULL;
    return slash != NULL &&
           (is_there(path, self, (size_t)(slash - self), "/" SCRIPT) ||
            is_there(path, self, (size_t)(slash - self), "/../isolate/dist/" SCRIPT));
}

/* In this folder's packages, or in those of a folder above it. */
static bool find_above(cli_bytes *path) {
    char *folder = getcwd(NULL, 0);
    size_t length = folder != NULL ? strlen(folder) : 0;
    bool found = false;
    while (folder != NULL && !found) {
        found = is_there(path, folder, length, PACKAGE_SCRIPT);
        if (length == 0) {
            break;
        }
        const char *slash = memrchr(folder, '/', length);
        length = slash != NULL ? (size_t)(slash - folder) : 0;
    }
    free(folder);
    return found;
}

/* Most words before the script, and after it. */
#define RUNTIME_WORDS 4
#define SCRIPT_WORDS 9

static const char *const runtimes[][RUNTIME_WORDS] = {
    {"node"}, {"bun", "run"}, {"deno", "run", "--allow-all", "--quiet"}};

/* The command line of a runtime, which ends with NULL. */
static void put_words(const char **words, const char *const *runtime, const char *script,
                      const arguments *a, const char *timeout) {
    for (int i = 0; i < RUNTIME_WORDS && runtime[i] != NULL; i++) {
        *words++ = runtime[i];
    }
    *words++ = script;
    if (a->json) {
        *words++ = "--json";
    }
    if (a->tools != NULL) {
        *words++ = "--tools";
        *words++ = a->tools;
    }
    if (a->timeout != NULL) {
        *words++ = "--timeout";
        *words++ = timeout;
    }
    *words++ = "--";
    *words++ = a->file;
    *words = NULL;
}

/* Become the first runtime that there is. */
static void become_runtime(const char *script, const arguments *a) {
    char timeout[CLI_UNIT_TEXT];
    uint64_t ms = 0;
    if (a->timeout != NULL) {
        cli_parse_duration(a->timeout, &ms);
    }
    snprintf(timeout, sizeof timeout, "%" PRIu64, ms);
    for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++) {
        const char *words[RUNTIME_WORDS + SCRIPT_WORDS];
        put_words(words, runtimes[i], script, a, timeout);
        execvp(words[0], (char *const *)words);
    }
}

static int check(const arguments *a) {
    cli_bytes script = {.data = NULL};
    if (!find_named(&script) && !find_beside(&script) && !find_above(&script)) {
        cli_complain("'check' is done by the npm package @hutch/isolate, which is neither here nor "
                     "above");
        fputs("Install it with: npm install --save-dev @hutch/isolate typescript\n", stderr);
    } else {
        become_runtime(script.data, a);
        cli_complain("'check' needs Node.js, Bun or Deno, because TypeScript's own compiler does "
                     "the work; none of node, bun and deno on the PATH can be run");
    }
    cli_bytes_free(&script);
    return CLI_EXIT_HOST;
}

int cli_check(int count, char **texts) {
    arguments a = {.file = NULL};
    if (!parse(count, texts, &a)) {
        return CLI_EXIT_USAGE;
    }
    if (a.help) {
        cli_bytes text = {.data = NULL};
        cli_help_check(&text);
        fwrite(text.data, 1, text.length, stdout);
        cli_bytes_free(&text);
        return CLI_EXIT_DONE;
    }
    return check(&a);
}
