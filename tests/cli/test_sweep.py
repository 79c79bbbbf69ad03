# SPDX-License-Identifier: Apache-2.0
"""Sweeps: their table, what they say before and after, and what they refuse."""

import csv
import signal
import subprocess
import unittest

from program import ESCAPE, EXECUTABLE, ProgramTest, rows, tables

# Entrants that sweep different keys.
RACE = """
kind      = "race"
landscape = { name = "tilted_double_well", tilt = -0.05 }
ensemble  = { trajectories = 256, seed = 3 }
start     = { point = "minimum.left" }
goal      = { basin = "minimum.right" }
evaluations = 100
grid      = { intensity = [1.0, 4.0], learning_rate = [0.05, 0.1] }
entrant   = [
  { name = "none", dynamics = { name = "sgd" }, noise = { law = "none" } },
  { name = "annealed", dynamics = { name = "sgd" }, noise = { law = "gaussian" }, intensity = "noise.gradient_variance", grid = { decay = [0.3, 0.5] } },
]

[[claim]]
id       = "helps"
sentence = "Annealed noise leaves the well"
estimand = { success_probability = { entrant = "annealed" } }
exceeds  = "none"
by       = 0.1
"""


class Table(ProgramTest):
    def test_entrants_with_other_axes_share_one_table(self):
        for more, sizes in (([], {"256"}), (["--target-ci", "20%"], None)):
            with self.subTest(more):
                self.kramers("sweep", self.spec(RACE), "--out", "run", "--no-figures", "--force",
                             *more)
                table = [row for row in rows(self.folder / "run/sweep.csv")
                         if row["estimand"] == "success_probability"]
                race = rows(self.folder / "run/race.csv")
                self.assertEqual(len(table), 2 + 8)
                self.assertEqual([row["value"] for row in table],
                                 [row["success"] for row in race])  # each cell once
                for row, own in zip(table, race):
                    self.assertEqual(row["entrant"], own["entrant"])
                    self.assertEqual(row["grid.intensity"], own["intensity"])
                    self.assertEqual(row["grid.decay"] or "0", own["decay"] or "0")
                    self.assertEqual(row["trajectories"], own["trajectories"])
                self.assertEqual({row["grid.decay"] for row in table[:2]}, {""})
                if sizes:
                    self.assertEqual({row["trajectories"] for row in table}, sizes)


class Cost(ProgramTest):
    def test_a_second_stage_that_does_not_fit_is_refused_and_loses_nothing(self):
        arguments = ["sweep", self.spec(ESCAPE), "--out", "run", "--no-figures", "--target-ci"]
        done = self.kramers(*arguments, "0.0001%", code=2)
        for part in ("trajectories", "particle-steps", "about", " h", "GiB", "--budget",
                     "cell 1 (barrier/T=2)"):
            self.assertIn(part, done.stderr)
        self.assertFalse((self.folder / "run").exists())
        # The first stages serve a wider target and a budget, and the result is that of a fresh sweep.
        done = self.kramers(*arguments, "3%")
        self.assertIn("2 finished simulations are there", done.stderr)
        self.kramers(*arguments[:3], "fresh", *arguments[4:], "3%")
        self.assertEqual(tables(self.folder / "run"), tables(self.folder / "fresh"))
        self.assertEqual([p.name for p in self.folder.iterdir() if "unfinished" in p.name], [])
        self.kramers(*arguments[:3], "other", *arguments[4:], "0.0001%", code=2)
        self.kramers(*arguments[:3], "other", "ensemble.seed=9", *arguments[4:], "3%", code=2)
        self.kramers(*arguments[:3], "other", *arguments[4:], "0.0001%", "--budget", "1e6")

    def test_a_long_run_says_its_cost_before_it_begins(self):
        spec = self.spec(ESCAPE.replace("0.05", "0.0001").replace("640", "20_000_000"))
        for verb, more in (("sweep", ["dynamics.temperature=0.25,0.125"]), ("run", [])):
            process = subprocess.Popen([EXECUTABLE, verb, spec, *more, "--out", verb,
                                        "--no-figures"], cwd=self.folder,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            line = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            process.communicate()
            self.assertRegex(line, r"small: 2 cells, \S+ particle-steps, about \S+ (h|min) on this")
        self.assertNotIn("on this machine",
                         self.kramers("sweep", self.spec(ESCAPE), "--no-figures").stderr)


if __name__ == "__main__":
    unittest.main()
