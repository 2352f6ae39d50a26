/*
 * The tools of a context: checked, copied, no name twice.
 */
#include "pool/tool_table.h"

#include "base/allocator.h"
#include "base/error.h"
#include "base/size.h"
#include "base/text.h"
#include "base/tool_name.h"

#include <string.h>

static hutch_status no_memory(hutch_error *error) {
    return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for the names of the tools");
}

static hutch_status check_text(hutch_text text, const char *what, size_t index,
                               hutch_error *error) {
    if (text.data == NULL && text.length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "the %s of tool %zu is NULL, expected %zu bytes", what, index,
                               text.length);
    }
    return HUTCH_OK;
}

static hutch_status check_tool(const hutch_tool *tool, size_t index, hutch_error *error) {
    hutch_status status =
        hutch_size_check(tool->size, sizeof *tool, "hutch_tool", "HUTCH_TOOL_INIT", error);
    if (status == HUTCH_OK) {
        status = check_text(tool->name, "name", index, error);
    }
    return status == HUTCH_OK ? check_text(tool->bound, "binding", index, error) : status;
}

static hutch_status check_tools(const hutch_tool *tools, size_t count, hutch_error *error) {
    if (count > HUTCH_TOOLS_MAX) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "tool_count is %zu, expected 0 to %d", count, HUTCH_TOOLS_MAX);
    }
    if (count > 0 && tools == NULL) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "tools is NULL, expected %zu names (tool_count)", count);
    }
    for (size_t i = 0; i < count; i++) {
        hutch_status status = check_tool(&tools[i], i, error);
        if (status != HUTCH_OK) {
            return status;
        }
    }
    return HUTCH_OK;
}

static uint32_t hash_of(hutch_text text) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.length; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * 16777619u;
    }
    return hash;
}

/* Where a text stands twice, by a hash table of indices, 0 standing for a free place. With none,
 * `second` is 0. */
static hutch_status find_twice(const hutch_text *texts, size_t count, size_t *first, size_t *second,
                               hutch_error *error) {
    size_t capacity = 16;
    while (capacity < 2 * count) {
        capacity *= 2;
    }
    uint32_t *places = hutch_allocator_new(NULL, capacity * sizeof *places);
    if (places == NULL) {
        return no_memory(error);
    }
    *second = 0;
    for (size_t i = 0; i < count && *second == 0; i++) {
        size_t place = hash_of(texts[i]) & (capacity - 1);
        while (places[place] != 0 && !hutch_text_equals(texts[places[place] - 1], texts[i])) {
            place = (place + 1) & (capacity - 1);
        }
        if (places[place] != 0) {
            *first = places[place] - 1;
            *second = i;
        }
        places[place] = (uint32_t)(i + 1);
    }
    hutch_allocator_release(NULL, places);
    return HUTCH_OK;
}

static hutch_status check_twice(const hutch_tool_table *table, const hutch_text *bound,
                                hutch_error *error) {
    size_t a = 0;
    size_t b = 0;
    const hutch_text *names = table->names;
    hutch_status status = find_twice(names, table->count, &a, &b, error);
    if (status == HUTCH_OK && b != 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "two tools are called %.*s",
                               (int)names[a].length, names[a].data);
    }
    if (status == HUTCH_OK) {
        status = find_twice(bound, table->count, &a, &b, error);
    }
    if (status == HUTCH_OK && b != 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "tools \"%.*s\" and \"%.*s\" would both be called %.*s",
                               (int)names[a].length, names[a].data, (int)names[b].length,
                               names[b].data, (int)bound[a].length, bound[a].data);
    }
    return status;
}

static hutch_text write_text(hutch_tool_table *table, const char *text, size_t length) {
    uint32_t prefix = (uint32_t)length;
    char *end = table->block + table->length;
    memcpy(end, &prefix, sizeof prefix);
    if (length > 0) {
        memcpy(end + sizeof prefix, text, length);
    }
    table->length += sizeof prefix + length;
    return (hutch_text){.data = end + sizeof prefix, .length = length};
}

static hutch_status write_tool(hutch_tool_table *table, const hutch_tool *tool, hutch_text *bound,
                               hutch_error *error) {
    hutch_tool_bound settled;
    hutch_status status = hutch_tool_name_settle(tool, &settled, error);
    if (status == HUTCH_OK) {
        hutch_text name = write_text(table, tool->name.data, tool->name.length);
        *bound = (hutch_text){.data = settled.data, .length = settled.length};
        bool is_own = hutch_text_equals(name, *bound);
        *bound = write_text(table, settled.data, is_own ? 0 : settled.length);
        *bound = is_own ? name : *bound;
        table->names[table->count++] = name;
    }
    return status;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Most bytes of a tool in the block. No overflow: what is longer is refused before it is written. */
static size_t room_of(const hutch_tool *tool) {
    size_t name = smaller(tool->name.length, HUTCH_TOOL_NAME_MAX);
    size_t bound = tool->bound.length > 0 ? smaller(tool->bound.length, HUTCH_TOOL_BOUND_MAX)
                                          : name + HUTCH_TOOL_BIND_GROWTH;
    return 2 * sizeof(uint32_t) + name + bound;
}

static hutch_status write_tools(hutch_tool_table *table, const hutch_tool *tools, size_t count,
                                hutch_text *bound, hutch_error *error) {
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        room += room_of(&tools[i]);
    }
    table->block = hutch_allocator_new(NULL, room);
    table->names = hutch_allocator_new(NULL, count * sizeof *table->names);
    if (table->block == NULL || table->names == NULL || bound == NULL) {
        return no_memory(error);
    }
    hutch_status status = HUTCH_OK;
    for (size_t i = 0; i < count && status == HUTCH_OK; i++) {
        status = write_tool(table, &tools[i], &bound[i], error);
    }
    return status == HUTCH_OK ? check_twice(table, bound, error) : status;
}

hutch_status hutch_tool_table_init(hutch_tool_table *table, const hutch_tool *tools, size_t count,
                                   hutch_error *error) {
    *table = (hutch_tool_table){0};
    hutch_status status = check_tools(tools, count, error);
    if (status == HUTCH_OK && count > 0) {
        hutch_text *bound = hutch_allocator_new(NULL, count * sizeof *bound);
        status = write_tools(table, tools, count, bound, error);
        hutch_allocator_release(NULL, bound);
    }
    if (status != HUTCH_OK) {
        hutch_tool_table_free(table);
    }
    return status;
}

void hutch_tool_table_free(hutch_tool_table *table) {
    hutch_allocator_release(NULL, table->block);
    hutch_allocator_release(NULL, table->names);
    *table = (hutch_tool_table){0};
}
