# hutch_engine: quickjs-ng, compiled from the sources that script/bootstrap fetched and patched, with our
# flags and none of our warnings. Only src/inspect and src/isolate may link it directly.

set(HUTCH_QUICKJS_DIR "${PROJECT_SOURCE_DIR}/build/deps/quickjs-ng" CACHE PATH
    "Source tree of quickjs-ng to which script/bootstrap has applied patches/")
set(HUTCH_ENGINE_ARCHIVE "" CACHE FILEPATH
    "An archive of the engine that another build folder made; empty: compile it here")

if(NOT EXISTS "${HUTCH_QUICKJS_DIR}/quickjs.h")
    message(FATAL_ERROR "No quickjs.h in ${HUTCH_QUICKJS_DIR}: run script/bootstrap, or let "
                        "HUTCH_QUICKJS_DIR name a source tree of quickjs-ng")
endif()

# The series as script/lib/quickjs.sh writes it into the tree that it has patched.
function(hutch_check_patches)
    set(series "")
    file(GLOB patches CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/patches"
         "${PROJECT_SOURCE_DIR}/patches/*.patch")
    list(SORT patches)
    foreach(patch IN LISTS patches)
        set(file "${PROJECT_SOURCE_DIR}/patches/${patch}")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
        file(SHA256 "${file}" sum)
        string(APPEND series "${sum}  ${patch}\n")
    endforeach()
    string(SHA256 wanted "${series}")
    set(applied "")
    if(EXISTS "${HUTCH_QUICKJS_DIR}/.hutch-patches")
        file(STRINGS "${HUTCH_QUICKJS_DIR}/.hutch-patches" applied)
    endif()
    if(NOT wanted IN_LIST applied)
        message(FATAL_ERROR "${HUTCH_QUICKJS_DIR} does not have the patches of patches/: run "
                            "script/bootstrap, which makes build/deps/quickjs-ng (from the tree that "
                            "HUTCH_QUICKJS_DIR names in the environment, if it does)")
    endif()
endfunction()

if(HUTCH_ENGINE_ARCHIVE)
    add_library(hutch_engine STATIC IMPORTED GLOBAL)
    set_target_properties(hutch_engine PROPERTIES IMPORTED_LOCATION "${HUTCH_ENGINE_ARCHIVE}")
else()
    hutch_check_patches()
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
