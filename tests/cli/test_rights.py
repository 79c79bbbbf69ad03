# SPDX-License-Identifier: Apache-2.0
"""Folders and files that the user may not look into: bad input, said as such, nothing lost."""

import os
import subprocess
import unittest

from program import ESCAPE, EXECUTABLE, ProgramTest, snapshot

NOBODY = 65534


class Rights(ProgramTest):
    """Root may look into everything: the program then runs as a user without rights."""

    def setUp(self):
        super().setUp()
        self.closed = self.folder / "closed"
        (self.closed / "deep").mkdir(parents=True)
        for name in ("spec.toml", "deep/table.csv"):
            (self.closed / name).write_text(ESCAPE, encoding="utf-8")
        self.spec(ESCAPE, "open.toml")
        self.before = snapshot(self.folder)
        self.folder.chmod(0o777)
        self.closed.chmod(0o000)
        self.addCleanup(self.closed.chmod, 0o700)
        self.user = {"user": NOBODY} if os.geteuid() == 0 else {}
        if self.tried("--version").returncode != 0:
            self.skipTest("a user without rights cannot start the program here")

    def tried(self, *arguments):
        try:
            return subprocess.run([EXECUTABLE, *map(str, arguments)], cwd=self.folder, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                                  **self.user)
        except PermissionError as error:
            return subprocess.CompletedProcess([], 126, "", str(error))

    def refused(self, *arguments, says):
        done = self.tried(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        for text in (*says, "Permission denied"):
            self.assertIn(text, done.stderr)
        self.assertNotIn("filesystem error", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.closed.chmod(0o700)
        self.assertEqual(snapshot(self.folder), self.before)
        self.closed.chmod(0o000)

    def test_a_folder_that_cannot_be_written(self):
        for verb in ("run", "sweep", "validate"):
            for out in ("closed/run", "closed/deep/run", "closed/new/run"):
                with self.subTest(verb=verb, out=out):
                    self.refused(verb, "open.toml", "--out", out,
                                 says=[f'{out}" cannot be created', "choose a writable --out"])

    def test_a_spec_that_cannot_be_read(self):
        for verb in ("run", "check", "predict", "validate", "cite"):
            with self.subTest(verb):
                self.refused(verb, "closed/spec.toml",
                             says=['cannot read "closed/spec.toml"', "must be a spec file"])

    def test_a_run_that_cannot_be_read(self):
        for words in (("resume", "closed/run"), ("diff", "closed/run", "closed/other")):
            with self.subTest(words[0]):
                self.refused(*words, says=["closed/run", "must be readable"])

    def test_with_rights_the_same_commands_work(self):
        # The twin: what was refused above was refused for the rights alone.
        self.closed.chmod(0o777)
        done = self.tried("run", "open.toml", "--no-figures", "ensemble.trajectories=128", "--out",
                          "closed/run")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.tried("check", "closed/spec.toml")
        self.assertNotIn("Permission denied", done.stderr)


if __name__ == "__main__":
    unittest.main()
