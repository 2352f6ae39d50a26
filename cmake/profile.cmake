# Profile-guided optimisation of what runs in a worker (gcc). Two builds: one with HUTCH_PROFILE=make,
# whose hutch-training counts what programs of bench/training need; and the one that ships, with
# HUTCH_PROFILE=use, which is laid out by these counts. script/build does both. What no training
# program reached is optimised as usual.

set(HUTCH_PROFILE "" CACHE STRING "make: count; use: build by what was counted (gcc)")
set(HUTCH_PROFILE_DIR "${PROJECT_SOURCE_DIR}/build/profile/counts" CACHE PATH
    "Where the counts are kept")

if(HUTCH_PROFILE AND NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "HUTCH_PROFILE needs gcc, not ${CMAKE_C_COMPILER_ID}")
endif()
if(HUTCH_PROFILE STREQUAL "make")
    target_compile_options(hutch_flags_all INTERFACE
        -fprofile-generate=${HUTCH_PROFILE_DIR} -fprofile-prefix-path=${PROJECT_BINARY_DIR})
    target_link_options(hutch_flags_all INTERFACE -fprofile-generate)
elseif(HUTCH_PROFILE STREQUAL "use")
    if(NOT EXISTS "${HUTCH_PROFILE_DIR}")
        message(FATAL_ERROR "No counts in ${HUTCH_PROFILE_DIR}: run script/build, which makes them")
    endif()
    # A source that has changed since the training is compiled as if there had been none.
    target_compile_options(hutch_flags_all INTERFACE
        -fprofile-use=${HUTCH_PROFILE_DIR} -fprofile-prefix-path=${PROJECT_BINARY_DIR}
        -fprofile-partial-training -Wno-missing-profile -Wno-coverage-mismatch)
elseif(HUTCH_PROFILE)
    message(FATAL_ERROR "HUTCH_PROFILE is ${HUTCH_PROFILE}, expected make or use")
endif()
