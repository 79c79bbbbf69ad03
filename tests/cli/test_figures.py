# SPDX-License-Identifier: Apache-2.0
"""Figures of a validation: drawn together at the end, reported when missing, no child left behind."""

import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from program import ESCAPE, EXECUTABLE, SOURCE, STATIONARY, ProgramTest

# In place of plot.py: draws every folder but "second", or waits.
RECIPES = """
import os, pathlib, sys, time
open(os.environ["SEEN"], "a").write(f"{os.getpid()}\\n")
if os.environ.get("WAIT"):
    time.sleep(60)
for folder in sys.argv[1:]:
    if not folder.endswith("second"):
        path = pathlib.Path(folder, "figures", "a.png")
        path.parent.mkdir()
        path.write_text("drawn")
        print(path)
sys.exit(2)
"""


def alive(process):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


class Figures(ProgramTest):
    def start(self, **environment):
        plots = self.folder / "plots"
        plots.mkdir()
        (plots / "plot.py").write_text(RECIPES, encoding="utf-8")
        python = self.folder / "python"  # it says yes when asked for matplotlib
        python.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\nexec /usr/bin/env python3 "$@"\n')
        python.chmod(0o755)
        first = self.spec('figure = "arrhenius"\n' + ESCAPE, "first.toml")
        second = self.spec('figure = "covariance"\n' + STATIONARY, "second.toml")
        return subprocess.Popen(
            [EXECUTABLE, "validate", first, second, "--out", "all"], cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "KRAMERS_PLOTS": str(plots), "KRAMERS_PYTHON": str(python),
                 "SEEN": str(self.folder / "seen"), **environment})

    def drawing(self):
        """The process that draws, once it does."""
        deadline = time.monotonic() + 60.0
        while not (self.folder / "seen").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        return int((self.folder / "seen").read_text())

    def gone(self, process):
        deadline = time.monotonic() + 10.0
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.02)
        return not alive(process)

    def test_one_process_draws_all_and_a_missing_figure_is_reported(self):
        process = self.start()
        text = process.communicate()[1]
        self.assertEqual(process.returncode, 0, text)
        self.assertIn("no figure for second: drawing failed", text)
        self.assertNotIn("no figure for first", text)
        self.assertEqual((self.folder / "all/first/figures/a.png").read_text(), "drawn")
        self.assertTrue((self.folder / "all/validation.txt").exists())
        self.assertEqual(len((self.folder / "seen").read_text().split()), 1)

    def test_an_interrupt_while_drawing_keeps_the_tables(self):
        process = self.start(WAIT="1")
        child = self.drawing()
        process.send_signal(signal.SIGTERM)
        text = process.communicate(timeout=20)[1]
        self.assertEqual(process.returncode, 0, text)
        self.assertIn("no figure for first: interrupted", text)
        self.assertTrue((self.folder / "all/first/report.json").exists())
        self.assertFalse((self.folder / "all/INCOMPLETE").exists())
        self.assertTrue(self.gone(child))

    def test_a_kill_while_drawing_leaves_no_child(self):
        process = self.start(WAIT="1")
        child = self.drawing()
        self.assertTrue(alive(child))
        process.kill()
        process.communicate()
        self.assertTrue(self.gone(child))
        self.assertIn("continuing", self.kramers("resume", "all", "--no-figures").stderr)
        self.assertTrue((self.folder / "all/second/report.json").exists())


class Names(ProgramTest):
    """A figure is known by its name before anything is simulated."""

    def test_an_unknown_figure_is_refused_with_what_was_meant(self):
        spec = self.spec('figure = "arhenius"\n' + ESCAPE.replace("640", "1_000_000_000"))
        for verb in ("check", "run", "sweep", "validate"):
            error = self.kramers(verb, spec, code=2).stderr
            self.assertIn('small.toml:1: unknown figure "arhenius" (have: arrhenius, ', error)
            self.assertIn('Did you mean "arrhenius"?', error)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["small.toml"])

    def test_the_recipes_are_listed_where_a_figure_is_explained(self):
        known = {p.stem for p in (SOURCE / "plots").glob("*.py")} - {"plot", "load", "style"}
        text = self.kramers("explain", "figure").stdout
        for name in known:
            self.assertIn(f'"{name}"', text)
        self.assertNotIn('"load"', text)

    def test_the_starter_of_a_sweep_names_its_figure_and_draws_it(self):
        text = self.kramers("new", "sweep").stdout
        self.assertIn('figure = "sweep"', text)
        self.assertIn("kramers sweep my.toml", text)
        done = self.kramers("sweep", self.spec(text, "my.toml"), "--quick")
        if "matplotlib" in done.stderr:
            self.skipTest("no Python with matplotlib")
        self.assertTrue((self.folder / "runs/my/figures/sweep.png").exists(), done.stderr)

    def test_a_sweep_without_a_figure_draws_itself_and_three_axes_do_not(self):
        done = self.kramers("sweep", self.spec(ESCAPE), "--out", "one")
        if "matplotlib" in done.stderr:
            self.skipTest("no Python with matplotlib")
        self.assertTrue((self.folder / "one/figures/sweep.pdf").exists(), done.stderr)
        done = self.kramers("sweep", "small.toml", "scheme.dt=0.05,0.1", "ensemble.seed=1,2",
                            "--out", "three")
        self.assertFalse((self.folder / "three/figures").exists())
        self.assertIn("no figure: 3 keys are swept", done.stderr)

    def test_saved_paths_are_drawn_over_their_landscape(self):
        done = self.kramers("run", self.spec('figure = "paths"\nsave = ["paths:3"]\n' + ESCAPE),
                            "--out", "run")
        if "matplotlib" in done.stderr:
            self.skipTest("no Python with matplotlib")
        self.assertTrue((self.folder / "run/landscape.csv").exists())
        self.assertTrue((self.folder / "run/figures/paths.png").exists(), done.stderr)


if __name__ == "__main__":
    unittest.main()
