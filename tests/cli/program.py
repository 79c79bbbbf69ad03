# SPDX-License-Identifier: Apache-2.0
"""The executable under test and small specs for it."""

import csv
import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("KRAMERS_SOURCE_DIR", Path(__file__).resolve().parents[2]))
EXECUTABLE = os.environ.get("KRAMERS_EXECUTABLE", "")
SECONDS = 300  # of one call: far more than any of them needs

ESCAPE = """
title     = "Two temperatures"
kind      = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped" }
scheme    = { dt = 0.05 }
ensemble  = { trajectories = 640, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
sweep."dynamics.temperature" = { barrier_over = [1, 2] }

[[claim]]
id        = "exact"
sentence  = "The simulated time is the exact one"
estimand  = { mean_first_passage = { to = "other" } }
against   = "quadrature"
tolerance = 0.5
"""

# At barrier/T = 2 Kramers' formula gives 32.83 and the exact time is 41.03: 25 % apart, and the
# standard error of 2000 trajectories is 2 %.
FALSE_CLAIM = """
kind      = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.125 }
scheme    = { dt = 0.02 }
ensemble  = { trajectories = 2000, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }

[[claim]]
sentence  = "Kramers' formula is good to 5 % at barrier/T = 2"
estimand  = { mean_first_passage = { to = "other" } }
against   = "kramers"
tolerance = 0.05
"""

STATIONARY = """
kind      = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 20.0] }
dynamics  = { name = "sgd", batch_size = 4 }
noise     = { gradient_variance = 2.0 }
ensemble  = { trajectories = 2000, seed = 3 }
start     = { point = [0.0, 0.0] }
burn_in   = { relaxation_times = 5 }
sweep."dynamics.learning_rate" = { over_max_curvature = [0.5, 1.5] }

[[claim]]
sentence  = "The discrete formula is exact"
estimand  = { stationary_covariance = { component = "stiffest" } }
against   = "sgd_discrete"
tolerance = 0.3
"""

DENSITY = """
kind      = "stationary"
landscape = { name = "tilted_double_well", tilt = 0.05 }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { dt = 0.05 }
ensemble  = { trajectories = 2000, seed = 3 }
start     = { point = "minimum.left" }
burn_in   = { time = 20 }
histograms = [{ axis = 0, lower = -1.8, upper = 1.8, bins = 12 }]
regions.right_well = { basin = "minimum.right" }
"""


def run(*arguments, cwd, isa=None, **more):
    """Runs the executable; returns the finished process with its texts."""
    environment = {k: v for k, v in os.environ.items() if k != "KRAMERS_ISA"}
    if isa:
        environment["KRAMERS_ISA"] = isa
    return subprocess.run([EXECUTABLE, *map(str, arguments)], cwd=cwd, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=SECONDS, check=False, **more)


def rows(path):
    """The rows of a table, as dictionaries."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(folder):
    """Every path below a folder with a digest of its contents."""
    return {str(path.relative_to(folder)):
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for path in sorted(Path(folder).rglob("*"))}


def tables(folder):
    """The bytes of the tables of a run folder."""
    return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.csv"))}


@unittest.skipUnless(EXECUTABLE, "KRAMERS_EXECUTABLE is not set: the executable was not built")
class ProgramTest(unittest.TestCase):
    """Each test has an empty folder of its own, which is where the program runs."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="kramers_cli_"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def spec(self, text, name="small.toml"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path.name

    def kramers(self, *arguments, code=0, **more):
        """Runs the program here and checks its exit code."""
        done = run(*arguments, cwd=self.folder, **more)
        self.assertEqual(done.returncode, code,
                         f"kramers {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")
        return done
