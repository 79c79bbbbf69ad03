# SPDX-License-Identifier: Apache-2.0
"""What `kramers check` says of memory is what a run takes."""

import json
import os
import subprocess
import unittest

from program import EXECUTABLE, ProgramTest

# All arrive, most of them after the time from which the rate is counted: everything is sorted.
ESCAPE = """
kind      = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.25 }
scheme    = { dt = 0.1, crossing = "bridge" }
ensemble  = { trajectories = 2_000_000, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
"""
ENGINE_BYTES = 8  # of a trajectory that waits for its arrival
FEW = 128


class Memory(ProgramTest):
    def peak(self, *arguments):
        """Most bytes that a run had resident."""
        child = subprocess.Popen([EXECUTABLE, *map(str, arguments), "--force", "--no-figures"],
                                 cwd=self.folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, 0)
        return 1024 * usage.ru_maxrss

    def test_two_million_escapes_fit_into_what_check_says(self):
        """The program itself, some 20 MB, is left out by a run of few. An eighth on top is the
        pages of the allocator; half of the prediction is the least that one may take, so that a
        prediction of twice as much as needed is a failure, too."""
        spec = self.spec(ESCAPE)
        few = f"ensemble.trajectories={FEW}"
        taken = self.peak("run", spec) - self.peak("run", spec, few)
        predicted = json.loads(self.kramers("check", spec, "--json").stdout)["memory_bytes"]
        self.assertLess(taken, 1.125 * predicted)
        self.assertGreater(taken, 0.5 * predicted)
        engine = ENGINE_BYTES * 2_000_000  # twin: what the simulation alone holds
        self.assertGreater(taken, 2 * engine)


if __name__ == "__main__":
    unittest.main()
