# shellcheck shell=bash
# What builds for another C library or another processor need: compilers of Debian's, and libraries that are
# unpacked below build/deps, so that the system knows no second processor. Sourced by script/package, after
# packages.sh and quickjs.sh.

cross_folder=build/deps/arm64
cross_packages=(libseccomp-dev musl-dev)

# install_missing PACKAGE...
install_missing() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# kernel_headers SOURCE ASM FOLDER: what of the kernel's a C library without its own gets, and nothing else.
kernel_headers() {
    mkdir -p "$3"
    ln -sfn "$1/linux" "$3/linux"
    ln -sfn "$1/asm-generic" "$3/asm-generic"
    ln -sfn "$2" "$3/asm"
}

# apt-get for arm64, of the release that this system is, with lists of its own.
cross_apt() {
    apart_apt "$root/$cross_folder/apt" -o APT::Architectures::=arm64 "$@"
}

# The archives of libraries for arm64, in cross_folder. apt checks who made them.
fetch_cross_packages() {
    local base=$root/$cross_folder/apt mirrors file
    [ ! -f "$cross_folder/.complete" ] || return 0
    say 'fetching libraries for arm64'
    mapfile -t mirrors < <(debian_mirrors)
    [ ${#mirrors[@]} -gt 0 ] || die "apt knows no mirror of Debian's main archive"
    rm -rf "$cross_folder"
    mkdir -p "$base/lists/partial" "$base/cache/archives/partial" "$base/download"
    printf 'deb [arch=arm64 signed-by=%s] %s %s main\n' \
        /usr/share/keyrings/debian-archive-keyring.gpg "${mirrors[0]}" \
        "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" >"$base/sources.list"
    quietly cross_apt update -o APT::Update::Error-Mode=any
    (cd "$base/download" && quietly cross_apt download "${cross_packages[@]/%/:arm64}")
    for file in "$base/download"/*.deb; do dpkg -x "$file" "$cross_folder"; done
    # Names of shared libraries, which are in other packages.
    find "$cross_folder" -xtype l -delete
    rm -rf "$base"
    sed "s|/usr/|$root/$cross_folder/usr/|g" \
        "$cross_folder/usr/lib/aarch64-linux-musl/musl-gcc.specs" >"$cross_folder/musl-gcc.specs"
    touch "$cross_folder/.complete"
}

# What TARGET is built with.
install_cross() {
    case "$1" in
        linux-x64) ;;
        linux-x64-musl)
            install_missing musl-tools
            kernel_headers /usr/include /usr/include/x86_64-linux-gnu/asm build/deps/linux-headers
            ;;
        linux-arm64*)
            # musl-tools: its version and its terms are those of the library for arm64.
            install_missing gcc-aarch64-linux-gnu libc6-dev-arm64-cross musl-tools
            fetch_cross_packages
            kernel_headers /usr/aarch64-linux-gnu/include /usr/aarch64-linux-gnu/include/asm \
                build/deps/linux-headers-arm64
            ;;
    esac
}
