/*
 * Bad arguments: the message names the option and what was expected.
 */
#include "pool/options.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hutch_status new_pool(const hutch_pool_options *options, hutch_error *error) {
    hutch_pool *pool = NULL;
    hutch_status status = hutch_pool_new(options, &pool, error);
    hutch_pool_free(pool);
    return status;
}

static void test_pool_options_have_documented_defaults(void **state) {
    hutch_pool_options options;
    (void)state;
    hutch_pool_options_init(&options);
    assert_int_equal(options.max_workers, 1024);
    assert_int_equal(options.max_idle, 4);
    assert_int_equal(options.spare, 1);
    assert_int_equal(options.look_us, 50);
    assert_int_equal(options.kill_grace_ms, 50);
    assert_int_equal(options.max_held_bytes, 512 * HUTCH_MIB);
    assert_null(options.worker_path);
    assert_null(options.wake);
    assert_int_equal(new_pool(NULL, NULL), HUTCH_OK);
}

/* Every option of the table, at its edges and beyond them; what its type cannot hold is left out. */
static void test_pool_options_are_held_to_their_ranges(void **state) {
    (void)state;
#define TRY(field, value, expected)                                                                \
    do {                                                                                           \
        hutch_pool_options options;                                                                \
        hutch_error error = {0};                                                                   \
        hutch_pool_options_init(&options);                                                         \
        options.field = (__typeof__(options.field))(value);                                        \
        assert_int_equal(new_pool(&options, &error), (expected));                                  \
        if ((expected) != HUTCH_OK) {                                                              \
            assert_non_null(strstr(error.message, #field));                                        \
        }                                                                                          \
    } while (0)
#define CAN_HOLD(type, value) ((uint64_t)(type)(value) == (uint64_t)(value))
#define TRY_EDGES(field, option, kind, type, standard, least, most, unit, meaning)                 \
    TRY(field, least, HUTCH_OK);                                                                   \
    TRY(field, most, HUTCH_OK);                                                                    \
    if (CAN_HOLD(type, (most) + 1)) {                                                              \
        TRY(field, (most) + 1, HUTCH_INVALID_ARGUMENT);                                            \
    }                                                                                              \
    if ((least) > 0) {                                                                             \
        TRY(field, (least)-1, HUTCH_INVALID_ARGUMENT);                                             \
    }
    HUTCH_POOL_OPTIONS_TABLE(TRY_EDGES)
#undef TRY_EDGES
#undef CAN_HOLD
#undef TRY
}

static void refuse_options(hutch_pool *pool, const hutch_context_options *options,
                           const char *text) {
    hutch_context *context = NULL;
    hutch_error error = {0};
    assert_int_equal(hutch_context_open(pool, options, &context, &error), HUTCH_INVALID_ARGUMENT);
    if (strstr(error.message, text) == NULL) {
        fail_msg("message '%s' does not have '%s'", error.message, text);
    }
    assert_null(context);
    /* Nothing was started for it. */
    assert_int_equal(stats_of(pool).workers, 0);
}

static void test_context_options_are_held_to_their_ranges(void **state) {
    hutch_context_options options;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.isolate.limits.memory_bytes = 4096 * HUTCH_MIB + 1;
    refuse_options(pool, &options, "memoryLimit");
    hutch_context_options_init(&options);
    options.isolate.limits.timeout_ms = 0;
    refuse_options(pool, &options, "timeout");
    hutch_context_options_init(&options);
    options.isolate.console = (hutch_console_style)7;
    refuse_options(pool, &options, "console");
    hutch_context_options_init(&options);
    options.isolate.utc_offset_minutes = 1440;
    refuse_options(pool, &options, "utc_offset_minutes");
    hutch_context_options_init(&options);
    options.isolate.fixed_clock = true;
    options.isolate.fixed_clock_ms = INT64_MAX;
    refuse_options(pool, &options, "fixed_clock_ms");
    hutch_context_options_init(&options);
    assert_int_equal(options.recycle, HUTCH_RECYCLE_RESET);
    options.recycle = (hutch_recycle)2;
    refuse_options(pool, &options, "recycle");
    hutch_pool_free(pool);
}

static void test_tool_names_are_checked_before_a_worker_hears_of_them(void **state) {
    static const hutch_tool bad_name = HUTCH_TOOL("");
    static const hutch_tool taken = HUTCH_TOOL("Object");
    static const hutch_tool null_name = {sizeof(hutch_tool), {NULL, 3}, {NULL, 0}};
    static const hutch_tool null_bound = {sizeof(hutch_tool), {"a", 1}, {NULL, 4}};
    static const hutch_tool bad_bound = {sizeof(hutch_tool), {"a", 1}, {"a-b", 3}};
    static const hutch_tool endless = {sizeof(hutch_tool), {"a", SIZE_MAX}, {"b", SIZE_MAX}};
    static const hutch_tool twice[] = {HUTCH_TOOL("a"), HUTCH_TOOL("b"), HUTCH_TOOL("a")};
    static const hutch_tool alike[] = {HUTCH_TOOL("x"), HUTCH_TOOL("a-b"), HUTCH_TOOL("a.b")};
    hutch_context_options options;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.tool_count = 1;
    refuse_options(pool, &options, "tools is NULL");
    options.tools = &bad_name;
    refuse_options(pool, &options, "tool name \"\"");
    options.tools = &taken;
    refuse_options(pool, &options, "Object");
    options.tools = &null_name;
    refuse_options(pool, &options, "the name of tool 0");
    options.tools = &null_bound;
    refuse_options(pool, &options, "the binding of tool 0");
    options.tools = &bad_bound;
    refuse_options(pool, &options, "tool binding \"a-b\"");
    options.tools = &endless;
    refuse_options(pool, &options, "expected 1 to 256");
    options.tools = twice;
    options.tool_count = 3;
    refuse_options(pool, &options, "two tools are called a");
    options.tools = alike;
    refuse_options(pool, &options, "tools \"a-b\" and \"a.b\" would both be called a_b");
    options.tool_count = HUTCH_TOOLS_MAX + 1;
    refuse_options(pool, &options, "tool_count");
    hutch_pool_free(pool);
}

/* As MCP servers name them, and one that was given another binding. */
static void test_a_tool_is_called_by_its_binding_and_by_its_name(void **state) {
    hutch_tool tools[] = {HUTCH_TOOL("list-issues"), HUTCH_TOOL("list_issues"), HUTCH_TOOL("1st"),
                          HUTCH_TOOL("atob")};
    static const char *const calls[] = {"list_issues_2(0)",     "globalThis['list-issues'](0)",
                                        "list_issues(1)",       "_1st(2)",
                                        "globalThis['1st'](2)", "atob(3)"};
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    tools[0].bound = (hutch_text){"list_issues_2", 13};
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = 4;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char code[64];
        snprintf(code, sizeof code, "return await %s", calls[i]);
        start(context, code);
        hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
        const hutch_tool_call *call = &event.as.tool_call;
        assert_int_equal(call->tool, call->input.data[0] - '0');
        assert_int_equal(call->name.length, tools[call->tool].name.length);
        assert_memory_equal(call->name.data, tools[call->tool].name.data, call->name.length);
        assert_int_equal(hutch_context_reply(context, call->id, "8", 1, NULL), HUTCH_OK);
        outcome end = finish(context);
        assert_done(&end, "8");
    }
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_as_many_tools_as_there_may_be(void **state) {
    static char texts[HUTCH_TOOLS_MAX][HUTCH_TOOL_NAME_MAX];
    static hutch_tool tools[HUTCH_TOOLS_MAX];
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    for (size_t i = 0; i < HUTCH_TOOLS_MAX; i++) {
        memset(texts[i], 'a', sizeof texts[i]);
        for (size_t bit = 0; bit < 12; bit++) {
            texts[i][bit] = (i >> bit) % 2 == 0 ? 'x' : 'y';
        }
        tools[i] = hutch_tool_named(texts[i], sizeof texts[i]);
    }
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = HUTCH_TOOLS_MAX;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    start(context, "return await globalThis['y'.repeat(12) + 'a'.repeat(244)](1)");
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.as.tool_call.tool, HUTCH_TOOLS_MAX - 1);
    assert_int_equal(event.as.tool_call.name.length, HUTCH_TOOL_NAME_MAX);
    assert_int_equal(hutch_context_reply(context, 1, "8", 1, NULL), HUTCH_OK);
    outcome end = finish(context);
    assert_done(&end, "8");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_start_checks_its_arguments_and_state(void **state) {
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    hutch_error error = {0};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    assert_int_equal(hutch_context_start(context, NULL, 3, NULL, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "code"));
    options.timeout_ms = (uint64_t)INT32_MAX + 1;
    assert_int_equal(hutch_context_start(context, "", 0, &options, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "timeout_ms"));
    options.timeout_ms = INT32_MAX;
    assert_int_equal(hutch_context_start(context, NULL, 0, &options, &error), HUTCH_OK);
    assert_int_equal(hutch_context_start(context, "", 0, NULL, &error), HUTCH_WRONG_STATE);
    assert_non_null(strstr(error.message, "in progress"));
    outcome end = finish(context);
    assert_done(&end, "");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_answers_check_their_arguments(void **state) {
    static const char *const tools[] = {"ask", NULL};
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    hutch_error error = {0};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, tools);
    assert_int_equal(hutch_context_reply(context, 0, "1", 1, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_context_reply(context, 1, "1", 1, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "call_id is 1"));
    start(context, "await ask(); await ask()");
    expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(hutch_context_reply(context, 1, NULL, 1, &error), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_context_reject(context, 1, NULL, &error), HUTCH_INVALID_ARGUMENT);
    failure.size = 0;
    assert_int_equal(hutch_context_reject(context, 1, &failure, &error), HUTCH_INVALID_ARGUMENT);
    failure = (hutch_tool_failure)HUTCH_TOOL_FAILURE_INIT;
    failure.message.length = 1;
    assert_int_equal(hutch_context_reject(context, 1, &failure, &error), HUTCH_INVALID_ARGUMENT);
    failure.message = (hutch_text){"x", SIZE_MAX};
    assert_int_equal(hutch_context_reject(context, 1, &failure, &error), HUTCH_INVALID_ARGUMENT);
    /* The call is still open after all this, and answered only once. */
    assert_int_equal(hutch_context_reply(context, 1, NULL, 0, NULL), HUTCH_OK);
    assert_int_equal(hutch_context_reply(context, 1, "1", 1, NULL), HUTCH_INVALID_ARGUMENT);
    outcome end = finish(context);
    assert_done(&end, "");
    assert_int_equal(hutch_context_reply(context, 2, "1", 1, NULL), HUTCH_OK);
    assert_int_equal(hutch_context_reply(context, 3, "1", 1, NULL), HUTCH_INVALID_ARGUMENT);
    hutch_context_close(context);
    hutch_context_close(NULL);
    hutch_pool_free(pool);
}

static void says(const hutch_error *error, const char *type) {
    char text[64];
    (void)snprintf(text, sizeof text, "size of %s is ", type);
    if (strstr(error->message, text) == NULL || strstr(error->message, "begin with") == NULL) {
        fail_msg("message '%s' does not speak of %s", error->message, type);
    }
}

/* One byte more or less: begun by other headers, or not begun. */
static void test_a_struct_that_was_not_begun_by_its_init_is_refused(void **state) {
    hutch_error error = {0};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (int wrong = -1; wrong <= 1; wrong += 2) {
        hutch_pool_options pool_options;
        hutch_pool *none = NULL;
        hutch_pool_options_init(&pool_options);
        pool_options.size += (size_t)wrong;
        assert_int_equal(hutch_pool_new(&pool_options, &none, &error), HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_pool_options");
        hutch_context_options options;
        hutch_context *not_made = NULL;
        hutch_context_options_init(&options);
        options.size += (size_t)wrong;
        assert_int_equal(hutch_context_open(pool, &options, &not_made, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_context_options");
        hutch_context_options_init(&options);
        options.isolate.size += (size_t)wrong;
        assert_int_equal(hutch_context_open(pool, &options, &not_made, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_isolate_options");
        hutch_context_options_init(&options);
        options.isolate.limits.size += (size_t)wrong;
        assert_int_equal(hutch_context_open(pool, &options, &not_made, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_limits");
        hutch_tool tool = HUTCH_TOOL("ask");
        hutch_context_options_init(&options);
        tool.size += (size_t)wrong;
        options.tools = &tool;
        options.tool_count = 1;
        assert_int_equal(hutch_context_open(pool, &options, &not_made, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_tool");
    }
    hutch_pool_free(pool);
}

static void test_a_struct_of_a_run_that_was_not_begun_by_its_init_is_refused(void **state) {
    hutch_error error = {0};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    for (int wrong = -1; wrong <= 1; wrong += 2) {
        hutch_run_options run_options = HUTCH_RUN_OPTIONS_INIT;
        run_options.size += (size_t)wrong;
        assert_int_equal(hutch_context_start(context, "", 0, &run_options, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_run_options");
        hutch_event event = HUTCH_EVENT_INIT;
        event.size += (size_t)wrong;
        assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_INVALID_ARGUMENT);
        assert_int_equal(hutch_context_poll(context, 0, &event), HUTCH_INVALID_ARGUMENT);
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.size += (size_t)wrong;
        assert_int_equal(hutch_context_reject(context, 1, &failure, &error),
                         HUTCH_INVALID_ARGUMENT);
        says(&error, "hutch_tool_failure");
        hutch_pool_stats stats = HUTCH_POOL_STATS_INIT;
        stats.size += (size_t)wrong;
        stats.contexts = 77;
        assert_int_equal(hutch_pool_get_stats(pool, &stats), HUTCH_INVALID_ARGUMENT);
        assert_int_equal(stats.contexts, 77);
    }
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_struct_that_was_not_begun_by_its_init_is_refused),
        cmocka_unit_test(test_a_struct_of_a_run_that_was_not_begun_by_its_init_is_refused),
        cmocka_unit_test(test_pool_options_have_documented_defaults),
        cmocka_unit_test(test_pool_options_are_held_to_their_ranges),
        cmocka_unit_test(test_context_options_are_held_to_their_ranges),
        cmocka_unit_test(test_tool_names_are_checked_before_a_worker_hears_of_them),
        cmocka_unit_test(test_a_tool_is_called_by_its_binding_and_by_its_name),
        cmocka_unit_test(test_as_many_tools_as_there_may_be),
        cmocka_unit_test(test_start_checks_its_arguments_and_state),
        cmocka_unit_test(test_answers_check_their_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
