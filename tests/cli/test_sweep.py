# SPDX-License-Identifier: Apache-2.0
"""Sweeps: their table, what they say before and after, and what they refuse."""

import csv
import json
import signal
import subprocess
import unittest

from program import (DENSITY, ESCAPE, EXECUTABLE, FALSE_CLAIM, ProgramTest, rows, snapshot,
                     tables)

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


class Finished(ProgramTest):
    """A finished sweep answers as it did when it ran."""

    def test_the_same_command_prints_and_judges_what_is_there(self):
        for text, code in ((ESCAPE, 0), (FALSE_CLAIM, 1)):
            with self.subTest(code):
                arguments = ["sweep", self.spec(text), "scheme.dt=0.02,0.05", "--out", f"run{code}",
                             "--no-figures", "--assert"]
                first = self.kramers(*arguments, code=code)
                before = snapshot(self.folder)
                again = self.kramers(*arguments, code=code)
                self.assertIn("nothing was run", again.stderr)
                self.assertEqual(again.stdout, first.stdout)
                self.assertIn("agree", again.stdout)
                report = json.loads(self.kramers(*arguments, "--json", code=code).stdout)
                self.assertEqual(report, json.loads((self.folder / f"run{code}/report.json")
                                                    .read_text(encoding="utf-8")))
                self.kramers(*arguments[:-1])  # without --assert
                self.assertEqual(snapshot(self.folder), before)

    def test_a_density_is_still_a_curve(self):
        claim = """
[[claim]]
sentence  = "Gibbs"
estimand  = { stationary_density = { axes = [0] } }
against   = "gibbs"
tolerance = 0.5
"""
        arguments = ["sweep", self.spec(DENSITY + claim), "dynamics.temperature=0.1,0.2", "--out",
                     "run", "--no-figures"]
        first = self.kramers(*arguments)
        self.assertIn("curve", first.stdout)
        self.assertEqual(self.kramers(*arguments).stdout, first.stdout)

    def test_a_damaged_report_is_bad_input(self):
        arguments = ["sweep", self.spec(ESCAPE), "--out", "run", "--no-figures"]
        self.kramers(*arguments)
        (self.folder / "run/report.json").write_text("{", encoding="utf-8")
        self.assertIn("is damaged", self.kramers(*arguments, code=2).stderr)


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


class Check(ProgramTest):
    def test_axes_are_written_as_for_sweep(self):
        axes = ["dynamics.temperature=log(0.05,0.25,3)", "scheme.dt=0.05,0.1"]
        spec = self.spec(ESCAPE)
        checked = json.loads(self.kramers("check", spec, *axes, "--json").stdout)
        self.kramers("sweep", spec, *axes, "--out", "run", "--no-figures")
        self.assertEqual(checked["resolved"],
                         (self.folder / "run/spec.toml").read_text(encoding="utf-8"))
        self.assertEqual(len(checked["cells"]), 6)
        sampled = [json.loads(self.kramers("check", spec, "dynamics.temperature=lin(0.1,0.2)",
                                           "--design", "halton:5", "--seed", seed, "--json").stdout)
                   for seed in ("3", "4")]
        self.assertEqual([len(s["cells"]) for s in sampled], [5, 5])
        self.assertNotEqual(sampled[0]["resolved"], sampled[1]["resolved"])
        self.kramers("check", spec, "--design", "sobol:3", code=2)

    def test_of_many_cells_twenty_lines_are_printed_and_all_with_json(self):
        axis = "dynamics.temperature=log(0.05,0.25,{})"
        spec = self.spec(ESCAPE)
        text = self.kramers("check", spec, axis.format(300)).stdout
        table = text[text.index("\n  cell "):text.index("\n\n300 cells")].strip().split("\n")
        self.assertEqual(len(table), 1 + 20)
        self.assertIn("… 281 more cells, all of them with --json", text)
        self.assertTrue(table[-1].startswith("  299 "))
        self.assertEqual(len(json.loads(self.kramers("check", spec, axis.format(300), "--json")
                                        .stdout)["cells"]), 300)
        self.assertNotIn("more cells", self.kramers("check", spec, axis.format(20)).stdout)

    def test_a_race_is_detected_once_per_claim(self):
        done = self.kramers("check", self.spec(RACE), "--detect", "5%")
        lines = done.stdout[done.stdout.index("to find"):].split("\n")
        row = [line for line in lines if line.startswith("  small.helps")]
        self.assertEqual(len(row), 1)
        self.assertRegex(row[0], r"annealed +\d{4} +\S+ % +- +\S+ s")
        # (2.2414 + 2.3263 / sqrt(2)) / 16: two numbers, each at 97.5 %
        self.assertIn("the 256 trajectories of the spec find 24.3 points",
                      " ".join(done.stdout.split()))
        needs = json.loads(self.kramers("check", self.spec(RACE), "--detect", "5%", "--json")
                           .stdout)["detect"]
        self.assertEqual(len(needs), 1)


class Axes(ProgramTest):
    def refused(self, *arguments):
        done = self.kramers("check", self.spec(ESCAPE), *arguments, code=2)
        return done.stderr

    def test_numbers_are_written_as_in_a_spec(self):
        plain, spaced = (json.loads(self.kramers("check", self.spec(ESCAPE), *axes, "--json").stdout)
                         for axes in (["ensemble.trajectories=1000,2000", "scheme.dt=0.05,0.1"],
                                      ["ensemble.trajectories=1_000,2_000", "scheme.dt=0.05, 0.1"]))
        self.assertEqual(spaced["resolved"], plain["resolved"])
        self.assertEqual({cell["trajectories"] for cell in plain["cells"]}, {1000, 2000})
        self.assertIn("1__000", self.refused("ensemble.trajectories=1__000,2_000"))

    def test_a_key_on_two_axes_and_one_that_is_none_are_refused(self):
        self.assertIn("scheme.dt is on two axes", self.refused("scheme.dt=0.1,0.2",
                                                               "scheme.dt=0.3,0.4"))
        self.assertIn("Did you mean dynamics.temperature?", self.refused("T=0.1,0.2"))
        self.assertIn("dynamics.temperature", self.refused("temperature=0.1,0.2"))

    def test_what_draws_nothing_is_said(self):
        axes = ["dynamics.temperature=0.2,0.3", "scheme.dt=0.1,0.2", "landscape.barrier=0.2,0.3"]
        done = self.kramers("sweep", self.spec(ESCAPE), *axes)
        self.assertIn("no figure: 3 keys are swept", done.stderr)
        self.assertIn('figure = "race" draws kind = "race", not "escape"',
                      self.refused("figure=race"))

    def test_other_words_are_explained(self):
        for word, own in (("T", "temperature"), ("lr", "learning_rate")):
            done = self.kramers("explain", word)
            self.assertIn(f"{word} is called {own} here", done.stderr)
            self.assertEqual(done.stdout, self.kramers("explain", own).stdout)


class Swept(ProgramTest):
    def test_a_cell_without_a_mean_says_so_and_has_its_rate(self):
        spec = self.spec(ESCAPE[:ESCAPE.index("[[claim]]")])
        done = self.kramers("sweep", spec, "ensemble.max_time=20", "--out", "run", "--no-figures")
        self.assertRegex(done.stdout, r"mean_first_passage\(to = other\) +none: of 640 trajectories "
                                      r"\d+ arrived, \d+ censored, 0 diverged")
        self.assertEqual(done.stdout.count("escape_rate(to = other)"), 2)
        self.assertIn("has no estimate in 2 of 2 cells", done.stderr)
        whole = self.kramers("sweep", spec, "--out", "whole", "--no-figures")
        self.assertNotIn("escape_rate", whole.stdout)  # the mean is the answer there
        self.assertNotIn("no estimate", whole.stderr)

    def test_a_run_of_several_cells_writes_the_table_of_a_sweep(self):
        spec = self.spec(ESCAPE)
        self.kramers("run", spec, "--out", "run", "--no-figures")
        self.kramers("sweep", spec, "--out", "sweep", "--no-figures")
        self.assertEqual(tables(self.folder / "run"), tables(self.folder / "sweep"))
        cells = [json.loads((self.folder / verb / "sweep.json").read_text())["cells"]
                 for verb in ("run", "sweep")]
        self.assertEqual(*cells)
        self.kramers("run", spec, "dynamics.temperature=0.25", "--out", "one", "--no-figures")
        self.assertFalse((self.folder / "one/sweep.csv").exists())


if __name__ == "__main__":
    unittest.main()
