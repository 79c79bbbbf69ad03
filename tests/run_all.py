# SPDX-License-Identifier: Apache-2.0
"""Runs every test of a build folder and ends with one line: N passed, N failed[, N skipped].

    python3 tests/run_all.py build/release/tests/manifest.json [--label L] [--exclude L] [--jobs N]

A doctest executable counts its test cases; a script counts what its own last line says
("N passed, N failed"), what unittest reports, or itself. An entry that crashes, or whose count
cannot be read, is one failure. Test cases of the suite "gpu" are skipped with the reason when no
GPU is usable.
"""

import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field

TIMEOUT_SECONDS = 1800


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: list = field(default_factory=list)  # (what, reason)


def count_doctest(output, code):
    """Reads doctest's closing line; filtered-out cases do not count."""
    found = re.findall(
        r"^\[doctest\] test cases:\s+(\d+) \|\s+(\d+) passed \|\s+(\d+) failed \|\s+(\d+) skipped",
        output, re.MULTILINE)
    if not found:
        return Count(failed=1)
    total, passed, failed, _ = map(int, found[-1])
    if code != 0 and failed == 0:
        failed = 1
    return Count(passed, failed)


def count_script(output, code):
    """Reads "N passed, N failed" or unittest's summary; otherwise the script is one test."""
    lines = [line for line in output.splitlines() if line.strip()]
    if code == 77:
        return Count(skipped=[("", lines[-1] if lines else "no reason given")])
    own = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1]) if lines else None
    ran = re.search(r"^Ran (\d+) tests? in", output, re.MULTILINE)
    if own:
        passed, failed = int(own[1]), int(own[2])
    elif ran:
        def number(what):
            found = re.search(rf"\b{what}=(\d+)", lines[-1])
            return int(found[1]) if found else 0
        failed = number("failures") + number("errors") + number("unexpected successes")
        skipped = [("", reason) for reason in re.findall(r"skipped ['\"](.*)['\"]$", output,
                                                         re.MULTILINE)]
        skipped += [("", "no reason given")] * (number("skipped") - len(skipped))
        passed = max(0, int(ran[1]) - failed - len(skipped))
        if failed + passed + len(skipped) == 0:
            failed = 1  # nothing was found to run
        return Count(passed, max(failed, 1 if code else 0), skipped)
    else:
        passed, failed = (1, 0) if code == 0 else (0, 1)
    return Count(passed, max(failed, 1 if code else 0))


def run(command, manifest):
    """Exit code and the joined output of a command."""
    environment = dict(os.environ, KRAMERS_EXECUTABLE=manifest["executable"],
                       KRAMERS_SOURCE_DIR=manifest["source"], PYTHONDONTWRITEBYTECODE="1")
    folder = os.path.dirname(os.path.abspath(manifest["path"]))
    try:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        return 124, (late.stdout or b"").decode("utf-8", "replace") + "\ntimed out\n"
    except OSError as problem:
        return 126, f"cannot run {command[0]}: {problem}\n"


def gpu_reason(manifest):
    """Why GPU tests cannot run here; None when they can."""
    if not manifest["gpu_probe"]:
        return "the engine was not built"
    code, output = run([manifest["gpu_probe"]], manifest)
    return None if code == 0 else (output.strip() or f"the probe ended with code {code}")


def gpu_cases(entry, manifest):
    """Names of the test cases of an executable that need a GPU."""
    code, output = run([entry["command"][0], "--list-test-cases", "--test-suite=gpu"], manifest)
    if code != 0:
        return []
    return [line for line in output.splitlines()
            if line and not line.startswith("[doctest]") and not set(line) <= {"="}]


def run_entry(entry, manifest, no_gpu, only_gpu=False):
    """One line of the manifest: (count, output to show)."""
    if entry["kind"] != "doctest":
        command = entry["command"]
        if "unittest" in command:
            command = command + ["-v"]
        code, output = run(command, manifest)
        return count_script(output, code), output
    total, shown = Count(), ""
    if not only_gpu:
        code, shown = run(entry["command"] + ["--no-colors=true"], manifest)
        total = count_doctest(shown, code)
    cases = gpu_cases(entry, manifest)
    if cases and no_gpu:
        total.skipped += [(case, no_gpu) for case in cases]
    elif cases:
        code, output = run([entry["command"][0], "--test-suite=gpu", "--no-colors=true"], manifest)
        count = count_doctest(output, code)
        total.passed += count.passed
        total.failed += count.failed
        shown += output
    return total, shown


def run_gpu_only(manifest, name):
    """What ctest runs for the label gpu: exit code 77 and the reason when there is no GPU."""
    reason = gpu_reason(manifest)
    if reason:
        print(f"skipped: {reason}")
        return 77
    entry = next(entry for entry in manifest["tests"] if entry["name"] == name)
    count, output = run_entry(entry, manifest, None, only_gpu=True)
    print(output)
    return 1 if count.failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest")
    parser.add_argument("--label", action="append", default=[], help="only entries with this label")
    parser.add_argument("--exclude", action="append", default=[], help="no entries with this label")
    parser.add_argument("--name", action="append", default=[], help="only the entry of this name")
    parser.add_argument("--kind", choices=["doctest", "script"], help="only entries of this kind")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--gpu-only", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    with open(options.manifest, encoding="utf-8") as file:
        manifest = json.load(file)
    manifest["path"] = options.manifest
    if options.gpu_only:
        return run_gpu_only(manifest, options.gpu_only)

    entries = [entry for entry in manifest["tests"]
               if (not options.label or set(options.label) & set(entry["labels"]))
               and not set(options.exclude) & set(entry["labels"])
               and (not options.name or entry["name"] in options.name)
               and (not options.kind or entry["kind"] == options.kind)]
    entries.sort(key=lambda entry: "slow" not in entry["labels"])  # no long one alone at the end
    no_gpu = gpu_reason(manifest)
    total = Count()

    def timed(entry):
        begin = time.monotonic()
        result = run_entry(entry, manifest, no_gpu)
        return (entry, *result, time.monotonic() - begin)

    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, options.jobs)) as pool:
        for future in concurrent.futures.as_completed([pool.submit(timed, e) for e in entries]):
            entry, count, output, seconds = future.result()
            if count.failed:
                print(output.rstrip())
            state = "FAILED" if count.failed else "ok"
            print(f"{entry['name']:<16} {state:<6} {count.passed:>4} passed {count.failed:>3} failed"
                  f"  {seconds:7.1f} s", flush=True)
            total.passed += count.passed
            total.failed += count.failed
            total.skipped += [(f"{entry['name']}: {what}" if what else entry["name"], reason)
                              for what, reason in count.skipped]
    for what, reason in total.skipped:
        print(f"skipped  {what} ({reason})")
    if total.passed + total.failed == 0:
        print("no test was run", file=sys.stderr)
        total.failed = 1
    closing = f"{total.passed} passed, {total.failed} failed"
    if total.skipped:
        closing += f", {len(total.skipped)} skipped"
    print(closing)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
