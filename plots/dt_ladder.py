# SPDX-License-Identifier: Apache-2.0
"""Bias of the mean first-passage time against dt, for both crossing rules and every target."""

import numpy as np
from matplotlib.lines import Line2D

import style as look
from load import RunError

NEEDS = {"passage": ("cell", "target", "crossing", "level", "dt", "value", "standard_error"),
         "predictions": ("cell", "estimand", "name", "value")}

RULES = (("endpoint", "checked at step ends", look.BLUE, "o",
          r"fit $a\sqrt{\Delta t}+b\,\Delta t$"),
         ("bridge", "Brownian bridge", look.RED, "s", r"fit $b\,\Delta t+c\,\Delta t^2$"))


def draw(run, style):
    passage = run.table("passage", NEEDS["passage"])
    run.table("predictions", NEEDS["predictions"])
    targets = sorted(passage.unique("target"), key=lambda name: "saddle" not in name)[:2]
    height = 1.2 * style.column if style.column < 4 else 0.78 * style.column
    figure = look.figure(style, height)
    panels = figure.subplots(len(targets), 1, sharex=True, squeeze=False)[:, 0]
    largest = float(np.nanmax(passage["dt"]))
    for panel, target in zip(panels, targets):
        for rule, label, colour, marker, fit_label in RULES:
            rows = passage.where(target=target, crossing=rule)
            if not len(rows):
                continue
            rows = rows.where(cell=rows["cell"][0]) if ladder_in_cell(rows) else rows
            bias, error = relative(run, rows, target)
            steps = rows["level"] != "extrapolated"
            dt = rows["dt"][steps]
            shift = (-1, 1)[rule == "bridge"] * 0.006 * largest  # bars side by side
            look.error_bars(panel, dt + shift, bias[steps], 1.96 * error[steps], colour,
                            marker, label=label + ", 95 %")
            powers = (0.5, 1.0) if rule == "endpoint" else (1.0, 2.0)
            fit(panel, dt, bias[steps], error[steps], powers, colour, fit_label, largest)
            if (~steps).any():
                look.error_bars(panel, [shift], bias[~steps][:1], 1.96 * error[~steps][:1], colour,
                                marker, filled=False, clip_on=False)
            if rule == "endpoint":
                guide(run, panel, target, rows["cell"][0], largest)
        panel.axhline(0.0, color=look.INK, zorder=1, linewidth=0.6)
        panel.set_ylabel(r"bias of $\tau$ to the " + look.target_name(target) + "\n[% of exact]")
        panel.margins(y=0.12)
    panels[0].set_xlim(-0.03 * largest, 1.06 * largest)
    legends(panels, "extrapolated" in passage["level"])
    panels[-1].set_xlabel(r"time step $\Delta t$ [time]")
    figure.align_ylabels()
    return figure


def legends(panels, extrapolated):
    """Points and theory in the first panel, fits in the last, each in room made for it."""
    named = dict(zip(*panels[0].get_legend_handles_labels()[::-1]))
    if extrapolated:
        named[r"extrapolated to $\Delta t=0$"] = Line2D(
            [], [], color=look.INK, marker="o", linestyle="none", markerfacecolor="white",
            markeredgewidth=0.7)
    fits = sorted(label for label in named if "fit" in label)
    rest = sorted((label for label in named if "fit" not in label), key=lambda l: "theory" in l)
    if panels[-1] is panels[0]:
        rest, fits = rest + fits, []
    make_room(panels[0], 0.105 * len(rest), above=True)
    panels[0].legend([named[label] for label in rest], rest, loc="upper left")
    if fits:
        make_room(panels[-1], 0.11 * len(fits), above=False)
        panels[-1].legend([named[label] for label in fits], fits, loc="lower left")


def make_room(panel, share, above):
    low, high = panel.get_ylim()
    more = share * (high - low)
    panel.set_ylim(low - (0 if above else more), high + (more if above else 0))


def ladder_in_cell(rows):
    """Whether the ladder lies in the levels of one cell, rather than in a sweep of dt."""
    return len(set(rows["level"]) - {"extrapolated"}) > 1


def relative(run, rows, target):
    """Bias and its standard error, in percent of the exact time."""
    values = run.predictions(f"mean_first_passage(to = {target})", "quadrature")
    exact = np.array([values.get(c, np.nan) for c in rows["cell"]])
    if not np.isfinite(exact).all():
        raise RunError(f"{run.folder}/predictions.csv: no quadrature of the mean first-passage "
                       f'time to "{target}" in every cell; the bias is measured from it')
    return 100 * (rows["value"] / exact - 1), 100 * rows["standard_error"] / exact


def fit(panel, dt, bias, error, powers, colour, label, largest):
    """Weighted least squares in powers of dt, without a constant; a guide to the eye."""
    if len(dt) <= len(powers) or not (error > 0).all():
        return
    terms = np.stack([dt**p for p in powers], axis=1) / error[:, None]
    coefficients = np.linalg.lstsq(terms, bias / error, rcond=None)[0]
    x = np.linspace(0.0, largest, 200)
    panel.plot(x, sum(c * x**p for c, p in zip(coefficients, powers)), color=colour, zorder=2,
               label=label, **look.EXACT)


def guide(run, panel, target, cell, largest):
    """The predicted leading term a √dt, where the run has one."""
    estimand = f"passage_bias(to = {target}, crossing = endpoint)"
    slope = run.predictions(estimand, "grid_detection").get(cell)
    if slope is None:
        return
    x = np.linspace(0.0, largest, 200)
    panel.plot(x, 100 * slope * np.sqrt(x), color=look.INK, zorder=2,
               label=rf"theory ${slope:.2f}\sqrt{{\Delta t}}$, leading term", **look.LEADING)
