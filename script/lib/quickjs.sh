# shellcheck shell=bash
# The sources of quickjs-ng, from Debian's package qjs-src, and our patches to them. Sourced by
# script/bootstrap.
#
# What was fetched, or what HUTCH_QUICKJS_DIR names, stays as it is: what is compiled is a copy of it to
# which the series in patches/ has been applied.
#
# apt fetches and authenticates it with a list of sources, an index and a cache of its own, all below
# build/deps/apt: the system's are not touched. The mirror is the one that the system uses already.

quickjs_package=qjs-src
quickjs_version=0.17.0-1
quickjs_sha256=04631979bdadaccffd76c1cb0aff5d07389aa889a90b6a902eba858a3a3b3988
quickjs_suite=sid
quickjs_source=build/deps/quickjs-ng-source
quickjs_target=build/deps/quickjs-ng
quickjs_patches=patches
quickjs_apt=build/deps/apt
# In the source: names what is unpacked there; absent or different: unpack again.
quickjs_stamp=$quickjs_source/.hutch-package

# The base addresses that the system's apt gets Debian's main archive from, the likeliest first.
debian_mirrors() {
    # shellcheck disable=SC2016  # these are apt's variables, not the shell's
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
        awk '!/security/ && !/\/(updates|proposed-updates|backports)\// && !seen[$0]++'
}

# apt-get with a folder of its own, and nothing of the system's but its keys and its proxy settings.
apart_apt() {
    local base=$1
    shift
    apt-get -q \
        -o Dir::Etc::sourcelist="$base/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$base/lists" \
        -o Dir::Cache="$base/cache" \
        -o Acquire::Languages=none \
        -o APT::Sandbox::User="$(id -un)" \
        "$@"
}

# The pinned hash says whether the package is the right one, so an index that is older than it should be
# does no harm.
own_apt() {
    apart_apt "$root/$quickjs_apt" \
        -o Acquire::Check-Valid-Until=false \
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
        "$@"
}

# Read the index of the suite from a mirror.
own_apt_update() {
    local mirror=$1 base=$root/$quickjs_apt
    mkdir -p "$base/lists/partial" "$base/cache/archives/partial"
    printf 'deb [signed-by=%s] %s %s main\n' \
        /usr/share/keyrings/debian-archive-keyring.gpg "$mirror" "$quickjs_suite" \
        >"$base/sources.list"
    own_apt update -o APT::Update::Error-Mode=any >"$base/update.log" 2>&1
}

# Read the index from the first of the system's mirrors that has the suite.
own_apt_update_any() {
    local mirrors mirror
    mapfile -t mirrors < <(debian_mirrors)
    if [ ${#mirrors[@]} -eq 0 ]; then
        # A machine that has never read its lists knows no targets.
        apt_update_once
        mapfile -t mirrors < <(debian_mirrors)
    fi
    [ ${#mirrors[@]} -gt 0 ] || die "apt knows no mirror of Debian's main archive"
    for mirror in "${mirrors[@]}"; do
        own_apt_update "$mirror" && return
    done
    cat "$quickjs_apt/update.log" >&2
    die "no mirror that apt knows offers Debian's suite $quickjs_suite"
}

# Download the pinned package, or the newest one, into the folder of downloads. Prints its path.
download_quickjs() {
    local folder=$quickjs_apt/download wanted=$quickjs_package=$quickjs_version file
    rm -rf "$folder"
    mkdir -p "$folder"
    if ! own_apt_show_versions | grep -qxF "$quickjs_version"; then
        say "$quickjs_package $quickjs_version is no longer offered: taking the newest instead"
        wanted=$quickjs_package
    fi
    (cd "$folder" && quietly own_apt download "$wanted")
    file=("$folder"/*.deb)
    [ -f "${file[0]}" ] || die "apt downloaded no $quickjs_package"
    printf '%s\n' "${file[0]}"
}

own_apt_show_versions() {
    local base=$root/$quickjs_apt
    awk -v package="$quickjs_package" '
        $1 == "Package:" { inside = $2 == package }
        inside && $1 == "Version:" { print $2 }
    ' <(own_apt_index "$base/lists")
}

# The text of the downloaded index, however it is compressed.
own_apt_index() {
    local file
    for file in "$1"/*_Packages*; do
        /usr/lib/apt/apt-helper cat-file "$file"
    done
}

# Stop unless the file is the pinned one; a newer version is named with its hash, to be pinned.
verify_quickjs() {
    local file=$1 sum
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    case "$(basename "$file")" in
        "${quickjs_package}_${quickjs_version}_all.deb")
            [ "$sum" = "$quickjs_sha256" ] ||
                die "SHA-256 of $file is $sum, expected $quickjs_sha256"
            ;;
        *) say "$(basename "$file") has SHA-256 $sum" ;;
    esac
}

install_quickjs() {
    if [ -n "${HUTCH_QUICKJS_DIR-}" ]; then
        [ -f "$HUTCH_QUICKJS_DIR/quickjs.h" ] ||
            die "HUTCH_QUICKJS_DIR: no quickjs.h in $HUTCH_QUICKJS_DIR"
        patch_quickjs "$HUTCH_QUICKJS_DIR" "$quickjs_patches" "$quickjs_target"
        return
    fi
    adopt_quickjs
    fetch_quickjs
    patch_quickjs "$quickjs_source" "$quickjs_patches" "$quickjs_target"
}

# Before there were patches, the sources were unpacked where their patched copy is now.
adopt_quickjs() {
    if [ -f "$quickjs_target/.hutch-package" ] && [ ! -e "$quickjs_source" ]; then
        mv "$quickjs_target" "$quickjs_source"
    fi
}

fetch_quickjs() {
    if [ -f "$quickjs_stamp" ]; then
        [ "$(cat "$quickjs_stamp")" != "$quickjs_sha256" ] || return 0
        [ "$(head -c 6 "$quickjs_stamp")" != newer: ] || return 0
    fi
    say "fetching $quickjs_package $quickjs_version"
    own_apt_update_any
    local file
    file=$(download_quickjs)
    verify_quickjs "$file"
    unpack_quickjs "$file"
}

# The source appears whole or not at all.
unpack_quickjs() {
    local file=$1 unpacked=$quickjs_apt/unpacked sum
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    rm -rf "$unpacked" "$quickjs_source"
    dpkg -x "$file" "$unpacked"
    [ -f "$unpacked/usr/src/quickjs-ng/quickjs.h" ] ||
        die "$(basename "$file") has no usr/src/quickjs-ng/quickjs.h"
    [ "$sum" = "$quickjs_sha256" ] || sum=newer:$sum
    printf '%s\n' "$sum" >"$unpacked/usr/src/quickjs-ng/.hutch-package"
    mv "$unpacked/usr/src/quickjs-ng" "$quickjs_source"
    # The index of a whole suite is large and of no further use.
    rm -rf "$quickjs_apt"
}

# patch_quickjs SOURCE SERIES TARGET: make TARGET a copy of the C files in SOURCE with every patch of the
# folder SERIES applied, in the order of their names. A TARGET that was made from the same files is
# left alone, so that nothing is compiled again. SOURCE is only read; TARGET appears whole or not at all.
patch_quickjs() {
    local source=$1 series=$2 target=$3 staged=$3.staged stamp patch
    stamp=$(patched_stamp "$source" "$series")
    if [ -f "$target/.hutch-patches" ] && [ "$(cat "$target/.hutch-patches")" = "$stamp" ]; then
        return 0
    fi
    rm -rf "$staged"
    mkdir -p "$staged"
    cp -pL "$source"/*.[ch] "$staged"
    for patch in "$series"/*.patch; do
        [ -f "$patch" ] || continue
        apply_patch "$patch" "$staged" "$source"
    done
    printf '%s\n' "$stamp" >"$staged/.hutch-patches"
    rm -rf "$target"
    mv "$staged" "$target"
}

# Two lines: the hash of the sources, and that of the series, which cmake/engine.cmake compares.
patched_stamp() {
    local source=$1 series=$2
    cat "$source"/*.[ch] | sha256sum | cut -d' ' -f1
    (cd "$series" && find . -maxdepth 1 -name '*.patch' -printf '%f\n' | LC_ALL=C sort |
        xargs -r sha256sum) | sha256sum | cut -d' ' -f1
}

# Exactly, or not at all: a patch that is put where it only nearly fits would be a new fault.
apply_patch() {
    local file=$1 folder=$2 source=$3 output
    output=$(patch -p1 --fuzz=0 --forward --batch --no-backup-if-mismatch --reject-file=- \
        -d "$folder" <"$file" 2>&1) && return
    printf '%s\n' "$output" >&2
    rm -rf "$folder"
    say "$file does not apply to quickjs-ng $(quickjs_version_of "$source") in $source"
    die "patches/ is made for $quickjs_package $quickjs_version: use that version, or fit the patch to" \
        "this one; patches/README.md says how"
}

# "0.17.0", from the header.
quickjs_version_of() {
    awk '$2 ~ /^QJS_VERSION_(MAJOR|MINOR|PATCH)$/ { printf "%s%s", dot, $3; dot = "." }' \
        "$1/quickjs.h"
}
