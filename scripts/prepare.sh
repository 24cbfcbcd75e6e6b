# What the scripts share: packages, the compiler, the build. Sourced, not run.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash

set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

# The server refuses plugins that others could have written.
umask 022

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
    bold='' dim='' green='' red='' plain=''
fi

say() { printf '%s==>%s %s%s%s\n' "$green" "$plain" "$bold" "$*" "$plain"; }
die() {
    printf '%s%s%s\n' "$red" "$*" "$plain" >&2
    exit 1
}

# packages_for PURPOSE...: the packages listed for these purposes, one a line.
packages_for() {
    local purpose
    for purpose in "$@"; do
        awk -v purpose="$purpose" '$1 == purpose { print $2 }' "$root/scripts/packages"
    done | sort -u
}

# need_packages PURPOSE...: installs what is missing.
need_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: these packages, or your system's equivalents, are expected to be installed"
        packages_for "$@" | sed 's/^/    /'
        return
    fi
    for package in $(packages_for "$@"); do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local install="apt-get install -y --no-install-recommends ${missing[*]}" as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "Packages are missing and this user cannot install them. As root, run:

    apt-get update && $install

and start this again."
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq || printf 'apt-get update failed; trying with the package lists there are\n' >&2
    # shellcheck disable=SC2086
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null \
        || die "The packages could not be installed. By hand: apt-get update && $install"
}

# need_swift: a compiler that is new enough.
need_swift() {
    local version
    command -v swift >/dev/null || die "Swift is missing. Install Swift 6.3 or newer:

    https://www.swift.org/install/linux/

make sure that 'swift' is in PATH, and start this again."
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -1)
    case $version in
        '' | [0-5].* | 6.[0-2]) die "Swift 6.3 or newer is needed; 'swift --version' says ${version:-nothing usable}.
See https://www.swift.org/install/linux/" ;;
    esac
}

# close_to_others PATH...: takes write permission from group and others, where it is ours to take.
close_to_others() {
    local path
    for path in "$@"; do
        if [ -n "$(find "$path" -maxdepth 0 -perm /022 2>/dev/null)" ]; then
            chmod go-w "$path" || die "$path can be written by others, and the server would refuse the plugins in it.
Its owner can change that: chmod go-w $path"
        fi
    done
}

# close_way_here: the same for the directories above this one. Without asking only where the group is the user's own, so
# that nobody loses anything.
close_way_here() {
    local path=$root
    while [ "$path" != / ]; do
        path=$(dirname "$path")
        # Others may write to it, and it is not like /tmp, where nobody can rename what another owns.
        [ -n "$(find "$path" -maxdepth 0 -perm /022 ! \( -perm -1000 -user root \) 2>/dev/null)" ] || continue
        if [ -n "$(find "$path" -maxdepth 0 -user "$(id -un)" -group "$(id -un)" ! -perm /002 2>/dev/null)" ]; then
            say "chmod g-w $path: the server refuses plugins that others could replace"
            chmod g-w "$path"
        else
            die "$path can be written by others, and the server would refuse the plugins below it.
Move this project to another place, or take the permission away: chmod go-w $path"
        fi
    done
}

# build_release [LOG]: the four products in .build/release; with LOG the output goes there too.
build_release() {
    say "building (the first time takes a few minutes)"
    if [ $# -gt 0 ]; then
        swift build -c release 2>&1 | tee "$1"
        [ "${PIPESTATUS[0]}" -eq 0 ] || die "The build failed."
    else
        swift build -c release || die "The build failed."
    fi
    release=$(cd "$root/.build/release" && pwd -P)
    close_way_here
    close_to_others "$root" "$root/.build" "$(dirname "$release")" "$release" "$release"/pve-mcp "$release"/pve-sim \
        "$release"/libpve-*.so
}
