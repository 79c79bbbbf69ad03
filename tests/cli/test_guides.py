# SPDX-License-Identifier: Apache-2.0
"""What helps to write a spec: new, explain, schema."""

import json
import tomllib
import unittest

import schema
from program import SOURCE, ProgramTest

STARTERS = ["escape", "stationary", "order", "sweep"]
BAD_SPECS = SOURCE / "tests" / "cli" / "bad_specs"
# Wrong by shape, type, range or name, whatever the numbers elsewhere.
WRONG_BY_SHAPE = """
    burn_in_of_an_escape claim_of_the_other_kind fractional_trajectories later_kind misspelt_kind
    misspelt_parameter misspelt_table negative_temperature noise_in_dynamics noise_in_heavy_ball
    noise_of_another_law several_at_once shapeless_region text_for_number too_few_trajectories
    two_limits two_starts unknown_landscape unknown_noise_law unknown_schedule zero_dt
    habit_alpha habit_batch habit_dt_on_top habit_gamma habit_lr habit_momentum_in_sgd habit_n_steps
    habit_runs habit_seed_text habit_sigma habit_solver habit_x0""".split()


class New(ProgramTest):
    def test_each_starter_is_accepted_and_runs_as_it_is(self):
        for kind in STARTERS:
            with self.subTest(kind):
                self.spec(self.kramers("new", kind).stdout, f"my_{kind}.toml")
                self.kramers("check", f"my_{kind}.toml")
                done = self.kramers("run", f"my_{kind}.toml", "--assert", "--no-figures", "--json")
                report = json.loads(done.stdout)
                self.assertLess(report["counts"]["particle_steps"], 5e8)  # seconds on one core

    def test_an_unknown_starter(self):
        done = self.kramers("new", "escap", code=2)
        self.assertIn('Did you mean "escape"?', done.stderr)
        self.assertEqual(done.stdout, "")


class Explain(ProgramTest):
    def explained(self, word):
        return self.kramers("explain", word).stdout

    def test_a_key_says_value_unit_default_and_example(self):
        text = self.explained("ensemble.max_time")
        for part in ("number, > 0, or inf, unit time", "default  inf", "kind     escape",
                     "example  ensemble.max_time = 500"):
            self.assertIn(part, text)
        self.assertIn('"endpoint", "bridge"', self.explained("scheme.crossing"))
        self.assertIn("required", self.explained("kind"))

    def test_parts_names_and_written_keys_are_found(self):
        for word, found in (("trajectories", "ensemble.trajectories"),
                            ("bridge", "scheme.crossing"),
                            ("regions.other.radius", "regions.<name>.radius"),
                            ("claim[0].tolerance", "claim.tolerance"),
                            ("dynamics.temperature", "{ barrier_over = r }"),
                            ("momentum", "dynamics.momentum"),
                            ("noise", "noise.batch_size"),
                            ("heavy_ball", "discrete optimizer"),
                            ("barrier_over", "sweep"),
                            ("quadrature", "mean_first_passage")):
            with self.subTest(word):
                self.assertIn(found, self.explained(word))

    def test_without_a_word_every_key_is_listed(self):
        found = json.loads(self.kramers("explain", "--json").stdout)
        listed = self.kramers("explain").stdout
        self.assertGreater(len(found), 100)
        for item in found:
            self.assertIn(f"{item['key']} ", listed)
        for item in found[::9]:
            text = self.explained(item["key"])
            self.assertIn(item["key"], text)
            self.assertEqual([line for line in text.splitlines() if len(line) > 100], [])

    def test_an_unknown_word(self):
        done = self.kramers("explain", "tempratur", code=2)
        self.assertIn('Did you mean "temperature"?', done.stderr)


class Schema(ProgramTest):
    def setUp(self):
        super().setUp()
        self.schema = json.loads(self.kramers("schema").stdout)

    def accepts(self, path):
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        found = schema.valid(value, self.schema)
        try:
            import jsonschema  # a second opinion where it is installed
        except ImportError:
            return found
        self.assertEqual(jsonschema.Draft7Validator(self.schema).is_valid(value), found, path)
        return found

    def test_good_specs_are_accepted(self):
        paths = [*SOURCE.glob("experiments/catalog/*.toml"),
                 *SOURCE.glob("experiments/starters/*.toml")]
        self.assertGreater(len(paths), 8)
        for path in paths:
            self.assertTrue(self.accepts(path), path)
        resolved = json.loads(self.kramers("check", "arrhenius", "--json").stdout)["resolved"]
        self.assertTrue(schema.valid(tomllib.loads(resolved), self.schema))

    def test_specs_of_a_wrong_shape_are_rejected(self):
        for name in WRONG_BY_SHAPE:
            self.assertFalse(self.accepts(BAD_SPECS / f"{name}.toml"), name)


if __name__ == "__main__":
    unittest.main()
