# SPDX-License-Identifier: Apache-2.0
"""Manual page, completion, progress lines, cost, bench of a dynamics, mistakes on the command line."""

import json
import re
import resource
import shutil
import statistics
import subprocess
import time
import unittest

import program
from program import ESCAPE, ProgramTest

SHELLS = ["bash", "zsh", "fish"]
# 1.6e7 particle-steps: a fifth of a second on one core.
COSTLY = ESCAPE.replace("640", "20000").replace("[1, 2]", "[2]")

# 1e7 particle-steps of two entrants: one compiled for its noise, one whose draws cost several times as much.
RACE = """
kind = "race"
landscape = { name = "tilted_double_well", half_width = 1.0, barrier = 0.25, tilt = -0.05 }
ensemble = { trajectories = 2000, seed = 3 }
start = { point = "minimum.left" }
goal = { basin = "minimum.right" }
evaluations = 500
grid = { intensity = [1, 4], learning_rate = [0.05, 0.1] }
[[entrant]]
name = "gaussian"
dynamics = { name = "sgd" }
noise = { law = "gaussian" }
intensity = "noise.gradient_variance"
# others
[[entrant]]
name = "stable"
dynamics = { name = "sgd" }
noise = { law = "stable", alpha = 1.5 }
intensity = "noise.scale"
scale = { intensity = 0.125 }
"""


class CommandLine(ProgramTest):
    made = {}  # pages and scripts that were printed already

    def printed(self, *arguments):
        if arguments not in self.made:
            self.made[arguments] = self.kramers(*arguments).stdout
        return self.made[arguments]

    def options(self):
        """(verb, option) of every line of every --help."""
        verbs = re.findall(r"^  (\w+) ", self.kramers("--help").stdout.split("Subcommands:")[1]
                           .split("First steps")[0], re.MULTILINE)
        self.assertGreater(len(verbs), 12)
        return [(verb, option) for verb in verbs
                for option in re.findall(r"^  (?:-\w,)?(--[\w-]+)",
                                         self.kramers(verb, "--help").stdout, re.MULTILINE)]

    def missing(self, options, page, scripts):
        """(verb, option, where) of what manual page or completions do not have."""
        sections = dict(re.findall(r'^\.SS "kramers (\w+)[^\n]*\n(.*?)(?=^\.S[SH])', page,
                                   re.MULTILINE | re.DOTALL))
        found = []
        for verb, option in options:
            places = {
                "man": f"\\fB{option}\\fR" in sections.get(verb, ""),
                "bash": re.search(rf"(?m)^ +{verb}\) options='[^']*{option}\b", scripts["bash"]),
                "zsh": re.search(rf"(?m)^ +{verb}\) options=\(.*'{option}:", scripts["zsh"]),
                "fish": re.search(rf"(?m)_from {verb}'.* -l {option[2:]} ", scripts["fish"])}
            found += [(verb, option, place) for place, there in places.items() if not there]
        return found

    def test_every_flag_of_the_help_is_in_manual_and_completion(self):
        page = self.printed("man").replace("\\-", "-")
        scripts = {shell: self.printed("completion", shell) for shell in SHELLS}
        options = self.options()
        self.assertGreater(len(options), 40)
        self.assertEqual(self.missing(options, page, scripts), [])
        self.assertNotIn("\\fB--colour\\fR", page)
        # Twins: an option that one place forgets, and a verb without a section.
        for shell in SHELLS:
            name = "-l assert " if shell == "fish" else "--assert"
            forgetful = {**scripts, shell: scripts[shell].replace(name, "")}
            self.assertEqual(self.missing([("run", "--assert")], page, forgetful),
                             [("run", "--assert", shell)])
        page = page.replace('.SS "kramers sweep', '.PP "')
        self.assertEqual(self.missing([("sweep", "--budget")], page, scripts),
                         [("sweep", "--budget", "man")])

    def complaints(self, page):
        """What man says of a page."""
        path = self.folder / "kramers.1"
        path.write_text(page, encoding="utf-8")
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        return (done.returncode, done.stderr)

    def test_the_manual_is_accepted_by_man(self):
        if shutil.which("man") is None:
            self.skipTest("no man")
        page = self.printed("man")
        self.assertEqual(self.complaints(page), (0, ""))
        # Twins: a macro that there is not, and one that ends the text in the middle of a font.
        self.assertNotEqual(self.complaints(page.replace(".TP\n", ".TPP\n", 1)), (0, ""))
        self.assertNotEqual(self.complaints(page + "\n.SH \\f[NOFONT]end\\f\n"), (0, ""))

    # A test for each, so that a shell that is not here is one skipped test with its reason.
    def test_bash_accepts_its_completion(self):
        self.accepted_by("bash")

    def test_zsh_accepts_its_completion(self):
        self.accepted_by("zsh")

    def test_fish_accepts_its_completion(self):
        self.accepted_by("fish")

    def accepted_by(self, shell):
        if shutil.which(shell) is None:
            self.skipTest(f"no {shell} here: nothing parses its completion")
        script = self.printed("completion", shell)
        path = self.folder / shell
        for text, accepted in ((script, True), (script + "case x in\n", False)):
            path.write_text(text, encoding="utf-8")
            done = subprocess.run([shell, "-n", path], stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode == 0, accepted, shell)

    def completed(self, *words, broken=("", "")):
        """What bash offers for the last of these words; with a part of the script replaced."""
        script = self.printed("completion", "bash")
        self.assertIn(broken[0], script)
        (self.folder / "c").write_text(script.replace(*broken) if broken[0] else script,
                                       encoding="utf-8")
        script = ('source ./c; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); '
                  '$(complete -p kramers | sed "s/.*-F \\([^ ]*\\).*/\\1/"); '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", "kramers", *words], cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False)
        return done.stdout.split()

    def test_bash_offers_every_verb_and_every_option_of_the_help(self):
        """The function that the script registers, called as bash calls it."""
        options = self.options()
        verbs = {verb for verb, _ in options}
        self.assertLessEqual(verbs, set(self.completed("")))
        for verb in sorted(verbs):
            self.assertLessEqual({option for v, option in options if v == verb},
                                 set(self.completed(verb, "--")), verb)
        # Twins: a function that is not the one registered; a verb whose case is never reached.
        self.assertEqual(self.completed("va", broken=("complete -F _kramers", "complete -F _kramer")),
                         [])
        self.assertNotIn("--budget", self.completed("sweep", "--b", broken=("        sweep)",
                                                                           "        sweeps)")))

    def test_bash_completes_verbs_options_names_and_keys(self):
        self.spec(ESCAPE, "armed.toml")
        self.assertEqual(self.completed("va"), ["validate"])
        self.assertEqual(self.completed("run", "ar"), ["arrhenius", "armed.toml"])
        self.assertEqual(self.completed("run", "arrhenius", "--backend", "c"), ["cpu", "cuda"])
        self.assertEqual(self.completed("run", "arrhenius", "scheme.dt_"), ["scheme.dt_ladder="])
        self.assertIn("rastrigin", self.completed("list", "rastr"))
        self.assertIn("heavy_ball", self.completed("map", "heavy"))
        self.assertEqual(self.completed("new", "st"), ["stationary"])


class Progress(ProgramTest):
    def faults(self, text, events):
        """What is wrong with progress lines of a run that ends with so many events."""
        found, lines = [], []
        for line in text.splitlines():
            if not line.startswith("{"):
                continue
            try:
                lines.append(json.loads(line))
            except json.JSONDecodeError:
                return ["not JSON: " + line]
        if len(lines) < 2:
            return ["fewer than two lines"]
        names = {"label", "done", "eta_seconds", "particle_steps", "rate", "events"}
        found += ["keys" for line in lines if set(line) != names]
        for key in ("done", "particle_steps", "events"):
            values = [line.get(key, -1) for line in lines]
            found += [key + " falls"] if values != sorted(values) else []
        found += ["shares"] if (lines[0]["done"], lines[-1]["done"]) != (0.0, 1.0) else []
        found += ["time left at the end"] if lines[-1]["eta_seconds"] != 0 else []
        found += ["events"] if lines[-1].get("events") != events else []
        return found

    def test_json_lines(self):
        text = self.kramers("run", self.spec(COSTLY), "--no-figures", "--progress", "json").stderr
        self.assertEqual(self.faults(text, 20000), [])
        lines = [line for line in text.splitlines() if line.startswith("{")]
        twins = {"torn": text.replace(lines[-1], lines[-1][:-1]),
                 "backwards": "\n".join(reversed(lines)),
                 "lost end": "\n".join([*lines[:-1], lines[0]]),
                 "another key": text.replace('"events"', '"exits"'),
                 "one line": lines[-1]}
        for name, twin in twins.items():
            self.assertNotEqual(self.faults(twin, 20000), [], name)

    def test_none_and_auto_write_nothing_to_a_file_and_bar_does(self):
        spec = self.spec(ESCAPE)
        for word, shown in (("none", False), ("auto", False), ("bar", True)):
            done = self.kramers("run", spec, "--no-figures", "--force", "--progress", word)
            self.assertEqual("ETA" in done.stderr, shown)


class Cost(ProgramTest):
    def test_check_predicts_the_time_of_a_run(self):
        """The median of three pairs, each of a check and a run at once after it: wrong by a factor
        of 4 only if the load of the machine changed that much within two of three pairs. A rate
        per trajectory instead of per step, or of one thread for two, in a run of 330 steps is
        seen; so is a calibration that measures only its own start."""
        spec = self.spec(COSTLY)
        ratios = []
        for _ in range(3):
            predicted = json.loads(self.kramers("check", spec, "--json").stdout)
            report = json.loads(self.kramers("run", spec, "--json", "--force").stdout)
            ratios.append(predicted["seconds"] / report["throughput"]["seconds"])
            self.assertAlmostEqual(predicted["particle_steps"] /
                                   report["throughput"]["particle_steps"], 1.0, delta=0.1)
        self.assertGreater(statistics.median(ratios), 1 / 4)
        self.assertLess(statistics.median(ratios), 4)

    def busy(self, *arguments):
        """The JSON that is printed, and the share of a processor that the program got: both sides
        of a comparison times theirs do not depend on what else runs here."""
        wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        printed = json.loads(self.kramers(*arguments, "--json", "--threads", 1,
                                          "--backend", "cpu").stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return printed, used / (time.perf_counter() - wall)

    def test_the_cost_of_a_race_of_unequal_laws_is_predicted(self):
        """Processor time, the median of three pairs; single pairs were 0.86 to 1.3 on a machine
        with four times as many busy programs as cores. A median beyond 2 is a failure, so that no
        load makes one; an estimate wrong by less is not seen here. Twin: one rate, that of the
        cheap entrant, for all, which is what a rate by the name of the method amounts to (0.12)."""
        spec, cheap = self.spec(RACE), self.spec(RACE.split("# others")[0], "cheap.toml")
        ratios, twins = [], []
        for _ in range(3):
            predicted, share = self.busy("check", spec)
            alone, _ = self.busy("check", cheap)
            report, run_share = self.busy("run", spec, "--force", "--no-figures")
            made = report["throughput"]
            taken = made["seconds"] * run_share / share
            ratios.append(predicted["seconds"] / taken)
            twins.append(alone["seconds"] / alone["particle_steps"] * made["particle_steps"] / taken)
        self.assertGreater(statistics.median(ratios), 1 / 2, ratios)
        self.assertLess(statistics.median(ratios), 2, ratios)
        self.assertLess(statistics.median(twins), 1 / 2, twins)


class Bench(ProgramTest):
    def test_a_dynamics_by_name(self):
        found = json.loads(self.kramers("bench", "--dynamics", "heavy_ball", "--seconds", 0.01,
                                        "--repeats", 1, "--json").stdout)
        self.assertEqual({row["dynamics"] for row in found}, {"heavy_ball"})
        for row in found:
            self.assertGreater(row["passage_nanoseconds"], 0)
            self.assertGreater(row["arithmetic_nanoseconds"], 0)
        done = self.kramers("bench", "--dynamics", "heavy_bal", "--seconds", 0.01, code=2)
        self.assertIn("heavy_bal", done.stderr)


class Mistakes(ProgramTest):
    def says(self, *arguments):
        return self.kramers(*arguments, code=2).stderr

    def test_verbs_and_options_of_other_programs(self):
        spec = self.spec(ESCAPE)
        self.assertIn('Did you mean "run"?', self.says("simulate", spec))
        self.assertIn('Did you mean "new"?', self.says("init"))
        self.assertIn("ensemble.seed=...", self.says("run", spec, "--seed", 3))
        self.assertIn("dynamics.temperature", self.says("run", spec, "temperature=0.1"))
        self.assertIn("No such file", self.says("run", "nowhere.toml"))
        self.assertIn("my.toml", self.says("run", "my"))

    def test_a_file_whose_name_cannot_name_a_run(self):
        self.assertIn("rename", self.says("run", self.spec(ESCAPE, "my spec.toml")))


if __name__ == "__main__":
    unittest.main()
