# SPDX-License-Identifier: Apache-2.0
"""plots/load.py in one line: every kind of run folder as DataFrames, with the types of its columns."""

import signal
import subprocess
import sys
import time
import unittest

from program import ESCAPE, EXECUTABLE, SOURCE, ProgramTest, rows
from test_sweep import RACE

sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "plots"))

try:
    import pandas
except ImportError as error:
    raise unittest.SkipTest(f"frames need pandas: {error}") from None
from load import frames


class Frames(ProgramTest):
    def typed(self, tables):
        """Every table has its columns in the types that hold for all runs."""
        for name, table in tables.items():
            header = (self.folder / f"run/{name}.csv").read_text().split("\n")[0].split(",")
            self.assertEqual(list(table.columns[:len(header)]), header)
            for column in {"cell", "trajectories", "seed"} & set(table.columns):
                self.assertTrue(pandas.api.types.is_integer_dtype(table[column]), (name, column))
            for column in {"passed", "best", "not_worse", "in_domain"} & set(table.columns):
                self.assertTrue(pandas.api.types.is_bool_dtype(table[column]), (name, column))
            for column in {"value", "success", "prediction"} & set(table.columns):
                self.assertTrue(pandas.api.types.is_float_dtype(table[column]), (name, column))

    def test_a_race_has_no_predictions_and_its_best_cells_can_be_picked(self):
        self.kramers("sweep", self.spec(RACE), "--out", "run", "--no-figures")
        tables = frames(self.folder / "run")
        self.typed(tables)
        self.assertEqual(len(tables.predictions), 0)
        self.assertIn("entrant", tables.predictions)
        self.assertEqual(sorted(tables.race[tables.race.best].entrant), ["annealed", "none"])
        self.assertEqual(tables.claims.passed.tolist(),
                         [row["passed"] == "true" for row in rows(self.folder / "run/claims.csv")])

    def test_a_run_without_claims_and_one_with(self):
        for text, count in ((ESCAPE[:ESCAPE.index("[[claim]]")], 0), (ESCAPE, 2)):
            wide = text.replace("seed = 3", "seed = 9007199254740993")  # no double has it
            self.kramers("run", self.spec(wide), "--out", "run", "--no-figures", "--force")
            tables = frames(self.folder / "run")
            self.typed(tables)
            self.assertEqual(len(tables.claims), count)
            self.assertEqual(tables.passage.value.tolist(),
                             [float(row["value"]) for row in rows(self.folder / "run/passage.csv")])
            self.assertEqual([str(s) for s in tables.cells.seed],
                             [row["seed"] for row in rows(self.folder / "run/cells.csv")])
            means = tables.sweep[tables.sweep.estimand.str.startswith("mean_first_passage")]
            self.assertEqual(means.passed.isna().sum(), 2 - count)

    def test_an_interrupted_run_has_what_had_finished(self):
        self.spec(ESCAPE.replace("640", "6_400_000").replace("0.05", "0.001"))
        process = subprocess.Popen([EXECUTABLE, "run", "small.toml", "--out", "run",
                                    "--no-figures"], cwd=self.folder, stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)
        while not (self.folder / ".run.unfinished/.kramers-progress/request.json").exists():
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 130)
        tables = frames(self.folder / "run")
        self.typed(tables)
        self.assertEqual((len(tables.cells), len(tables.claims)), (2, 0))


if __name__ == "__main__":
    unittest.main()
