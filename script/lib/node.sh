# shellcheck shell=bash
# The npm packages of the lock file, among them Node.js, bun and deno. Sourced by script/bootstrap.

node_modules_stamp=node_modules/.hutch-lock

# npm needs a Node.js to start with; the one that the tests use comes out of the lock file.
install_npm() {
    if ! command -v npm >/dev/null; then
        apt_install nodejs npm
    fi
}

# What was installed, by hash: a changed lock file or package.json installs anew.
lock_sum() {
    local files=(package.json package-lock.json .npmrc)
    [ ! -f js/package.json ] || files+=(js/package.json)
    cat "${files[@]}" | sha256sum
}

# npm may leave a tree in which the install scripts of bun and deno have not run; those scripts put
# the program for this machine in place, so that is what to look at.
runtimes_work() {
    node --version >/dev/null 2>&1 && bun --version >/dev/null 2>&1 && deno --version >/dev/null 2>&1
}

install_node_modules() {
    local sum
    sum=$(lock_sum)
    if [ -f "$node_modules_stamp" ] && [ "$(cat "$node_modules_stamp")" = "$sum" ] &&
        runtimes_work; then
        return
    fi
    install_npm
    say 'installing the npm packages of package-lock.json'
    # Not `npm ci`: that refuses a lock file without the bun, deno or biome of every platform there
    # is, and not every registry has all of them. What the lock file has is installed as it says.
    quietly npm install --no-save --no-progress --loglevel=error
    if ! runtimes_work; then
        quietly npm rebuild --loglevel=error bun deno
        runtimes_work || die 'npm installed bun and deno, but they do not start'
    fi
    printf '%s\n' "$sum" >"$node_modules_stamp"
}
