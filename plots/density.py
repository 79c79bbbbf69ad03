# SPDX-License-Identifier: Apache-2.0
"""Stationary density in one dimension against Gibbs, with the residuals in standard errors."""

import numpy as np

import style as look

NEEDS = {"density": ("cell", "axis", "lower", "upper", "density", "standard_error", "band_lower",
                     "band_upper", "prediction")}
MOST_CELLS = 3


def draw(run, style):
    table = run.table("density", NEEDS["density"])
    table = table.where(axis=table["axis"][0])
    cells = table.unique("cell")[:MOST_CELLS]
    figure = look.figure(style, 0.92 * style.column if style.column < 4 else 0.6 * style.column)
    top, bottom = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (2.1, 1)})
    limit, half_width = 3.0, []
    for cell, colour, marker in zip(cells, look.COLOURS, look.MARKERS):
        rows = table.where(cell=cell).sorted_by("lower")
        x = 0.5 * (rows["lower"] + rows["upper"])
        value, error = rows["density"], rows["standard_error"]
        suffix = temperature_of(run, cell) if len(cells) > 1 else ""
        edges = np.append(rows["lower"], rows["upper"][-1])
        top.fill_between(edges, np.append(rows["band_lower"], rows["band_lower"][-1]),
                         np.append(rows["band_upper"], rows["band_upper"][-1]), step="post",
                         color=colour, alpha=0.3, linewidth=0,
                         label="simultaneous 95 % band" + suffix, zorder=1)
        look.error_bars(top, x, value, error, colour, marker, markersize=1.8, capsize=0,
                        markeredgewidth=0, label="simulation" + suffix)
        seen = np.isfinite(rows["prediction"]) & (error > 0)
        if np.isfinite(rows["prediction"]).any():
            top.plot(x, rows["prediction"], color=look.INK, zorder=4,
                     label="Gibbs" if cell == cells[0] else None, **look.EXACT)
        residual = (value[seen] - rows["prediction"][seen]) / error[seen]
        look.error_bars(bottom, x[seen], residual, np.ones(seen.sum()), colour, marker,
                        markersize=1.8, capsize=0, elinewidth=0.5, markeredgewidth=0)
        if seen.any():
            limit = max(limit, float(np.max(np.abs(residual))) + 1)
            half_width.append(float(np.median((rows["band_upper"] - value)[seen] / error[seen])))
    for width in half_width[:1]:
        bottom.axhline(width, color=look.INK, **look.LEADING)
        bottom.axhline(-width, color=look.INK, **look.LEADING)
        limit = max(limit, width + 0.7)
    bottom.axhline(0.0, color=look.INK, **look.EXACT)
    bottom.set_ylim(-limit, limit)
    peak = float(np.nanmax(table["band_upper"]))
    top.set_ylim(0.0, peak * (1.12 + 0.11 * (2 * len(cells) + 1)))
    top.set_xlim(float(table["lower"].min()), float(table["upper"].max()))
    top.set_ylabel(r"density $p(x)$ [1/length]")
    top.legend(loc="upper right")
    bottom.set_ylabel("residual\n[standard errors]")
    bottom.set_xlabel(r"position $x$ [length]")
    figure.align_ylabels()
    return figure


def temperature_of(run, cell):
    """", T = …" of a cell, for a legend."""
    if not run.has("cells"):
        return f", cell {cell:.0f}"
    cells = run.table("cells", ("cell", "temperature")).where(cell=cell)
    return f", $T={cells['temperature'][0]:.3g}$" if len(cells) else f", cell {cell:.0f}"
