# SPDX-License-Identifier: Apache-2.0
"""Wrong pairs fail to compile, at the requires line, with a message that names what is missing.

Usage: run.py <C++ compiler> <root of the repository>

Each case says what its message must contain (// expect: regular expression). With KRAMERS_CORRECT
defined the same file must compile, so the failure has no other cause.
"""

import re
import subprocess
import sys
from pathlib import Path

CONSTRAINT = re.compile(r"constraints? not satisfied|no matching function", re.IGNORECASE)


def compile_case(compiler, root, case, *options):
    """Exit code and messages."""
    done = subprocess.run(
        [compiler, "-std=c++20", "-fsyntax-only", f"-I{root}", *options, str(case)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def problems_of(compiler, root, case):
    """What is wrong with the way a case fails, as sentences."""
    code, output = compile_case(compiler, root, case, "-DKRAMERS_CORRECT")
    if code != 0:
        return [f"{case.name}: its correct twin does not compile:\n{output}"]
    code, output = compile_case(compiler, root, case)
    if code == 0:
        return [f"{case.name}: compiles, but must not"]
    problems = []
    if not CONSTRAINT.search(output):
        problems.append(f"{case.name}: fails, but not at a constraint:\n{output}")
    for wanted in re.findall(r"^// expect: (.*)$", case.read_text(encoding="utf-8"), re.MULTILINE):
        if not re.search(wanted, output):
            problems.append(f"{case.name}: the message does not mention {wanted}:\n{output}")
    if len(output.splitlines()) > 60:
        problems.append(f"{case.name}: {len(output.splitlines())} lines of message, 60 at most")
    return problems


def main():
    compiler, root = sys.argv[1], Path(sys.argv[2])
    cases = sorted(Path(__file__).parent.glob("*.cpp"))
    failed = 0
    for case in cases:
        problems = problems_of(compiler, root, case)
        failed += bool(problems)
        print("\n".join(problems) or f"{case.name}: rejected as it should be")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
