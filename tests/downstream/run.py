# SPDX-License-Identifier: Apache-2.0
"""Installs a build into an empty folder and builds a stranger's project against it.

Usage: run.py <cmake> <build folder> <C++ compiler>
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


class Broken(Exception):
    """One step that did not do what it must."""


def run(*command):
    """Output of a command that must succeed."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Broken(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def install(cmake, build, prefix):
    run(cmake, "--install", build, "--prefix", prefix)


def look_at_install_tree(prefix):
    for wanted in ("bin/kramers", "include/kramers/sde/vec.hpp",
                   "include/kramers/gpu/simulate.hpp"):
        if not (prefix / wanted).is_file():
            raise Broken(f"{wanted} is not installed")
    targets = next(prefix.glob("lib*/**/kramersTargets.cmake")).read_text(encoding="utf-8")
    leaked = [name for name in re.findall(r"^add_library\((\S+)", targets, re.MULTILINE)
              if not name.startswith("kramers::")]
    if leaked:
        raise Broken(f"exported without prefix: {', '.join(leaked)}")
    run(prefix / "bin/kramers", "list")


def build_consumer(cmake, prefix, folder, compiler):
    source = Path(__file__).resolve().parent
    run(cmake, "-S", source, "-B", folder, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=Release")
    run(cmake, "--build", folder)


def main():
    cmake, build, compiler = sys.argv[1:4]
    passed = 0
    with tempfile.TemporaryDirectory() as scratch:
        prefix, folder = Path(scratch, "prefix"), Path(scratch, "consumer")
        steps = [
            ("install", lambda: install(cmake, build, prefix)),
            ("install tree is complete, its targets are prefixed",
             lambda: look_at_install_tree(prefix)),
            ("a consumer configures and builds",
             lambda: build_consumer(cmake, prefix, folder, compiler)),
            ("its theory and its simulation agree", lambda: run(folder / "consumer")),
            ("a landscape of its own runs and obeys Gibbs", lambda: run(folder / "own_landscape")),
        ]
        for name, step in steps:
            try:
                step()
            except Broken as problem:
                print(f"{name}: FAILED\n{problem}")
                break
            passed += 1
            print(f"{name}: fine")
    failed = len(steps) - passed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("CMAKE_PREFIX_PATH", None)
    sys.exit(main())
