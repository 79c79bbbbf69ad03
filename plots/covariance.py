# SPDX-License-Identifier: Apache-2.0
"""Stationary variance of SGD against learning rate × curvature, up to the stability limit."""

import numpy as np

import style as look

NEEDS = {"covariance": ("cell", "i", "j", "learning_rate", "learning_rate_times_curvature",
                        "value", "lower", "upper", "sgd_discrete", "ou_limit")}
STABILITY_LIMIT = 2.0  # of learning rate × curvature: the iterates grow beyond it
# name in curves.csv and column of covariance.csv, label, colour, pen
THEORY = (("sgd_discrete", "discrete SGD, exact", look.INK, look.EXACT),
          ("ou_limit", "SDE limit (Ornstein\N{EN DASH}Uhlenbeck)", look.RED, look.LEADING))


def draw(run, style):
    table = run.table("covariance", NEEDS["covariance"])
    table = table.take(table["i"] == table["j"])
    stiffest = table["i"][np.nanargmax(table["learning_rate_times_curvature"])]
    rows = table.where(i=stiffest).sorted_by("learning_rate_times_curvature")
    x, value = rows["learning_rate_times_curvature"], rows["value"]
    exact = rows["sgd_discrete"]
    error = rows.bars()
    lines = {name: run.curve(name, f"{stiffest:.0f}") or (x, rows[name]) for name, *_ in THEORY}

    figure = look.figure(style, 1.2 * style.column if style.column < 4 else 0.75 * style.column)
    top, middle, bottom = figure.subplots(3, 1, sharex=True,
                                          gridspec_kw={"height_ratios": (2.2, 1, 0.8)})
    look.error_bars(top, x, value, error, look.BLUE, label="simulation, 95 %")
    exact_x, discrete = lines["sgd_discrete"]
    estimand = f"stationary_covariance(i = {stiffest:.0f}, j = {stiffest:.0f})"
    own = run.given(estimand)
    for name in own:
        values = run.predictions(estimand, name)
        lines[name] = run.curve(name, f"{stiffest:.0f}") or (
            x, np.array([values.get(c, np.nan) for c in rows["cell"]]))
    for name, label, colour, pen in THEORY + tuple(
            (name, name.replace("_", " "), look.GREEN, look.GIVEN[k % len(look.GIVEN)])
            for k, name in enumerate(own)):
        line_x, line = lines[name]
        top.plot(line_x, line, color=colour, label=label, zorder=2, **pen)
        ratio = line / np.exp(np.interp(line_x, exact_x, np.log(discrete)))
        middle.plot(line_x, ratio, color=colour, zorder=2, **pen)
    for axes in (middle, bottom):
        look.error_bars(axes, x, value / exact, tuple(e / exact for e in error), look.BLUE)
    bottom.axhline(1.0, color=look.INK, zorder=1, **look.EXACT)

    for axes in (top, middle, bottom):
        axes.axvspan(STABILITY_LIMIT, STABILITY_LIMIT * 1.06, color="0.9", linewidth=0)
        axes.axvline(STABILITY_LIMIT, color="0.45", linewidth=0.8)
    top.text(STABILITY_LIMIT * 0.985, 0.04, "stability limit", rotation=90, ha="right", va="bottom",
             color="0.35", fontsize=style.font - 1, transform=top.get_xaxis_transform())
    top.set_xlim(-0.03 * STABILITY_LIMIT, STABILITY_LIMIT * 1.06)
    top.set_yscale("log")
    top.margins(y=0.08)
    top.set_ylabel(rf"variance $\mathrm{{Var}}\,x_{{{stiffest:.0f}}}$ [length$^2$]")
    handles, labels = top.get_legend_handles_labels()
    top.legend(handles[-1:] + handles[:-1], labels[-1:] + labels[:-1], loc="upper left")
    upper = rows["upper"] / exact
    middle.set_ylim(0.0, max(1.2, 1.1 * float(np.nanmax(upper))))
    middle.set_ylabel("ratio to\nexact")
    # The same points on a scale that shows their intervals.
    reach = 1.25 * float(np.nanmax(np.abs([upper - 1, rows["lower"] / exact - 1])))
    bottom.set_ylim(1 - reach, 1 + reach)
    bottom.set_ylabel("ratio,\nenlarged")
    bottom.set_xlabel(r"learning rate $\times$ curvature $\eta h$")
    figure.align_ylabels()
    return figure
