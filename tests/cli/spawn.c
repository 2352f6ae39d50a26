/* Running the command; see spawn.h. */
#include "cli/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka.h"
#include "support/patience.h"

#define ARGUMENTS_MAX 64

static const char *program;
static char folder[] = "/tmp/hutch-cli-XXXXXX";

void spawn_use(const char *path) {
    program = path;
    signal(SIGPIPE, SIG_IGN);
}

const char *spawn_path(void) {
    return program;
}

static void close_end(int *descriptor) {
    if (*descriptor >= 0) {
        close(*descriptor);
        *descriptor = -1;
    }
}

spawning spawn_start(const char *const *arguments) {
    int in[2];
    int out[2];
    int err[2];
    char *argv[ARGUMENTS_MAX] = {(char *)"hutch"};
    for (int i = 0; arguments[i] != NULL; i++) {
        assert_true(i + 2 < ARGUMENTS_MAX);
        argv[i + 1] = (char *)arguments[i];
    }
    assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC) | pipe2(err, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        signal(SIGPIPE, SIG_DFL);
        /* Whoever runs the tests in the background ignores it. */
        signal(SIGINT, SIG_DFL);
        execv(program, argv);
        _exit(126);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    return (spawning){.pid = pid, .input = in[1], .output = out[0], .errors = err[0]};
}

typedef struct text {
    char *data;
    size_t length;
} text;

/* @return false at the end */
static bool read_more(int descriptor, text *into) {
    enum { PART = 65536 };
    into->data = realloc(into->data, into->length + PART + 1);
    assert_non_null(into->data);
    ssize_t got = read(descriptor, into->data + into->length, PART);
    into->length += got > 0 ? (size_t)got : 0;
    into->data[into->length] = '\0';
    return got > 0;
}

static void write_more(spawning *run, const char *input, size_t length, size_t *done) {
    ssize_t put = write(run->input, input + *done, length - *done);
    *done += put > 0 ? (size_t)put : 0;
    if (*done == length || (put < 0 && errno != EAGAIN)) {
        close_end(&run->input);
    }
}

static int end_status(pid_t pid) {
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

spawned spawn_finish(spawning *run, const char *input, size_t length) {
    text out = {calloc(1, 1), 0};
    text err = {calloc(1, 1), 0};
    size_t done = 0;
    fcntl(run->input, F_SETFL, O_NONBLOCK);
    if (length == 0) {
        close_end(&run->input);
    }
    while (run->output >= 0 || run->errors >= 0) {
        struct pollfd polls[] = {
            {run->input, POLLOUT, 0}, {run->output, POLLIN, 0}, {run->errors, POLLIN, 0}};
        if (poll(polls, 3, (int)patience_ms(60000)) == 0) {
            kill(run->pid, SIGKILL);
            fail_msg("hutch did not end; it printed\n%s\n%s", out.data, err.data);
        }
        if (polls[0].revents != 0) {
            write_more(run, input, length, &done);
        }
        if (polls[1].revents != 0 && !read_more(run->output, &out)) {
            close_end(&run->output);
        }
        if (polls[2].revents != 0 && !read_more(run->errors, &err)) {
            close_end(&run->errors);
        }
    }
    close_end(&run->input);
    return (spawned){out.data, out.length, err.data, end_status(run->pid)};
}

spawned spawn_hutch(const char *input, const char *const *arguments) {
    spawning run = spawn_start(arguments);
    return spawn_finish(&run, input, input != NULL ? strlen(input) : 0);
}

void spawned_free(spawned *run) {
    free(run->output);
    free(run->errors);
}

static void remove_folder(void) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0) {
        fprintf(stderr, "cannot remove %s\n", folder);
    }
}

const char *spawn_folder(void) {
    static bool made;
    if (!made) {
        assert_non_null(mkdtemp(folder));
        atexit(remove_folder);
        made = true;
    }
    return folder;
}

const char *spawn_file(const char *name, const char *content) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", spawn_folder(), name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
    assert_int_equal(fclose(file), 0);
    return path;
}

void spawn_wait_for(const char *path, char *content, size_t size) {
    size_t got = 0;
    uint64_t naps = 0;
    for (;;) {
        FILE *file = fopen(path, "r");
        if (file != NULL) {
            got = fread(content, 1, size - 1, file);
            fclose(file);
        }
        if (got > 0) {
            break;
        }
        assert_true(patience_nap(&naps));
    }
    content[got] = '\0';
}

/* A process that its parent has not fetched yet has ended all the same. */
static bool is_running(pid_t pid) {
    char path[64];
    char line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(line, 1, sizeof(line) - 1, file);
    fclose(file);
    /* The state stands after the name, which is in parentheses. */
    const char *state = memrchr(line, ')', length);
    return state != NULL && strncmp(state, ") Z", 3) != 0;
}

void spawn_wait_for_end(pid_t pid) {
    AWAIT(!is_running(pid));
}
