# SPDX-License-Identifier: Apache-2.0
"""experiments/tour.ipynb is executed on a real run of small size, and load.frames is what it says."""

import csv
import json
import os
import sys
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("KRAMERS_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "plots"))

try:
    import matplotlib
    import pandas
except ImportError as error:
    raise unittest.SkipTest(f"the notebook needs pandas and matplotlib: {error}") from None
from load import frames


def code_cells():
    notebook = json.loads((SOURCE / "experiments" / "tour.ipynb").read_text(encoding="utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


@unittest.skipUnless("KRAMERS_EXECUTABLE" in os.environ, "needs the executable")
class Notebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        matplotlib.use("Agg")
        os.environ["NOTEBOOK_TRAJECTORIES"] = "512"
        os.environ["KRAMERS_SOURCE_DIR"] = str(SOURCE)
        cls.names = {}
        for number, source in enumerate(code_cells()):
            exec(compile(source, f"cell {number}", "exec"), cls.names)

    def test_its_tables_are_those_of_the_run(self):
        folder = Path(self.names["out"])
        tables = frames(folder)
        self.assertEqual(sorted(tables), sorted(p.stem for p in folder.glob("*.csv")))
        with (folder / "passage.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), len(tables.passage))
        self.assertEqual([float(r["value"]) for r in rows], tables.passage.value.tolist())

    def test_rows_carry_the_parameters_of_their_cell(self):
        tables = frames(self.names["out"])
        cells = tables.cells.set_index("cell")
        for _, row in tables.survival.iterrows():
            self.assertEqual(row["dynamics.temperature"],
                             cells.loc[row["cell"], "dynamics.temperature"])

    def test_the_slope_is_the_barrier_within_its_error(self):
        # 512 exponential times at each 1/T of 8, 12, 16, 20: ln(time) has the error 512^-1/2, the slope
        # 512^-1/2 / 80^1/2 = 0.0049. The exact slope of these four is 0.2398; a seed is fixed. False
        # alarm at 6 errors below 1e-8; twice or half the barrier is rejected.
        self.assertAlmostEqual(self.names["slope"], 0.2398, delta=6 * 0.0049)

    def test_an_unknown_table_is_named_with_those_there(self):
        with self.assertRaisesRegex(AttributeError, "no table arrivals .have: .*passage"):
            frames(self.names["out"]).arrivals


if __name__ == "__main__":
    unittest.main()
