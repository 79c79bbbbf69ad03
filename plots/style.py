# SPDX-License-Identifier: Apache-2.0
"""How every figure looks: column widths, fonts, colours, axes, error bars.

Widths and base fonts are those of the venues' templates. usetex stays off, so no LaTeX is needed;
STIX and its mathtext come with matplotlib, and fonts are embedded as TrueType (type 42), which
submission systems accept.
"""

from dataclasses import dataclass

import matplotlib

matplotlib.use("Agg")

from matplotlib.figure import Figure  # noqa: E402


@dataclass(frozen=True)
class Style:
    """A venue: widths in inches, font size in points."""

    name: str
    column: float
    full: float
    font: float


STYLES = {
    s.name: s
    for s in (
        Style("icml", 3.25, 6.75, 8),
        Style("aistats", 3.25, 6.75, 9),
        Style("cvpr", 3.25, 6.875, 8),
        Style("neurips", 5.5, 5.5, 9),
        Style("iclr", 5.5, 5.5, 9),
        Style("jmlr", 6.0, 6.0, 9),
        Style("tmlr", 6.5, 6.5, 9),
    )
}
DEFAULT = "icml"

# Paul Tol's "bright" set, safe for the common kinds of colour blindness.
BLUE, RED, GREEN, YELLOW, CYAN, PURPLE, GREY = (
    "#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
INK = "#222222"
COLOURS = (BLUE, RED, GREEN, PURPLE, YELLOW, CYAN)
MARKERS = ("o", "s", "^", "D", "v", "P")

# Line styles that mean the same in every figure.
EXACT = {"linestyle": "-", "linewidth": 1.0}
LEADING = {"linestyle": (0, (4, 2)), "linewidth": 0.9}
CORRECTED = {"linestyle": (0, (1, 1.3)), "linewidth": 1.1}
STEPPED = {"linestyle": (0, (5, 1.5, 1, 1.5)), "linewidth": 0.8}  # of the scheme, at its dt
GIVEN = ({"linestyle": (0, (7, 2)), "linewidth": 1.3, "alpha": 0.75},  # what the spec claims itself
         {"linestyle": (0, (3, 1, 1, 1, 1, 1)), "linewidth": 1.3, "alpha": 0.75})


def rc(style):
    """matplotlib settings of a style; use with matplotlib.rc_context."""
    return {
        "font.family": "serif",
        "font.serif": ["STIXGeneral", "DejaVu Serif"],
        "mathtext.fontset": "stix",
        "text.usetex": False,
        "axes.unicode_minus": True,
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
        "font.size": style.font,
        "axes.labelsize": style.font,
        "axes.titlesize": style.font,
        "legend.fontsize": style.font - 1,
        "xtick.labelsize": style.font - 1,
        "ytick.labelsize": style.font - 1,
        "axes.linewidth": 0.5,
        "xtick.major.width": 0.5,
        "ytick.major.width": 0.5,
        "xtick.minor.width": 0.4,
        "ytick.minor.width": 0.4,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.minor.size": 1.5,
        "ytick.minor.size": 1.5,
        "xtick.direction": "in",
        "ytick.direction": "in",
        "xtick.top": True,
        "ytick.right": True,
        "legend.frameon": False,
        "legend.handlelength": 1.9,
        "legend.handletextpad": 0.5,
        "legend.labelspacing": 0.3,
        "legend.borderaxespad": 0.4,
        "lines.markersize": 3.2,
        "path.simplify": False,
    }


def figure(style, height, width="column"):
    """An empty figure, exactly one column (or the full text) wide. height: in inches."""
    return Figure(figsize=(getattr(style, width), height), layout="constrained")


def error_bars(axes, x, y, error, colour, marker="o", filled=True, **more):
    """Estimates as points with error bars. error: half-width, or (below, above)."""
    options = {"linestyle": "none", "marker": marker, "color": colour, "elinewidth": 0.8,
               "capsize": 1.6, "capthick": 0.6, "markeredgewidth": 0.7, "zorder": 3}
    options.update(more)
    if not filled:
        options["markerfacecolor"] = "white"
    return axes.errorbar(x, y, yerr=error, **options)


def target_name(target):
    """A target of a first passage, in words."""
    known = {"other": "other well", "other_well": "other well", "saddle": "saddle"}
    return known.get(target, target.replace("_", " "))
