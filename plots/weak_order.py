# SPDX-License-Identifier: Apache-2.0
"""Weak errors of an optimizer against its SDEs: |error| with 95 % bars against the SDE time of one
iteration, which is the learning rate of SGD and its square of Adam."""

import numpy as np
from matplotlib.lines import Line2D

import style as look

NEEDS = {"weak_error": ("step", "model", "observable", "value", "standard_error")}


def draw(run, style):
    table = run.table("weak_error", NEEDS["weak_error"])
    models, observables = table.unique("model"), table.unique("observable")
    wide = style.column >= 4
    figure = look.figure(style, 0.62 * style.column if wide else 0.95 * style.column)
    panel = figure.subplots()
    panel.set_xscale("log")
    panel.set_yscale("log")
    for k, model in enumerate(models):
        colour = look.COLOURS[k % len(look.COLOURS)]
        for j, observable in enumerate(observables):
            rows = table.where(model=model, observable=observable).sorted_by("step")
            points(panel, rows, colour, look.MARKERS[j % len(look.MARKERS)])
        reference(panel, table.where(model=model), nearest_order(run, model), colour)
    panel.set_xlabel(r"SDE time of one iteration $\tau$")
    panel.set_ylabel(r"$|\mathrm{E}\,\varphi(x_k)-\mathrm{E}\,\varphi(X_t)|$")
    legends(panel, models, observables)
    return figure


def points(panel, rows, colour, marker):
    """Significant errors are filled; the others show how large an error could have been missed."""
    error, bar = np.abs(rows["value"]), 1.96 * rows["standard_error"]
    seen = error > bar
    below = np.minimum(bar, 0.999 * error)  # a bar through zero ends at the axis
    for chosen, filled in ((seen, True), (~seen, False)):
        if chosen.any():
            look.error_bars(panel, rows["step"][chosen], error[chosen],
                            (below[chosen], bar[chosen]), colour, marker, filled=filled)


def nearest_order(run, model):
    """The order that the run claims of this SDE; None where it claims none that it found."""
    for claim in run.report.get("claims", []):
        if claim.get("estimand") == f"weak_error(of = {model})" and claim.get("verdict") == "agree":
            return claim["prediction"]
    return None


def reference(panel, rows, order, colour):
    """A line of that slope through the largest significant error at the finest step."""
    if order is None:
        return
    seen = np.abs(rows["value"]) > 1.96 * rows["standard_error"]
    if not seen.any():
        return
    steps, errors = rows["step"][seen], np.abs(rows["value"][seen])
    finest = steps == steps.min()
    anchor = errors[finest].max()
    x = np.array([rows["step"].min(), rows["step"].max()])
    panel.plot(x, 1.5 * anchor * (x / steps.min()) ** order, color=colour, zorder=1,
               **look.LEADING)
    panel.annotate(rf"$\tau^{{{order:g}}}$", (x[-1], 1.5 * anchor * (x[-1] / steps.min()) ** order),
                   color=colour, textcoords="offset points", xytext=(-2, 3), ha="right")


def legends(panel, models, observables):
    entries = [Line2D([], [], color=look.COLOURS[k % len(look.COLOURS)], linewidth=1.6,
                      label=model.replace("_", " ")) for k, model in enumerate(models)]
    entries += [Line2D([], [], color=look.INK, linestyle="none",
                       marker=look.MARKERS[j % len(look.MARKERS)], label=name(observable))
                for j, observable in enumerate(observables)]
    low, high = panel.get_ylim()
    panel.set_ylim(low / (high / low) ** 0.28, high * 1.5)
    panel.legend(handles=entries, loc="lower right", ncols=2, columnspacing=1.0)


def name(observable):
    """An observable as mathematics: "sin(2 x)" is sin(2x)."""
    text = observable.replace("cos", r"\cos ").replace("sin", r"\sin ")
    return rf"${text}$"
