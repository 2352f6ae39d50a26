# shellcheck shell=bash
# npm packages: those of the lock file, among them Node.js, bun and deno, and those of the benchmarks.

node_modules_stamp=node_modules/.hutch-lock

# npm needs a Node.js to start with; the one that the tests use comes out of the lock file.
install_npm() {
    if ! command -v npm >/dev/null; then
        apt_install nodejs npm
    fi
}

# What a folder of packages was made from, by hash: when one of these files changes, it is made anew.
sum_of() {
    local file files=()
    for file in "$@"; do
        [ ! -f "$file" ] || files+=("$file")
    done
    cat "${files[@]}" | sha256sum
}

# Not `npm ci`: that refuses a lock file without the bun, deno or biome of every platform there is, and
# not every registry has all of them. What the lock file has is installed as it says.
npm_install() {
    quietly npm install --no-save --no-progress --loglevel=error "$@"
}

# Where the runtimes have to be, whatever else is on the PATH.
runtimes_work() {
    local program
    for program in node bun deno; do
        node_modules/.bin/"$program" --version >/dev/null 2>&1 || return
    done
}

# npm 9 does not link the programs of an optional package, and npm may have been told not to run the
# install scripts of bun and deno, which put the program for this machine in place.
mend_runtimes() {
    local program
    for program in node_modules/node-linux-*/bin/node; do
        [ ! -x "$program" ] || ln -sf "../${program#node_modules/}" node_modules/.bin/node
    done
    runtimes_work || quietly npm rebuild --loglevel=error bun deno
    runtimes_work || die 'npm installed Node.js, bun and deno, but they do not all start'
}

install_node_modules() {
    local sum
    sum=$(sum_of package.json package-lock.json .npmrc js/package.json)
    if [ -f "$node_modules_stamp" ] && [ "$(cat "$node_modules_stamp")" = "$sum" ] &&
        runtimes_work; then
        return
    fi
    install_npm
    say 'installing the npm packages of package-lock.json'
    npm_install
    mend_runtimes
    printf '%s\n' "$sum" >"$node_modules_stamp"
}

# install_modules_in FOLDER: the packages of a lock file that only one folder needs.
install_modules_in() {
    local folder=$1 stamp=$1/node_modules/.hutch-lock sum
    sum=$(sum_of "$folder"/{package.json,package-lock.json,.npmrc})
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then
        return
    fi
    say "installing the npm packages of $folder/package-lock.json"
    npm_install --prefix "$folder" || return
    printf '%s\n' "$sum" >"$stamp"
}

# What the benchmarks measure against.
install_bench_modules() {
    install_modules_in bench
}

# What the stripping of types is compared with.
install_corpus_modules() {
    install_modules_in tests/corpus
}
