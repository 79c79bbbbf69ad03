# SPDX-License-Identifier: Apache-2.0
"""Every recipe is drawn from the fixed tables of tables/ and checked as a reader would."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLOTS = HERE.parents[1] / "plots"
TABLES = HERE / "tables"
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable

sys.dont_write_bytecode = True
sys.path.insert(0, str(PLOTS))

try:
    import matplotlib
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    import plot
    import style
    from load import Run, RunError
except ImportError as error:
    raise unittest.SkipTest(f"figures need matplotlib: {error}") from None

RECIPES = plot.recipes()
FULL_WIDTH = {"heatmap", "race", "race_details", "race_phases"}


def pdf_text(path):
    """The PDF with its compressed streams expanded, so that its objects can be searched."""
    raw = path.read_bytes()
    text = raw
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", raw, re.S):
        try:
            text += zlib.decompress(match.group(1).strip(b"\r\n"))
        except zlib.error:
            pass
    return text


def font_problem(text):
    """Why the fonts of a PDF would be refused by a venue; None if they would not."""
    if b"/Subtype /Type3" in text:
        return "Type 3 font"
    if b"/FontFile2" not in text:
        return "no embedded TrueType font"
    return None


def width_inches(text):
    box = re.search(rb"/MediaBox \[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]", text)
    return float(box.group(1)) / 72


def blank(path):
    image = matplotlib.image.imread(path)[..., :3]
    return float(np.ptp(image)) < 0.5 or float((image < 0.5).any(axis=-1).mean()) < 0.005


def running(folder):
    """Processes that have this folder on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in entry.read_bytes():
                found.append(entry.parent.name)
        except OSError:
            pass
    return found


def labels_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def drawn_by(figure):
    """Draws a figure and returns its renderer."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


def hidden_points(figure, renderer):
    """How many points of lines lie under an entry (handle and text) of a legend."""
    count = 0
    for axes in figure.axes:
        if axes.get_legend() is None:
            continue
        left = axes.get_legend().get_window_extent(renderer).x0
        texts = [text.get_window_extent(renderer) for text in axes.get_legend().get_texts()]
        rows = [Bbox.from_extents(left, t.y0, t.x1, t.y1) for t in texts]
        for line in axes.lines:
            points = line.get_transform().transform(np.column_stack(line.get_data()).astype(float))
            count += sum(row.contains(*point) for point in points for row in rows)
    return count


class Drawn(unittest.TestCase):
    """Figures of the fixed tables, drawn once for all tests and never changed by them."""

    drawn = {}
    laid_out = {}  # the figures themselves, once drawn

    @classmethod
    def setUpClass(cls):
        if not Drawn.drawn:
            folder = Path(tempfile.mkdtemp())
            unittest.addModuleCleanup(shutil.rmtree, folder)
            for name in RECIPES:
                shutil.copytree(TABLES / name, folder / name)
            results = plot.attempt_all(plot.arguments([str(folder / name) for name in RECIPES]))
            for name, (paths, problem, _) in zip(RECIPES, results):
                Drawn.drawn[name] = [Path(path) for path in paths]
                if problem:
                    raise AssertionError(problem)

    def figure(self, folder):
        """The figure itself, to look at what it holds."""
        run = Run(folder)
        with matplotlib.rc_context(style.rc(style.STYLES["icml"])):
            return __import__(run.figure).draw(run, style.STYLES["icml"])

    def whole_figure(self, name):
        """The figure of the fixed tables with every text in its place, and its renderer."""
        if name not in Drawn.laid_out:
            with matplotlib.rc_context(style.rc(style.STYLES["icml"])):
                figure = self.figure(TABLES / name)
                Drawn.laid_out[name] = figure, drawn_by(figure)
        return Drawn.laid_out[name]

    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.scratch)

    def run_folder(self, name):
        folder = self.scratch / f"run{len(list(self.scratch.iterdir()))}"
        shutil.copytree(TABLES / name, folder)
        return folder

    def command(self, *arguments):
        return subprocess.run([PYTHON, str(PLOTS / "plot.py"), *map(str, arguments)],
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})


class Figures(Drawn):
    def test_every_recipe_has_fixed_tables(self):
        self.assertEqual(RECIPES, sorted(p.name for p in TABLES.iterdir()))

    def test_fonts_are_embedded_truetype_and_the_page_is_as_wide_as_the_column(self):
        for name in RECIPES:
            for venue in ("icml", "neurips"):
                with self.subTest(recipe=name, style=venue):
                    paths = self.drawn[name] if venue == "icml" else \
                        plot.draw(self.run_folder(name), ("pdf",), venue, name)
                    text = pdf_text(paths[0])
                    self.assertIsNone(font_problem(text))
                    chosen = style.STYLES[venue]
                    wanted = chosen.full if name in FULL_WIDTH else chosen.column
                    self.assertAlmostEqual(width_inches(text), wanted, delta=0.005)

    def test_the_picture_is_not_blank(self):
        for name in RECIPES:
            with self.subTest(recipe=name):
                self.assertFalse(blank(self.drawn[name][1]))

    def test_every_panel_is_labelled_and_no_label_leaves_the_page(self):
        for name in RECIPES:
            with self.subTest(recipe=name):
                figure, renderer = self.whole_figure(name)
                page = figure.bbox
                self.assertTrue(any(a.get_xlabel() for a in figure.axes))
                self.assertTrue(any(a.get_ylabel() for a in figure.axes))
                for axes in figure.axes:
                    self.assertTrue(axes.get_xlabel() or axes.get_ylabel())
                    box = axes.get_tightbbox(renderer)
                    self.assertGreaterEqual(box.x0, page.x0 - 1)
                    self.assertLessEqual(box.x1, page.x1 + 1)
                    self.assertGreaterEqual(box.y0, page.y0 - 1)
                    self.assertLessEqual(box.y1, page.y1 + 1)

    def test_no_legend_hides_data(self):
        for name in RECIPES:
            with self.subTest(recipe=name):
                self.assertEqual(hidden_points(*self.whole_figure(name)), 0)

    def test_points_with_bars_have_bars_in_the_legend(self):
        from matplotlib.container import ErrorbarContainer
        for name in ("arrhenius", "covariance"):
            figure, _ = self.whole_figure(name)
            handles = [h for axes in figure.axes if axes.get_legend()
                       for h in axes.get_legend_handles_labels()[0]]
            shown = {text.get_text() for axes in figure.axes if axes.get_legend()
                     for text in axes.get_legend().get_texts()}
            bars = {h.get_label() for h in handles if isinstance(h, ErrorbarContainer)}
            wanted = {text for text in shown if "95 %" in text}
            self.assertTrue(wanted)
            self.assertLessEqual(wanted, bars, name)

    def test_the_same_tables_give_the_same_bytes_in_any_order(self):
        folders = [self.run_folder(name) for name in RECIPES[::-1]]
        result = self.command(*folders, "--jobs", "3")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        again = [Path(line) for line in result.stdout.splitlines()]
        drawn = [path for name in RECIPES[::-1] for path in self.drawn[name]]
        self.assertEqual([p.relative_to(p.parents[1]) for p in again],
                         [p.relative_to(p.parents[1]) for p in drawn])
        self.assertEqual(list(dict.fromkeys(p.parents[1] for p in again)), folders)
        for a, b in zip(drawn, again):
            self.assertEqual(a.read_bytes(), b.read_bytes(), a.name)

    def test_a_changed_estimate_changes_the_figure(self):
        first = self.drawn["arrhenius"][0].read_bytes()
        folder = self.run_folder("arrhenius")
        path = folder / "passage.csv"
        with path.open(newline="") as file:
            rows = list(csv.reader(file))
        for column in map(rows[0].index, ("value", "lower", "upper")):
            for row in rows[1:]:
                row[column] = str(0.5 * float(row[column]))
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        self.assertNotEqual(first, plot.draw(folder, ("pdf",))[0].read_bytes())

    def test_weak_errors_are_drawn_against_the_time_of_an_iteration_not_the_learning_rate(self):
        folder = self.run_folder("weak_order")  # of Adam: that time is eta^2
        path = folder / "weak_error.csv"
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["step"] = str(float(row["learning_rate"]) ** 2)
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, rows[0].keys())
            table.writeheader()
            table.writerows(rows)
        panel = self.figure(folder).axes[0]
        self.assertEqual(panel.get_xlabel(), r"SDE time of one iteration $\tau$")
        self.assertIn(r"$\tau^{1}$", [text.get_text() for text in panel.texts])
        drawn = {float(x) for line in panel.lines for x in line.get_xdata()}
        self.assertEqual(drawn, {float(row["step"]) for row in rows})

    def test_a_race_has_its_phases_and_details_drawn_beside_it(self):
        self.assertEqual([p.name for p in self.drawn["race"]],
                         [f"{name}.{extension}" for name in ("race", "race_phases", "race_details")
                          for extension in ("pdf", "png")])
        self.assertEqual(len(plot.draw(self.run_folder("race"), ("pdf",), figure_name="race")), 1)

    def test_a_phase_is_what_most_trajectories_do(self):
        figure = self.figure(TABLES / "race_phases")
        panel = next(a for a in figure.axes if a.get_title() == "isotropic")
        drawn = np.asarray(panel.images[0].get_array())
        rows = Run(TABLES / "race_phases").table("race").where(entrant="isotropic")
        self.assertEqual(len(np.unique(drawn)), 4)
        for rate, line in zip(np.unique(rows["learning_rate"]), drawn):
            for intensity, phase in zip(np.unique(rows["intensity"]), line):
                cell = rows.where(intensity=intensity, learning_rate=rate)
                expected = 3 if cell["diverged"][0] > 50 else 0 if cell["arrival"][0] < 0.5 else \
                    1 if cell["success"][0] < 0.5 else 2
                self.assertEqual(phase, expected)

    def test_losses_before_and_after_the_quench_are_drawn_and_what_is_far_off_is_an_arrow(self):
        figure = self.figure(TABLES / "race_details")
        panel = figure.subfigs[0].axes[0]
        best = Run(TABLES / "race_details").table("best")
        best = best.take(np.argsort(best["success"], kind="stable"))
        drawn = [line for line in panel.lines if line.get_marker() == "o"]
        far = best["entrant"] == "stable"
        self.assertTrue(np.allclose(drawn[0].get_xdata(), best["loss"][~far]))
        self.assertTrue(np.allclose(drawn[1].get_xdata(), best["quenched_loss"]))
        self.assertFalse(np.allclose(drawn[0].get_xdata(), best["quenched_loss"][~far]))  # the twin
        arrows = [list(line.get_ydata()) for line in panel.lines if line.get_marker() == ">"]
        self.assertIn(list(np.flatnonzero(far)), arrows)
        self.assertLess(panel.get_xlim()[1], 1.0)  # one far value does not hide the others

    def test_an_annealed_law_has_a_map_for_every_decay(self):
        figure = self.figure(TABLES / "race_details")
        rows = Run(TABLES / "race_details").table("race").where(entrant="annealed")
        maps = [a for a in figure.axes if a.images and a.get_title().startswith("annealed")]
        self.assertEqual([a.get_title() for a in maps],
                         ["annealed, $p$ = 0.275", "annealed, $p$ = 0.55"])
        for panel, decay in zip(maps, (0.275, 0.55)):
            own = rows.where(decay=decay)
            image = np.asarray(panel.images[0].get_array())
            self.assertTrue(np.allclose(np.sort(image.ravel()), np.sort(own["success"])))
        self.assertFalse(np.allclose(np.asarray(maps[0].images[0].get_array()),
                                     np.asarray(maps[1].images[0].get_array())))


class Curves(Drawn):
    def lines(self, folder):
        """Points (x, y) of every line in the figure."""
        return [np.column_stack(line.get_data()).astype(float) for axes in self.figure(folder).axes
                for line in axes.lines]

    def holds(self, lines, name, target, folder):
        curve = np.column_stack(Run(folder).curve(name, target))
        return any(line.shape == curve.shape and np.allclose(line, curve, rtol=1e-12)
                   for line in lines)

    def test_every_curve_of_a_drawn_target_is_a_line_of_the_figure(self):
        folder = TABLES / "arrhenius"
        lines = self.lines(folder)
        for target in ("other", "saddle"):
            for name in ("quadrature", "kramers", "kramers_corrected"):
                self.assertTrue(self.holds(lines, name, target, folder), (name, target))

    def test_the_variance_is_that_of_the_stiffest_coordinate(self):
        folder = TABLES / "covariance"
        lines = self.lines(folder)
        figure, _ = self.whole_figure("covariance")
        self.assertIn("x_{1}", figure.axes[0].get_ylabel())  # counted from 0, as in the tables
        for name in ("sgd_discrete", "ou_limit"):
            self.assertTrue(self.holds(lines, name, "1", folder), name)
            self.assertFalse(self.holds(lines, name, "0", folder), name)

    def test_without_curves_the_lines_join_the_cells(self):
        for name, target in (("arrhenius", "other"), ("covariance", "1")):
            folder = self.run_folder(name)
            (folder / "curves.csv").unlink()
            curve = {"arrhenius": "kramers", "covariance": "ou_limit"}[name]
            lines = self.lines(folder)
            self.assertFalse(self.holds(lines, curve, target, TABLES / name))
            smooth = [line for line in lines if len(line) > 12]
            self.assertEqual(smooth, [])

    def test_the_chain_of_steps_is_drawn_unless_the_value_is_extrapolated(self):
        folder = self.run_folder("arrhenius")
        self.assertIn("chain", labels_of(self.figure(folder).axes[0])[-1])
        path = folder / "passage.csv"
        rows = path.read_text().split("\n", 1)[1]
        path.write_text(path.read_text() + rows.replace(",bridge,0,", ",bridge,extrapolated,"))
        self.assertNotIn("chain", "".join(labels_of(self.figure(folder).axes[0])))


class Given(Drawn):
    """A formula, number or table of the spec itself is drawn as a prediction like any other."""

    def drawn_with(self, name, estimand, kind):
        folder = self.run_folder(name)
        path = folder / "predictions.csv"
        text = path.read_text() if path.is_file() else \
            "cell,estimand,name,kind,value,error,error_order,in_domain,sources\n"
        rows = [f'{cell},"{estimand}",my_draft,{kind},{20 + cell},0,,true,given in the spec'
                for cell in range(3)]
        path.write_text(text + "\n".join(rows) + "\n")
        return self.figure(folder)

    def test_it_has_its_line_in_both_panels_and_its_name_in_the_legend(self):
        for name, estimand in (("arrhenius", "mean_first_passage(to = other)"),
                               ("covariance", "stationary_covariance(i = 1, j = 1)")):
            for kind in ("formula", "number", "table"):
                with self.subTest(name, kind=kind):
                    plain = self.figure(TABLES / name)
                    figure = self.drawn_with(name, estimand, kind)
                    self.assertIn("my draft", labels_of(figure.axes[0]))
                    for axes, before in zip(figure.axes[:2], plain.axes):
                        self.assertGreater(len(axes.lines), len(before.lines))
            figure = self.drawn_with(name, estimand, "asymptotic")  # a built-in one is not
            self.assertNotIn("my draft", labels_of(figure.axes[0]))


    def test_a_density_is_a_line_beside_that_of_gibbs(self):
        folder = self.run_folder("density")
        plain = len(self.figure(folder).axes[0].patches)
        table = Run(folder).table("density")
        rows = ["cell,axis,name,lower,upper,density"]
        for k in range(len(table)):
            values = [f"{table[c][k]:.17g}" for c in ("cell", "axis", "lower", "upper")]
            rows.append(",".join([*values[:2], "my_draft", *values[2:], "0.3"]))
        (folder / "given_density.csv").write_text("\n".join(rows) + "\n")
        figure = self.figure(folder)
        self.assertGreater(len(figure.axes[0].patches), plain)
        self.assertIn("my draft", "".join(labels_of(figure.axes[0])))


class Errors(Drawn):
    def test_each_missing_column_is_named(self):
        for name in RECIPES:
            for table, columns in __import__(name).NEEDS.items():
                for column in columns:
                    with self.subTest(recipe=name, table=table, column=column):
                        folder = self.run_folder(name)
                        path = folder / f"{table}.csv"
                        header, rest = path.read_text().split("\n", 1)
                        fields = ["x_" + f if f == column else f for f in header.split(",")]
                        path.write_text(",".join(fields) + "\n" + rest)
                        with self.assertRaisesRegex(RunError, rf"no column {column} \(have: "):
                            plot.draw(folder, ("pdf",))
                        self.assertFalse((folder / "figures").exists())

    def test_a_missing_table_is_bad_input(self):
        folder = self.run_folder("density")
        (folder / "density.csv").unlink()
        result = self.command(folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn("density.csv: missing", result.stderr)

    def test_the_others_are_drawn_when_one_cannot_be(self):
        good, bad, last = (self.run_folder("density") for _ in range(3))
        (bad / "density.csv").unlink()
        for jobs in (1, 2):
            result = self.command(good, bad, last, "--format", "png", "--jobs", jobs)
            self.assertEqual(result.returncode, 2)
            self.assertIn("density.csv: missing", result.stderr)
            self.assertEqual(result.stdout.split(),
                             [str(f / "figures/density.png") for f in (good, last)])

    def test_a_recipe_that_fails_is_reported_with_its_folder(self):
        folders = [self.run_folder("density"), self.run_folder("weak_order")]
        folders[1].joinpath("report.json").write_text('{"spec": {"figure": "weak_order"}, '
                                                      '"claims": [7]}')
        result = self.command(*folders, "--format", "png")
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{folders[1]}: Traceback", result.stderr)
        self.assertEqual(result.stdout.split(), [str(folders[0] / "figures/density.png")])

    def test_messages_may_call_a_folder_by_the_name_that_it_will_have(self):
        good, bad = self.run_folder("density"), self.run_folder("density")
        (bad / "density.csv").unlink()
        final = ("--named", "runs/good", "--named", "runs/final")
        result = self.command(good, bad, "--format", "png", *final)
        self.assertIn("runs/final/density.csv: missing", result.stderr)
        self.assertNotIn(str(bad), result.stderr)
        self.assertEqual(result.stdout.split(), [str(good / "figures/density.png")])
        self.assertIn(str(bad), self.command(good, bad, "--format", "png").stderr)  # without

    def test_an_interrupt_leaves_no_process_behind(self):
        folders = [self.run_folder("race") for _ in range(6)]
        process = subprocess.Popen([PYTHON, str(PLOTS / "plot.py"), *map(str, folders), "--jobs",
                                    "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        deadline = time.monotonic() + 60
        while len(list(self.scratch.glob("*/figures/*.pdf"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(len(running(self.scratch)), 3)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)  # as kramers does after a Ctrl-C
        told, text = process.communicate()
        self.assertEqual(text, "plot.py: interrupted\n")
        self.assertEqual(process.returncode, 130)
        self.assertEqual(running(self.scratch), [])
        self.assertLess(len(told.split()), 24)
        for folder in {Path(path).parent for path in told.split()}:  # all of it or nothing
            self.assertEqual(len(list(folder.iterdir())), 4)
        self.assertEqual(list(self.scratch.glob("*/figures/.*")), [])

    def test_a_folder_that_is_no_run_is_bad_input(self):
        for folder in (self.scratch, self.scratch / "absent"):
            result = self.command(folder)
            self.assertEqual(result.returncode, 2)
            self.assertIn("kramers run", result.stderr)
            self.assertEqual(result.stdout, "")

    def test_a_damaged_row_and_an_empty_table_are_bad_input(self):
        for damage, message in (("1,2\n", "2 fields"), (None, "no rows")):
            folder = self.run_folder("density")
            path = folder / "density.csv"
            text = path.read_text()
            path.write_text(text + damage if damage else text.split("\n", 1)[0] + "\n")
            with self.assertRaisesRegex(RunError, message):
                plot.draw(folder)

    def test_an_interval_without_its_value_is_bad_input(self):
        folder = self.run_folder("covariance")
        path = folder / "covariance.csv"
        header, rest = path.read_text().split("\n", 1)
        path.write_text(header.replace("lower,upper", "upper,lower") + "\n" + rest)
        with self.assertRaisesRegex(RunError, "does not contain its value"):
            plot.draw(folder)

    def test_an_unknown_figure_or_format_is_bad_input(self):
        folder = self.run_folder("density")
        report = folder / "report.json"
        report.write_text(report.read_text().replace('"figure": "density"', '"figure": "pie"'))
        result = self.command(folder)
        self.assertEqual(result.returncode, 2)
        self.assertIn('unknown figure "pie" (have: arrhenius', result.stderr)
        self.assertEqual(self.command(folder, "--format", "svg").returncode, 2)


class CommandLine(Drawn):
    def test_it_prints_the_paths_it_wrote_and_leaves_nothing_else(self):
        folder = self.run_folder("density")
        result = self.command(folder)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        figures = sorted((folder / "figures").iterdir())
        self.assertEqual([Path(p) for p in sorted(result.stdout.split())], figures)
        self.assertEqual([p.name for p in figures], ["density.pdf", "density.png"])


class Teeth(Drawn):
    """The checks reject what they are there to reject."""

    def save(self, extension, **settings):
        path = self.scratch / f"broken.{extension}"
        with matplotlib.rc_context({**style.rc(style.STYLES["icml"]), **settings}):
            figure = style.figure(style.STYLES["icml"], 2.0)
            if settings:
                figure.subplots().set_xlabel("label")
            figure.savefig(path)
        return path

    def test_type_3_fonts_are_rejected(self):
        broken = pdf_text(self.save("pdf", **{"pdf.fonttype": 3}))
        self.assertEqual(font_problem(broken), "Type 3 font")

    def test_a_legend_over_data_is_noticed(self):
        figure = style.figure(style.STYLES["icml"], 2.0)
        axes = figure.subplots()
        axes.plot(np.linspace(0, 1, 200), np.linspace(0, 1, 200), label="line")
        axes.legend(loc="upper right")
        self.assertGreater(hidden_points(figure, drawn_by(figure)), 0)

    def test_a_blank_picture_is_rejected(self):
        self.assertTrue(blank(self.save("png")))

    def test_a_cropped_page_is_noticed(self):
        path = self.scratch / "cropped.pdf"
        with matplotlib.rc_context(style.rc(style.STYLES["icml"])):
            figure = style.figure(style.STYLES["icml"], 2.0)
            figure.subplots()
            figure.savefig(path, bbox_inches="tight")
        self.assertGreater(abs(width_inches(pdf_text(path)) - 3.25), 0.005)


if __name__ == "__main__":
    unittest.main()
