# SPDX-License-Identifier: Apache-2.0
"""Stationary variance of SGD against learning rate × curvature, up to the stability limit."""

import numpy as np

import style as look

NEEDS = {"covariance": ("cell", "i", "j", "learning_rate", "learning_rate_times_curvature",
                        "value", "lower", "upper", "sgd_discrete", "ou_limit")}
STABILITY_LIMIT = 2.0  # of learning rate × curvature: the iterates grow beyond it


def draw(run, style):
    table = run.table("covariance", NEEDS["covariance"])
    table = table.take(table["i"] == table["j"])
    stiffest = table["i"][np.nanargmax(table["learning_rate_times_curvature"])]
    rows = table.where(i=stiffest).sorted_by("learning_rate_times_curvature")
    x, value = rows["learning_rate_times_curvature"], rows["value"]
    error = rows.bars()
    exact = rows["sgd_discrete"]

    figure = look.figure(style, 1.05 * style.column if style.column < 4 else 0.68 * style.column)
    top, bottom = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (2.1, 1)})
    theory = ((curve(run, "sgd_discrete", x, exact), "discrete SGD, exact", look.INK, look.EXACT),
              (curve(run, "ou_limit", x, rows["ou_limit"]), "SDE limit", look.RED, look.LEADING))
    for (line_x, line), label, colour, pen in theory:
        top.plot(line_x, line, color=colour, label=label, zorder=2, **pen)
    look.error_bars(top, x, value, error, look.BLUE, label="simulation")
    look.error_bars(bottom, x, value / exact, tuple(e / exact for e in error), look.BLUE)
    bottom.axhline(1.0, color=look.INK, zorder=1, **look.EXACT)
    (line_x, sde), (exact_x, discrete) = theory[1][0], theory[0][0]
    bottom.plot(line_x, sde / np.interp(line_x, exact_x, discrete), color=look.RED, zorder=2,
                **look.LEADING)
    for axes in (top, bottom):
        axes.axvline(STABILITY_LIMIT, color="0.45", linewidth=0.8)
        axes.axvspan(STABILITY_LIMIT, STABILITY_LIMIT * 1.06, color="0.9", linewidth=0)
    top.text(STABILITY_LIMIT * 0.985, 0.05, "stability limit", rotation=90, ha="right",
             va="bottom", color="0.35", fontsize=style.font - 1,
             transform=top.get_xaxis_transform())
    top.set_xlim(-0.03 * STABILITY_LIMIT, STABILITY_LIMIT * 1.06)
    top.set_yscale("log")
    top.set_ylabel(r"variance $\mathrm{Var}\,x$ [length$^2$]")
    top.legend(loc="upper left")
    bottom.set_ylim(bottom=0.0, top=max(1.2, 1.1 * float(np.nanmax(rows["upper"] / exact))))
    bottom.set_ylabel(r"$\mathrm{Var}\,x$ / exact")
    bottom.set_xlabel(r"learning rate $\times$ curvature $\eta h$")
    figure.align_ylabels()
    return figure


def curve(run, name, x, at_cells):
    """A theory line: from curves.csv (target "stiffest") if there, else through the cells."""
    smooth = run.curve(name, "stiffest")
    return smooth if smooth is not None else (x, at_cells)
