/**
 * @file exit_code.h
 * How the command ends. One table feeds the enum, the help and the tests.
 */
#ifndef HUTCH_CLI_EXIT_CODE_H
#define HUTCH_CLI_EXIT_CODE_H

#define CLI_EXIT_TABLE(X)                                                                          \
    X(CLI_EXIT_DONE, 0, "the program ran to its end")                                              \
    X(CLI_EXIT_PROGRAM, 1, "the program failed")                                                   \
    X(CLI_EXIT_USAGE, 2, "the command line or FILE is wrong")                                      \
    X(CLI_EXIT_LIMIT, 3, "a limit was met: time, memory, stack or size")                           \
    X(CLI_EXIT_HOST, 4, "this machine could not run the program, or its worker died")              \
    X(CLI_EXIT_INTERRUPTED, 130, "interrupted (128 and the signal's number)")                      \
    X(CLI_EXIT_READER, 141, "nobody reads its output any more, as of a program that SIGPIPE ends")

typedef enum cli_exit {
#define CLI_EXIT_ENUM(constant, code, meaning) constant = (code),
    CLI_EXIT_TABLE(CLI_EXIT_ENUM)
#undef CLI_EXIT_ENUM
} cli_exit;

#endif
