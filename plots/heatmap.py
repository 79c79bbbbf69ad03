# SPDX-License-Identifier: Apache-2.0
"""Stationary density in two dimensions: simulation next to Gibbs, and the weights of regions."""

import numpy as np

import style as look
from load import RunError

NEEDS = {"density2d": ("cell", "axis_x", "axis_y", "x_lower", "x_upper", "y_lower", "y_upper",
                       "density", "prediction"),
         "regions": ("cell", "region", "value", "lower", "upper", "prediction")}


def draw(run, style):
    table = run.table("density2d", NEEDS["density2d"])
    regions = run.table("regions", NEEDS["regions"])
    cell = table["cell"][0]
    table = table.where(cell=cell)
    table = table.where(axis_x=table["axis_x"][0], axis_y=table["axis_y"][0])
    x = np.append(np.unique(table["x_lower"]), table["x_upper"].max())
    y = np.append(np.unique(table["y_lower"]), table["y_upper"].max())
    if len(table) != (len(x) - 1) * (len(y) - 1):
        raise RunError(f"{run.folder}/density2d.csv: {len(table)} rows are no full grid of "
                       f"{len(x) - 1} x {len(y) - 1} bins; the table is damaged")
    column = np.searchsorted(x, table["x_lower"])
    row = np.searchsorted(y, table["y_lower"])
    peak = float(np.nanmax([table["density"], table["prediction"]]))
    figure = look.figure(style, 0.34 * style.full, width="full")
    grid = figure.add_gridspec(1, 3, width_ratios=(1, 1, 0.95))
    panels = [figure.add_subplot(grid[0, 0])]
    panels.append(figure.add_subplot(grid[0, 1], sharex=panels[0], sharey=panels[0]))
    for panel, name, title in zip(panels, ("density", "prediction"), ("simulation", "Gibbs")):
        image = np.full((len(y) - 1, len(x) - 1), np.nan)
        image[row, column] = table[name]
        mesh = panel.pcolormesh(x, y, image, cmap="cividis", vmin=0.0, vmax=peak, rasterized=True)
        panel.set_title(title)
        panel.set_aspect("equal")
        panel.set_xlabel(axis_label(table["axis_x"][0]))
        panel.tick_params(color="white")
    panels[0].set_ylabel(axis_label(table["axis_y"][0]))
    panels[1].tick_params(labelleft=False)
    figure.colorbar(mesh, ax=panels, shrink=0.9, pad=0.02,
                    label=r"density $p$ [1/length$^2$]").outline.set_linewidth(0.5)
    weights(figure.add_subplot(grid[0, 2]), regions.where(cell=cell))
    return figure


def weights(axes, regions):
    """Weight of each region: estimate with its interval, prediction as a tick."""
    place = np.arange(len(regions))[::-1]
    value = regions["value"]
    axes.errorbar(value, place, xerr=regions.bars(),
                  linestyle="none", marker="o", color=look.BLUE, elinewidth=0.8, capsize=1.6,
                  capthick=0.6, label="simulation, 95 %", zorder=3)
    axes.plot(regions["prediction"], place, linestyle="none", marker="|", markersize=9,
              markeredgewidth=1.1, color=look.RED, label="Gibbs", zorder=2)
    axes.set_yticks(place)
    axes.set_yticklabels([name.replace("_", " ") for name in regions["region"]])
    axes.set_ylim(-0.7, len(regions) - 0.3)
    high = np.nanmax([regions["upper"], regions["prediction"]])
    axes.set_xlim(0.0, 1.12 * float(high))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("stationary weight")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))


def axis_label(axis):
    return rf"$x_{{{int(axis) + 1}}}$ [length]"
