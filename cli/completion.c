/* Completions; see completion.h. */
#include "completion.h"

#include "exit_code.h"
#include "help.h"
#include "help_options.h"
#include "options.h"
#include "report.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Who wants to know of an option, and of a command. */
typedef void visit(cli_bytes *out, const char *command, const cli_help_option *option);

static char *help_of(const cli_topic *topic, cli_bytes *text) {
    *text = (cli_bytes){.data = NULL};
    topic->help(text);
    cli_bytes_append(text, "", 1);
    return text->data;
}

static void visit_options(cli_bytes *out, const cli_topic *topic, visit *each) {
    cli_bytes text;
    cli_help_option option;
    const char *at = help_of(topic, &text);
    bool found;
    do {
        found = cli_help_option_next(&at, &option);
        if (found) {
            each(out, topic->name, &option);
        }
        cli_help_option_free(&option);
    } while (found);
    cli_bytes_free(&text);
}

/* The commands, as `hutch help` lists them. */
static void visit_commands(cli_bytes *out, visit *each) {
    cli_bytes text;
    cli_help_option command;
    static const cli_topic all = {"", cli_help_command};
    const char *at = help_of(&all, &text);
    bool found;
    do {
        found = cli_help_command_next(&at, &command);
        if (found) {
            each(out, "", &command);
        }
        cli_help_option_free(&command);
    } while (found);
    cli_bytes_free(&text);
}

/* Of every command that has some. */
static void visit_all_options(cli_bytes *out, visit *each) {
    size_t count;
    const cli_topic *topics = cli_topics(&count);
    for (size_t i = 0; i < count; i++) {
        visit_options(out, &topics[i], each);
    }
}

static bool names_a_file(const cli_help_option *option) {
    return strcmp(option->value.data, "FILE") == 0;
}

/* "|wait|deliver|fail" of an option of `hutch run`; "": it is none of a few words. */
static const char *choices_of(const char *command, const cli_help_option *option) {
    size_t count;
    const cli_option *options = cli_options(&count);
    for (size_t i = 0; strcmp(command, "run") == 0 && i < count; i++) {
        if (options[i].kind == CLI_OPTION_CHOICE &&
            strcmp(options[i].name, option->name.data) == 0) {
            return cli_option_names(&options[i]);
        }
    }
    return "";
}

/* The choices, each with a space before it. */
static void put_choices(cli_bytes *out, const char *choices) {
    for (; *choices != '\0'; choices++) {
        cli_bytes_append(out, *choices == '|' ? " " : choices, 1);
    }
}

/* A text inside of a shell's '', in which ' ends it; brackets and colons mean something to zsh. */
static void put_quoted(cli_bytes *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            cli_bytes_append_text(out, "'\\''");
        } else {
            cli_bytes_append_text(out, strchr("[]:", *text) != NULL ? "\\" : "");
            cli_bytes_append(out, text, 1);
        }
    }
}

static void bash_word(cli_bytes *out, const char *command, const cli_help_option *option) {
    (void)command;
    cli_bytes_format(out, " --%s", option->name.data);
    if (option->letter != '\0') {
        cli_bytes_format(out, " -%c", option->letter);
    }
}

static void bash_command(cli_bytes *out, const char *command, const cli_help_option *option) {
    (void)command;
    cli_bytes_format(out, " %s", option->name.data);
}

/* What may stand after an option that takes a value: files, a few words, or what nobody can guess. */
static void bash_value(cli_bytes *out, const char *command, const cli_help_option *option) {
    if (option->value.length == 0) {
        return;
    }
    cli_bytes_format(out, "        '%s --%s'", command, option->name.data);
    if (option->letter != '\0') {
        cli_bytes_format(out, " | '%s -%c'", command, option->letter);
    }
    if (names_a_file(option)) {
        cli_bytes_append_text(out, ") files=yes ;;\n");
    } else {
        cli_bytes_append_text(out, ") words='");
        put_choices(out, choices_of(command, option));
        cli_bytes_append_text(out, "' files= ;;\n");
    }
}

static void complete_bash(cli_bytes *out) {
    size_t count;
    const cli_topic *topics = cli_topics(&count);
    cli_bytes_append_text(out, "# Completion of hutch for bash, made by hutch completion bash.\n"
                               "_hutch() {\n"
                               "    local word=${COMP_WORDS[COMP_CWORD]} words= files=\n"
                               "    if [ \"$COMP_CWORD\" -le 1 ]; then\n"
                               "        words='--help --version");
    visit_commands(out, bash_command);
    cli_bytes_append_text(out, "'\n"
                               "    elif [[ $word == -?* ]]; then\n"
                               "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < count; i++) {
        cli_bytes_format(out, "        %s) words='", topics[i].name);
        visit_options(out, &topics[i], bash_word);
        cli_bytes_append_text(out, "' ;;\n");
    }
    cli_bytes_append_text(out,
                          "        esac\n"
                          "    else\n"
                          "        files=yes\n"
                          "        case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}\" in\n");
    cli_bytes_append_text(out, "        'completion completion') words='bash zsh fish' files= ;;\n"
                               "        'help help') words='");
    visit_commands(out, bash_command);
    cli_bytes_append_text(out, "' files= ;;\n");
    visit_all_options(out, bash_value);
    cli_bytes_append_text(
        out, "        esac\n"
             "    fi\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"$words\" ${files:+-f} -- \"$word\")\n"
             "}\n"
             "complete -o filenames -F _hutch hutch\n");
}

static void zsh_option(cli_bytes *out, const char *command, const cli_help_option *option) {
    const char *name = option->name.data;
    cli_bytes_append_text(out, " \\\n            ");
    if (option->letter != '\0') {
        cli_bytes_format(out, "'(-%c --%s)'{-%c,--%s}'", option->letter, name, option->letter,
                         name);
    } else {
        cli_bytes_format(out, "'--%s", name);
    }
    cli_bytes_append_text(out, "[");
    put_quoted(out, option->text.data);
    cli_bytes_append_text(out, "]");
    if (option->value.length > 0) {
        cli_bytes_format(out, ":%s:", option->value.data);
        const char *choices = choices_of(command, option);
        if (*choices != '\0') {
            cli_bytes_append_text(out, "(");
            put_choices(out, choices);
            cli_bytes_append_text(out, ")");
        }
        cli_bytes_append_text(out, names_a_file(option) ? "_files" : "");
    }
    cli_bytes_append_text(out, "'");
}

static void zsh_command(cli_bytes *out, const char *command, const cli_help_option *option) {
    (void)command;
    cli_bytes_format(out, "        '%s:", option->name.data);
    put_quoted(out, option->text.data);
    cli_bytes_append_text(out, "'\n");
}

static void complete_zsh(cli_bytes *out) {
    size_t count;
    const cli_topic *topics = cli_topics(&count);
    cli_bytes_append_text(out, "#compdef hutch\n"
                               "# Completion of hutch for zsh, made by hutch completion zsh.\n"
                               "_hutch() {\n"
                               "    local -a commands=(\n");
    visit_commands(out, zsh_command);
    cli_bytes_append_text(out, "    )\n"
                               "    if (( CURRENT == 2 )); then\n"
                               "        _describe command commands\n"
                               "        return\n"
                               "    fi\n"
                               "    local command=$words[2]\n"
                               "    shift words\n"
                               "    (( CURRENT-- ))\n"
                               "    case $command in\n"
                               "        help) _describe command commands ;;\n"
                               "        completion) _values shell bash zsh fish ;;\n");
    for (size_t i = 0; i < count; i++) {
        if (strcmp(topics[i].name, "help") != 0 && strcmp(topics[i].name, "completion") != 0) {
            cli_bytes_format(out, "        %s) _arguments", topics[i].name);
            visit_options(out, &topics[i], zsh_option);
            cli_bytes_append_text(out, " \\\n            '*:file:_files' ;;\n");
        }
    }
    cli_bytes_append_text(out, "    esac\n"
                               "}\n"
                               "_hutch \"$@\"\n");
}

static void put_fish_text(cli_bytes *out, const char *text) {
    cli_bytes_append_text(out, " -d '");
    for (; *text != '\0'; text++) {
        cli_bytes_append_text(out, *text == '\'' || *text == '\\' ? "\\" : "");
        cli_bytes_append(out, text, 1);
    }
    cli_bytes_append_text(out, "'\n");
}

static void fish_option(cli_bytes *out, const char *command, const cli_help_option *option) {
    const char *choices = choices_of(command, option);
    cli_bytes_format(out, "complete -c hutch -n '__fish_seen_subcommand_from %s' -l %s", command,
                     option->name.data);
    if (option->letter != '\0') {
        cli_bytes_format(out, " -s %c", option->letter);
    }
    if (option->value.length > 0) {
        cli_bytes_append_text(out, names_a_file(option) ? " -r" : " -x");
    }
    if (*choices != '\0') {
        cli_bytes_append_text(out, " -a '");
        put_choices(out, choices);
        cli_bytes_append_text(out, "'");
    }
    put_fish_text(out, option->text.data);
}

static void fish_command(cli_bytes *out, const char *command, const cli_help_option *option) {
    (void)command;
    cli_bytes_format(out, "complete -c hutch -f -n __fish_use_subcommand -a %s", option->name.data);
    put_fish_text(out, option->text.data);
}

static void complete_fish(cli_bytes *out) {
    cli_bytes_append_text(out, "# Completion of hutch for fish, made by hutch completion fish.\n");
    visit_commands(out, fish_command);
    cli_bytes_append_text(out, "complete -c hutch -f -n '__fish_seen_subcommand_from completion' "
                               "-a 'bash zsh fish'\n");
    visit_all_options(out, fish_option);
}

static const struct shell {
    const char *name;
    void (*complete)(cli_bytes *out);
} shells[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};

#define SHELLS (sizeof shells / sizeof shells[0])

static int misuse(const char *what, const char *word) {
    cli_complain_about("%s '%s'; expected bash, zsh or fish", what, word);
    cli_refer_to_help("completion");
    return CLI_EXIT_USAGE;
}

static int print(void (*write)(cli_bytes *)) {
    cli_bytes out = {.data = NULL};
    write(&out);
    fwrite(out.data, 1, out.length, stdout);
    cli_bytes_free(&out);
    return CLI_EXIT_DONE;
}

int cli_completion(int count, char **texts) {
    if (count != 1) {
        return count == 0 ? misuse("no shell after", "completion")
                          : misuse("unexpected argument", texts[1]);
    }
    if (strcmp(texts[0], "--help") == 0 || strcmp(texts[0], "-h") == 0) {
        return print(cli_help_completion);
    }
    for (size_t i = 0; i < SHELLS; i++) {
        if (strcmp(texts[0], shells[i].name) == 0) {
            return print(shells[i].complete);
        }
    }
    return misuse("unknown shell", texts[0]);
}
