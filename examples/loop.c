/*
 * A pool in an event loop that has other things to wait for: poll() here, epoll, libuv or GLib alike.
 * The pool's descriptor is readable while hutch_pool_poll() has something to return; that is all
 * the loop needs to know.
 */
#include <hutch/hutch.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char program[] = "const line = await readLine()\n"
                              "return line.toUpperCase()\n";

/* What the loop knows. */
typedef struct loop {
    hutch_pool *pool;
    hutch_context *context;
    int input;     /* the other thing it waits for */
    uint32_t call; /* that waits for a line; 0: none */
    bool has_ended;
} loop;

static void take_events(loop *self) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        if (hutch_context_poll(self->context, 0, &event) != HUTCH_OK) {
            self->has_ended = true;
        }
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            self->call = event.as.tool_call.id;
        } else if (event.type == HUTCH_EVENT_DONE) {
            printf("%.*s\n", (int)event.as.done.json.length, event.as.done.json.data);
            self->has_ended = true;
        } else if (event.type == HUTCH_EVENT_FAILED) {
            printf("%.*s\n", (int)event.as.failed.message.length, event.as.failed.message.data);
            self->has_ended = true;
        }
    } while (!self->has_ended && event.type != HUTCH_EVENT_NONE);
}

/* Answers the call with what has come. */
static void take_input(loop *self) {
    char json[64] = "\"";
    ssize_t length = read(self->input, json + 1, sizeof json - 2);
    json[length < 0 ? 1 : length + 1] = '"';
    (void)hutch_context_reply(self->context, self->call, json,
                              (size_t)(length < 0 ? 2 : length + 2), NULL);
    self->call = 0;
}

static bool turn(loop *self, int news) {
    /* Input is of interest only while the program waits for it. */
    struct pollfd waits[] = {{.fd = news, .events = POLLIN},
                             {.fd = self->call != 0 ? self->input : -1, .events = POLLIN}};
    if (poll(waits, 2, -1) < 0) {
        return false;
    }
    if (waits[1].revents != 0) {
        take_input(self);
    }
    while (!self->has_ended && hutch_pool_poll(self->pool) != NULL) {
        take_events(self);
    }
    return true;
}

static bool open_and_start(loop *self, int *news, hutch_error *error) {
    static const hutch_tool tool = HUTCH_TOOL("readLine");
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    return hutch_pool_new(NULL, &self->pool, error) == HUTCH_OK &&
           hutch_pool_get_descriptor(self->pool, news, error) == HUTCH_OK &&
           hutch_context_open(self->pool, &options, &self->context, error) == HUTCH_OK &&
           hutch_context_start(self->context, program, strlen(program), NULL, error) == HUTCH_OK;
}

int main(void) {
    int ends[2] = {-1, -1};
    int news = -1;
    hutch_error error = {.message = "cannot make a pipe"};
    loop self = {.pool = NULL};
    bool good = pipe(ends) == 0 && write(ends[1], "hello", 5) == 5;
    self.input = ends[0];
    good = good && open_and_start(&self, &news, &error);
    if (good) {
        take_events(&self); /* until there is nothing: from now on the descriptor tells */
    } else {
        fprintf(stderr, "%s\n", error.message);
    }
    while (good && !self.has_ended) {
        good = turn(&self, news);
    }
    hutch_pool_free(self.pool);
    close(ends[0]);
    close(ends[1]);
    return good ? 0 : 1;
}
