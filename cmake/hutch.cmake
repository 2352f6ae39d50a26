# The functions that a folder's CMakeLists.txt is written with.

# Add a folder if it describes itself.
function(hutch_add_folder folder)
    if(EXISTS "${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt")
        add_subdirectory("${PROJECT_SOURCE_DIR}/${folder}" "${PROJECT_BINARY_DIR}/${folder}")
    endif()
endfunction()

# Add every folder right below PARENT, in the order of their names.
function(hutch_add_folders_below parent)
    file(GLOB lists CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
         "${PROJECT_SOURCE_DIR}/${parent}/*/CMakeLists.txt")
    foreach(list IN LISTS lists)
        get_filename_component(folder "${list}" DIRECTORY)
        hutch_add_folder("${folder}")
    endforeach()
endfunction()

# What libraries and programs have in common.
function(hutch_target_setup name)
    target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}/include"
                               PRIVATE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${name} PRIVATE hutch_flags)
endfunction()

# Who adds to an enum is told of every switch that does not name the new one, even where the switch
# has a default.
function(hutch_name_all_cases target)
    target_compile_options(${target} PRIVATE -Wswitch-enum)
endfunction()

# hutch_library(NAME [OPEN_SWITCHES] SOURCES a.c b.c [DEPENDS other ...])
# A static library of one layer. Becomes part of the installed library if cmake/library.cmake names it.
# OPEN_SWITCHES: its switches pick a few out of many, and need not name the rest.
function(hutch_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "OPEN_SWITCHES" "" "SOURCES;DEPENDS")
    hutch_check_arguments(hutch_library ${name} "${arg_UNPARSED_ARGUMENTS}" "${arg_SOURCES}")
    add_library(${name} STATIC ${arg_SOURCES})
    hutch_target_setup(${name})
    target_link_libraries(${name} PUBLIC ${arg_DEPENDS})
    if(NOT arg_OPEN_SWITCHES)
        hutch_name_all_cases(${name})
    endif()
endfunction()

# hutch_program(NAME [STATIC] SOURCES a.c [DEPENDS other ...])
# STATIC: a static position-independent program that needs no loader. The sanitizers and coverage
# need the shared C library, so those builds ignore it.
function(hutch_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "STATIC" "" "SOURCES;DEPENDS")
    hutch_check_arguments(hutch_program ${name} "${arg_UNPARSED_ARGUMENTS}" "${arg_SOURCES}")
    add_executable(${name} ${arg_SOURCES})
    hutch_target_setup(${name})
    target_link_libraries(${name} PRIVATE ${arg_DEPENDS})
    if(arg_STATIC AND NOT HUTCH_SANITIZE AND NOT HUTCH_FUZZ)
        # CMake would link with -pie, which makes a program that asks for a loader.
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
        target_compile_options(${name} PRIVATE -fPIE)
        target_link_options(${name} PRIVATE -static-pie)
    else()
        target_compile_options(${name} PRIVATE -fPIE)
        target_link_options(${name} PRIVATE -pie)
    endif()
endfunction()

# What ends a test that hangs, in seconds: for that only, so it is far above what any test takes. A
# machine is said to be slow at the configuration, in whole times (see CONTRIBUTING.md).
set(HUTCH_TEST_TIMEOUT 1200)
if("$ENV{HUTCH_TEST_SLOW}" MATCHES "^[1-9][0-9]*$")
    math(EXPR HUTCH_TEST_TIMEOUT "${HUTCH_TEST_TIMEOUT} * $ENV{HUTCH_TEST_SLOW}")
endif()

# hutch_test(NAME SOURCES a.c [DEPENDS other ...] [ARGUMENTS ...] [LABELS ...])
# A program of cmocka tests, run by ctest under its own name.
function(hutch_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;ARGUMENTS;LABELS")
    hutch_check_arguments(hutch_test ${name} "${arg_UNPARSED_ARGUMENTS}" "${arg_SOURCES}")
    hutch_program(${name} SOURCES ${arg_SOURCES} DEPENDS ${arg_DEPENDS} PkgConfig::CMOCKA)
    add_test(NAME ${name} COMMAND ${name} ${arg_ARGUMENTS})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${HUTCH_TEST_TIMEOUT} LABELS "${arg_LABELS}"
                         ENVIRONMENT "${HUTCH_TEST_ENVIRONMENT}")
endfunction()

function(hutch_check_arguments function name unknown sources)
    if(unknown)
        message(FATAL_ERROR "${function}(${name}): no such argument: ${unknown}")
    endif()
    if(NOT sources)
        message(FATAL_ERROR "${function}(${name}): SOURCES is missing or empty")
    endif()
endfunction()

# A sanitizer's finding ends the program with a status of its own, never unnoticed. die_after_fork: the
# thread sanitizer takes the pool's clone(CLONE_VFORK), whose child only execs, for a fork.
set(HUTCH_TEST_ENVIRONMENT
    "ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99:detect_stack_use_after_return=0"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "TSAN_OPTIONS=exitcode=99:halt_on_error=1:die_after_fork=0")
