# SPDX-License-Identifier: Apache-2.0
"""The command line as its users meet it: exit codes, messages, JSON, run folders."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import unittest

import program
from program import DENSITY, ESCAPE, FALSE_CLAIM, SOURCE, STATIONARY, ProgramTest, rows, snapshot

BAD_SPECS = SOURCE / "tests" / "cli" / "bad_specs"
VERBS = ["list", "new", "explain", "schema", "check", "map", "predict", "run", "sweep", "resume",
         "validate", "plot", "diff", "bench", "replay", "cite", "man", "completion"]


def matches(line, pattern):
    """True when the line is the pattern, in which … stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line) is not None


def expected_lines(path):
    return re.findall(r"^# expect: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def missing(keys, objects):
    """The keys that some of the objects lack."""
    return [key for key in keys if not all(key in item for item in objects)]


def short_numbers(table):
    """Numbers of a table that 17 significant digits would write otherwise."""
    wrong = []
    for row in table:
        for text in row.values():
            try:
                value = float(text)
            except ValueError:
                continue
            if f"{value:.17g}" != text:
                wrong.append(text)
    return wrong


class BadInput(ProgramTest):
    def refused(self, *arguments, says, **more):
        """Exit code 2, nothing on stdout, nothing created; every text of `says` on stderr."""
        before = snapshot(self.folder)
        done = self.kramers(*arguments, code=2, **more)
        self.assertEqual(done.stdout, "")
        for text in says:
            self.assertIn(text, done.stderr)
        self.assertEqual(snapshot(self.folder), before)
        return done

    def test_golden_messages_of_bad_specs(self):
        specs = sorted(BAD_SPECS.glob("*.toml"))
        self.assertGreater(len(specs), 40)
        for path in specs:
            with self.subTest(path.name):
                done = self.refused("run", path, says=[])
                lines = done.stderr.splitlines()
                expected = expected_lines(path)
                self.assertEqual(len(lines), len(expected), done.stderr)
                for line, pattern in zip(lines, expected):
                    self.assertTrue(matches(line, pattern), f"{line}\n{pattern}")

    def test_the_comparison_of_messages_can_fail(self):
        self.assertTrue(matches("a:1: x (have: b, c).", "a:1: x (have: …)."))
        self.assertFalse(matches("a:2: x (have: b, c).", "a:1: x (have: …)."))
        self.assertFalse(matches("a:1: x", "a:1: x."))

    def test_unknown_words_are_answered_with_the_nearest(self):
        spec = self.spec(ESCAPE)
        self.refused("runn", spec, says=['unknown verb "runn"', 'Did you mean "run"?'])
        self.refused("run", spec, "--quik", says=['unknown option "--quik"', '"--quick"?'])
        self.refused("run", spec, "--thread=2", says=['"--thread"', 'mean "--threads"?'])
        self.refused("run", "arhenius", says=['Did you mean "arrhenius"?'])
        self.refused("list", "rastrgin", says=['Did you mean "rastrigin"?'])
        self.refused("map", "heavy_bal", says=['Did you mean "heavy_ball"?'])
        self.refused("map", "heavy_ball", "momentun=0.5", "c=1", "temperature=0.1",
                     says=['Did you mean "momentum"?'])
        self.refused("map", "heavy_ball", "c=1", says=["missing learning_rate="])
        self.refused("run", spec, "ensemble.trajectoris=700", says=['mean "trajectories"?'])
        self.refused("replay", spec, "--trajectory", 0, "--target", "othr", says=['mean "other"?'])

    def test_what_is_missing_or_out_of_range(self):
        spec = self.spec(ESCAPE)
        self.refused(says=["a verb is missing", "validate"])
        self.refused("run", says=["SPEC is required"])
        self.refused("run", spec, "--threads", 0, says=["--threads", "1 to 4096"])
        self.refused("run", spec, "--threads", "two", says=["--threads", "two"])
        self.refused("run", spec, "--backend", "gpu", says=["gpu", "cuda"])
        self.refused("run", spec, "--precision", "single", says=["single", "mixed"])
        self.refused("run", spec, "trajectories", says=["is not key=value"])
        self.refused("run", spec, "scheme.dt=0", says=["command line: scheme.dt = 0 (must be > 0"])
        self.refused("run", "nowhere.toml", says=["nowhere.toml", "No such file"])
        self.refused("plot", "nowhere", says=["nowhere", "no such folder"])
        self.refused("validate", "--level", "slow", says=["slow", "quick"])
        self.refused("replay", spec, "--trajectory", 640, says=["ids 0 to 639"])
        self.refused("replay", spec, "--trajectory", 0, "--cell", 2, says=["cells 0 to 1"])
        self.refused("run", self.spec("kind = \n", "torn.toml"), says=["torn.toml:1"])

    def test_instruction_sets(self):
        spec = self.spec(ESCAPE)
        self.refused("run", spec, isa="foo", says=["KRAMERS_ISA", "foo", "avx2"])
        before = snapshot(self.folder)
        done = program.run("run", spec, cwd=self.folder, isa="avx512")
        with open("/proc/cpuinfo", encoding="ascii") as file:
            present = "avx512f" in file.read()
        self.assertEqual(done.returncode, 0 if present else 3)
        if not present:
            self.assertIn("no avx512", done.stderr)
            self.assertEqual(snapshot(self.folder), before)

    def test_a_backend_that_is_not_there_is_an_error_of_the_environment(self):
        spec = self.spec(ESCAPE)
        before = snapshot(self.folder)
        done = program.run("run", spec, "--backend", "cuda", cwd=self.folder)
        if done.returncode == 0:
            self.skipTest("a GPU is visible")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, "backend cuda|CUDA|GPU")
        self.assertEqual(done.stdout, "")
        self.assertEqual(snapshot(self.folder), before)

    def test_a_folder_that_cannot_be_written(self):
        spec = self.spec(ESCAPE)
        (self.folder / "file").write_text("not a folder", encoding="utf-8")
        self.refused("run", spec, "--out", "file/run", says=["file/run", "--out"])
        self.refused("run", spec, "--out", "/proc/kramers", says=["/proc/kramers"])


class Map(ProgramTest):
    def limits(self, *arguments):
        document = json.loads(self.kramers("map", *arguments, "--json").stdout)
        return {limit["map"]: limit for limit in document[0]["limits"]}

    def test_both_ways(self):
        there = self.limits("heavy_ball", "learning_rate=0.01", "momentum=0.9", "c=2")
        effective = there["effective learning rate"]
        temperature = next(v["value"] for v in effective["parameters"]
                           if v["name"] == "temperature")
        self.assertAlmostEqual(temperature, 0.01 * 2 / (2 * 0.1))
        self.assertAlmostEqual(effective["time_per_step"], 0.1)
        back = self.limits("heavy_ball", "momentum=0.9", "c=2", f"temperature={temperature}")
        ways = back["effective learning rate"]["back"]
        self.assertAlmostEqual(ways[0]["learning_rate"], 0.01)
        self.assertIn("c", ways[1])

    def test_from_an_sde_to_the_optimizers_that_tend_to_it(self):
        text = self.kramers("map", "kinetic", "temperature=0.05", "friction=1", "c=1").stdout
        for name in ("heavy_ball", "nesterov", "momentum_ema"):
            self.assertIn(name, text)
        # eta = (2 gamma T / c)^2, mu = 1 - gamma sqrt(eta)
        self.assertIn("learning_rate = 0.01, momentum = 0.9 for", text)

    def test_an_sde_driven_by_jumps_and_back(self):
        # sigma = eta^(1 - 1/alpha) s: 0.1 = eta^(1/3)
        shown = json.loads(self.kramers("map", "levy_driven", "scale=0.1", "alpha=1.5",
                                        "noise_scale=1", "--json").stdout)
        sgd = next(entry for entry in shown if entry["dynamics"] == "sgd")
        self.assertEqual([limit["sde"] for limit in sgd["limits"]], ["levy_driven"])
        back = sgd["limits"][0]["back"]
        self.assertAlmostEqual(back[0]["learning_rate"], 1e-3, places=12)
        self.assertAlmostEqual(back[1]["noise_scale"], 0.1, places=12)

    def test_an_sde_with_nothing_to_show_is_an_error(self):
        for words, says in ((["levy_driven", "temperature=1", "c=1"], "scale and alpha"),
                            (["levy_driven"], "driven by jumps"),
                            (["state_dependent", "temperature=1"], "no optimizer tends to"),
                            (["ou_interpolant", "temperature=1"], "has a temperature"),
                            (["overdamped", "temperature=1", "alpha=1.5"], "levy_driven"),
                            (["sgd", "learning_rate=1", "alpha=1.5", "c=1"], "no variance"),
                            (["sgd", "learning_rate=1", "noise_scale=1"], "missing alpha=")):
            done = self.kramers("map", *words, code=2)
            self.assertEqual(done.stdout, "")
            self.assertIn(says, done.stderr)

    def test_of_a_spec(self):
        spec = self.spec(STATIONARY)
        text = self.kramers("map", spec).stdout
        self.assertIn("LaTeX", text)
        self.assertIn("= eta c / 2 = ", text)


class Help(ProgramTest):
    def test_every_verb_explains_itself_within_100_columns(self):
        for arguments in [[], *([verb] for verb in VERBS)]:
            with self.subTest(arguments):
                text = self.kramers(*arguments, "--help").stdout
                self.assertRegex(text, rf"Usage: kramers {' '.join(arguments)}")
                self.assertEqual([line for line in text.splitlines()
                              if len(line) > 100 and not line.lstrip().startswith("LaTeX")], [])
        top = self.kramers("--help").stdout
        for verb in VERBS:
            self.assertRegex(top, rf"\n  {verb} +\w")

    def test_lists_stay_within_100_columns(self):
        for arguments in (["list"], ["list", "arrhenius"], ["list", "methods"],
                          ["list", "noise"], ["list", "schemes"], ["list", "optimizers"],
                          ["map", "ravine_sgd_variance"],
                          ["predict", "arrhenius"], ["predict", "gibbs_tilted_double_well"],
                          ["predict", "ravine_sgd_variance"]):
            text = self.kramers(*arguments).stdout
            # a LaTeX line is there to be copied
            self.assertEqual([line for line in text.splitlines()
                              if len(line) > 100 and not line.lstrip().startswith("LaTeX")], [])

    def test_validate_says_what_its_levels_cost(self):
        text = self.kramers("validate", "--help").stdout
        self.assertRegex(text, r"quick +\S+ particle-steps")
        self.assertRegex(text, r"standard +\S+ particle-steps")
        for number, noun in re.findall(r"(\d+) (minutes?) on one", text):
            self.assertEqual(noun, "minute" if number == "1" else "minutes")


class Json(ProgramTest):
    """Standard output of --json is one document and nothing else."""

    def document(self, *arguments, code=0):
        done = self.kramers(*arguments, "--json", code=code)
        self.assertNotIn("\x1b", done.stdout)
        return json.loads(done.stdout)

    def test_a_missing_key_is_seen(self):
        self.assertEqual(missing(["id", "verdict"], [{"id": 1, "verdict": 2}, {"id": 1}]),
                         ["verdict"])

    def test_validate(self):
        found = self.document("validate", self.spec(ESCAPE))
        self.assertEqual(len(found), 2)
        keys = ["id", "sentence", "source", "prediction", "estimate", "standard_error",
                "detectable", "verdict"]
        self.assertEqual(missing(keys, found), [])
        self.assertEqual({row["verdict"] for row in found}, {"agree"})
        self.assertEqual(os.listdir(self.folder), ["small.toml"])  # nothing without --out

    def test_predict(self):
        found = self.document("predict", self.spec(ESCAPE))
        keys = ["estimand", "prediction", "kind", "value", "error_order", "domain", "source"]
        self.assertEqual(missing(keys, found), [])
        exact = [row["value"] for row in found if row["prediction"] == "quadrature"]
        self.assertEqual(len(exact), 2)
        # tests/theory: 41.0342802687 at barrier/T = 2 by an independent quadrature
        self.assertAlmostEqual(max(exact), 41.0342802687, places=9)
        self.assertTrue(all(row["value"] is not None or row["reason"] for row in found))

    def test_bench(self):
        found = self.document("bench", "--seconds", 0.01, "--repeats", 1)
        keys = ["name", "precision", "backend", "threads", "particle_steps_per_second",
                "ratio_to_scalar", "ratio_to_naive", "share_of_bound", "efficiency"]
        self.assertEqual(missing(keys, found), [])
        self.assertTrue(all(row["particle_steps_per_second"] > 0 for row in found))
        # No bound is derived of a reference loop, of double, of the bridge or of a GPU; nothing is
        # there to compare a loop of one thread without exits with: null, never 0.
        for row in found:
            bounded = (row["name"] in ("no_exits", "early_exits") and row["backend"] == "cpu" and
                       row["precision"] != "double" and row["isa"] in ("avx2", "avx512"))
            compared = row["name"].startswith("early_exits") or row["threads"] > 1
            for key, known in (("share_of_bound", bounded), ("efficiency", compared)):
                self.assertEqual(row[key] is not None, known, (key, row))
                self.assertNotEqual(row[key], 0, (key, row))
        self.assertEqual({row["precision"] for row in found}, {"float", "mixed", "double"})

    def test_run(self):
        report = self.document("run", self.spec(ESCAPE))
        self.assertEqual(report, json.loads((self.folder / "runs/small/report.json").read_text()))
        self.assertEqual(report["counts"]["arrived"], 2 * 640)
        self.assertEqual(report["kramers"]["stream_version"], 1)
        self.assertRegex(report["kramers"]["flags"], r"^\w+: .*-ffp-contract=off")

    def test_list_check_cite_replay(self):
        spec = self.spec(ESCAPE)
        listed = self.document("list")
        self.assertEqual({item["kind"] for item in listed},  # methods only when asked for
                         {"landscapes", "models", "optimizers", "noise", "schedules", "schemes",
                          "predictions", "experiments"})
        checked = self.document("check", spec)
        self.assertEqual(missing(["particle_steps", "seconds", "memory_bytes", "cells"], [checked]),
                         [])
        self.assertEqual(len(checked["cells"]), 2)
        cited = self.document("cite", spec)
        for entry in cited:
            self.assertTrue(entry["bibtex"].startswith("@"))
        # the generator, the normals, the scheme; a key that the bibliography lacks would be missing
        self.assertEqual({"salmon2011", "box1958", "maruyama1955"} - {e["key"] for e in cited}, set())
        path = self.document("replay", spec, "--trajectory", 0)
        self.assertEqual(path["outcome"], "arrived")
        self.assertEqual(len(path["step"]), len(path["x"]))
        self.assertEqual(path["step"][-1], path["final_step"])

    def test_every_verb_has_it_but_the_two_that_print_other_languages(self):
        with_it = [verb for verb in VERBS if "--json" in self.kramers(verb, "--help").stdout]
        self.assertEqual([verb for verb in VERBS if verb not in with_it], ["man", "completion"])
        for words in (["man"], ["completion", "bash"]):
            done = self.kramers(*words, "--json", code=2)
            self.assertEqual(done.stdout, "")
            self.assertIn("--json", done.stderr)

    def test_errors_leave_standard_output_empty(self):
        self.assertEqual(self.kramers("run", "nowhere.toml", "--json", code=2).stdout, "")


class RunFolder(ProgramTest):
    def test_contents(self):
        for name, text, wanted in (("escape", ESCAPE, "passage"), ("sgd", STATIONARY, "covariance"),
                                   ("density", DENSITY, "density")):
            with self.subTest(name):
                self.kramers("run", self.spec(text, f"{name}.toml"), "--no-figures")
                folder = self.folder / "runs" / name
                files = set(os.listdir(folder))
                self.assertLessEqual({"spec.toml", "report.json", "cells.csv", "claims.csv",
                                      "predictions.csv", f"{wanted}.csv"}, files)
                self.assertNotIn("INCOMPLETE", files)
                json.loads((folder / "report.json").read_text(encoding="utf-8"))
                for file in folder.glob("*.csv"):
                    table = rows(file)
                    self.assertFalse(any(None in row or None in row.values() for row in table))
                    self.assertEqual(short_numbers(table), [], file.name)
                self.assertGreater(len(rows(folder / f"{wanted}.csv")), 0)

    def test_shortened_numbers_are_seen(self):
        self.assertEqual(short_numbers([{"a": "0.1", "b": "text", "c": "2"}]), ["0.1"])
        self.assertEqual(short_numbers([{"a": "0.10000000000000001"}]), [])

    def test_a_resolved_spec_repeats_its_run_byte_for_byte(self):
        for name, text in (("escape", ESCAPE), ("sgd", STATIONARY), ("density", DENSITY)):
            with self.subTest(name):
                self.kramers("run", self.spec(text, f"{name}.toml"), "--no-figures", "--out", "a",
                             "--force")
                self.kramers("run", "a/spec.toml", "--no-figures", "--out", "b", "--force")
                first, second = (program.tables(self.folder / folder) for folder in "ab")
                self.assertGreaterEqual(len(first), 4)
                # claims are named after the spec's file unless the spec names itself
                self.assertEqual(first, second)

    def test_threads_and_instruction_sets_change_no_byte(self):
        spec = self.spec(ESCAPE)
        found = []
        for k, (threads, isa) in enumerate(((1, None), (2, None), (2, "baseline"), (1, "avx2"))):
            done = program.run("run", spec, "--no-figures", "--threads", threads, "--out", f"r{k}",
                               cwd=self.folder, isa=isa)
            if isa and done.returncode == 3:
                continue  # this CPU has no such instructions
            self.assertEqual(done.returncode, 0, done.stderr)
            found.append(program.tables(self.folder / f"r{k}"))
        self.assertGreaterEqual(len(found), 3)
        for tables in found[1:]:
            self.assertEqual(found[0], tables)
        self.kramers("run", spec, "--no-figures", "--out", "other", "ensemble.seed=4")
        self.assertNotEqual(found[0]["passage.csv"],
                            program.tables(self.folder / "other")["passage.csv"])

    def test_an_existing_folder_stays_as_it_is_without_force(self):
        spec = self.spec(ESCAPE)
        self.kramers("run", spec, "--no-figures")
        before = snapshot(self.folder)
        done = self.kramers("run", spec, "ensemble.seed=4", code=2)
        self.assertIn("--force", done.stderr)
        self.kramers("run", spec, "ensemble.seed=-1", "--force", code=2)
        self.kramers("run", spec, "--force", code=2, isa="foo")
        self.assertEqual(snapshot(self.folder), before)
        self.kramers("run", spec, "--no-figures", "ensemble.seed=4", "--force")
        after = snapshot(self.folder)
        self.assertEqual(after.keys(), before.keys())
        self.assertNotEqual(after["runs/small/passage.csv"], before["runs/small/passage.csv"])

    def test_force_replaces_run_folders_only(self):
        spec = self.spec(ESCAPE)
        (self.folder / "thesis").mkdir()
        (self.folder / "thesis" / "chapter.tex").write_text("years of work", encoding="utf-8")
        before = snapshot(self.folder)
        self.kramers("run", spec, "--out", "thesis", "--force", code=2)
        self.assertEqual(snapshot(self.folder), before)

    def test_standard_error_shows_no_progress_bar_in_a_file(self):
        done = self.kramers("run", self.spec(ESCAPE), "--no-figures")
        self.assertNotIn("\r", done.stderr)
        self.assertNotIn("ETA", done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_validate_writes_a_folder_per_experiment(self):
        self.kramers("validate", self.spec(ESCAPE), "--out", "all", "--no-figures")
        found = snapshot(self.folder / "all")
        self.assertLessEqual({"validation.txt", "claims.json", "small/passage.csv"}, found.keys())


class Figures(ProgramTest):
    def drawn(self, *arguments):
        """Paths that `plot` names; they exist."""
        done = program.run("plot", *arguments, cwd=self.folder)
        if done.returncode == 3 and "matplotlib" in done.stderr:
            self.skipTest("no Python with matplotlib")
        self.assertEqual(done.returncode, 0, done.stderr)
        paths = done.stdout.splitlines()
        for path in paths:
            self.assertGreater((self.folder / path).stat().st_size, 1000)
        return paths

    def test_plot_redraws_from_the_tables(self):
        spec = self.spec('figure = "covariance"\n' + STATIONARY)
        self.kramers("validate", spec, "--out", "all", "--no-figures")
        self.assertFalse((self.folder / "all/small/figures").exists())
        paths = ["all/small/figures/covariance.pdf", "all/small/figures/covariance.png"]
        self.assertEqual(self.drawn("all/small"), paths)
        self.assertEqual(self.drawn("all"), paths)  # every run folder in it
        self.assertEqual(json.loads(self.kramers("plot", "all", "--json").stdout), paths)


class Interrupt(ProgramTest):
    def start(self, *arguments):
        """The program with a terminal for standard error, so that it shows where it is."""
        mine, its = pty.openpty()
        self.addCleanup(os.close, mine)
        process = subprocess.Popen([program.EXECUTABLE, *arguments], cwd=self.folder, stderr=its,
                                   stdout=subprocess.DEVNULL)
        os.close(its)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, mine

    def read_until(self, terminal, text):
        shown, deadline = "", time.monotonic() + 60.0
        while text not in shown:
            left = deadline - time.monotonic()
            if left < 0.0 or not select.select([terminal], [], [], left)[0]:
                self.fail(f"waited for {text!r}, saw {shown[-200:]!r}")
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece.decode("utf-8", "replace")
        return shown

    def assertPartial(self, row, report):
        """A cell that is never over: what had begun is censored, there is no mean, and a rate's
        interval starts at zero."""
        begun = int(row["trajectories"])
        self.assertGreater(begun, 0)
        self.assertLessEqual(begun, 640)
        self.assertEqual((int(row["censored"]), int(row["arrived"])), (begun, 0))
        self.assertEqual((row["value"], float(row["rate_lower"])), ("", 0.0))
        self.assertGreater(float(row["rate_upper"]), 0.0)
        self.assertGreaterEqual(report["counts"]["censored"], begun)

    def test_ctrl_c_keeps_what_was_finished(self):
        # The second cell takes 1e6 exp(20) time units: it is never over.
        spec = self.spec(ESCAPE.replace("[1, 2]", "[1, 20]"))
        process, terminal = self.start("run", spec, "--no-figures")
        shown = self.read_until(terminal, "small 2/2")
        self.assertRegex(shown, r"\[[#-]+\] .* ETA ")
        process.send_signal(signal.SIGINT)
        self.read_until(terminal, "run folder:")
        self.assertEqual(process.wait(timeout=60), 130)
        folder = self.folder / "runs" / "small"
        self.assertIn("interrupted", (folder / "INCOMPLETE").read_text(encoding="utf-8"))
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        self.assertTrue(report["interrupted"])
        passage = rows(folder / "passage.csv")
        self.assertEqual([row["cell"] for row in passage], ["0", "1"])
        self.assertEqual(passage[0]["arrived"], "640")
        self.assertPartial(passage[1], report)
        self.assertEqual([row["cell"] for row in rows(folder / "claims.csv")], ["0"])
        self.assertEqual([path for path in os.listdir(self.folder / "runs") if path[0] == "."], [])

    def test_termination_is_a_clean_interrupt_too(self):
        spec = self.spec(ESCAPE.replace("[1, 2]", "[20]"))
        process, terminal = self.start("run", spec, "--no-figures")
        self.read_until(terminal, "small 1/1")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 130)
        folder = self.folder / "runs" / "small"
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        self.assertPartial(rows(folder / "passage.csv")[0], report)
        self.assertEqual(rows(folder / "claims.csv"), [])
        self.assertEqual(report["counts"]["trajectories"], report["counts"]["censored"])

    def test_censoring_is_counted(self):
        self.kramers("run", self.spec(ESCAPE), "--no-figures", "ensemble.max_time=10")
        counts = json.loads((self.folder / "runs/small/report.json").read_text())["counts"]
        self.assertGreater(counts["censored"], 0)
        self.assertEqual(counts["arrived"] + counts["censored"] + counts["diverged"], 2 * 640)
        for row in rows(self.folder / "runs/small/passage.csv"):
            self.assertEqual(int(row["arrived"]) + int(row["censored"]), 640)


class Verdicts(ProgramTest):
    def test_a_false_claim_fails_only_when_asserted(self):
        spec = self.spec(FALSE_CLAIM)
        self.kramers("run", spec, "--no-figures")
        done = self.kramers("run", spec, "--no-figures", "--assert", "--force", code=1)
        self.assertRegex(done.stdout, r"disagree +NO")
        self.assertEqual(rows(self.folder / "runs/small/claims.csv")[0]["passed"], "false")
        self.kramers("validate", spec, code=1)

    def test_an_expected_refutation_passes(self):
        spec = self.spec(FALSE_CLAIM + 'expect = "disagree"\n')
        done = self.kramers("run", spec, "--no-figures", "--assert")
        self.assertRegex(done.stdout, r"disagree +yes")
        self.kramers("validate", spec)

    def test_a_true_claim_passes_and_its_expected_refutation_does_not(self):
        true = FALSE_CLAIM.replace('"kramers"', '"quadrature"').replace("= 0.05", "= 0.15")
        self.kramers("run", self.spec(true), "--no-figures", "--assert")
        self.kramers("run", self.spec(true + 'expect = "disagree"\n', "twin.toml"), "--no-figures",
                     "--assert", code=1)


class Replay(ProgramTest):
    def mean_time(self, spec, *more):
        """Mean arrival time of all trajectories, each replayed alone."""
        steps = 0
        for n in range(128):
            path = json.loads(self.kramers("replay", spec, "--trajectory", n, "--every", 10**9,
                                           "--json", *more).stdout)
            self.assertEqual(path["outcome"], "arrived")
            steps += path["final_step"]
        return path["dt"] * steps / 128

    def test_replays_add_up_to_the_run(self):
        spec = self.spec(ESCAPE.replace("= 640", "= 128"))
        self.kramers("run", spec, "--no-figures")
        value = float(rows(self.folder / "runs/small/passage.csv")[1]["value"])
        self.assertAlmostEqual(self.mean_time(spec, "--cell", 1), value, delta=1e-12 * value)
        self.assertNotAlmostEqual(self.mean_time(spec, "--cell", 1, "ensemble.seed=4"), value,
                                  delta=1e-6 * value)

    def test_the_path_is_a_table(self):
        done = self.kramers("replay", self.spec(ESCAPE), "--trajectory", 5, "--rows", 7)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "step,time,x0")
        self.assertEqual(lines[1], "0,0,-1")
        self.assertEqual(len(lines), 8)


class Cite(ProgramTest):
    def test_entries_are_those_of_the_bibliography(self):
        text = self.kramers("cite", self.spec(ESCAPE)).stdout
        keys = re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE)
        known = re.findall(r"^@\w+\{([^,]+),",
                           (SOURCE / "sde/theory/references.bib").read_text(encoding="utf-8"),
                           re.MULTILINE)
        self.assertLess(set(keys), set(known))
        self.assertIn("gardiner2009", keys)  # what the claim is held against
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(text.count("{"), text.count("}"))


if __name__ == "__main__":
    unittest.main()
