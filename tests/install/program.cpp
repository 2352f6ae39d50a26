// The C library from C++: it compiles without a warning, and it links.
#include <hutch/hutch.h>

#include <cstdio>
#include <cstring>

namespace {

const char program[] = "return 6 * 7";

// The value of a program as JSON, or "" where it failed.
const char *run(hutch_context *context) {
    static char json[64];
    hutch_event event = HUTCH_EVENT_INIT;
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    json[0] = '\0';
    if (hutch_context_start(context, program, std::strlen(program), &options, nullptr) !=
        HUTCH_OK) {
        return json;
    }
    while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED) {
        if (hutch_context_next(context, 1000000, &event) != HUTCH_OK) {
            return json;
        }
    }
    if (event.type == HUTCH_EVENT_DONE && event.as.done.json.length < sizeof(json)) {
        std::memcpy(json, event.as.done.json.data, event.as.done.json.length);
        json[event.as.done.json.length] = '\0';
    }
    return json;
}

} // namespace

int main() {
    hutch_pool *pool = nullptr;
    hutch_context *context = nullptr;
    hutch_error error;
    if (hutch_pool_new(nullptr, &pool, &error) != HUTCH_OK ||
        hutch_context_open(pool, nullptr, &context, &error) != HUTCH_OK) {
        std::fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    const char *json = run(context);
    std::printf("%s: %s\n", hutch_version(), json);
    const bool is_right = std::strcmp(json, "42") == 0;
    hutch_context_close(context);
    hutch_pool_free(pool);
    return is_right ? 0 : 1;
}
