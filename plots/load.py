# SPDX-License-Identifier: Apache-2.0
"""A run folder as tables: numpy arrays by column name, and report.json."""

import csv
import json
import math
from pathlib import Path

import numpy as np

# Columns that stay text even where every entry looks like a number.
TEXT = {"target", "crossing", "level", "region", "estimand", "name", "kind", "error_order",
        "in_domain", "sources", "id", "sentence", "against", "source", "verdict", "expect",
        "passed", "model", "observable", "entrant", "best", "not_worse"}

# Columns that are whole numbers, or true and false, in a DataFrame.
WHOLE = {"cell", "trajectory", "trajectories", "arrived", "censored", "diverged", "lost", "unsettled",
         "evaluations", "searched", "not_worse_cells", "seed", "axis", "axis_x", "axis_y", "i", "j"}
TRUTH = {"in_domain", "passed", "best", "not_worse"}


class RunError(Exception):
    """The folder is not a run, or lacks what a figure needs. Message: problem, why, what to do."""


class Table:
    """Columns of equal length. An empty field is nan in a number column, "" in a text column."""

    def __init__(self, name, columns):
        self.name = name
        self.columns = columns

    def __getitem__(self, column):
        if column not in self.columns:
            raise RunError(f'{self.name}.csv has no column "{column}" '
                           f'(have: {", ".join(self.columns)})')
        return self.columns[column]

    def __contains__(self, column):
        return column in self.columns

    def __len__(self):
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def where(self, **equal):
        """The rows in which every named column has the given value."""
        keep = np.ones(len(self), dtype=bool)
        for column, value in equal.items():
            keep &= self[column] == value
        return self.take(keep)

    def take(self, rows):
        """The rows of a mask or of an index array."""
        return Table(self.name, {name: data[rows] for name, data in self.columns.items()})

    def sorted_by(self, column):
        return self.take(np.argsort(self[column], kind="stable"))

    def bars(self):
        """Lengths of the error bars below and above `value`, from `lower` and `upper`."""
        below, above = self["value"] - self["lower"], self["upper"] - self["value"]
        if (below < 0).any() or (above < 0).any():
            raise RunError(f"{self.name}.csv: an interval [lower, upper] does not contain its "
                           "value; the table is damaged, run the experiment again")
        return below, above

    def unique(self, column):
        """Distinct values in order of first appearance."""
        return list(dict.fromkeys(self[column].tolist()))


class Run:
    """A run folder. Tables are read when asked for."""

    def __init__(self, folder):
        self.folder = Path(folder)
        path = self.folder / "report.json"
        if not self.folder.is_dir():
            raise RunError(f"{folder}: no such folder; give the folder that `kramers run` wrote")
        if not path.is_file():
            raise RunError(f"{folder}: not a run folder (it has no report.json); give the folder "
                           "that `kramers run` wrote")
        try:
            self.report = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise RunError(f"{path}: not valid JSON ({error}); run the experiment again") from None

    @property
    def figure(self):
        """Name of the recipe the specification asks for; None if it asks for none."""
        spec = self.report.get("spec") if isinstance(self.report, dict) else None
        return (spec or {}).get("figure") or None

    def has(self, name):
        return (self.folder / f"{name}.csv").is_file()

    def table(self, name, columns=()):
        """Table `name`.csv, which must have the columns given and at least one row."""
        header, body = self.rows(name, columns)
        if not body:
            raise RunError(f"{self.folder / name}.csv: no rows; the run produced nothing to draw")
        return Table(name, {c: _typed(c, [row[i] for row in body]) for i, c in enumerate(header)})

    def rows(self, name, columns=()):
        """Header and rows of `name`.csv as text; it may have no rows."""
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            have = ", ".join(sorted(p.stem for p in self.folder.glob("*.csv"))) or "none"
            raise RunError(f"{path}: missing, but this figure is drawn from it (tables here: "
                           f"{have}); choose another figure or run the experiment again")
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        header, body = (rows[0] if rows else []), rows[1:]
        missing = [c for c in columns if c not in header]
        if missing:
            raise RunError(f"{path}: no column {', '.join(missing)} (have: {', '.join(header)}); "
                           "this figure needs it")
        for number, row in enumerate(body, start=2):
            if len(row) != len(header):
                raise RunError(f"{path}:{number}: {len(row)} fields where the header has "
                               f"{len(header)}; the table is damaged, run the experiment again")
        return header, body

    def predictions(self, estimand, name):
        """Prediction `name` of an estimand, as {cell: value}; empty if there is none."""
        if not self.has("predictions"):
            return {}
        found = self.table("predictions", ("cell", "estimand", "name", "value"))
        found = found.where(estimand=estimand, name=name)
        return {c: v for c, v in zip(found["cell"], found["value"]) if math.isfinite(v)}

    def given(self, estimand):
        """Names of the predictions of an estimand that the spec itself gave."""
        if not self.has("predictions"):
            return []
        found = self.table("predictions", ("estimand", "name")).where(estimand=estimand)
        if "kind" not in found:
            return []
        return list(dict.fromkeys(name for name, kind in zip(found["name"], found["kind"])
                                  if kind in ("formula", "number", "table")))

    def curve(self, name, target):
        """A theory line of the optional curves.csv as (x, value), or None."""
        if not self.has("curves"):
            return None
        found = self.table("curves", ("name", "target", "x", "value"))
        found = found.where(name=name, target=target).sorted_by("x")
        return (found["x"], found["value"]) if len(found) else None


def _typed(column, fields):
    if column not in TEXT:
        try:
            return np.array([float(f) if f else math.nan for f in fields])
        except ValueError:
            pass
    return np.array(fields, dtype=object)


def _column(name, fields):
    """The same for a DataFrame, where a column has its type even if the table has no rows."""
    import pandas

    if name in TRUTH:
        known = [{"true": True, "false": False}.get(f, pandas.NA) for f in fields]
        return pandas.array(known, dtype="boolean" if any(k is pandas.NA for k in known) else "bool")
    if name in WHOLE and "" not in fields:
        try:
            known = [int(f) for f in fields]
            return np.array(known, dtype=np.uint64 if name == "seed" else np.int64)
        except (ValueError, OverflowError):
            pass
    return _typed(name, fields) if fields or name in TEXT else np.array([], dtype=float)


class Frames(dict):
    """Tables by name, as keys and as attributes: t["passage"] is t.passage."""

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(f"no table {name} (have: {', '.join(sorted(self))})")


def frames(folder):
    """Every table of a run or a sweep as a pandas DataFrame; needs pandas.

        from load import frames
        t = frames("runs/arrhenius")
        t.passage.plot("barrier_over_temperature", "value", logy=True)

    Tables with a column `cell` also carry the parameters of that cell (the columns of cells.csv
    that they lack), so that no join is needed. Columns are numbers, with nan for an empty field,
    whole numbers (`cell`, counts), true or false (`passed`, `best`, …) or text. A table may be
    empty: of a race without predictions, or of a run that was interrupted. `t.cells` is the sweep,
    `t.claims` the verdicts.
    """
    import pandas

    run = Run(folder)
    tables = Frames()
    for path in sorted(run.folder.glob("*.csv")):
        header, body = run.rows(path.stem)
        tables[path.stem] = pandas.DataFrame(
            {c: _column(c, [row[i] for row in body]) for i, c in enumerate(header)})
    cells = tables.get("cells")
    for name, frame in tables.items():
        if cells is None or name == "cells" or "cell" not in frame:
            continue
        new = ["cell"] + [c for c in cells.columns if c not in frame]
        merged = frame.merge(cells[new], on="cell", how="left", validate="many_to_one")
        tables[name] = merged[[*frame.columns, *new[1:]]]  # of an empty one the order is another
    return tables
