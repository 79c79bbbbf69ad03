# SPDX-License-Identifier: Apache-2.0
"""A theorist's own formula from the command line: claims, hash, detection, raw data, diff."""

import hashlib
import json
import unittest

from program import ESCAPE, ProgramTest, rows, snapshot

GIVEN = ESCAPE.replace('against   = "quadrature"', 'against   = { formula = "FORMULA", '
                       'source = "my draft, eq. 7" }').replace("= 0.5", "= 0.3")
# At barrier/T = 1 and 2 the exact times are 15.2 and 41.0; this is an interpolation of the two.
GOOD = GIVEN.replace("FORMULA", "15.2*(41.03/15.2)^(barrier/T - 1)")
DOUBLE = GIVEN.replace("FORMULA", "2*15.2*(41.03/15.2)^(barrier/T - 1)")


class Derivations(ProgramTest):
    def test_a_formula_stands_and_twice_of_it_falls(self):
        self.kramers("run", self.spec(GOOD), "--assert", "--out", "good")
        self.kramers("run", self.spec(DOUBLE), "--assert", "--out", "double", code=1)
        claims = rows(self.folder / "good/claims.csv")
        self.assertEqual({row["against"] for row in claims}, {"formula"})
        self.assertEqual({row["source"] for row in claims}, {"my draft, eq. 7"})
        kinds = {row["name"]: row["kind"] for row in rows(self.folder / "good/predictions.csv")}
        self.assertEqual(kinds["formula"], "formula")

    def test_the_hash_is_printed_before_and_reported_after(self):
        spec = self.spec(GOOD)
        before = json.loads(self.kramers("check", spec, "--json").stdout)
        self.assertEqual(before["claims_sha256"],
                         hashlib.sha256(before["claims_text"].encode()).hexdigest())
        self.assertIn(before["claims_sha256"], self.kramers("check", spec).stdout)
        self.kramers("run", spec, "--out", "run")
        report = json.loads((self.folder / "run/report.json").read_text(encoding="utf-8"))
        self.assertEqual(report["spec"]["claims_sha256"], before["claims_sha256"])
        written = (self.folder / "run/claims.txt").read_bytes()
        self.assertEqual(hashlib.sha256(written).hexdigest(), before["claims_sha256"])
        moved = json.loads(self.kramers("check", self.spec(GOOD.replace("= 0.3", "= 0.4")),
                                        "--json").stdout)
        self.assertNotEqual(moved["claims_sha256"], before["claims_sha256"])

    def test_errors_point_into_the_formula(self):
        spec = self.spec(GIVEN.replace("FORMULA", "exp(barier/T)"))
        done = self.kramers("check", spec, code=2)
        self.assertIn('at column 5: unknown name "barier"', done.stderr)
        self.assertIn('Did you mean "barrier"?', done.stderr)

    def test_a_table_is_relative_to_the_spec_and_travels_with_the_run(self):
        inner = self.folder / "inner"
        inner.mkdir()
        (inner / "draft.csv").write_text("r,time\n1,15.2\n2,41.03\n", encoding="utf-8")
        (inner / "small.toml").write_text(
            GIVEN.replace('formula = "FORMULA"', 'table = "draft.csv", x = "r", y = "time", '
                          'at = "barrier/T"'), encoding="utf-8")
        self.kramers("run", "inner/small.toml", "--assert", "--out", "run")
        (inner / "draft.csv").unlink()
        self.kramers("run", "run/spec.toml", "--assert", "--out", "again")
        self.assertEqual((self.folder / "run/claims.csv").read_bytes(),
                         (self.folder / "again/claims.csv").read_bytes())

    def test_detection(self):
        spec = self.spec(GOOD)
        needs = json.loads(self.kramers("check", spec, "--detect", "5%", "--json").stdout)["detect"]
        self.assertEqual([need["cell"] for need in needs], [0, 1])
        for need in needs:
            self.assertGreater(need["trajectories"], 1000)
            self.assertLess(need["half_width"], 0.05)
        text = self.kramers("check", spec, "--detect", "0.05").stdout
        self.assertIn(f"{needs[0]['trajectories']:.0f}", text)
        before = snapshot(self.folder)
        done = self.kramers("check", spec, "--detect", "much", code=2)
        self.assertIn("--detect much", done.stderr)
        self.assertEqual(snapshot(self.folder), before)

    def test_raw_data_on_request(self):
        spec = self.spec('save = ["arrivals", "paths:2"]\n' + ESCAPE)
        self.kramers("run", spec, "--out", "run")
        self.assertEqual(len(rows(self.folder / "run/arrivals.csv")), 2 * 640)
        paths = rows(self.folder / "run/paths.csv")
        self.assertEqual({row["trajectory"] for row in paths}, {"0", "1"})
        replay = self.kramers("replay", spec, "--trajectory", 1, "--cell", 1).stdout.splitlines()
        last = [row for row in paths if row["cell"] == "1" and row["trajectory"] == "1"][-1]
        self.assertEqual(replay[-1], f"{last['step']},{last['time']},{last['x0']}")
        plain = self.kramers("run", self.spec(ESCAPE), "--out", "plain")
        self.assertEqual(plain.returncode, 0)
        self.assertNotIn("arrivals.csv", [p.name for p in (self.folder / "plain").iterdir()])

    def test_diff(self):
        self.kramers("run", self.spec(GOOD), "--out", "a")
        self.kramers("run", self.spec(GOOD), "ensemble.seed=8", "--out", "b")
        self.kramers("run", self.spec(DOUBLE), "--out", "c")
        self.assertEqual(json.loads(self.kramers("diff", "a", "a", "--json").stdout)["spec"], [])
        seeds = json.loads(self.kramers("diff", "a", "b", "--json").stdout)
        self.assertEqual([key["key"] for key in seeds["spec"]], ["ensemble.seed"])
        for claim in seeds["claims"]:
            self.assertLess(abs(claim["joint_errors"]), 5.4)  # 1e-6 of fresh seeds
            self.assertNotEqual(claim["joint_errors"], 0.0)
        changed = self.kramers("diff", "a", "c", code=1).stdout
        self.assertIn("agree -> disagree", changed)
        self.assertIn("claim.exact.against", changed)
        done = self.kramers("diff", "a", "nowhere", code=2)
        self.assertIn("nowhere: no such folder", done.stderr)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
