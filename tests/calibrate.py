# SPDX-License-Identifier: Apache-2.0
"""How often the statistical tests fail although nothing is wrong.

    python3 tests/calibrate.py build/release/tests/tests_statistical [--rounds N] [--first N]

Runs the executable with fresh seeds (KRAMERS_FRESH_SEEDS, see tests/support/seed.hpp), counts
assertions and failures, and compares with the 1e-6 that every assertion claims. Exit code 1 when so
many failures have probability below 1e-3 at that rate: then a test claims more than it holds, or the
code passes only with its lucky seeds.
"""

import argparse
import math
import os
import re
import secrets
import subprocess
import sys

CLAIMED = 1e-6
SUMMARY = re.compile(
    r"^\[doctest\] assertions:\s+(\d+) \|\s+(\d+) passed \|\s+(\d+) failed", re.MULTILINE)


def run_round(executable, number):
    """(assertions, failures, output) of the suite with one set of fresh seeds."""
    done = subprocess.run([executable, "--no-colors=true", "--test-suite-exclude=gpu"],
                          env=dict(os.environ, KRAMERS_FRESH_SEEDS=str(number)), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    found = SUMMARY.findall(done.stdout)
    if not found:
        sys.exit(f"{executable} ended with code {done.returncode} without a summary:\n{done.stdout}")
    total, _, failed = map(int, found[-1])
    return total, failed, done.stdout


def chance_of_at_least(failures, assertions):
    """Poisson probability of so many failures at the claimed rate."""
    mean = CLAIMED * assertions
    below = sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(failures))
    return max(0.0, 1.0 - below)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("executable")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--first", type=int, default=secrets.randbelow(2**48),
                        help="number of the first round; default: drawn")
    options = parser.parse_args()
    assertions = failures = 0
    for number in range(options.first, options.first + options.rounds):
        total, failed, output = run_round(options.executable, number)
        assertions += total
        failures += failed
        print(f"KRAMERS_FRESH_SEEDS={number}: {failed} of {total} assertions failed", flush=True)
        if failed:
            print(output)
    chance = chance_of_at_least(failures, assertions)
    print(f"{failures} of {assertions} assertions failed; at {CLAIMED:g} each, "
          f"so many or more have probability {chance:.2g}")
    return 1 if chance < 1e-3 else 0


if __name__ == "__main__":
    sys.exit(main())
