# SPDX-License-Identifier: Apache-2.0
"""A race of noise laws: success over the grid of each law, and the best cell of each."""

import math

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
ACROSS = 4  # maps beside each other


def draw(run, style):
    race, best = run.table("race", NEEDS["race"]), run.table("best", NEEDS["best"])
    mapped = [e for e in best.unique("entrant")
              if np.isfinite(race.where(entrant=e)["intensity"]).any()]
    if not mapped:
        raise RunError(f"{run.folder}/race.csv: no entrant has an intensity; there is nothing to map")
    rows = math.ceil(len(mapped) / ACROSS)
    bars = 0.3 + 0.17 * len(best.unique("entrant"))
    figure = look.figure(style, 1.25 * rows + bars + 0.45, width="full")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1.25 * rows + 0.1, bars + 0.35))
    panels = upper.subplots(rows, ACROSS, squeeze=False).ravel()
    mesh = None
    for k, (panel, entrant) in enumerate(zip(panels, mapped)):
        own = race.where(entrant=entrant)
        chosen = best.where(entrant=entrant)
        mesh = heat(panel, own, chosen)
        panel.set_title(title(entrant, own, chosen))
        if k % ACROSS == 0:
            panel.set_ylabel(r"learning rate $\eta$")
        panel.set_xlabel("noise intensity")
    for panel in panels[len(mapped):]:
        panel.remove()
    bar = upper.colorbar(mesh, ax=list(panels[:len(mapped)]), pad=0.01, shrink=0.9,
                         label="success probability")
    bar.outline.set_linewidth(0.5)
    left, right = lower.subplots(1, 2, sharey=True)
    successes(left, best)
    times(right, best)
    return figure


def heat(panel, rows, chosen):
    """Success over intensity × learning rate at the decay of the best cell; its place is a star, and
    cells not worse than it have a frame."""
    rows = rows.take(rows["decay"] == chosen["decay"][0])
    x, y = np.unique(rows["intensity"]), np.unique(rows["learning_rate"])
    image = np.full((len(y), len(x)), np.nan)
    column, row = np.searchsorted(x, rows["intensity"]), np.searchsorted(y, rows["learning_rate"])
    image[row, column] = rows["success"]
    mesh = panel.pcolormesh(np.arange(len(x) + 1), np.arange(len(y) + 1), image, cmap="cividis",
                            vmin=0.0, vmax=1.0, rasterized=True)
    for i, j, tied, best in zip(column, row, rows["not_worse"], rows["best"]):
        if tied == "true":
            panel.add_patch(Rectangle((i + 0.06, j + 0.06), 0.88, 0.88, fill=False, linewidth=0.8,
                                      edgecolor="white"))
        if best == "true":
            panel.plot([i + 0.5], [j + 0.5], marker="*", color=look.RED, markersize=6,
                       markeredgecolor="white", markeredgewidth=0.4)
    ticks = range(0, len(x), max(1, (len(x) - 1) // 2))
    panel.set_xticks([i + 0.5 for i in ticks], [f"{x[i]:.2g}" for i in ticks])
    panel.set_yticks([j + 0.5 for j in range(len(y))], [f"{v:.2g}" for v in y])
    panel.tick_params(length=0)
    return mesh


def title(entrant, rows, chosen):
    name = entrant.replace("_", " ")
    if len(np.unique(rows["decay"])) > 1 or rows["decay"][0] > 0:
        name += f", decay {chosen['decay'][0]:g}"
    return name


def successes(panel, best):
    """Best of each law: corrected with its interval, and the value it was chosen by."""
    place = np.arange(len(best))[::-1]
    value = best["success"]
    bars = (value - best["success_lower"], best["success_upper"] - value)
    panel.plot(best["naive"], place, linestyle="none", marker="|", color=look.RED, zorder=4)
    look.error_bars(panel, value, place, None, look.BLUE, xerr=bars)
    panel.set_yticks(place, [name.replace("_", " ") for name in best["entrant"]])
    panel.set_ylim(-0.6, len(best) + 1.4)
    panel.set_xlim(-0.04, 1.04)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel("success of the best cell, 95 %")
    panel.legend(handles=[
        Line2D([], [], color=look.BLUE, marker="o", linestyle="none", label="fresh ensemble"),
        Line2D([], [], color=look.RED, marker="|", linestyle="none", label="as searched")],
        loc="upper left", ncols=2, columnspacing=1.0)


def times(panel, best):
    """Mean time into the goal, cut off where the race ends."""
    place = np.arange(len(best))[::-1]
    value = best["mean_time"]
    bars = (value - best["mean_time_lower"], best["mean_time_upper"] - value)
    look.error_bars(panel, value, place, None, look.BLUE, xerr=bars)
    panel.axvline(best["evaluations"].max(), color=look.INK, **look.LEADING)
    panel.set_xlim(0, 1.05 * best["evaluations"].max())
    panel.set_xlabel("time into the goal, at most all\n[gradient evaluations]")
    panel.tick_params(axis="y", length=0)
