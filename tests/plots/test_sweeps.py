# SPDX-License-Identifier: Apache-2.0
"""The figure of a sweep shows every estimate over what was swept; that of paths where they went."""

import csv
import json
import shutil
import tempfile
import unittest
from pathlib import Path

from test_recipes import TABLES, plot, style
from test_recipes import matplotlib, np
from load import Run, RunError

COLUMNS = ["estimand", "target", "level", "value", "standard_error", "lower", "upper",
           "relative_half_width", "trajectories", "arrived", "censored", "diverged", "verdicts",
           "passed"]


class Drawing(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def table(self, name, header, rows):
        with (self.folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])

    def sweep(self, keys, cells, value, estimands=("region_weight(region = right)",)):
        """A sweep whose cells have these values of the keys."""
        (self.folder / "report.json").write_text(json.dumps({"spec": {"figure": None}}))
        rows = []
        for k, cell in enumerate(cells):
            for e, estimand in enumerate(estimands):
                v = value(*cell)
                v = v if v == "" else v * (e + 1)
                numbers = 5 * [""] if v == "" else [v, 0.05 * v, 0.9 * v, 1.1 * v, 0.1]
                rows.append([k, *cell, estimand, "", "", *numbers, 100, 0, 0, 0, "", ""])
        self.table("sweep", ["cell", *keys, *COLUMNS], rows)

    def figure(self, name, folder=None):
        with matplotlib.rc_context(style.rc(style.STYLES["icml"])):
            return __import__(name).draw(Run(folder or self.folder), style.STYLES["icml"])


class Sweeps(Drawing):
    def test_over_one_number_every_decided_estimate_is_a_point_beside_theory(self):
        panel = self.figure("sweep", TABLES / "sweep").axes[0]
        table = Run(TABLES / "sweep").table("sweep")
        table = table.take(table["level"] == "extrapolated")
        lines = [line.get_xydata() for line in panel.lines]
        points = {tuple(p) for line in lines for p in line.tolist()}
        for x, y in zip(table["dynamics.temperature"], table["value"]):
            self.assertIn((x, y), points)
        exact = Run(TABLES / "sweep").table("predictions")["value"]
        self.assertLessEqual(set(exact.tolist()), {y for _, y in points})
        finest = Run(TABLES / "sweep").table("sweep").where(level="0")
        self.assertNotIn(finest["value"][0], {y for _, y in points})  # not the one extrapolated from
        self.assertEqual(panel.get_yscale(), "log")

    def test_two_numbers_make_a_map_and_few_values_of_one_make_lines(self):
        grid = [(t, dt) for t in (0.1, 0.2, 0.4, 0.8, 1.6) for dt in (1, 2, 3, 4, 5, 6)]
        self.sweep(("dynamics.temperature", "dynamics.friction"), grid, lambda t, g: t + 10 * g)
        panel = self.figure("sweep").axes[0]
        image = panel.collections[0].get_array().reshape(6, 5)
        for i, g in enumerate((1, 2, 3, 4, 5, 6)):
            for j, t in enumerate((0.1, 0.2, 0.4, 0.8, 1.6)):
                self.assertEqual(image[i, j], t + 10 * g)
        self.assertEqual((panel.get_xscale(), panel.get_yscale()), ("log", "linear"))
        self.sweep(("scheme.dt", "dynamics.temperature"),
                   [(dt, t) for dt in (0.1, 0.2) for t in (1, 2, 3, 4, 5)], lambda dt, t: dt * t)
        panel = self.figure("sweep").axes[0]
        self.assertEqual(panel.get_xlabel(), r"temperature $T$")
        self.assertEqual([text.get_text() for text in panel.get_legend().get_texts()],
                         [r"time step $\Delta t$ = 0.1", r"time step $\Delta t$ = 0.2"])

    def test_a_sampled_design_is_drawn_as_points_and_zipped_axes_as_a_line(self):
        cells = [(0.1 * k, (7 * k) % 11 + 0.5) for k in range(1, 11)]
        self.sweep(("dynamics.temperature", "dynamics.friction"), cells, lambda t, g: t * g)
        offsets = self.figure("sweep").axes[0].collections[0].get_offsets()
        self.assertEqual({tuple(p) for p in np.asarray(offsets).tolist()}, set(cells))
        self.sweep(("dynamics.learning_rate", "dynamics.momentum"),
                   [(0.1 * k, 1 - 0.1 * k) for k in range(1, 6)], lambda a, b: a + b)
        panel = self.figure("sweep").axes[0]
        self.assertEqual(panel.get_xlabel(), r"learning rate $\eta$")
        self.assertEqual(len(panel.collections), 1)  # bars

    def test_a_missing_estimate_is_no_point_and_its_cell_stays_in_the_map(self):
        both = ("mean_first_passage(to = a)", "escape_rate(to = a)")
        self.sweep(("dynamics.temperature",), [(0.1,), (0.2,), (0.3,)],
                   lambda t: "" if t < 0.15 else t, both)
        panels = self.figure("sweep").axes
        self.assertEqual(len(panels), 2)  # the rate stands beside a mean that is not everywhere
        for panel in panels:
            drawn = {x for line in panel.lines for x in line.get_xdata()}
            self.assertEqual(drawn, {0.2, 0.3})
        self.sweep(("dynamics.temperature",), [(0.1,), (0.2,)], lambda t: t, both)
        self.assertEqual(len(self.figure("sweep").axes), 1)  # and not beside one that is
        grid = [(t, g) for t in range(1, 6) for g in range(1, 6)]
        self.sweep(("a", "b"), grid, lambda t, g: "" if t == g == 1 else t + 10 * g)
        image = self.figure("sweep").axes[0].collections[0].get_array().reshape(5, 5)
        self.assertFalse(np.isfinite(np.ma.filled(image, np.nan)[0, 0]))
        self.assertEqual(image[1, 0], 21)
        self.sweep(("dynamics.temperature",), [(0.1,), (0.2,)], lambda t: "")
        with self.assertRaisesRegex(RunError, "no estimate has a value"):
            self.figure("sweep")

    def test_what_it_cannot_draw_is_bad_input_with_a_reason(self):
        cells = [(a, b, c) for a in (1, 2) for b in (1, 2) for c in (1, 2)]
        self.sweep(("a", "b", "c"), cells, lambda a, b, c: a + b + c)
        with self.assertRaisesRegex(RunError, "3 numbers are swept .a, b, c.; .* one or two"):
            self.figure("sweep")
        self.sweep(("start.point",), [("saddle",), ("left",)], lambda a: 1.0)
        with self.assertRaisesRegex(RunError, "start.point is no number"):
            self.figure("sweep")

    def test_it_is_the_figure_of_a_run_that_names_none(self):
        self.sweep(("dynamics.temperature",), [(0.1,), (0.2,)], lambda t: t)
        self.assertEqual([p.name for p in plot.draw(self.folder, ("png",))], ["sweep.png"])
        (self.folder / "sweep.csv").unlink()
        with self.assertRaisesRegex(RunError, "names no figure"):
            plot.draw(self.folder, ("png",))


class Paths(Drawing):
    def test_in_two_dimensions_they_lie_on_the_contours_of_the_landscape(self):
        (self.folder / "report.json").write_text(json.dumps({"spec": {"figure": "paths"}}))
        walk = np.cumsum(np.random.default_rng(3).normal(0, 0.1, (3, 50, 2)), axis=1)
        self.table("paths", ["cell", "trajectory", "step", "time", "x0", "x1"],
                   [[0, p, k, 0.1 * k, *walk[p, k]] for p in range(3) for k in range(50)])
        axis = np.linspace(-3, 3, 41)
        self.table("landscape", ["cell", "x0", "x1", "value"],
                   [[0, x, y, x * x + 4 * y * y] for x in axis for y in axis])
        figure = self.figure("paths")
        drawn = [line.get_xydata() for line in figure.axes[0].lines if len(line.get_xdata()) > 1]
        self.assertEqual(len(drawn), 3)
        for line, path in zip(drawn, walk):
            self.assertTrue(np.array_equal(line, path))
        # x^2 + 4 y^2: the contours are twice as wide as high.
        contours = figure.axes[0].collections
        self.assertGreater(len(contours), 3)
        (self.folder / "landscape.csv").unlink()
        self.assertEqual(len(self.figure("paths").axes[0].collections), 0)

    def test_three_dimensions_are_declined(self):
        (self.folder / "report.json").write_text("{}")
        self.table("paths", ["cell", "trajectory", "step", "time", "x0", "x1", "x2"],
                   [[0, 0, k, k, k, k, k] for k in range(3)])
        with self.assertRaisesRegex(RunError, "three dimensions"):
            self.figure("paths")


if __name__ == "__main__":
    unittest.main()
