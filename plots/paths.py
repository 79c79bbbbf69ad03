# SPDX-License-Identifier: Apache-2.0
"""Saved paths over their landscape: V(x) above x(t), or in two dimensions on its contours."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

import style as look
from load import RunError

NEEDS = {"paths": ("cell", "trajectory", "time", "x0")}
MOST = 6  # paths drawn: one colour each
LEVELS = 14


def draw(run, style):
    table = run.table("paths", NEEDS["paths"])
    table = table.where(cell=table["cell"][0])
    names = [c for c in ("x0", "x1", "x2") if c in table and np.isfinite(table[c]).any()]
    if len(names) > 2:
        raise RunError(f"{run.folder}/paths.csv: paths in three dimensions or more; this figure "
                       "draws one or two (its columns x0, x1, … are there for a figure of yours)")
    landscape = None
    if run.has("landscape"):
        landscape = run.table("landscape", ("cell", *names, "value"))
        landscape = landscape.where(cell=table["cell"][0])
    paths = [table.where(trajectory=t) for t in table.unique("trajectory")[:MOST]]
    return (on_contours if len(names) == 2 else beside_time)(style, paths, landscape)


def beside_time(style, paths, landscape):
    """The potential and, on the same axis of space, time running down."""
    figure = look.figure(style, 1.15 * min(style.column, 4.0))
    rows = 2 if landscape is not None else 1
    panels = figure.subplots(rows, 1, sharex=True, squeeze=False,
                             gridspec_kw={"height_ratios": (1, 2.4)[2 - rows:]})[:, 0]
    if landscape is not None:
        landscape = landscape.sorted_by("x0")
        panels[0].plot(landscape["x0"], landscape["value"], color=look.INK, **look.EXACT)
        panels[0].set_ylabel(r"$V$ [energy]")
        panels[0].yaxis.set_major_locator(MaxNLocator(4))
    below = panels[-1]
    for path, colour in zip(paths, look.COLOURS):
        below.plot(path["x0"], path["time"], color=colour, linewidth=0.6)
        ends(below, path["x0"], path["time"], colour)
    last = max(p["time"].max() for p in paths)
    below.set_ylim(1.02 * last, -0.02 * last)
    below.set_ylabel(r"$t$ [time]")
    below.set_xlabel(r"$x$ [length]")
    return figure


def on_contours(style, paths, landscape):
    height = 0.85 * min(style.column, 4.5)
    figure = look.figure(style, height + 0.2)
    top, body = figure.subfigures(2, 1, height_ratios=(0.2, height))
    panel = body.subplots()
    if landscape is not None:
        x, y = np.unique(landscape["x0"]), np.unique(landscape["x1"])
        image = np.full((len(y), len(x)), np.nan)
        image[np.searchsorted(y, landscape["x1"]), np.searchsorted(x, landscape["x0"])] = \
            landscape["value"]
        # Evenly many grid points between two contours: a wall does not take them all.
        levels = np.unique(np.nanquantile(image, np.linspace(0.0, 1.0, LEVELS)))
        filled = panel.contourf(x, y, image, levels=levels, cmap="Greys_r", alpha=0.55)
        panel.contour(x, y, image, levels=levels, colors=look.INK, linewidths=0.25)
        bar = body.colorbar(filled, ax=panel, pad=0.02, label=r"$V$ [energy]",
                              ticks=levels[::3], format="%.3g")
        bar.outline.set_linewidth(0.5)
    for path, colour in zip(paths, look.COLOURS):
        panel.plot(path["x0"], path["x1"], color=colour, linewidth=0.6)
        ends(panel, path["x0"], path["x1"], colour)
    handles = [Line2D([], [], color=look.INK, linestyle="none", marker="o", markersize=3,
                      markerfacecolor="white", label="start"),
               Line2D([], [], color=look.INK, linestyle="none", marker="o", markersize=3,
                      label="end")]
    top.legend(handles=handles, loc="center", ncols=2)
    panel.set_xlabel(r"$x_0$ [length]")
    panel.set_ylabel(r"$x_1$ [length]")
    return figure


def ends(panel, x, y, colour):
    """An open circle where a path begins, a full one where it ends."""
    panel.plot(x[:1], y[:1], marker="o", markersize=3, color=colour, markerfacecolor="white",
               markeredgewidth=0.7, zorder=4)
    panel.plot(x[-1:], y[-1:], marker="o", markersize=3, color=colour, zorder=4)
