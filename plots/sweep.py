# SPDX-License-Identifier: Apache-2.0
"""What a sweep measured: each estimate with its interval over one swept number, or a map over two."""

import math
import re

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

import style as look
from load import RunError

NEEDS = {"sweep": ("cell", "estimand", "level", "value", "lower", "upper")}
FEW = 4  # values of a second number that are still drawn as lines of their own
MOST = 4  # panels
WIDE = 8  # factor between values from which their axis is logarithmic
NAMES = {"temperature": r"temperature $T$", "learning_rate": r"learning rate $\eta$",
         "dt": r"time step $\Delta t$", "friction": r"friction $\gamma$", "batch_size": "batch size $B$",
         "momentum": r"momentum $\mu$", "barrier": r"barrier $\Delta V$", "intensity": "intensity"}


def draw(run, style):
    table = decided(run.table("sweep", NEEDS["sweep"]))
    keys = axes_of(run, table)
    groups = panels_of(table)
    if not groups:
        raise RunError(f"{run.folder}/sweep.csv: no estimate has a value (were all trajectories "
                       "censored?); this figure draws values")
    few = len(keys) == 2 and any(len(np.unique(table[k])) <= FEW for k in keys)
    if len(keys) == 2 and not few:
        return maps(style, table, keys, groups)
    if few and len(np.unique(table[keys[0]])) <= FEW < len(np.unique(table[keys[1]])):
        keys = keys[::-1]
    return curves(run, style, table, keys, groups)


def decided(table):
    """Of every estimate the level that a claim looks at: extrapolated, or else the finest."""
    best = {}
    for cell, estimand, level in zip(table["cell"], table["estimand"], table["level"]):
        if level == "extrapolated" or (cell, estimand) not in best:
            best[cell, estimand] = level
    keep = [best[c, e] == l for c, e, l in zip(table["cell"], table["estimand"], table["level"])]
    return table.take(np.array(keep))


def known_of(table):
    """The rows that have a value: a mean under censoring has none."""
    return table.take(np.isfinite(table["value"]))


def axes_of(run, table):
    """The swept numbers that make the cells: one, or two."""
    names = list(table.columns)
    swept = names[names.index("cell") + 1:names.index("estimand")]
    varied = [k for k in swept if len(set(table[k].tolist())) > 1]
    for key in varied:
        if table[key].dtype == object:
            raise RunError(f"{run.folder}/sweep.csv: {key} is no number; this figure is drawn over "
                           "numbers (a race has the figure \"race\")")
    if len(varied) > 1 and side_by_side(table, varied):
        return varied[:1]
    if not 1 <= len(varied) <= 2:
        raise RunError(f"{run.folder}/sweep.csv: {len(varied)} numbers are swept ("
                       f"{', '.join(varied) or 'none'}); this figure takes one or two")
    return varied


def side_by_side(table, varied):
    """Whether the first number tells the cells apart and the others rise or fall with it."""
    if len(np.unique(table[varied[0]])) < len(np.unique(table["cell"])):
        return False
    order = np.argsort(table[varied[0]], kind="stable")
    steps = [np.diff(table[key][order]) for key in varied[1:]]
    return all((s >= 0).all() or (s <= 0).all() for s in steps)


def panels_of(table):
    """Estimands by what they measure, the claimed ones first: {words: [estimand, …]}. Those with a
    value in some cell; a rate that no claim asks for only beside a mean that misses somewhere."""
    claimed, known = set(), np.isfinite(table["value"])
    whole = {e for e in table.unique("estimand") if known[table["estimand"] == e].all()}
    if "verdicts" in table:
        claimed = {e for e, v in zip(table["estimand"], table["verdicts"])
                   if isinstance(v, str) and v}  # a column without any verdict holds nan
    groups = {}
    for estimand in sorted(table.unique("estimand"), key=lambda e: e not in claimed):
        passage = estimand.startswith(("mean_first_passage", "escape_rate"))
        mean = estimand.replace("escape_rate", "mean_first_passage")
        idle = mean != estimand and estimand not in claimed and mean in whole
        if idle or not known[table["estimand"] == estimand].any():
            continue
        groups.setdefault(estimand.split("(")[0] if passage else estimand, []).append(estimand)
    return dict(list(groups.items())[:MOST])


def curves(run, style, table, keys, groups):
    """One panel per quantity; colours tell targets or the values of a second number apart."""
    height = 0.34 + 0.62 * min(style.column, 3.6) * len(groups)
    figure = look.figure(style, height)
    panels = figure.subplots(len(groups), 1, sharex=True, squeeze=False)[:, 0]
    lines, told = theory(run), []
    for panel, (words, estimands) in zip(panels, groups.items()):
        series = [(e, v) for e in estimands
                  for v in (np.unique(table[keys[1]]) if len(keys) > 1 else [None])]
        handles, drawn = [], []
        for (estimand, second), colour, marker in zip(series, cycle(look.COLOURS),
                                                      cycle(look.MARKERS)):
            asked = table.where(estimand=estimand).sorted_by(keys[0])
            if second is not None:
                asked = asked.where(**{keys[1]: second})
            own = known_of(asked)
            label = own_label(estimand, len(estimands) > 1, keys, second)
            points = look.error_bars(panel, own[keys[0]], own["value"], own.bars(), colour, marker,
                                     label=label or "_points")
            drawn.append(own)
            if label:
                handles.append(points)
            for name, pen in theory_pens(lines, estimand):
                value = np.array([lines[estimand, name].get(c, np.nan) for c in asked["cell"]])
                panel.plot(asked[keys[0]], value, color=colour, zorder=2, **pen)
                if name not in {h.get_label() for h in handles}:
                    handles.append(Line2D([], [], color=look.INK, label=name, **pen))
        ends = np.concatenate([d[c] for d in drawn for c in ("lower", "upper")])
        if (ends > 0).all() and ends.max() >= WIDE * ends.min():
            panel.set_yscale("log")
            round_ticks(panel.yaxis, ends)
        panel.set_ylabel(quantity(words))
        labels = [handle.get_label() for handle in handles]
        if labels and labels != told:
            panel.legend(handles=sorted(handles, key=lambda h: isinstance(h, Line2D)))
        told = labels
    if spaced_in_log(table[keys[0]]):
        panels[-1].set_xscale("log")
        panels[-1].margins(x=0.08)
        round_ticks(panels[-1].xaxis, table[keys[0]])
    panels[-1].set_xlabel(axis_name(keys[0]))
    return figure


def maps(style, table, keys, groups):
    """Colour over two swept numbers: cells of a full grid, points of a sampled design."""
    estimands = [e for own in groups.values() for e in own][:MOST]
    across = min(len(estimands), 2 if style.column < 4 else 3)
    rows = -(-len(estimands) // across)
    wide = len(estimands) > 1
    width = style.full if wide else style.column
    figure = look.figure(style, rows * (0.68 * width / across + 0.1), "full" if wide else "column")
    panels = figure.subplots(rows, across, squeeze=False).ravel()
    for panel in panels[len(estimands):]:
        panel.remove()
    for panel, estimand in zip(panels, estimands):
        own = table.where(estimand=estimand)
        x, y = (np.unique(own[key]) for key in keys)
        grid = len(own) == len(x) * len(y)
        own = known_of(own)
        log = (own["value"] > 0).all() and own["value"].max() >= WIDE * own["value"].min()
        options = {"cmap": "cividis", "norm": "log" if log else None}
        if grid:
            image = np.full((len(y), len(x)), np.nan)
            image[np.searchsorted(y, own[keys[1]]), np.searchsorted(x, own[keys[0]])] = own["value"]
            mesh = panel.pcolormesh(edges(x), edges(y), image, rasterized=True, **options)
        else:
            mesh = panel.scatter(own[keys[0]], own[keys[1]], c=own["value"], s=14,
                                 edgecolors=look.INK, linewidths=0.3, **options)
        for setter, axis, values in ((panel.set_xscale, panel.xaxis, x),
                                     (panel.set_yscale, panel.yaxis, y)):
            if spaced_in_log(values):
                setter("log")
                round_ticks(axis, values)
        panel.set_xlabel(axis_name(keys[0]))
        panel.set_ylabel(axis_name(keys[1]))
        bar = figure.colorbar(mesh, ax=panel, pad=0.02,
                              label=quantity(estimand.split("(")[0]) + own_target(estimand))
        bar.outline.set_linewidth(0.5)
    return figure


def edges(centres):
    """Edges of cells around their values, even in the logarithm where these are."""
    log = spaced_in_log(centres)
    c = np.log(centres) if log else np.asarray(centres, dtype=float)
    middle = 0.5 * (c[1:] + c[:-1])
    ends = np.concatenate(([2 * c[0] - middle[0]], middle, [2 * c[-1] - middle[-1]]))
    return np.exp(ends) if log else ends


def spaced_in_log(values):
    """Whether the middle one of some values lies nearer to the geometric middle of their range."""
    values = np.unique(np.asarray(values, dtype=float))
    low, high = values[0], values[-1]
    if not (low > 0 and high >= 3 * low):
        return False
    return float(np.median(values)) < math.sqrt(math.sqrt(low * high) * 0.5 * (low + high))


def round_ticks(axis, values):
    """Over less than two decades of a logarithmic axis: ticks at 1, 2, 5 with plain numbers."""
    low, high = float(np.min(values)), float(np.max(values))
    if high >= 100 * low:
        axis.set_minor_formatter(NullFormatter())
        return
    steps = (1, 2, 5) if high > 5 * low else (1, 1.5, 2, 3, 4, 5, 6, 8)
    ticks = [m * 10.0**k for k in range(-20, 20) for m in steps if 0.9 * low < m * 10.0**k < 1.1 * high]
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}"))
    axis.set_minor_locator(NullLocator())


def cycle(values):
    while True:
        yield from values


def theory(run):
    """{(estimand, prediction): {cell: value}} of what the claims stand against, in every cell."""
    asked = {(c["estimand"], c["against"]): None for c in run.report.get("claims") or []}
    found = {(e, name.replace("_", " ")): run.predictions(e, name) for e, name in asked}
    return {key: values for key, values in found.items() if values}


def theory_pens(lines, estimand):
    names = [name for e, name in lines if e == estimand]
    pens = (look.LEADING, look.CORRECTED, look.STEPPED) + look.GIVEN
    return [(n, look.EXACT if k == 0 else pens[(k - 1) % len(pens)]) for k, n in enumerate(names)]


def axis_name(key):
    word = key.rsplit(".", 1)[-1]
    return NAMES.get(word, word.replace("_", " "))


def quantity(words):
    head, _, rest = words.partition("(")
    head = head.replace("mean_first_passage", "mean first-passage time").replace("_", " ")
    return head if not rest else f"{head}\n({rest.replace('_', ' ')}"


def target_of(estimand):
    found = re.search(r"to = ([^,)]*)", estimand)
    return look.target_name(found.group(1)) if found else ""


def own_target(estimand):
    return f"\n({target_of(estimand)})" if target_of(estimand) else ""


def own_label(estimand, several, keys, second):
    parts = ["to the " + target_of(estimand)] if several and target_of(estimand) else []
    if second is not None:
        parts.append(f"{axis_name(keys[1])} = {second:.3g}")
    return ", ".join(parts)
