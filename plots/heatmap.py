# SPDX-License-Identifier: Apache-2.0
"""Stationary density in two dimensions: simulation next to Gibbs, and the weights of regions."""

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.ticker import MaxNLocator

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
    scale = PowerNorm(0.5, vmin=0.0, vmax=peak)  # square root: faint wells stay visible
    figure = look.figure(style, 0.31 * style.full, width="full")
    grid = figure.add_gridspec(1, 3, width_ratios=(1, 1, 1))
    panels = [figure.add_subplot(grid[0, 0])]
    panels.append(figure.add_subplot(grid[0, 1], sharex=panels[0], sharey=panels[0]))
    for panel, name, title in zip(panels, ("density", "prediction"), ("simulation", "Gibbs")):
        image = np.full((len(y) - 1, len(x) - 1), np.nan)
        image[row, column] = table[name]
        mesh = panel.pcolormesh(x, y, image, cmap="cividis", norm=scale, rasterized=True)
        panel.set_title(title)
        panel.set_aspect("equal")
        panel.set_xlabel(axis_label(table["axis_x"][0]))
        panel.tick_params(color="white")
        for ticks in (panel.xaxis, panel.yaxis):
            ticks.set_major_locator(MaxNLocator(4, integer=True))
    panels[0].set_ylabel(axis_label(table["axis_y"][0]))
    panels[1].tick_params(labelleft=False)
    bar = figure.colorbar(mesh, ax=panels, shrink=0.9, pad=0.02,
                          label=r"density $p$ [1/length$^2$]")
    bar.outline.set_linewidth(0.5)
    bar.set_ticks(peak_fractions(peak))
    weights(figure.add_subplot(grid[0, 2]), run, regions.where(cell=cell))
    return figure


def peak_fractions(peak):
    """Round values of the colour bar, spread evenly under the square root."""
    unit = 10.0 ** np.floor(np.log10(peak))
    return [round(f * peak / unit, 1 if f > 0.1 else 2) * unit for f in (0, 0.04, 0.2, 0.5, 0.95)]


def weights(axes, run, regions):
    """Weight of each region over its Gibbs weight, with its interval."""
    regions = regions.take(regions["prediction"] > 0)
    if not len(regions):
        raise RunError(f"{run.folder}/regions.csv: no region has a Gibbs weight, but the panel of "
                       "weights divides by it; run the experiment again")
    place = np.arange(len(regions))[::-1]
    gibbs = regions["prediction"]
    ratio = regions["value"] / gibbs
    axes.axvline(1.0, color=look.INK, zorder=1, **look.EXACT)
    axes.errorbar(ratio, place, xerr=tuple(e / gibbs for e in regions.bars()), linestyle="none",
                  marker="o", color=look.BLUE, elinewidth=0.8, capsize=1.6, capthick=0.6,
                  zorder=3)
    axes.set_yticks(place)
    axes.set_yticklabels([f"{name.replace('_', ' ')}\n({value:.3g})"
                          for name, value in zip(regions["region"], gibbs)])
    reach = 1.2 * float(np.nanmax(np.abs([regions["lower"] / gibbs - 1,
                                          regions["upper"] / gibbs - 1])))
    axes.set_xlim(1 - reach, 1 + reach)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=(1, 2, 5, 10)))
    axes.set_ylim(-0.6, len(regions) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.set_title("region (Gibbs weight)")
    axes.set_xlabel("simulated / Gibbs weight, 95 %")


def axis_label(axis):
    return rf"$x_{{{int(axis)}}}$ [length]"
