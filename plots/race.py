# SPDX-License-Identifier: Apache-2.0
"""A race of noise laws: success over the grid of each law, and the best cell of each."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

import style as look
from load import RunError

NEEDS = {"race": ("entrant", "intensity", "decay", "learning_rate", "success", "best",
                  "not_worse"),
         "best": ("entrant", "decay",
                  "naive", "success", "success_lower", "success_upper", "mean_time",
                  "mean_time_lower", "mean_time_upper", "evaluations")}
ALSO = ("race_phases", "race_details")
ROW = 0.98  # inches of a row of maps


def draw(run, style):
    race, best = run.table("race", NEEDS["race"]), run.table("best", NEEDS["best"])
    bars = 0.45 + 0.135 * len(best.unique("entrant"))
    maps = arrange(mapped(run, race, best))
    figure = look.figure(style, ROW * len(maps) + bars + 0.55, width="full")
    upper, lower = figure.subfigures(2, 1, height_ratios=(ROW * len(maps) + 0.1, bars + 0.45))
    mesh, panels = draw_maps(upper, maps, race, best, heat)
    bar = upper.colorbar(mesh, ax=panels, pad=0.01, shrink=0.9, label="success probability")
    bar.outline.set_linewidth(0.5)
    left, right = lower.subplots(1, 2, sharey=True)
    order = np.argsort(best["success"])
    successes(left, best.take(order))
    times(right, best.take(order))
    return figure


def mapped(run, race, best):
    """The entrants that have a grid of intensities."""
    names = [e for e in best.unique("entrant")
             if np.isfinite(race.where(entrant=e)["intensity"]).any()]
    if not names:
        raise RunError(f"{run.folder}/race.csv: no entrant has an intensity; there is nothing to "
                       "map")
    return names


def arrange(names):
    """Rows of (label, entrants): a word that begins three names or more labels rows of its own."""
    words = [name.split("_")[0] for name in names]
    groups = {}
    for name, word in zip(names, words):
        groups.setdefault(word if words.count(word) > 2 else "", []).append(name)
    across = 6 if len(groups) > 1 else 4
    return [(group, own[k:k + across]) for group, own in groups.items()
            for k in range(0, len(own), across)]


def draw_maps(figure, maps, race, best, paint):
    """One panel per entrant, a row per line of `maps`; returns what paint returned last."""
    across = max(len(entrants) for _, entrants in maps)
    grid = figure.subplots(len(maps), across, squeeze=False)
    panels, mesh = [], None
    for (group, entrants), row in zip(maps, grid):
        for k, panel in enumerate(row):
            if k >= len(entrants):
                panel.remove()
                continue
            own, chosen = race.where(entrant=entrants[k]), best.where(entrant=entrants[k])
            mesh = paint(panel, Grid(own.take(own["decay"] == chosen["decay"][0])))
            panel.set_title(title(entrants[k], group, own, chosen), pad=2.5)
            panel.set_xlabel("intensity", labelpad=1.0)
            if k == 0:
                panel.set_ylabel(f"{group}\n" * bool(group) + r"learning rate $\eta$")
            panels.append(panel)
    return mesh, panels


def short(value):
    """Two digits or so, that labels of neighbouring ticks do not touch."""
    if 0 < value < 1e-3:
        digits, exponent = f"{value:.0e}".split("e")
        return f"{digits}e{int(exponent)}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


class Grid:
    """Cells of one entrant at one decay, over intensity × learning rate."""

    def __init__(self, rows):
        self.rows = rows
        self.x, self.y = np.unique(rows["intensity"]), np.unique(rows["learning_rate"])
        self.column = np.searchsorted(self.x, rows["intensity"])
        self.row = np.searchsorted(self.y, rows["learning_rate"])

    def image(self, values):
        image = np.full((len(self.y), len(self.x)), np.nan)
        image[self.row, self.column] = values
        return image

    def paint(self, panel, image, **options):
        # An image, not a rasterised mesh: that would take a raster of the whole page for each panel.
        mesh = panel.imshow(image, extent=(0, len(self.x), 0, len(self.y)), origin="lower",
                            aspect="auto", interpolation="nearest", **options)
        ticks = range(0, len(self.x), max(1, (len(self.x) - 1) // 2))
        panel.set_xticks([i + 0.5 for i in ticks], [short(self.x[i]) for i in ticks])
        panel.set_yticks([j + 0.5 for j in range(len(self.y))], [f"{v:.3g}" for v in self.y])
        panel.tick_params(length=0, pad=1.5)
        return mesh

    def half(self, panel, colour):
        """The line on which theory gives success, or else arrival, the probability ½."""
        for name in ("predicted_success", "predicted_arrival"):
            if name not in self.rows:
                continue
            image = np.ma.masked_invalid(self.image(self.rows[name]))
            if min(image.shape) > 1 and image.count() and image.min() < 0.5 < image.max():
                panel.contour(np.arange(len(self.x)) + 0.5, np.arange(len(self.y)) + 0.5, image,
                              levels=[0.5], colors=[colour], linewidths=1.0)
                return

    def star(self, panel):
        for i, j, best in zip(self.column, self.row, self.rows["best"]):
            if best == "true":
                panel.plot([i + 0.5], [j + 0.5], marker="*", color=look.RED, markersize=6,
                           markeredgecolor="white", markeredgewidth=0.4)


def heat(panel, grid):
    """Success at the decay of the best cell; its place is a star, and cells not worse than it have
    a frame."""
    mesh = grid.paint(panel, grid.image(grid.rows["success"]), cmap="cividis", vmin=0.0, vmax=1.0)
    for i, j, tied in zip(grid.column, grid.row, grid.rows["not_worse"]):
        if tied == "true":
            panel.add_patch(Rectangle((i + 0.1, j + 0.1), 0.8, 0.8, fill=False, linewidth=0.6,
                                      edgecolor="white"))
    grid.half(panel, look.RED)
    grid.star(panel)
    return mesh


def title(entrant, group, rows, chosen):
    name = (entrant[len(group) + 1:] if group and entrant != group else entrant).replace("_", " ")
    if len(np.unique(rows["decay"])) > 1 or rows["decay"][0] > 0:
        name += f", $p$ = {chosen['decay'][0]:.3g}"
    return name


def theory(panel, best, column, place):
    """What theory says of the best cells; True where it says something."""
    value = best[column] if column in best else np.full(len(best), np.nan)
    panel.plot(value, place, linestyle="none", marker="D", markersize=4.5, color=look.INK,
               markerfacecolor="none", markeredgewidth=0.6, zorder=2)
    return bool(np.isfinite(value).any())


def successes(panel, best):
    """Best of each law: corrected with its interval, and the value it was chosen by."""
    place = np.arange(len(best))
    value = best["success"]
    bars = (value - best["success_lower"], best["success_upper"] - value)
    panel.plot(best["naive"], place, linestyle="none", marker="|", color=look.RED, zorder=4)
    look.error_bars(panel, value, place, None, look.BLUE, xerr=bars)
    handles = [Line2D([], [], color=look.BLUE, marker="o", linestyle="none", label="fresh"),
               Line2D([], [], color=look.RED, marker="|", linestyle="none", label="as searched")]
    if theory(panel, best, "predicted_success", place):
        handles.append(Line2D([], [], color=look.INK, marker="D", markerfacecolor="none",
                              markersize=4.5, linestyle="none", label="theory"))
    panel.set_yticks(place, [name.replace("_", " ") for name in best["entrant"]])
    panel.set_ylim(-0.6, len(best) + 1.4)
    panel.set_xlim(-0.04, 1.04)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel("success of the best cell, 95 %")
    panel.legend(handles=handles, loc="upper left", ncols=3, columnspacing=1.0)


def times(panel, best):
    """Mean time into the goal, cut off where the race ends."""
    place = np.arange(len(best))
    value = best["mean_time"]
    bars = (value - best["mean_time_lower"], best["mean_time_upper"] - value)
    look.error_bars(panel, value, place, None, look.BLUE, xerr=bars)
    theory(panel, best, "predicted_restricted_time", place)
    end = best["evaluations"].max()
    panel.axvline(end, color=look.INK, **look.LEADING)
    positive = [v for v in best["mean_time_lower"] if v > 0]
    if positive and min(positive) < 0.1 * end:
        panel.set_xscale("log")
        low, high = 0.7 * min(positive), 1.3 * end
        ticks = [m * 10**k for k in range(-1, 7) for m in (1, 2, 5) if low < m * 10**k < high]
        panel.set_xlim(low, high)
        panel.set_xticks(ticks, [f"{t:g}" for t in ticks])
        panel.set_xticks([], minor=True)
    else:
        panel.set_xlim(0, 1.05 * end)
    panel.set_xlabel("time into the goal, at most all\n[gradient evaluations]")
    panel.tick_params(axis="y", length=0)
