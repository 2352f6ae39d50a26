# How our code is compiled. Everything is a property of two interface targets, so that nothing here
# reaches the engine or a program that includes this project.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()
# -O1 in Debug: the engine at -O0 makes the tests several times slower, and gcc's flow warnings need
# the optimizer.
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

# What every object needs, the engine's included: the instrumentation.
add_library(hutch_flags_all INTERFACE)
# Without frame pointers the engine gains a register, and some percent; other builds are looked into.
target_compile_options(hutch_flags_all INTERFACE
    $<IF:$<CONFIG:Release>,-fomit-frame-pointer,-fno-omit-frame-pointer>)
if(HUTCH_SANITIZE)
    # The engine keeps to the memory sanitizers: its undefined behaviour is upstream's, which we
    # neither patch nor want to stop at.
    string(REGEX REPLACE ",?undefined,?" "" hutch_sanitize_memory "${HUTCH_SANITIZE}")
    target_link_options(hutch_flags_all INTERFACE -fsanitize=${HUTCH_SANITIZE})
    if(hutch_sanitize_memory)
        target_compile_options(hutch_flags_all INTERFACE -fsanitize=${hutch_sanitize_memory})
    endif()
endif()
if(HUTCH_FUZZ)
    target_compile_options(hutch_flags_all INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What our own objects need besides.
add_library(hutch_flags INTERFACE)
target_link_libraries(hutch_flags INTERFACE hutch_flags_all)
target_compile_definitions(hutch_flags INTERFACE _GNU_SOURCE)
target_compile_options(hutch_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla)
if(HUTCH_WERROR AND NOT HUTCH_SANITIZE)
    # Instrumented code makes gcc warn of what cannot happen; the other builds are the judges.
    target_compile_options(hutch_flags INTERFACE -Werror)
endif()
target_link_options(hutch_flags INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
# What symbols that are kept apart are found by; not every compiler asks for it by itself.
target_link_options(hutch_flags INTERFACE -Wl,--build-id=sha1)
if(HUTCH_SANITIZE)
    target_compile_options(hutch_flags INTERFACE
        -fsanitize=${HUTCH_SANITIZE} -fno-sanitize-recover=all)
else()
    # The sanitizers see further than these two, and get in their way.
    target_compile_options(hutch_flags INTERFACE
        -fstack-protector-strong $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3>)
endif()
if(HUTCH_COVERAGE)
    target_compile_options(hutch_flags INTERFACE --coverage)
    target_link_options(hutch_flags INTERFACE --coverage)
endif()
