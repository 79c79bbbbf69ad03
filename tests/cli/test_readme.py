# SPDX-License-Identifier: Apache-2.0
"""Every kramers command and every spec of the READMEs works, run small.

Commands stand in ```console or ```sh blocks, on lines that begin with "$ ". A block after the
comment <!-- not run --> is not run; make, cmake and the like never are.
"""

import re
import shlex
import unittest
from pathlib import Path

import program
from program import SOURCE, ProgramTest

DOCUMENTS = ["README.md", ".github/*.md", "*/README.md", "*/*/README.md", "experiments/*.md"]
NOT_RUN = "<!-- not run -->"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def matched(pattern):
    return [path for path in SOURCE.glob(pattern) if "build" not in path.relative_to(SOURCE).parts]


def documents():
    return sorted({path for pattern in DOCUMENTS for path in matched(pattern)})


def blocks(text):
    """(language, body) of the fenced blocks, without those that are not to be run."""
    return [(block[1], block[2]) for block in BLOCK.finditer(text)
            if not text[:block.start()].rstrip().endswith(NOT_RUN)]


def commands(body):
    """The words of each kramers command of a block; other commands are left out."""
    body = body.replace("\\\n", " ")
    lines = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        words = words[:next((k for k, w in enumerate(words) if w in ("|", ">")), len(words))]
        if words and Path(words[0]).name == "kramers":
            found.append(words[1:])
    return found


def small(words):
    """The same command for a small ensemble."""
    verb = words[0] if words else ""
    if verb == "run" and not any(word.startswith("ensemble.") for word in words):
        return words + ["--quick", "ensemble.trajectories=256"]
    if verb == "validate" and all(word.startswith("-") or word in ("quick", "standard")
                                  for word in words[1:]):
        words = [word for word in words if word not in ("--level", "quick", "standard")]
        return words + ["rastrigin_density"]
    if verb == "bench":
        return words + ["--seconds", "0.01", "--repeats", "1"]
    return words


def is_spec(body):
    return re.search(r"^kind\s*=", body, re.MULTILINE) is not None


class Readme(ProgramTest):
    def failures(self, text):
        """Commands and specs of a document that fail, with what they said."""
        failed, spec = [], ""
        for language, body in blocks(text):
            if language == "toml" and is_spec(body):
                spec = body
                (self.folder / "shown.toml").write_text(spec, encoding="utf-8")
                done = program.run("check", "shown.toml", cwd=self.folder)
                if done.returncode != 0:
                    failed.append(f"the spec shown:\n{done.stderr}")
            if language not in ("console", "sh"):
                continue
            for words in commands(body):
                for word in words:  # a file that the document only shows
                    path = self.folder / word
                    if word.endswith(".toml") and "/" not in word and not path.exists() and spec:
                        path.write_text(spec, encoding="utf-8")
                self.make_runs(words)
                done = program.run(*small(words), cwd=self.folder)
                if done.returncode == 3 and "matplotlib" in done.stderr:
                    self.skipTest("no Python with matplotlib")
                if done.returncode != 0:
                    failed.append(f"kramers {shlex.join(words)}: exit code {done.returncode}\n"
                                  f"{done.stderr}")
        return failed

    def make_runs(self, words):
        """The run folders that a diff compares, where no command before has made them."""
        for folder in words[1:] if words[:1] == ["diff"] else []:
            if not (self.folder / folder).exists():
                self.kramers(*small(["run", "arrhenius", "--no-figures", "--out", folder]))

    def test_commands_and_specs_work(self):
        self.assertIn(SOURCE / "README.md", documents())
        self.assertEqual([pattern for pattern in DOCUMENTS if not matched(pattern)], [])
        self.assertEqual(matched("CONTRIBUTING.md"), [])  # twin: a pattern without a document
        for path in documents():
            with self.subTest(str(path.relative_to(SOURCE))):
                self.assertEqual(self.failures(path.read_text(encoding="utf-8")), [])

    def test_the_first_readme_has_commands(self):
        text = (SOURCE / "README.md").read_text(encoding="utf-8")
        found = [words[0] for language, body in blocks(text) for words in commands(body)
                 if language == "console"]
        self.assertLessEqual({"check", "predict", "run"}, set(found))

    def test_broken_documents_are_seen(self):
        self.assertEqual(len(self.failures("```console\n$ kramers chek arrhenius\n```\n")), 1)
        self.assertEqual(len(self.failures('```toml\nkind = "escap"\n```\n')), 1)
        self.assertEqual(self.failures(f"{NOT_RUN}\n```console\n$ kramers chek\n```\n"), [])
        self.assertEqual(self.failures("```console\n$ make demo\nkramers no command\n```\n"), [])
        self.assertEqual(commands("$ ./build/release/kramers list  # all\n$ kramers list | head\n"),
                         [["list"], ["list"]])


if __name__ == "__main__":
    unittest.main()
