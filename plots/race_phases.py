# SPDX-License-Identifier: Apache-2.0
"""Phases of a race: where each noise law never meets the goal, leaves it again, or ends in it."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import race as maps
import style as look

NEEDS = {"race": ("entrant", "intensity", "decay", "learning_rate", "success", "arrival",
                  "trajectories", "diverged", "best"),
         "best": ("entrant", "decay")}
PHASES = (("does not arrive", "#DDDDDD"), ("arrives, leaves again", look.YELLOW),
          ("ends in the goal", look.BLUE), ("diverges", look.INK))


def draw(run, style):
    race, best = run.table("race", NEEDS["race"]), run.table("best", NEEDS["best"])
    rows = maps.arrange(maps.mapped(run, race, best))
    height = maps.ROW * len(rows) + 0.1
    figure = look.figure(style, height + 0.25, width="full")
    top, body = figure.subfigures(2, 1, height_ratios=(0.25, height))
    maps.draw_maps(body, rows, race, best, phases)
    handles = [Patch(color=colour, label=name) for name, colour in PHASES]
    handles.append(Line2D([], [], color=look.RED, linewidth=1.0, label="theory: half"))
    handles.append(Line2D([], [], color=look.RED, marker="*", linestyle="none", label="best"))
    top.legend(handles=handles, loc="center", ncols=len(handles), columnspacing=1.2)
    return figure


def phases(panel, grid):
    """What most trajectories of a cell do, at the decay of the best cell."""
    rows = grid.rows
    phase = np.where(rows["arrival"] < 0.5, 0.0, np.where(rows["success"] < 0.5, 1.0, 2.0))
    phase = np.where(rows["diverged"] > 0.5 * rows["trajectories"], 3.0, phase)
    mesh = grid.paint(panel, grid.image(phase), vmin=-0.5, vmax=3.5,
                      cmap=ListedColormap([colour for _, colour in PHASES]))
    grid.half(panel, look.RED)
    grid.star(panel)
    return mesh
