# shellcheck shell=bash
# Debian packages. Sourced by script/bootstrap.

# What the build, the tests and the scripts call. libcap and friends come by dependency.
debian_packages=(
    binutils
    ca-certificates
    clang
    clang-format
    clang-tidy
    cmake
    debian-archive-keyring
    g++
    gcc
    git
    libc6-dev
    libclang-rt-14-dev
    libcmocka-dev
    libseccomp-dev
    llvm
    ninja-build
    patch
    pkg-config
    procps
    shellcheck
    valgrind
)

# Run a command as root, or say clearly why not.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "installing Debian packages needs root, and there is no sudo here; run as root: $*"
    fi
}

# The packages of "$@" that are not installed, one a line.
missing_packages() {
    local package status
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
        [ "$status" = installed ] || printf '%s\n' "$package"
    done
}

# Once a run is enough: lists do not go stale within it.
apt_update_once() {
    [ -z "${apt_updated-}" ] || return 0
    say 'reading the package lists'
    quietly as_root apt-get -q update
    apt_updated=yes
}

apt_install() {
    apt_update_once
    say "installing $*"
    quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install "$@"
}

install_packages() {
    command -v dpkg-query >/dev/null ||
        die 'no dpkg-query: this script knows Debian 12 only; CONTRIBUTING.md says more'
    local missing
    mapfile -t missing < <(missing_packages "${debian_packages[@]}")
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}
