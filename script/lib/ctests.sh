# shellcheck shell=bash
# Building a variant of the C code and running its tests. Sourced by stages of script/test.

# The release build's engine: compiled once, linked by every variant that does not instrument it.
shared_engine() {
    configure_release || return
    quietly cmake --build --preset release --target hutch_engine -- --quiet
}

# ctests PRESET [-DNAME=VALUE ...]: compile all of it and run all of its tests.
ctests() {
    local preset=$1
    cmake_build "$@" || return
    ctest --preset "$preset"
}

# As ctests(), with the release build's engine.
ctests_sharing_engine() {
    shared_engine || return
    ctests "$@" -DHUTCH_ENGINE_ARCHIVE="$root/build/release/libhutch_engine.a"
}
