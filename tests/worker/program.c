/*
 * The worker program as a file: how it was compiled and linked. Reads the ELF
 * tables itself, so that no tool has to be there.
 */
#include "support/cmocka.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *file;
static size_t file_size;

static const void *at(size_t offset, size_t length) {
    assert_true(offset <= file_size && length <= file_size - offset);
    return file + offset;
}

static const Elf64_Ehdr *head(void) {
    return at(0, sizeof(Elf64_Ehdr));
}

/* The first segment of a type; NULL when there is none. */
static const Elf64_Phdr *segment(Elf64_Word type) {
    const Elf64_Phdr *all = at(head()->e_phoff, head()->e_phnum * sizeof *all);
    for (size_t i = 0; i < head()->e_phnum; i++) {
        if (all[i].p_type == type) {
            return &all[i];
        }
    }
    return NULL;
}

/* The value of an entry of the dynamic table; 0 when there is none. */
static uint64_t dynamic(Elf64_Sxword tag) {
    const Elf64_Phdr *table = segment(PT_DYNAMIC);
    assert_non_null(table);
    const Elf64_Dyn *entries = at(table->p_offset, table->p_filesz);
    for (size_t i = 0; i < table->p_filesz / sizeof *entries && entries[i].d_tag != DT_NULL; i++) {
        if (entries[i].d_tag == tag) {
            return entries[i].d_un.d_val;
        }
    }
    return 0;
}

#ifndef HUTCH_SANITIZED /* those need the shared C library, and bring guards of their own */
/* Counts the symbols of a table (SHT_SYMTAB, SHT_DYNSYM) that have a name for which `wanted` holds. */
static size_t count_symbols(Elf64_Word type, bool (*wanted)(const char *name)) {
    const Elf64_Shdr *sections = at(head()->e_shoff, head()->e_shnum * sizeof *sections);
    size_t count = 0;
    for (size_t i = 0; i < head()->e_shnum; i++) {
        if (sections[i].sh_type != type) {
            continue;
        }
        assert_true(sections[i].sh_link < head()->e_shnum);
        const Elf64_Sym *symbols = at(sections[i].sh_offset, sections[i].sh_size);
        const Elf64_Shdr *names = &sections[sections[i].sh_link];
        for (size_t j = 0; j < sections[i].sh_size / sizeof *symbols; j++) {
            assert_true(symbols[j].st_name < names->sh_size);
            const char *name = at(names->sh_offset + symbols[j].st_name, 1);
            count += name[0] != '\0' && wanted(name);
        }
    }
    return count;
}

static bool is_any(const char *name) {
    return name[0] != '\0';
}

static bool is_stack_check(const char *name) {
    return strcmp(name, "__stack_chk_fail") == 0;
}

static void it_is_position_independent_and_needs_no_loader(void **state) {
    (void)state;
    assert_int_equal(head()->e_type, ET_DYN);
    assert_true((dynamic(DT_FLAGS_1) & DF_1_PIE) != 0);
    assert_null(segment(PT_INTERP));
    assert_int_equal(dynamic(DT_NEEDED), 0);
}

static void stacks_are_guarded_and_no_symbol_is_exported(void **state) {
    (void)state;
    assert_true(count_symbols(SHT_SYMTAB, is_stack_check) > 0);
    assert_int_equal(count_symbols(SHT_DYNSYM, is_any), 0);
}
#endif

static void what_is_relocated_is_read_only_before_main(void **state) {
    (void)state;
    assert_non_null(segment(PT_GNU_RELRO));
    assert_true((dynamic(DT_FLAGS) & DF_BIND_NOW) != 0 || dynamic(DT_BIND_NOW) != 0 ||
                (dynamic(DT_FLAGS_1) & DF_1_NOW) != 0);
    assert_int_equal(dynamic(DT_TEXTREL), 0);
}

static void nothing_is_writable_and_executable_the_stack_neither(void **state) {
    (void)state;
    const Elf64_Phdr *all = at(head()->e_phoff, head()->e_phnum * sizeof *all);
    for (size_t i = 0; i < head()->e_phnum; i++) {
        assert_false((all[i].p_flags & PF_W) != 0 && (all[i].p_flags & PF_X) != 0);
    }
    assert_non_null(segment(PT_GNU_STACK));
}

static int map_program(void **state) {
    struct stat about;
    (void)state;
    int descriptor = open(HUTCH_WORKER_PATH, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || fstat(descriptor, &about) != 0) {
        return -1;
    }
    file_size = (size_t)about.st_size;
    file = mmap(NULL, file_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    (void)close(descriptor);
    return file == MAP_FAILED ? -1 : 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
#ifndef HUTCH_SANITIZED
        cmocka_unit_test(it_is_position_independent_and_needs_no_loader),
        cmocka_unit_test(stacks_are_guarded_and_no_symbol_is_exported),
#endif
        cmocka_unit_test(what_is_relocated_is_read_only_before_main),
        cmocka_unit_test(nothing_is_writable_and_executable_the_stack_neither),
    };
    return cmocka_run_group_tests(tests, map_program, NULL);
}
