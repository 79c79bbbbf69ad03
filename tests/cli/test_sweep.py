# SPDX-License-Identifier: Apache-2.0
"""Sweeps: their table, what they say before and after, and what they refuse."""

import csv
import unittest

from program import ProgramTest, rows

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
        for more, sizes in (([], {"256"}),):
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


if __name__ == "__main__":
    unittest.main()
