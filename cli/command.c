/* Running one tool command; see command.h. */
#include "command.h"

#include "keeper.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL "/bin/sh"
#define READ_SIZE ((size_t)65536)
/* What a shell says when it could not be started either. */
#define STATUS_NOT_STARTED 127

/* Which of its descriptors a command waits for, by place. */
enum { POLL_PROCESS, POLL_INPUT, POLL_OUTPUT, POLL_ERRORS };
_Static_assert(POLL_ERRORS + 1 == CLI_COMMAND_POLLS, "one entry a descriptor");

typedef struct pipes {
    int ends[3][2]; /* input, output, errors; [0] is read from */
} pipes;

static void close_descriptor(int *descriptor) {
    if (*descriptor >= 0) {
        close(*descriptor);
        *descriptor = -1;
    }
}

static void close_pipes(pipes *p) {
    for (int i = 0; i < 3; i++) {
        close_descriptor(&p->ends[i][0]);
        close_descriptor(&p->ends[i][1]);
    }
}

/* @param p  without any */
static bool open_pipes(pipes *p) {
    for (int i = 0; i < 3; i++) {
        if (pipe2(p->ends[i], O_CLOEXEC) != 0) {
            close_pipes(p);
            return false;
        }
    }
    return true;
}

/* In the child: only calls that are safe after fork() in a program with threads. */
static _Noreturn void become_shell(const pipes *p, const char *text, pid_t parent) {
    setpgid(0, 0);
    cli_keeper_add(getpid());
    /* The shell dies with us even where we are killed. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
        _exit(STATUS_NOT_STARTED);
    }
    cli_signals_reset();
    if (dup2(p->ends[0][0], STDIN_FILENO) >= 0 && dup2(p->ends[1][1], STDOUT_FILENO) >= 0 &&
        dup2(p->ends[2][1], STDERR_FILENO) >= 0) {
        execl(SHELL, "sh", "-c", text, (char *)NULL);
    }
    _exit(STATUS_NOT_STARTED);
}

/* Take our ends of the pipes, which never block from here on. */
static void take_ends(cli_command *command, pipes *p) {
    command->input = p->ends[0][1];
    command->output = p->ends[1][0];
    command->errors = p->ends[2][0];
    p->ends[0][1] = p->ends[1][0] = p->ends[2][0] = -1;
    fcntl(command->input, F_SETFL, O_NONBLOCK);
    fcntl(command->output, F_SETFL, O_NONBLOCK);
    fcntl(command->errors, F_SETFL, O_NONBLOCK);
}

/* As fork(), and the child's descriptor with it. The child makes system calls only, so that the C library
 * need not know of it. */
static pid_t clone_child(int *process) {
    return (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_PIDFD | SIGCHLD), NULL, process, NULL,
                          NULL);
}

bool cli_command_start(cli_command *command, const char *text, cli_bytes *input) {
    pipes p = {.ends = {{-1, -1}, {-1, -1}, {-1, -1}}};
    pid_t parent = getpid();
    *command = CLI_COMMAND_NONE;
    if (cli_keeper_start() && open_pipes(&p)) {
        command->pid = clone_child(&command->process);
        if (command->pid == 0) {
            become_shell(&p, text, parent);
        }
        if (command->pid > 0) {
            /* Whoever is first, the child or we: the group is there when this returns. */
            setpgid(command->pid, command->pid);
            take_ends(command, &p);
        }
    }
    int reason = errno;
    close_pipes(&p);
    if (command->process < 0) {
        cli_command_free(command);
        errno = reason;
        return false;
    }
    command->input_text = *input;
    *input = (cli_bytes){.data = NULL};
    return true;
}

void cli_command_wait_for(const cli_command *command, bool reads, struct pollfd *polls) {
    polls[POLL_PROCESS] = (struct pollfd){.fd = command->process, .events = POLLIN};
    polls[POLL_INPUT] = (struct pollfd){.fd = command->input, .events = POLLOUT};
    polls[POLL_OUTPUT] = (struct pollfd){.fd = reads ? command->output : -1, .events = POLLIN};
    polls[POLL_ERRORS] = (struct pollfd){.fd = command->errors, .events = POLLIN};
}

static void write_input(cli_command *command) {
    ssize_t put = write(command->input, command->input_text.data + command->input_done,
                        command->input_text.length - command->input_done);
    command->input_done += put > 0 ? (size_t)put : 0;
    /* A command need not read its input. */
    if ((put < 0 && errno != EAGAIN && errno != EINTR) ||
        command->input_done == command->input_text.length) {
        close_descriptor(&command->input);
    }
}

/* Read once. @return whether there may be more now */
static bool read_some(int *descriptor, cli_bytes *text) {
    char *room = cli_bytes_reserve(text, READ_SIZE);
    ssize_t got = read(*descriptor, room, READ_SIZE);
    if (got > 0) {
        text->length += (size_t)got;
        return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_descriptor(descriptor);
    }
    return got < 0 && errno == EINTR;
}

static bool read_output(cli_command *command) {
    bool more = read_some(&command->output, &command->output_text);
    if (command->output_text.length > CLI_TOOL_OUTPUT_MAX) {
        command->overflowed = true;
        close_descriptor(&command->output);
        kill(-command->pid, SIGKILL);
        return false;
    }
    return more;
}

static bool read_errors(cli_command *command) {
    bool more = read_some(&command->errors, &command->error_text);
    if (command->error_text.length > CLI_TOOL_ERROR_MAX) {
        cli_bytes_drop(&command->error_text, command->error_text.length - CLI_TOOL_ERROR_MAX);
    }
    return more;
}

/* The shell has ended: what it wrote is in the pipes; what it left behind is killed. */
static void collect(cli_command *command, cli_command_end *end) {
    kill(-command->pid, SIGKILL);
    while (command->output >= 0 && read_output(command)) {
    }
    for (int i = 0; i < CLI_TOOL_LAST_READS && command->errors >= 0 && read_errors(command); i++) {
    }
    cli_keeper_remove(command->pid);
    while (waitpid(command->pid, &end->status, 0) < 0 && errno == EINTR) {
    }
    command->pid = 0;
    end->overflowed = command->overflowed;
    end->output = command->output_text.data;
    end->output_length = command->output_text.length;
    end->errors = command->error_text.data;
    end->error_length = command->error_text.length;
}

bool cli_command_step(cli_command *command, const struct pollfd *polls, cli_command_end *end) {
    if (polls[POLL_INPUT].revents != 0 && command->input >= 0) {
        write_input(command);
    }
    if (polls[POLL_OUTPUT].revents != 0 && command->output >= 0) {
        read_output(command);
    }
    if (polls[POLL_ERRORS].revents != 0 && command->errors >= 0) {
        read_errors(command);
    }
    if (polls[POLL_PROCESS].revents == 0) {
        return false;
    }
    collect(command, end);
    return true;
}

void cli_command_free(cli_command *command) {
    if (command->pid > 0) {
        kill(-command->pid, SIGKILL);
        cli_keeper_remove(command->pid);
        while (waitpid(command->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    close_descriptor(&command->process);
    close_descriptor(&command->input);
    close_descriptor(&command->output);
    close_descriptor(&command->errors);
    cli_bytes_free(&command->input_text);
    cli_bytes_free(&command->output_text);
    cli_bytes_free(&command->error_text);
    *command = CLI_COMMAND_NONE;
}
