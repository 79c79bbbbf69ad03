# SPDX-License-Identifier: Apache-2.0
"""clang-format leaves every source as it is. Usage: format.py <root of the repository> [--fix]

Versions format differently, so only clang-format 14 (Debian 12) counts; without it the check is
skipped (exit code 77).
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import tree

VERSION = "version 14."


def formatter():
    """Path of clang-format 14, None if there is none."""
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path and VERSION in subprocess.run([path, "--version"], stdout=subprocess.PIPE, text=True,
                                              check=True).stdout:
            return path
    return None


def sources(root):
    """What is formatted: C++ and CUDA, without the templates of generated units."""
    return [str(path) for path in tree.sources(root) if path.suffix != ".in"]


def check(root, command):
    """Files that clang-format would change, as sentences. One process for all of them: five times as
    fast as one for each."""
    done = subprocess.run([command, "--style=file", "--dry-run", *sources(root)], cwd=root,
                          stderr=subprocess.PIPE, text=True, check=True)
    found = re.findall(r"^(.+?):\d+:\d+: .*\[-Wclang-format-violations\]$", done.stderr, re.MULTILINE)
    return [f"{path}: not formatted (run make format)" for path in dict.fromkeys(found)]


def main():
    root, command = sys.argv[1], formatter()
    if not command:
        print("no clang-format 14 (Debian package clang-format)")
        return 77
    if "--fix" in sys.argv:
        subprocess.run([command, "-i", "--style=file", *sources(root)], cwd=root, check=True)
    return tree.report("format", check(root, command))


if __name__ == "__main__":
    sys.exit(main())
