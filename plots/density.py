# SPDX-License-Identifier: Apache-2.0
"""Stationary density in one dimension against Gibbs, with the residuals in standard errors."""

import numpy as np

import style as look

NEEDS = {"density": ("cell", "axis", "lower", "upper", "density", "standard_error", "band_lower",
                     "band_upper", "prediction")}
MOST_CELLS = 3
SMALL = {"markersize": 1.8, "capsize": 0, "elinewidth": 0.5, "markeredgewidth": 0}


def draw(run, style):
    table = run.table("density", NEEDS["density"])
    table = table.where(axis=table["axis"][0])
    cells = table.unique("cell")[:MOST_CELLS]
    figure = look.figure(style, 0.92 * style.column if style.column < 4 else 0.6 * style.column)
    top, bottom = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (2.1, 1)})
    limit = 3.0
    for cell, colour, marker in zip(cells, look.COLOURS, look.MARKERS):
        rows = table.where(cell=cell).sorted_by("lower")
        x = 0.5 * (rows["lower"] + rows["upper"])
        value, error, gibbs = rows["density"], rows["standard_error"], rows["prediction"]
        low, high = rows["band_lower"], rows["band_upper"]
        edges = np.append(rows["lower"], rows["upper"][-1])
        suffix = temperature_of(run, cell) if len(cells) > 1 else ""
        look.error_bars(top, x, value, error, colour, marker, label="simulation" + suffix, **SMALL)
        band(top, edges, low, high, colour, "simultaneous 95 % band" + suffix)
        if not np.isfinite(gibbs).any():
            continue
        top.stairs(gibbs, edges, baseline=None, color=look.INK, zorder=2, linewidth=0.8,
                   label="Gibbs" if cell == cells[0] else None)
        for k, (name, own) in enumerate(given(run, cell, table["axis"][0], len(rows)).items()):
            pen = {**look.GIVEN[k % len(look.GIVEN)], "color": colour}
            top.stairs(own, edges, baseline=None, zorder=2, label=name + suffix, **pen)
            bottom.plot(x, (own - gibbs) / np.where(error > 0, error, np.nan), zorder=2, **pen)
        # Gibbs lies in the band of a bin exactly where its residual lies in this one.
        error = np.where(error > 0, error, np.nan)
        band(bottom, edges, (value - high) / error, (value - low) / error, colour)
        residual = (value - gibbs) / error
        look.error_bars(bottom, x, residual, np.ones(len(x)), colour, marker, **SMALL)
        if "gibbs_euler" in rows:
            top.plot([], [], color=colour, label="Gibbs, with step bias" + suffix, **look.STEPPED)
            bottom.plot(x, (rows["gibbs_euler"] - gibbs) / error, color=colour, zorder=2,
                        **look.STEPPED)
        limit = max(limit, 2.0 + float(np.nanmax(np.abs(residual))),
                    0.7 + float(np.nanmedian((high - value) / error)))
    bottom.axhline(0.0, color=look.INK, zorder=2, linewidth=0.8)
    bottom.set_ylim(-limit, limit)
    handles, labels = top.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda k: ("Gibbs" in labels[k], "band" in labels[k]))
    top.legend([handles[k] for k in order], [labels[k] for k in order], loc="upper right")
    peak = float(np.nanmax(table["band_upper"]))
    top.set_ylim(0.0, peak * (1.1 + 0.1 * len(labels)))
    top.set_xlim(float(table["lower"].min()), float(table["upper"].max()))
    top.set_ylabel(r"density $p(x)$ [1/length]")
    bottom.set_ylabel("residual\n[standard errors]")
    bottom.set_xlabel(r"position $x$ [length]")
    figure.align_ylabels()
    return figure


def given(run, cell, axis, bins):
    """Densities that the spec itself gave for these bins, by name."""
    if not run.has("given_density"):
        return {}
    table = run.table("given_density", ("cell", "axis", "name", "density"))
    table = table.where(cell=cell, axis=axis)
    found = {name: table.where(name=name)["density"][:bins] for name in table.unique("name")}
    return {name.replace("_", " "): own for name, own in found.items() if len(own) == bins}


def band(axes, edges, low, high, colour, label=None):
    axes.fill_between(edges, np.append(low, low[-1]), np.append(high, high[-1]), step="post",
                      color=colour, alpha=0.3, linewidth=0, zorder=1, label=label)


def temperature_of(run, cell):
    """", T = …" of a cell, for a legend."""
    if not run.has("cells"):
        return f", cell {cell:.0f}"
    cells = run.table("cells", ("cell", "temperature")).where(cell=cell)
    return f", $T={cells['temperature'][0]:.3g}$" if len(cells) else f", cell {cell:.0f}"
