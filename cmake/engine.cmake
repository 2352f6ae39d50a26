# hutch_engine: quickjs-ng, compiled from the sources that script/bootstrap fetched, with our flags
# and none of our warnings. Only src/isolate may link it directly.

set(HUTCH_QUICKJS_DIR "${PROJECT_SOURCE_DIR}/build/deps/quickjs-ng" CACHE PATH
    "Source tree of quickjs-ng")
set(HUTCH_ENGINE_ARCHIVE "" CACHE FILEPATH
    "An archive of the engine that another build folder made; empty: compile it here")

if(NOT EXISTS "${HUTCH_QUICKJS_DIR}/quickjs.h")
    message(FATAL_ERROR "No quickjs.h in ${HUTCH_QUICKJS_DIR}: run script/bootstrap, or let "
                        "HUTCH_QUICKJS_DIR name a source tree of quickjs-ng")
endif()

if(HUTCH_ENGINE_ARCHIVE)
    add_library(hutch_engine STATIC IMPORTED GLOBAL)
    set_target_properties(hutch_engine PROPERTIES IMPORTED_LOCATION "${HUTCH_ENGINE_ARCHIVE}")
else()
    add_library(hutch_engine STATIC
        "${HUTCH_QUICKJS_DIR}/dtoa.c"
        "${HUTCH_QUICKJS_DIR}/libregexp.c"
        "${HUTCH_QUICKJS_DIR}/libunicode.c"
        "${HUTCH_QUICKJS_DIR}/quickjs.c")
    # The engine counts on wrapping integers, on aliased reads and on an unsigned char.
    target_compile_options(hutch_engine PRIVATE
        -w -fwrapv -fno-strict-aliasing -funsigned-char)
    if(NOT HUTCH_SANITIZE)
        target_compile_options(hutch_engine PRIVATE -fstack-protector-strong)
    endif()
    # engine_os.h turns the engine's questions to the system into calls of src/isolate.
    target_compile_definitions(hutch_engine PRIVATE
        _GNU_SOURCE QUICKJS_NG_BUILD HUTCH_ENGINE_SOURCE NDEBUG)
    target_compile_options(hutch_engine PRIVATE
        "SHELL:-include \"${PROJECT_SOURCE_DIR}/src/isolate/engine_os.h\"")
    set_target_properties(hutch_engine PROPERTIES C_EXTENSIONS ON C_CLANG_TIDY "")
    target_link_libraries(hutch_engine PRIVATE hutch_flags_all)
endif()
# As a system folder: its headers do not pass our warnings.
target_include_directories(hutch_engine SYSTEM INTERFACE
    "$<BUILD_INTERFACE:${HUTCH_QUICKJS_DIR}>")
# The circle is the point of engine_os.h: each of the two calls the other.
target_link_libraries(hutch_engine INTERFACE hutch_isolate m pthread)
