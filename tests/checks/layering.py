# SPDX-License-Identifier: Apache-2.0
"""Who may include whom. Usage: layering.py <root of the repository>"""

import re
import sys
from pathlib import Path

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)

# Layer → what its files may include of this repository (a folder or one file). The longest layer
# that a path starts with is its layer; layers not named here may include anything.
ALLOWED = {
    "sde": ["sde"],
    "sde/theory": ["sde", "sde/theory"],
    "landscapes": ["sde", "landscapes", "sde/theory/potential.hpp"],
    "estimators/tallies": ["sde", "estimators/tallies"],
    "estimators": ["sde", "estimators", "estimators/tallies"],
    "gpu": ["sde", "landscapes", "estimators/tallies", "gpu"],
    "experiments": ["sde", "sde/theory", "landscapes", "estimators", "estimators/tallies", "gpu",
                    "experiments"],
}
FOLDERS = ("sde", "landscapes", "estimators", "gpu", "experiments", "plots", "tests")

# Packages that no header may show (headers are installed), and what the device compiler may not see.
NOT_IN_HEADERS = ("toml++/", "CLI/", "boost/numeric/odeint", "nlohmann/")
NO_THRUST = re.compile(r"^(sde|landscapes|estimators)/|^experiments/.*\.hpp$|^gpu/(simulate|plan)\.hpp$")
NOT_IN_CUDA = ("fmt/", "toml++/", "nlohmann/", "doctest/", "Eigen/", "boost/", "CLI/")


def layer_of(path):
    """The layer a path belongs to, None if it is outside of all."""
    fitting = [layer for layer in ALLOWED if path.startswith(layer + "/")]
    return max(fitting, key=len) if fitting else None


def includes(root, path):
    """(quoted, angled) includes of a file."""
    text = (Path(root) / path).read_text(encoding="utf-8")
    found = INCLUDE.findall(text)
    return [quoted for quoted, _ in found if quoted], [angled for _, angled in found if angled]


def folder_problems(root, path):
    """Includes that point upwards, or that are not rooted at the repository."""
    layer = layer_of(path)
    for target in includes(root, path)[0]:
        if not target.startswith(FOLDERS):
            yield f'{path}: "{target}" is not rooted at the repository (write "sde/vec.hpp")'
        elif layer and target not in ALLOWED[layer] and layer_of(target) not in ALLOWED[layer]:
            yield (f'{path}: may not include "{target}" '
                   f"({layer} may include: {', '.join(ALLOWED[layer])})")


def package_problems(root, path):
    """Third-party headers that show where they must not."""
    for target in includes(root, path)[1]:
        if path.endswith(".hpp") and not path.startswith("tests/"):
            if target.startswith(NOT_IN_HEADERS):
                yield f"{path}: <{target}> in a header; include it in the .cpp only"
        if target.startswith("thrust/") and NO_THRUST.search(path):
            yield f"{path}: <{target}>; Thrust stays inside gpu/, out of its public headers"


def device_problems(root, paths):
    """Packages that a CUDA unit reaches, through any chain of includes."""
    for unit in paths:
        if not unit.endswith(".cu"):
            continue
        seen, waiting = {unit: unit}, [unit]
        while waiting:
            path = waiting.pop()
            quoted, angled = includes(root, path)
            for target in angled:
                if target.startswith(NOT_IN_CUDA):
                    yield f"{seen[path]}: <{target}> must not reach a CUDA unit"
            for target in quoted:
                if target not in seen and (Path(root) / target).is_file():
                    seen[target] = f"{seen[path]} → {target}"
                    waiting.append(target)


def test_problems(root, path):
    """A test file has a namespace of its own: several are compiled as one."""
    stem = Path(path).stem
    if not (path.startswith("tests/") and stem.endswith("_test")):
        return []
    if f"namespace {stem} {{" in (Path(root) / path).read_text(encoding="utf-8"):
        return []
    return [f"{path}: wrap what follows its includes in namespace {stem}"]


def check(root):
    """All problems of a tree, as sentences."""
    paths = [path.as_posix() for path in tree.sources(root)]
    problems = []
    for path in paths:
        problems += folder_problems(root, path)
        problems += package_problems(root, path)
        problems += test_problems(root, path)
    return problems + list(device_problems(root, paths))


if __name__ == "__main__":
    sys.exit(tree.report("layering", check(sys.argv[1])))
