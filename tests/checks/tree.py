# SPDX-License-Identifier: Apache-2.0
"""Which files the checks of the tree look at."""

import os
import subprocess
from pathlib import Path

SOURCE_SUFFIXES = {".hpp", ".cpp", ".cu", ".in"}
SKIPPED_FOLDERS = {".git", "build", "runs", "__pycache__"}


def files(root):
    """Files of the repository, relative to its root: what git knows or would add; all without git."""
    root = Path(root)
    try:
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={root.resolve()}", "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        found = [Path(name.decode()) for name in listed.split(b"\0") if name]
        inside = (root / ".git").exists()
    except (OSError, subprocess.CalledProcessError):
        inside = False
    if not inside:
        found = []
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            found += [Path(folder, name).relative_to(root) for name in names]
    return sorted(path for path in found
                  if (root / path).is_file() and not set(path.parts) & SKIPPED_FOLDERS)


def sources(root):
    """C++ and CUDA files of the repository, templates of generated units included."""
    return [path for path in files(root)
            if path.suffix in SOURCE_SUFFIXES and path.parts[0] != "cmake"]


def report(name, problems):
    """Prints the problems of a check; its exit code."""
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problem(s)" if problems else f"{name}: fine")
    return 1 if problems else 0
