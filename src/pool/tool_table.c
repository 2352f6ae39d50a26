/*
 * The tools of a context: checked, copied, no name twice.
 */
#include "pool/tool_table.h"

#include "base/allocator.h"
#include "base/error.h"
#include "base/size.h"
#include "base/tool_name.h"

#include <string.h>

static hutch_status no_memory(hutch_error *error) {
    return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for the names of the tools");
}

static hutch_status check_tool(const hutch_tool *tool, size_t index, hutch_error *error) {
    hutch_status status =
        hutch_size_check(tool->size, sizeof *tool, "hutch_tool", "HUTCH_TOOL_INIT", error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (tool->name.data == NULL && tool->name.length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "the name of tool %zu is NULL, expected %zu bytes", index,
                               tool->name.length);
    }
    return hutch_tool_name_check(tool->name.data, tool->name.length, error);
}

static hutch_status check_names(const hutch_tool *tools, size_t count, hutch_error *error) {
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

static uint32_t hash_of(hutch_text name) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.length; i++) {
        hash = (hash ^ (unsigned char)name.data[i]) * 16777619u;
    }
    return hash;
}

static bool is_same(hutch_text a, hutch_text b) {
    return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

/* A hash table of indices, 0 standing for a free place. */
static hutch_status check_twice(const hutch_tool *tools, size_t count, hutch_error *error) {
    size_t capacity = 16;
    while (capacity < 2 * count) {
        capacity *= 2;
    }
    uint32_t *places = hutch_allocator_new(NULL, capacity * sizeof *places);
    if (places == NULL) {
        return no_memory(error);
    }
    hutch_status status = HUTCH_OK;
    for (size_t i = 0; i < count && status == HUTCH_OK; i++) {
        size_t place = hash_of(tools[i].name) & (capacity - 1);
        while (places[place] != 0 && !is_same(tools[places[place] - 1].name, tools[i].name)) {
            place = (place + 1) & (capacity - 1);
        }
        if (places[place] != 0) {
            status = hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "two tools are called %.*s",
                                     (int)tools[i].name.length, tools[i].name.data);
        }
        places[place] = (uint32_t)(i + 1);
    }
    hutch_allocator_release(NULL, places);
    return status;
}

/* No overflow: names and their number have been checked. */
static hutch_status copy_names(hutch_tool_table *table, const hutch_tool *tools, size_t count,
                               hutch_error *error) {
    for (size_t i = 0; i < count; i++) {
        table->length += sizeof(uint32_t) + tools[i].name.length;
    }
    table->count = count;
    table->block = hutch_allocator_new(NULL, table->length);
    table->names = hutch_allocator_new(NULL, count * sizeof *table->names);
    if (table->block == NULL || table->names == NULL) {
        hutch_tool_table_free(table);
        return no_memory(error);
    }
    char *end = table->block;
    for (size_t i = 0; i < count; i++) {
        uint32_t length = (uint32_t)tools[i].name.length;
        memcpy(end, &length, sizeof length);
        end += sizeof length;
        memcpy(end, tools[i].name.data, length);
        table->names[i] = (hutch_text){.data = end, .length = length};
        end += length;
    }
    return HUTCH_OK;
}

hutch_status hutch_tool_table_init(hutch_tool_table *table, const hutch_tool *tools, size_t count,
                                   hutch_error *error) {
    *table = (hutch_tool_table){0};
    hutch_status status = check_names(tools, count, error);
    if (status != HUTCH_OK || count == 0) {
        return status;
    }
    status = check_twice(tools, count, error);
    return status == HUTCH_OK ? copy_names(table, tools, count, error) : status;
}

void hutch_tool_table_free(hutch_tool_table *table) {
    hutch_allocator_release(NULL, table->block);
    hutch_allocator_release(NULL, table->names);
    *table = (hutch_tool_table){0};
}
