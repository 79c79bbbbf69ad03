# SPDX-License-Identifier: Apache-2.0
"""Mean first-passage time against barrier/T: simulation, quadrature, Kramers, chain of steps."""

import numpy as np
from matplotlib.lines import Line2D

import style as look
from load import RunError

NEEDS = {"passage": ("cell", "target", "level", "barrier_over_temperature", "value",
                     "lower", "upper"),
         "predictions": ("cell", "estimand", "name", "value")}

THEORY = (("quadrature", "exact quadrature", look.EXACT),
          ("kramers", "Kramers", look.LEADING),
          ("kramers_corrected", "Kramers, corrected", look.CORRECTED))
# Drawn where the run used one step size: an extrapolated value has none.
CHAIN = ("discrete_chain", r"exact chain of steps $\Delta t$", look.STEPPED)


def draw(run, style):
    passage = run.table("passage", NEEDS["passage"])
    run.table("predictions", NEEDS["predictions"])
    figure = look.figure(style, 1.12 * style.column if style.column < 4 else 0.72 * style.column)
    top, bottom = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (2.1, 1)})
    handles = []
    chain_seen = False
    given = {}
    for target, colour, marker in zip(passage.unique("target"), look.COLOURS, look.MARKERS):
        points = finest(passage.where(target=target)).sorted_by("barrier_over_temperature")
        x, value = points["barrier_over_temperature"], points["value"]
        below, above = points.bars()
        handles.append(look.error_bars(
            top, x, value, (below, above), colour, marker,
            label=f"simulation to the {look.target_name(target)}, 95 %"))
        lines = {}
        for name, _, pen in THEORY:
            lines[name] = line(run, name, target, points)
            top.plot(*lines[name], color=colour, zorder=2, **pen)
        exact = at_cells(run, "quadrature", target, points)
        if not np.isfinite(exact).any():
            raise RunError(f"{run.folder}/predictions.csv: no quadrature of the mean "
                           f'first-passage time to "{target}"; the lower panel divides by it')
        # Jittered sideways, so that the bars of two targets do not hide each other.
        shift = (1, -1)[len(handles) % 2] * 0.006 * np.ptp(x)
        look.error_bars(bottom, x + shift, value / exact, (below / exact, above / exact), colour,
                        marker)
        own = run.given(f"mean_first_passage(to = {target})")
        for name in own:
            pen = given.setdefault(name, look.GIVEN[len(given) % len(look.GIVEN)])
            lines[name] = line(run, name, target, points)
            top.plot(*lines[name], color=colour, zorder=2, **pen)
        for name, pen in [(name, pen) for name, _, pen in THEORY[1:]] + [(n, given[n]) for n in own]:
            theory_x, theory = lines[name]
            quadrature_x, quadrature = lines["quadrature"]
            ratio = theory / np.exp(np.interp(theory_x, quadrature_x, np.log(quadrature)))
            bottom.plot(theory_x, ratio, color=colour, zorder=2, **pen)
        chain = at_cells(run, CHAIN[0], target, points)
        chain[points["level"] == "extrapolated"] = np.nan
        if np.isfinite(chain).any():
            bottom.plot(x, chain / exact, color=colour, zorder=2, **CHAIN[2])
            chain_seen = True
    handles += [Line2D([], [], color=look.INK, label=label, **pen)
                for _, label, pen in THEORY + ((CHAIN,) if chain_seen else ())]
    handles += [Line2D([], [], color=look.INK, label=name.replace("_", " "), **pen)
                for name, pen in given.items()]
    top.set_yscale("log")
    top.set_ylabel(r"mean first-passage time $\tau$ [time]")
    top.margins(y=0.08)
    top.legend(handles=handles, loc="upper left")
    bottom.axhline(1.0, color=look.INK, zorder=1, **look.EXACT)
    bottom.set_ylabel(r"$\tau$ / exact")
    bottom.set_xlabel(r"barrier / temperature $\Delta V/T$")
    figure.align_ylabels()
    return figure


def finest(points):
    """The extrapolated value of each cell where there is one, else its finest dt."""
    level = np.array(["extrapolated" if "extrapolated" in points.where(cell=c)["level"] else "0"
                      for c in points["cell"]], dtype=object)
    return points.take(points["level"] == level)


def at_cells(run, name, target, points):
    values = run.predictions(f"mean_first_passage(to = {target})", name)
    return np.array([values.get(c, np.nan) for c in points["cell"]])


def line(run, name, target, points):
    """A theory line: from curves.csv if the run wrote one, else through the cells."""
    smooth = run.curve(name, target)
    if smooth is not None:
        return smooth
    return points["barrier_over_temperature"], at_cells(run, name, target, points)
