#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian 12 packages that kramers is built with. Touches the network only when one is
# missing. As root, or with sudo.
#
#   sh cmake/install-dependencies.sh          what building, testing and drawing needs
#   sh cmake/install-dependencies.sh --ci     also the second compiler, its sanitizers, clang-format,
#                                             pandas for the notebook, shells for completion
set -eu

packages="g++ cmake ninja-build make libeigen3-dev libboost-dev libfmt-dev doctest-dev libthrust-dev \
libtbb-dev libtomlplusplus-dev libcli11-dev nlohmann-json3-dev libmuparser-dev librandom123-dev \
python3 python3-matplotlib"

case "${1:-}" in
    "") ;;
    --ci) packages="$packages clang libclang-rt-14-dev clang-format python3-pandas zsh fish" ;;
    *) echo "usage: $0 [--ci]" >&2; exit 2 ;;
esac

give_up() {
    echo "install-dependencies: $1" >&2
    echo "  wanted: $packages" >&2
    exit 3
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    give_up "this is no Debian system (no dpkg-query). Install the counterparts of these packages \
by hand, then call cmake --preset release && cmake --build --preset release"
fi

missing=""
for package in $packages; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    case "$state" in
        *" ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo"
else
    give_up "missing:$missing. Neither root nor sudo here; ask an administrator for
  apt-get install$missing"
fi

echo "install-dependencies: installing$missing" >&2
# Output on stderr: stdout belongs to whatever called this.
$as_root apt-get update -qq >&2 || give_up "apt-get update failed; missing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >&2 ||
    give_up "apt-get install failed; missing:$missing"
echo "install-dependencies: done" >&2
