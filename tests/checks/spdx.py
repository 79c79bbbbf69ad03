# SPDX-License-Identifier: Apache-2.0
"""Every file names its licence in its first lines. Usage: spdx.py <root of the repository>"""

import sys
from pathlib import Path

import tree

LINE = "SPDX-License-Identifier: Apache-2.0"
SUFFIXES = tree.SOURCE_SUFFIXES | {".py", ".cmake", ".sh", ".toml", ".bib", ".yml", ".mplstyle"}
NAMES = {"CMakeLists.txt", "Makefile", ".ci/run", ".clang-format", ".clang-tidy", ".gitignore"}


def needs_line(path):
    """True for files that can carry a comment."""
    return path.suffix in SUFFIXES or path.name in NAMES or path.as_posix() in NAMES


def check(root):
    """All problems of a tree, as sentences."""
    problems = []
    for path in tree.files(root):
        if needs_line(path):
            text = (Path(root) / path).read_text(encoding="utf-8")
            if LINE not in "\n".join(text.splitlines()[:3]):
                problems.append(f"{path}: its first lines do not say \"{LINE}\"")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report("spdx", check(sys.argv[1])))
