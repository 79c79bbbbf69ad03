# SPDX-License-Identifier: Apache-2.0
"""How the runner counts, and that it never takes a failure for a success."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RUNNER = Path(__file__).resolve().parents[1] / "run_all.py"
sys.path.insert(0, str(RUNNER.parent))

import run_all  # noqa: E402

DOCTEST = "[doctest] test cases:  7 |  5 passed | 2 failed | 3 skipped\n[doctest] Status: FAILURE!\n"


class Counting(unittest.TestCase):
    def test_doctest_summary(self):
        count = run_all.count_doctest(DOCTEST, 1)
        self.assertEqual((count.passed, count.failed), (5, 2))

    def test_doctest_crash_is_a_failure(self):
        self.assertEqual(run_all.count_doctest("Segmentation fault\n", -11).failed, 1)
        all_passed = DOCTEST.replace("5 passed | 2", "7 passed | 0")
        self.assertEqual(run_all.count_doctest(all_passed, -11).failed, 1)

    def test_script_closing_line(self):
        count = run_all.count_script("a\n3 passed, 1 failed\n", 1)
        self.assertEqual((count.passed, count.failed), (3, 1))

    def test_script_that_says_passed_but_exits_non_zero_failed(self):
        self.assertEqual(run_all.count_script("3 passed, 0 failed\n", 1).failed, 1)

    def test_script_without_a_count_is_one_test(self):
        self.assertEqual(run_all.count_script("fine\n", 0).passed, 1)
        self.assertEqual(run_all.count_script("", 1).failed, 1)

    def test_unittest_summary(self):
        text = "x ... skipped 'no LaTeX'\n\nRan 6 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
        count = run_all.count_script(text, 1)
        self.assertEqual((count.passed, count.failed), (3, 2))
        self.assertEqual(count.skipped, [("", "no LaTeX")])

    def test_unittest_that_found_nothing_failed(self):
        self.assertEqual(run_all.count_script("\nRan 0 tests in 0.0s\n\nOK\n", 0).failed, 1)

    def test_exit_code_77_is_skipped_with_its_reason(self):
        self.assertEqual(run_all.count_script("no clang-format\n", 77).skipped,
                         [("", "no clang-format")])


class Closing(unittest.TestCase):
    def run_manifest(self, commands):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "manifest.json")
            tests = [{"name": f"t{i}", "kind": "script", "labels": ["unit"],
                      "command": [sys.executable, "-c", code]} for i, code in enumerate(commands)]
            path.write_text(json.dumps({"source": folder, "executable": "", "gpu_probe": "",
                                        "tests": tests}), encoding="utf-8")
            done = subprocess.run([sys.executable, str(RUNNER), str(path)], text=True, check=False,
                                  stdout=subprocess.PIPE)
            return done.returncode, done.stdout.splitlines()[-1]

    def test_sums_and_exit_code(self):
        self.assertEqual(self.run_manifest(["", "print('4 passed, 0 failed')"]),
                         (0, "5 passed, 0 failed"))
        self.assertEqual(self.run_manifest(["", "raise SystemExit(3)"]), (1, "1 passed, 1 failed"))
        self.assertEqual(self.run_manifest(["", "raise SystemExit(77)"]),
                         (0, "1 passed, 0 failed, 1 skipped"))

    def test_nothing_to_run_is_a_failure(self):
        self.assertEqual(self.run_manifest([]), (1, "0 passed, 1 failed"))


if __name__ == "__main__":
    unittest.main()
