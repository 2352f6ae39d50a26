# shellcheck shell=bash
# What every script starts with: strict mode, the root of the repository as the working folder, and
# the project's own programs first on the PATH. To be sourced; the sourcing script sets `usage`.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# This script's own name, as a user in the root would type it: "script/test".
self=$(realpath -s --relative-to="$root" "$0")
cd "$root"
# Node.js of the pinned version, bun, deno, tsc and biome.
export PATH="$root/node_modules/.bin:$PATH"
# Not everything that prints colours asks first whether somebody sees them.
[ -t 1 ] || export NO_COLOR=1
# npm would ask a registry whether it is the newest.
export npm_config_update_notifier=false

say() {
    printf '%s: %s\n' "$self" "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# A mistake in how the script was called.
misuse() {
    say "$*"
    say "try $self --help"
    exit 2
}

# Print the usage and end if that is what the only argument asks for.
help_if_asked() {
    case "${1-}" in
        -h | --help)
            printf '%s\n' "${usage:?}"
            exit 0
            ;;
    esac
}

# Refuse arguments: for scripts that take none but --help.
no_arguments() {
    help_if_asked "$@"
    [ $# -eq 0 ] || misuse "unexpected argument: $1"
}

# Run a command whose output matters only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
        say "failed with status $status: $*"
    fi
    rm -f "$log"
    return "$status"
}

# cmake_build PRESET [-DNAME=VALUE ...]: configure and compile, quiet unless it fails.
cmake_build() {
    local preset=$1
    shift
    quietly cmake --preset "$preset" "${engine_sources[@]}" "$@" || return
    quietly cmake --build --preset "$preset" -- --quiet
}

# What script/bootstrap has patched, whatever the sources were. Said anew at each configuration: CMake
# would remember an old one.
engine_sources=(-DHUTCH_QUICKJS_DIR="$root/build/deps/quickjs-ng")

# What the release build is laid out by: see cmake/profile.cmake. Trained again when the isolate, the
# engine or the programs have changed.
train() {
    local counts=build/profile/counts programs=(bench/training/programs/*)
    local training=build/profile/bench/training/hutch-training
    cmake_build profile || return
    if [ ! -e "$counts.stamp" ] ||
        [ -n "$(find "$training" "${programs[@]}" -newer "$counts.stamp")" ]; then
        rm -rf "$counts"
        quietly "$training" "${programs[@]}" || return
        touch "$counts.stamp"
    fi
}

configure_release() {
    train || return
    quietly cmake --preset release "${engine_sources[@]}" -DHUTCH_PROFILE=use
}

# Everything that ships. What other scripts run is what this leaves.
build_release() {
    configure_release || return
    quietly cmake --build --preset release -- --quiet || return
    mkdir -p build/bin
    ln -sf ../release/cli/hutch build/bin/hutch
    # What npm installs as `hutch` is the native command.
    install -D -m 755 build/release/cli/hutch js/dist/hutch
    quietly npm run --silent --workspace js build
}

# run_js RUNTIME FILE [ARGUMENT ...]: run a program of ours. Node.js strips the types itself.
run_js() {
    local runtime=$1
    shift
    case "$runtime" in
        node) node --disable-warning=ExperimentalWarning "$@" ;;
        bun) bun run "$@" ;;
        deno) deno run --allow-all --no-prompt "$@" ;;
        *) die "no such runtime: $runtime; expected node, bun or deno" ;;
    esac
}
