# SPDX-License-Identifier: Apache-2.0
"""Of a race: loss before and after the quench and curvature of the minimum at the best cell of each
entrant; below, success at every decay of the laws that are annealed."""

import numpy as np
from matplotlib.lines import Line2D

import race as maps
import style as look

NEEDS = {"race": ("entrant", "intensity", "decay", "learning_rate", "success", "best",
                  "not_worse"),
         "best": ("entrant", "success", "loss", "loss_lower", "loss_upper", "quenched_loss",
                  "quenched_loss_lower", "quenched_loss_upper", "curvature", "curvature_lower",
                  "curvature_upper")}


def draw(run, style):
    race, best = run.table("race", NEEDS["race"]), run.table("best", NEEDS["best"])
    best = best.take(np.argsort(best["success"], kind="stable"))
    annealed = [(e, np.unique(race.where(entrant=e)["decay"])) for e in best.unique("entrant")[::-1]]
    annealed = [(e, decays) for e, decays in annealed if len(decays) > 1 and np.isfinite(decays).all()]
    bars, rows = 0.75 + 0.135 * len(best), (maps.ROW + 0.02) * len(annealed)
    figure = look.figure(style, bars + rows, width="full")
    if annealed:
        upper, lower = figure.subfigures(2, 1, height_ratios=(bars, rows))
        decay_maps(lower, race, annealed)
    else:
        upper = figure
    left, right = upper.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": (1.4, 1)})
    losses(left, best)
    curvatures(right, best)
    return figure


def bars(panel, best, name, colour, low, high, **more):
    """Values with their intervals; those right of `high` as an arrow at the edge."""
    place, value = np.arange(len(best)), best[name]
    inside, beyond = value <= high, value > high
    error = np.array((value - best[f"{name}_lower"], best[f"{name}_upper"] - value))
    look.error_bars(panel, value[inside], place[inside], None, colour,
                    xerr=np.minimum(error[:, inside], high - low), **more)
    panel.plot(np.full(beyond.sum(), high), place[beyond], linestyle="none", marker=">",
               color=colour, zorder=4)
    panel.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))


def span(values):
    """The range of all values but those far above the rest: jumps and divergence."""
    values = values[np.isfinite(values)]
    low, high = values.min(), np.quantile(values, 0.8)
    if not high > low:
        high = low + max(1e-3, abs(low))
    return low, min(max(values.max(), high), high + 0.6 * (high - low))


def losses(panel, best):
    ends = span(np.concatenate((best["loss"], best["quenched_loss"])))
    bars(panel, best, "loss", look.RED, *ends, filled=False)
    bars(panel, best, "quenched_loss", look.BLUE, *ends)
    handles = [Line2D([], [], color=look.RED, marker="o", markerfacecolor="white",
                      linestyle="none", label="last state"),
               Line2D([], [], color=look.BLUE, marker="o", linestyle="none",
                      label="quenched"),
               Line2D([], [], color=look.INK, marker=">", linestyle="none", label="beyond")]
    panel.set_yticks(np.arange(len(best)), [name.replace("_", " ") for name in best["entrant"]])
    panel.set_ylim(-0.6, len(best) + 1.2)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel("expected loss of the best cell, 95 %")
    panel.legend(handles=handles, loc="upper left", ncols=3, columnspacing=1.0)


def curvatures(panel, best):
    bars(panel, best, "curvature", look.BLUE, *span(best["curvature"]))
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel("curvature of the minimum reached")


def decay_maps(figure, race, annealed):
    across = max(len(decays) for _, decays in annealed)
    grid = figure.subplots(len(annealed), across, squeeze=False)
    panels, mesh = [], None
    for (entrant, decays), row in zip(annealed, grid):
        own = race.where(entrant=entrant)
        for k, panel in enumerate(row):
            if k >= len(decays):
                panel.remove()
                continue
            mesh = maps.heat(panel, maps.Grid(own.where(decay=decays[k])))
            panel.set_title(f"{entrant.replace('_', ' ')}, $p$ = {decays[k]:.3g}", pad=2.5)
            panel.set_xlabel("intensity", labelpad=1.0)
            if k == 0:
                panel.set_ylabel(r"learning rate $\eta$")
            panels.append(panel)
    bar = figure.colorbar(mesh, ax=panels, pad=0.01, shrink=0.9, label="success probability")
    bar.outline.set_linewidth(0.5)
