# SPDX-License-Identifier: Apache-2.0
"""Every source that a docstring names is in the bibliography.

Usage: references.py <root of the repository>
"""

import re
import sys
from pathlib import Path

import tree

BIBLIOGRAPHY = "sde/theory/references.bib"
ENTRY = re.compile(r"^@\w+\{\s*([^,\s]+)\s*,", re.MULTILINE)
# The field of a docstring, with its continuation lines (indented further than a field's name).
FIELD = re.compile(r"^\s*/// ?Source\s{2,}(.*(?:\n\s*///\s{8,}.*)*)", re.MULTILINE)
KEY = re.compile(r"\b[a-z]+(?:_?[a-z]+)*\d{4}[a-z]*\b")
COMPONENT = re.compile(r"static constexpr (?:std::string_view|auto|char const\*) name\b")
COMPONENT_FOLDERS = ("landscapes/", "sde/models/", "sde/optimizers/")


def keys(root):
    """Keys of the bibliography, in order of appearance."""
    return ENTRY.findall((Path(root) / BIBLIOGRAPHY).read_text(encoding="utf-8"))


def check(root):
    """All problems of a tree, as sentences."""
    known = keys(root)
    problems = [f"{BIBLIOGRAPHY}: {key} stands there twice"
                for key in sorted({key for key in known if known.count(key) > 1})]
    for path in tree.sources(root):
        text = (Path(root) / path).read_text(encoding="utf-8")
        fields = FIELD.findall(text)
        for field in fields:
            named = KEY.findall(field)
            if not named:
                problems.append(f'{path}: Source "{field.strip()}" names no key of {BIBLIOGRAPHY}')
            problems += [f"{path}: Source {key} is not in {BIBLIOGRAPHY}"
                         for key in named if key not in known]
        if path.as_posix().startswith(COMPONENT_FOLDERS) and COMPONENT.search(text) and not fields:
            problems.append(f"{path}: a component without a Source")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report("references", check(sys.argv[1])))
