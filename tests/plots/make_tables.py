# SPDX-License-Identifier: Apache-2.0
"""Writes tables/: small run folders with the columns of a real run, for drawing only.

Expected values come from exact formulas (quadrature of the quartic double well, Gibbs weights,
the stationary variance of SGD on a quadratic) and the noise from a fixed seed. Nothing here was
simulated. Run it again only when the columns of a table change.
"""

import csv
import json
import math
import random
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent / "tables"
BARRIER = 0.25  # V = (x^2 - 1)^2 / 4: curvature 2 at the minima, -1 at the saddle
BETA = 0.5825971579  # -zeta(1/2) / sqrt(2 pi)


def write(figure, name, header, rows):
    folder = HERE / figure
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[f"{v:.12g}" if isinstance(v, float) else v for v in row]
                          for row in rows])


def report(figure, **more):
    (HERE / figure).mkdir(parents=True, exist_ok=True)
    text = {"format": 1, "spec": {"name": figure, "kind": "synthetic", "title": figure,
                                  "figure": figure}, "quick": True, **more}
    (HERE / figure / "report.json").write_text(json.dumps(text, indent=2) + "\n")


def trapezoid(y, x):
    """Running integral."""
    return np.concatenate(([0.0], np.cumsum(0.5 * (y[1:] + y[:-1]) * np.diff(x))))


def exact_time(temperature, target):
    """(1/T) int_{-1}^c e^{V/T} int_{-inf}^y e^{-V/T}, from the left minimum."""
    x = np.linspace(-4.0, target, 100001)
    v = (x * x - 1) ** 2 / 4
    inner = trapezoid(np.exp(-v / temperature), x)
    outer = np.where(x >= -1, np.exp(np.minimum(v, BARRIER) / temperature) * inner, 0.0)
    return float(trapezoid(outer, x)[-1] / temperature)


PASSAGE = ["cell", "target", "crossing", "level", "dt", "temperature", "barrier",
           "barrier_over_temperature", "value", "standard_error", "lower", "upper",
           "trajectories", "arrived", "censored", "diverged", "rate", "rate_lower", "rate_upper",
           "shape", "shape_lower", "shape_upper", "exponential_p"]
PREDICTIONS = ["cell", "estimand", "name", "kind", "value", "error", "error_order", "in_domain",
               "sources"]
CURVES = ["name", "target", "x", "value"]


def passage_row(cell, target, crossing, level, dt, temperature, value, error):
    n = 20000
    return [cell, target, crossing, level, dt, temperature, BARRIER, BARRIER / temperature, value,
            error, value - 1.998 * error, value + 1.998 * error, n, n, 0, 0, 1 / value,
            1 / (value + 2 * error), 1 / (value - 2 * error), 1.0, 0.98, 1.02, 0.5]


def prediction_row(cell, estimand, name, kind, value):
    return [cell, estimand, name, kind, value, 0.0, "", "true", "berglund2013"]


def kramers_time(share, ratio):
    return share * 2 * math.pi / math.sqrt(2) * math.exp(ratio)


def arrhenius(noise):
    passage, predictions, curves = [], [], []
    for cell, ratio in enumerate((2, 3, 4, 5, 6, 8)):
        t = BARRIER / ratio
        for target, place, share in (("other", 1.0, 1.0), ("saddle", 0.0, 0.5)):
            exact = exact_time(t, place)
            error = exact * 0.008
            passage.append(passage_row(cell, target, "bridge", 0, 0.04, t,
                                       exact * 0.985 + noise.gauss(0, error), error))
            kramers = kramers_time(share, ratio)
            estimand = f"mean_first_passage(to = {target})"
            for name, kind, value in (("quadrature", "quadrature", exact),
                                      ("kramers", "asymptotic", kramers),
                                      ("kramers_corrected", "asymptotic",
                                       kramers * (1 + 1.5 * t)),
                                      ("discrete_chain", "quadrature", exact * 0.985)):
                predictions.append(prediction_row(cell, estimand, name, kind, value))
    for target, place, share in (("other", 1.0, 1.0), ("saddle", 0.0, 0.5)):
        ratios = np.linspace(2, 8, 25).tolist()
        kramers = [kramers_time(share, ratio) for ratio in ratios]
        for name, values in (("quadrature", [exact_time(BARRIER / r, place) for r in ratios]),
                             ("kramers", kramers),
                             ("kramers_corrected", [k * (1 + 1.5 * BARRIER / r)
                                                    for k, r in zip(kramers, ratios)])):
            curves += [[name, target, r, v] for r, v in zip(ratios, values)]
    write("arrhenius", "passage", PASSAGE, passage)
    write("arrhenius", "curves", CURVES, curves)
    write("arrhenius", "predictions", PREDICTIONS, predictions)


SWEEP = ["estimand", "target", "level", "value", "standard_error", "lower", "upper",
         "relative_half_width", "trajectories", "arrived", "censored", "diverged", "verdicts",
         "passed"]


def sweep(noise):
    rows, predictions = [], []
    for cell, ratio in enumerate((2, 3, 4, 5, 6, 8)):
        t = BARRIER / ratio
        for target, place in (("other", 1.0), ("saddle", 0.0)):
            estimand, exact = f"mean_first_passage(to = {target})", exact_time(t, place)
            for level, share in ((0, 0.99), (1, 0.98), ("extrapolated", 1.0)):
                error = 0.02 * exact
                value = share * exact + noise.gauss(0, error)
                rows.append([cell, t, estimand, target, level, value, error, value - 2 * error,
                             value + 2 * error, 0.04, 2000, 2000, 0, 0,
                             "synthetic.exact: agree" if level == "extrapolated" else "", "true"])
            predictions.append(prediction_row(cell, estimand, "quadrature", "quadrature", exact))
    write("sweep", "sweep", ["cell", "dynamics.temperature"] + SWEEP, rows)
    write("sweep", "predictions", PREDICTIONS, predictions)
    report("sweep", claims=[{"estimand": f"mean_first_passage(to = {target})",
                             "against": "quadrature"} for target in ("other", "saddle")])


def paths(noise):
    """Overdamped paths in V = (x^2 - 1)^2 / 4, by its Euler chain."""
    rows, dt, t = [], 0.05, 0.1
    for trajectory in range(3):
        x = -1.0
        for step in range(2000):
            if step % 10 == 0:
                rows.append([0, trajectory, step, step * dt, x])
            x += -x * (x * x - 1) * dt + math.sqrt(2 * t * dt) * noise.gauss(0, 1)
    write("paths", "paths", ["cell", "trajectory", "step", "time", "x0"], rows)
    write("paths", "landscape", ["cell", "x0", "value"],
          [[0, x, (x * x - 1) ** 2 / 4] for x in np.linspace(-1.8, 1.8, 121).tolist()])


def density(noise):
    t, tilt, bins, n, dt = 0.1, 0.05, 60, 100000, 0.02
    edges = np.linspace(-2.0, 2.0, bins + 1)
    fine = np.linspace(-4, 4, 80001)
    weight = np.exp(-((fine**2 - 1) ** 2 / 4 + tilt * fine) / t)
    force, curvature = fine**3 - fine + tilt, 3 * fine**2 - 1
    stepped = weight * (1 + dt * (force**2 / (4 * t) - curvature / 2))  # Talay & Tubaro, 1990
    cumulative, stepped = trapezoid(weight, fine), trapezoid(stepped, fine)
    cumulative, stepped = cumulative / cumulative[-1], stepped / stepped[-1]
    rows = []
    for low, high in zip(edges[:-1], edges[1:]):
        p, q = (float(np.interp(high, fine, c) - np.interp(low, fine, c))
                for c in (cumulative, stepped))
        width, se = high - low, math.sqrt(p * (1 - p) / n)
        value = max(0.0, q + noise.gauss(0, se))
        rows.append([0, 0, float(low), float(high), value / width, se / width,
                     max(0.0, value - 3.3 * se) / width, (value + 3.3 * se) / width, p / width,
                     q / width])
    write("density", "density", ["cell", "axis", "lower", "upper", "density", "standard_error",
                                 "band_lower", "band_upper", "prediction", "gibbs_euler"], rows)


def heatmap(noise):
    t, bins, n = 0.5, 18, 400000
    edges = np.linspace(-1.8, 1.8, bins + 1)
    middle = 0.5 * (edges[1:] + edges[:-1])
    width = float(edges[1] - edges[0])
    axis = np.exp(-(middle**2 / 2 + 0.5 * (1 - np.cos(2 * np.pi * middle))) / t)
    mass = axis / axis.sum()
    rows = []
    for a in range(bins):
        for b in range(bins):
            p = float(mass[a] * mass[b])
            se = math.sqrt(p / n)
            rows.append([0, 0, 1, float(edges[a]), float(edges[a + 1]), float(edges[b]),
                         float(edges[b + 1]), max(0.0, p + noise.gauss(0, se)) / width**2,
                         se / width**2, p / width**2])
    write("heatmap", "density2d", ["cell", "axis_x", "axis_y", "x_lower", "x_upper", "y_lower",
                                   "y_upper", "density", "standard_error", "prediction"], rows)

    def share(centre):
        return float(mass[np.abs(middle - centre) < 0.5].sum())

    regions = []
    for name, x, y in (("centre", 0, 0), ("east", 1, 0), ("north", 0, 1), ("west", -1, 0),
                       ("south", 0, -1), ("north_east", 1, 1)):
        p = share(x) * share(y)
        se = math.sqrt(p * (1 - p) / 20000)
        value = p + noise.gauss(0, se)
        regions.append([0, name, value, se, value - 1.998 * se, value + 1.998 * se, p])
    write("heatmap", "regions", ["cell", "region", "value", "standard_error", "lower", "upper",
                                 "prediction"], regions)


def covariance(noise):
    curvatures, c = (1.0, 50.0), 0.5
    rows = []
    for cell, x in enumerate((0.02, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 1.9)):
        eta = x / curvatures[1]
        for i, h in enumerate(curvatures):
            exact = eta * c / (h * (2 - eta * h))
            se = exact * 0.012
            value = exact + noise.gauss(0, se)
            rows.append([cell, i, i, eta, eta * h, value, se, value - 1.998 * se,
                         value + 1.998 * se, exact, eta * c / (2 * h)])
    curves = []
    for i, h in enumerate(curvatures):
        for name in ("sgd_discrete", "ou_limit"):
            for eta in (np.linspace(0.02, 1.9, 48) / curvatures[1]).tolist():
                value = eta * c / (h * (2 - eta * h)) if name == "sgd_discrete" else \
                    eta * c / (2 * h)
                curves.append([name, i, eta * h, value])
    write("covariance", "curves", CURVES, curves)
    write("covariance", "covariance",
          ["cell", "i", "j", "learning_rate", "learning_rate_times_curvature", "value",
           "standard_error", "lower", "upper", "sgd_discrete", "ou_limit"], rows)


def dt_ladder(noise):
    t = BARRIER / 4
    slope = BETA * math.sqrt(4 / math.pi)  # |V''(saddle)| = 1
    passage, predictions = [], []
    for cell, crossing in enumerate(("endpoint", "bridge")):
        for target, place in (("saddle", 0.0), ("other", 1.0)):
            exact = exact_time(t, place)
            error = exact * 0.004
            root = slope if target == "saddle" and crossing == "endpoint" else 0.0
            linear = 0.25 if target == "saddle" else 0.1
            for level, dt in enumerate((0.005, 0.01, 0.02, 0.04, 0.08)):
                mean = exact * (1 + root * math.sqrt(dt) + linear * dt)
                passage.append(passage_row(cell, target, crossing, level, dt, t,
                                           mean + noise.gauss(0, error), error))
            passage.append(passage_row(cell, target, crossing, "extrapolated", 0.0, t,
                                       exact + noise.gauss(0, 2 * error), 2 * error))
            predictions.append(prediction_row(cell, f"mean_first_passage(to = {target})",
                                              "quadrature", "quadrature", exact))
        predictions.append(prediction_row(
            cell, f"passage_bias(to = saddle, crossing = {crossing})", "grid_detection",
            "asymptotic", slope if crossing == "endpoint" else 0.0))
    write("dt_ladder", "passage", PASSAGE, passage)
    write("dt_ladder", "predictions", PREDICTIONS, predictions)


def weak_order(noise):
    rows = []
    for cell, eta in enumerate((0.1, 0.05, 0.025, 0.0125)):
        for model, order in (("modified_1", 1), ("modified_2", 2)):
            for observable, c in (("x", -0.2), ("x^2", 0.5), ("cos(x)", -0.3), ("sin(2 x)", -0.4)):
                error = 0.003 * eta**1.5
                value = c * eta**order * (1 + eta) + noise.gauss(0, error)
                rows.append([cell, eta, eta, model, observable, value, error, value - 2 * error,
                             value + 2 * error, 0.5])
    write("weak_order", "weak_error", ["cell", "learning_rate", "step", "model", "observable",
                                       "value", "standard_error", "lower", "upper", "mean"], rows)
    report("weak_order", claims=[{"estimand": f"weak_error(of = modified_{p})", "prediction": p,
                                  "verdict": "agree"} for p in (1, 2)])


def race(noise):
    """Success that rises and falls with the intensity, the same at every learning rate but one."""
    intensities, rates = [2.0**k for k in range(-2, 5)], (0.02, 0.05, 0.1)
    cells, best = [], []
    for entrant, height, decays in (("none", 0.0, (math.nan,)), ("isotropic", 0.7, (0.0,)),
                                    ("annealed", 0.95, (0.275, 0.55)), ("label", 0.8, (0.0,)),
                                    ("stable", 0.5, (0.0,)), ("adam_isotropic", 0.6, (0.0,)),
                                    ("adam_label", 0.4, (0.0,)), ("adam_stable", 0.3, (0.0,))):
        first = len(cells)
        for decay in decays:
            for intensity in intensities if height else [math.nan]:
                for rate in rates:
                    x = math.log(intensity * rate / 0.2) if height else 0.0
                    p = height * math.exp(-0.25 * x * x) * (0.8 if decay == 0.275 else 1.0)
                    p = min(1.0, max(0.0, p + (noise.gauss(0, 0.01) if p else 0.0)))
                    cells.append([len(cells), entrant, blank(intensity), blank(decay), rate, p])
        winner = max(cells[first:], key=lambda row: row[5])
        for row in cells[first:]:
            hot = row[2] != "" and row[2] * row[4] > 1.0
            row += ["true" if row is winner else "false",
                    "true" if row[5] > winner[5] - 0.03 else "false",
                    min(1.0, row[5] + 0.2) if row[5] else 0.0, 100, 60 if hot else 0,
                    row[5] if entrant == "isotropic" else ""]
        p, time = winner[5] * 0.985, 2000 - 1500 * winner[5]
        best.append([winner[0], entrant, winner[2], winner[3], winner[4], 2000, winner[5], p,
                     max(0.0, p - 0.02), p + 0.02, time, time - 60, time + 60]
                    + losses(entrant, p))
    columns = ["cell", "entrant", "intensity", "decay", "learning_rate", "success", "best",
               "not_worse", "arrival", "trajectories", "diverged", "predicted_success"]
    for name in ("race", "race_phases", "race_details"):
        write(name, "race", columns, cells)
        write(name, "best", ["cell", "entrant", "intensity", "decay", "learning_rate",
                             "evaluations", "naive", "success", "success_lower", "success_upper",
                             "mean_time", "mean_time_lower", "mean_time_upper", *(
                                 f"{name}{end}" for name in ("loss", "quenched_loss", "curvature")
                                 for end in ("", "_lower", "_upper"))], best)
    report("race_phases")
    report("race_details")


def losses(entrant, success):
    """Loss of the last state (far off for jumps), of the minimum below it, its curvature."""
    quenched = 0.05 - 0.1 * success
    rows = ((40.0 if entrant == "stable" else quenched + 0.02, 0.003), (quenched, 0.001),
            (1.85 + 0.3 * success, 0.01))
    return [value for centre, half in rows for value in (centre, centre - half, centre + half)]


def blank(value):
    """NaN as the empty field."""
    return "" if math.isnan(value) else value


if __name__ == "__main__":
    for number, make in enumerate((arrhenius, density, heatmap, covariance, dt_ladder, weak_order,
                                   race, sweep, paths)):
        report(make.__name__)
        make(random.Random(number))
