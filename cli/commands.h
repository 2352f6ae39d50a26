/**
 * @file commands.h
 * The commands. One table feeds main(), the help and the tests.
 */
#ifndef HUTCH_CLI_COMMANDS_H
#define HUTCH_CLI_COMMANDS_H

/* X(name, what comes after it, what runs it, what `hutch help` says of it, meaning) */
#define CLI_COMMAND_TABLE(X)                                                                       \
    X("run", "FILE", cli_run, cli_help_run, "run a program in a confined worker process")          \
    X("strip", "FILE", cli_strip, cli_help_strip, "turn TypeScript into JavaScript in its place")  \
    X("check", "FILE", cli_check, cli_help_check, "type-check a program against its tools")        \
    X("doctor", "", cli_doctor, cli_help_doctor, "say how well this machine confines workers")     \
    X("completion", "SHELL", cli_completion, cli_help_completion, "print completions for a shell") \
    X("help", "COMMAND", explain, cli_help_command, "explain a command")

#endif
