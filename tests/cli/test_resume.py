# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random points, then `kramers resume`: the tables of an uninterrupted run, byte for byte.

KRAMERS_KILLS is the number of kills of each experiment (8; 50 take some minutes)."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from program import DENSITY, ESCAPE, EXECUTABLE, STATIONARY, ProgramTest, rows, snapshot, tables

KILLS = int(os.environ.get("KRAMERS_KILLS", "8"))
LONGER = ESCAPE.replace("trajectories = 640", "trajectories = 6400").replace(
    "[1, 2]", "[1, 1.5, 2, 2.5, 3]").replace("dt = 0.05", "dt = 0.01")


def first_cell(tables_of_run):
    """The rows of cell 0 in each table."""
    kept = {}
    for name, text in tables_of_run.items():
        table = list(csv.DictReader(text.decode().splitlines()))
        kept[name] = [row for row in table if row.get("cell") == "0"]
    return kept


class Resume(ProgramTest):
    def start(self, *arguments):
        return subprocess.Popen([EXECUTABLE, *arguments], cwd=self.folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def killed(self, delay, *arguments):
        """Starts the program and kills it after a time. True: it was killed in time."""
        process = self.start(*arguments)
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertIn(process.returncode, (0, -signal.SIGKILL), arguments)
        return process.returncode != 0

    def survive(self, arguments, seed):
        """Kills the program again and again, also while it resumes."""
        begin = time.monotonic()
        self.kramers(*arguments, "--out", "whole", "--no-figures")
        seconds = time.monotonic() - begin
        expected = tables(self.folder / "whole")
        self.assertIn("cells.csv", expected)
        draw = random.Random(seed)
        kills, resumed = 0, 0
        while kills < KILLS:
            killed = self.killed(draw.uniform(0.0, 1.1 * seconds), *arguments, "--out", "run",
                                 "--no-figures")
            while killed and kills < KILLS:
                kills += 1
                target, working = self.folder / "run", self.folder / ".run.unfinished"
                if target.exists():  # killed in the very end: complete all the same
                    self.assertEqual(tables(target), expected)
                elif not (working / ".kramers-progress/request.json").exists():
                    break  # before it had begun
                resumed += 1
                killed = self.killed(draw.uniform(0.0, 1.1 * seconds), "resume", "run")
            if (self.folder / "run").exists() or \
                    (self.folder / ".run.unfinished/.kramers-progress/request.json").exists():
                self.kramers("resume", "run")
                self.assertEqual(tables(self.folder / "run"), expected)
                self.assertEqual((self.folder / "run/spec.toml").read_bytes(),
                                 (self.folder / "whole/spec.toml").read_bytes())
                self.assertEqual([p for p in os.listdir(self.folder) if p[0] == "."], [])
                self.assertFalse((self.folder / "run/.kramers-progress").exists())
            shutil.rmtree(self.folder / "run", ignore_errors=True)
            shutil.rmtree(self.folder / ".run.unfinished", ignore_errors=True)
        self.assertGreater(resumed, KILLS // 3)

    def test_a_run_survives_kills(self):
        self.survive(["run", self.spec(LONGER)], seed=1)

    def test_a_stationary_run_survives_kills(self):
        text = DENSITY.replace("trajectories = 2000", "trajectories = 40000").replace(
            "time = 20", "time = 100") + 'sweep."ensemble.seed" = [1, 2, 3]\n'
        self.survive(["run", self.spec(text)], seed=2)

    def test_a_sweep_survives_kills(self):
        self.survive(["sweep", self.spec(LONGER.replace("6400", "2560")),
                      "scheme.dt=lin(0.01,0.02)", "--design", "halton:12",
                      'sweep.dynamics.temperature={ barrier_over = "lin(1, 3)" }'], seed=3)

    def test_a_sweep_with_two_stages_survives_kills(self):
        self.survive(["sweep", self.spec(LONGER.replace("6400", "640")), "--target-ci", "2%"],
                     seed=4)

    def test_a_race_survives_kills(self):
        self.survive(["run", "noise_race_flat_sharp", "--quick", "ensemble.trajectories=128",
                      "evaluations=300", "grid.intensity=[1, 4]"], seed=5)

    def everything(self, name):
        """The files of a validation; of the reports what does not tell one process from another."""
        files = {}
        for path in sorted((self.folder / name).rglob("*")):
            if path.name == "report.json":
                report = json.loads(path.read_text(encoding="utf-8"))
                for provenance in ("run", "throughput"):
                    report.pop(provenance)
                files[path.relative_to(self.folder / name)] = report
            elif path.is_file():
                files[path.relative_to(self.folder / name)] = path.read_bytes()
        return files

    def validation(self):
        """Two experiments, the first of which is not written before all its cells have ended."""
        first = self.spec(LONGER.replace("6400", "12800"), "first.toml")
        second = self.spec(STATIONARY.replace("2000", "20000"), "second.toml")
        return ["validate", first, second, "--no-figures"]

    def test_a_validation_survives_kills(self):
        arguments = self.validation()
        begin = time.monotonic()
        self.kramers(*arguments, "--out", "whole")
        seconds = time.monotonic() - begin
        expected = self.everything("whole")
        self.assertIn(Path("second/covariance.csv"), expected)
        draw = random.Random(5)
        resumed = 0
        for _ in range(max(3, KILLS // 4)):
            again = [*arguments, "--out", "run"]
            killed = self.killed(draw.uniform(0.2, 1.0) * seconds, *again)
            while killed and not (self.folder / "run").exists():
                words = draw.choice([["resume", "run"], again])
                process = self.start(*words)
                try:
                    text = process.communicate(timeout=draw.uniform(0.2, 1.0) * seconds)[1]
                except subprocess.TimeoutExpired:
                    process.kill()
                    text = process.communicate()[1]
                self.assertIn(process.returncode, (0, -signal.SIGKILL, 2), text)
                if process.returncode == 2:  # killed before it had begun
                    self.assertIn("no unfinished run", text)
                    killed = self.killed(60.0, *again)
                    continue
                resumed += 1
                killed = process.returncode != 0
            self.kramers("resume", "run")  # killed in the very end it has left its tallies
            self.assertEqual(self.everything("run"), expected)
            self.assertEqual([p for p in os.listdir(self.folder) if p[0] == "."], [])
            shutil.rmtree(self.folder / "run")
        self.assertGreater(resumed, 0)

    def interrupted_again(self, process):
        """Interrupts a run once it says what it found; its last cell never ends."""
        self.assertRegex(process.stderr.readline(), "continuing .*: [1-9][0-9]* finished")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 130)

    def wait_for(self, path):
        deadline = time.monotonic() + 60.0
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(path.exists())

    def test_an_interrupted_validation_goes_on(self):
        endless = ESCAPE.replace("[1, 2]", "[1, 20]")
        arguments = ["validate", self.spec(STATIONARY, "second.toml"), self.spec(endless),
                     "--no-figures", "--out", "run"]
        process = self.start(*arguments)
        stored = self.folder / ".run.unfinished/second/report.json"
        self.wait_for(stored)
        process.send_signal(signal.SIGINT)
        self.assertIn("kramers resume run", process.communicate()[1])
        self.assertEqual(process.returncode, 130)
        self.assertTrue((self.folder / "run/INCOMPLETE").exists())
        before = self.everything("run")
        for again in (["resume", "run"], arguments):  # the cell that never ends is in the way
            process = self.start(*again)
            self.assertRegex(process.stderr.readline(), "continuing .*: [1-9][0-9]* finished")
            self.wait_for(stored)
            process.send_signal(signal.SIGINT)
            process.communicate()
            self.assertEqual(process.returncode, 130)
            for name in ("second/covariance.csv", "second/report.json"):
                self.assertEqual(self.everything("run")[Path(name)], before[Path(name)])
        done = self.kramers("validate", "second.toml", "--out", "run", code=2)  # not the same one
        self.assertIn("kramers resume", done.stderr)

    def test_a_complete_validation_is_left_alone(self):
        arguments = ["validate", self.spec(STATIONARY), "--no-figures", "--out", "run"]
        self.kramers(*arguments)
        before = snapshot(self.folder)
        self.assertIn("complete", self.kramers("resume", "run").stderr)
        self.assertIn("exists", self.kramers(*arguments, code=2).stderr)
        self.assertEqual(snapshot(self.folder), before)

    def partial(self, name="run"):
        """A run of which only the first cell can end, interrupted once that is stored."""
        spec = self.spec(ESCAPE.replace("[1, 2]", "[1, 20]"))
        process = self.start("run", spec, "--out", name, "--no-figures")
        self.wait_for(self.folder / f".{name}.unfinished/.kramers-progress/tallies/000001.tallies")
        return process

    def test_an_interrupted_run_goes_on(self):
        process = self.partial()
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 130)
        folder = self.folder / "run"
        self.assertTrue((folder / "INCOMPLETE").exists())
        before = tables(folder)
        process = self.start("resume", "run")  # the second cell never ends
        self.interrupted_again(process)
        # What the second cell had by then, if it had begun, is told and made again.
        self.assertEqual(first_cell(tables(folder)), first_cell(before))
        self.assertTrue((folder / ".kramers-progress/tallies/000001.tallies").exists())
        done = self.kramers("run", "small.toml", "--out", "run", code=2)
        self.assertIn("kramers resume", done.stderr)

    def test_one_process_at_a_time(self):
        process = self.partial()
        try:
            for arguments in (["resume", "run"], ["run", "small.toml", "--out", "run"]):
                done = self.kramers(*arguments, code=3)
                self.assertIn("another process is working on", done.stderr)
        finally:
            process.kill()
            process.communicate()

    def test_an_unfinished_run_is_not_lost_to_another_spec(self):
        process = self.partial()
        process.kill()
        process.communicate()
        done = self.kramers("run", "small.toml", "--out", "run", "ensemble.seed=9", code=2)
        self.assertIn("unfinished run of another spec", done.stderr)
        stored = self.folder / ".run.unfinished/.kramers-progress/tallies/000001.tallies"
        self.assertTrue(stored.exists())
        # The spec file may change or go: what was asked for is in the folder.
        Path(self.folder / "small.toml").unlink()
        process = self.start("resume", "run")
        self.interrupted_again(process)

    def test_a_spec_with_a_table_goes_on_from_anywhere(self):
        inner = self.folder / "inner"
        inner.mkdir()
        (inner / "draft.csv").write_text("r,time\n1,15.2\n20,41.03\n", encoding="utf-8")
        given = '{ table = "draft.csv", x = "r", y = "time", at = "barrier/T", source = "mine" }'
        self.spec(ESCAPE.replace("[1, 2]", "[1, 20]").replace('"quadrature"', given),
                  "inner/small.toml")
        for verb in ("run", "validate"):
            process = self.start(verb, "inner/small.toml", "--out", verb, "--no-figures")
            self.wait_for(
                self.folder / f".{verb}.unfinished/.kramers-progress/tallies/000001.tallies")
            process.kill()
            process.communicate()
            process = subprocess.Popen([EXECUTABLE, "resume", str(self.folder / verb)], cwd="/",
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.interrupted_again(process)

    def test_damaged_entries_are_made_again(self):
        process = self.partial()
        process.send_signal(signal.SIGINT)
        process.communicate()
        before = tables(self.folder / "run")
        entry = ".kramers-progress/tallies/000001.tallies"
        damaged = bytearray((self.folder / "run" / entry).read_bytes())
        damaged[len(damaged) // 2] ^= 1
        (self.folder / "run" / entry).write_bytes(damaged)
        process = self.start("resume", "run")

        # Simulated again, and stored as a new entry.
        again = [self.folder / folder / ".kramers-progress/tallies/000002.tallies"
                 for folder in (".run.unfinished", "run")]
        deadline = time.monotonic() + 60.0
        while not any(path.exists() for path in again) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.assertIn("damaged", process.communicate()[1])
        self.assertTrue(again[1].exists())
        self.assertEqual(first_cell(tables(self.folder / "run")), first_cell(before))

    def test_a_damaged_request_is_bad_input(self):
        process = self.partial()
        process.kill()
        process.communicate()
        request = self.folder / ".run.unfinished/.kramers-progress/request.json"
        request.write_text("{}", encoding="utf-8")
        self.assertIn("is damaged", self.kramers("resume", "run", code=2).stderr)

    def test_an_interrupted_sweep_goes_on_by_the_same_command(self):
        arguments = ["sweep", self.spec(ESCAPE.replace("0.05", "0.001")), "--out", "run",
                     "--no-figures", "dynamics.temperature=0.25,0.125,0.1"]
        self.kramers(*arguments[:3], "whole", *arguments[4:])
        process = self.start(*arguments)
        working = self.folder / ".run.unfinished"
        while not (working / "sweep.json").exists():  # frozen before anything is run
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        process.communicate()
        if process.returncode == 130:
            self.assertTrue((self.folder / "run/INCOMPLETE").exists())
        done = self.kramers(*arguments)
        self.assertFalse((self.folder / "run/INCOMPLETE").exists())
        self.assertEqual(tables(self.folder / "run"), tables(self.folder / "whole"))
        before = snapshot(self.folder)
        done = self.kramers(*arguments)
        self.assertIn("nothing was run", done.stderr)
        self.assertEqual(snapshot(self.folder), before)
        self.kramers(*arguments, "ensemble.seed=9", code=2)  # another sweep: nothing overwritten
        self.assertEqual(snapshot(self.folder), before)

    def test_the_table_of_a_sweep_is_tidy(self):
        self.kramers("sweep", self.spec(ESCAPE), "scheme.dt=0.05,0.1", "--out", "run",
                     "--no-figures", "--seed", "5")
        both = rows(self.folder / "run/sweep.csv")
        table = [row for row in both if row["estimand"].startswith("mean_first_passage")]
        rates = [row for row in both if row["estimand"] == "escape_rate(to = other)"]
        self.assertEqual(len(both), len(table) + len(rates))
        passage = rows(self.folder / "run/passage.csv")
        self.assertEqual(len(table), 4)
        for row, other in zip(rates, passage):
            self.assertEqual(row["value"], other["rate"])
            self.assertEqual((row["verdicts"], row["passed"]), ("", ""))
        for row, other in zip(table, passage):
            self.assertEqual(row["value"], other["value"])
            self.assertEqual(row["arrived"], other["arrived"])
            self.assertEqual(row["scheme.dt"], other["dt"])
            self.assertEqual(row["dynamics.temperature"], other["temperature"])
            self.assertEqual((row["estimand"], row["target"]),
                             ("mean_first_passage(to = other)", "other"))
            self.assertEqual((row["verdicts"], row["passed"]), ("small.exact: agree", "true"))
        frozen = json.loads((self.folder / "run/sweep.json").read_text(encoding="utf-8"))
        self.assertEqual(len({cell["hash"] for cell in frozen["cells"]}), 4)

    def test_two_stages_reach_the_wanted_interval(self):
        self.kramers("sweep", self.spec(ESCAPE), "--target-ci", "3%", "--out", "run",
                     "--no-figures")
        for row in rows(self.folder / "run/sweep.csv"):
            if row["estimand"].startswith("mean_first_passage"):
                self.assertLess(float(row["relative_half_width"]), 0.03)
            self.assertGreater(int(row["trajectories"]), 2000)
        self.kramers("sweep", self.spec(ESCAPE), "--target-ci", "0.1%", "--budget", "2e6", "--out",
                     "small", "--no-figures")
        report = json.loads((self.folder / "small/report.json").read_text(encoding="utf-8"))
        self.assertLess(report["counts"]["particle_steps"], 2 * 2.2e6)
        for wrong in (["--target-ci", "0"], ["--target-ci", "2"], ["--budget", "1e6"],
                      ["--design", "sobol:3"]):
            self.kramers("sweep", "small.toml", "--out", "other", *wrong, code=2)

    def test_nothing_to_resume(self):
        self.assertIn("no unfinished run", self.kramers("resume", "run", code=2).stderr)
        self.kramers("run", self.spec(ESCAPE), "--out", "run", "--no-figures")
        self.assertIn("complete", self.kramers("resume", "run").stderr)


if __name__ == "__main__":
    unittest.main()
