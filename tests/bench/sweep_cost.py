#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a sweep of small cells costs, over what its particle-steps cost at full speed.

    python3 tests/bench/sweep_cost.py build/release/kramers [--side 40] [--threads 1] [--repeats 3]

Full speed is that of one ensemble of 10^6 trajectories at the middle of the sweep, simulation alone.
The sweep is everything: reading the spec, simulation, predictions of every cell, verdicts, tables.
Sweep and ensemble take turns, and ratios are medians; `cpu` counts processor time, which other
programs on the machine disturb less.
"""

import argparse
import json
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

SPEC = """
kind      = "escape"
landscape = { name = "double_well", half_width = 1.0, barrier = 0.25 }
dynamics  = { name = "overdamped", temperature = 0.28 }
scheme    = { name = "euler_maruyama", dt = 0.02, crossing = "bridge" }
ensemble  = { trajectories = 10_000, seed = 1 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }

[[claim]]
id        = "exact"
sentence  = "The mean time to the other well is the exact one"
estimand  = { mean_first_passage = { to = "other" } }
against   = "quadrature"
tolerance = 0.1
"""


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(command, folder):
    """Report, wall seconds and processor seconds of a run."""
    wall, processor = time.perf_counter(), processor_seconds()
    subprocess.run([*command, "--out", folder, "--force"], check=True, capture_output=True)
    wall, processor = time.perf_counter() - wall, processor_seconds() - processor
    throughput = json.loads((Path(folder) / "report.json").read_text())["throughput"]
    return throughput, wall, processor


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("executable")
    parser.add_argument("--side", type=int, default=40, help="cells per axis")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    ratios = {"wall": [], "cpu": [], "simulation": []}
    with tempfile.TemporaryDirectory() as scratch:
        spec = str(Path(scratch) / "short.toml")
        Path(spec).write_text(SPEC)
        common = [f"--threads={options.threads}", "--backend=cpu", "--no-figures"]
        sweep = [options.executable, "sweep", spec, *common,
                 f"dynamics.temperature=log(0.2, 0.4, {options.side})",
                 f"scheme.dt=lin(0.015, 0.025, {options.side})"]
        ensemble = [options.executable, "run", spec, *common, "ensemble.trajectories=1e6"]
        for repeat in range(options.repeats):
            one, one_wall, one_cpu = measure(ensemble, str(Path(scratch) / f"one{repeat}"))
            all_, wall, cpu = measure(sweep, str(Path(scratch) / f"sweep{repeat}"))
            speed = one["particle_steps"] / one["seconds"]
            busy = one["seconds"] * one_cpu / one_wall
            ratios["wall"].append(wall * speed / all_["particle_steps"])
            ratios["cpu"].append(cpu * one["particle_steps"] / busy / all_["particle_steps"])
            ratios["simulation"].append(all_["seconds"] * speed / all_["particle_steps"])
            print(f"{options.side**2} cells, {all_['particle_steps']:.3g} particle-steps: {wall:.1f} s"
                  f" (cpu {cpu:.1f} s, simulation {all_['seconds']:.1f} s); one ensemble"
                  f" {speed:.3g} steps/s; ratio {ratios['wall'][-1]:.2f}"
                  f" (cpu {ratios['cpu'][-1]:.2f}, simulation {ratios['simulation'][-1]:.2f})")
    print("median " + ", ".join(f"{name} {statistics.median(of):.2f}"
                                for name, of in ratios.items()))


if __name__ == "__main__":
    main()
