// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/discrete_passage.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "sde/conventions.hpp"
#include "sde/theory/quadrature.hpp"

namespace kramers::theory {
namespace {

constexpr double reach = 9.0;  ///< noise widths; the normal density holds 2e-19 beyond
constexpr double most_entries = 2e7, most_operations = 4e9;

/// I − K in the rows' own ranges of columns. K ≥ 0 with row sums ≤ 1, so that elimination without
/// pivoting is stable and fills nothing outside the ranges.
struct RangeMatrix {
    struct Row {
        std::size_t first, end, offset;
        double* at(std::vector<double>& all) const { return all.data() + offset - first; }
    };
    std::vector<Row> rows;
    std::vector<double> entries;

    /// Room for columns first[i] … end[i] of every row and what elimination adds; false: too many.
    bool reserve(std::vector<std::pair<std::size_t, std::size_t>> const& columns) {
        double count = 0.0, operations = 0.0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            std::size_t const first = std::min(columns[i].first, i);
            std::size_t end = std::max(columns[i].second, i + 1);
            for (std::size_t k = first; k < i; ++k) {
                end = std::max(end, rows[k].end);
                operations += static_cast<double>(rows[k].end - k);
            }
            rows.push_back({first, end, static_cast<std::size_t>(count)});
            count += static_cast<double>(end - first);
            if (count > most_entries || operations > most_operations) return false;
        }
        entries.assign(static_cast<std::size_t>(count), 0.0);
        return true;
    }
    /// x of (this) x = b; the entries are used up.
    std::vector<double> solve(std::vector<double> b) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            double* const own = rows[i].at(entries);
            for (std::size_t k = rows[i].first; k < i; ++k) {
                if (own[k] == 0.0) continue;
                double const* const upper = rows[k].at(entries);
                double const factor = own[k] / upper[k];
                for (std::size_t j = k + 1; j < rows[k].end; ++j) own[j] -= factor * upper[j];
                b[i] -= factor * b[k];
            }
        }
        for (std::size_t i = rows.size(); i-- > 0;) {
            double const* const own = rows[i].at(entries);
            for (std::size_t j = i + 1; j < rows[i].end; ++j) b[i] -= own[j] * b[j];
            b[i] /= own[i];
        }
        return b;
    }
};

/// dt·E[N] with panels of at most `width_per_panel` noise widths; NaN if that is too much work.
double solve(Passage const& p, Confinement const& range, double dt, Detection detection,
             double width_per_panel) {
    double const variance = 2.0 * p.temperature * dt, width = std::sqrt(variance);
    double const norm = 1.0 / std::sqrt(2.0 * 3.14159265358979323846 * variance);
    double const count = std::ceil((range.upper - range.lower) / (width_per_panel * width));
    double const nodes = count * PanelGrid::order;
    if (nodes * std::min(nodes, reach / width_per_panel * PanelGrid::order) > most_entries)
        return NAN;  // rows are at least half as long as their reach: no need to look closer
    PanelGrid const grid({range.lower, range.upper}, std::max(4, static_cast<int>(count)));
    std::vector<double> const& y = grid.nodes();

    auto const centre_of = [&](double x) { return x - p.profile.slope(x) * dt; };
    auto const columns_around = [&](double centre) {
        auto const low = std::lower_bound(y.begin(), y.end(), centre - reach * width);
        auto const high = std::upper_bound(low, y.end(), centre + reach * width);
        return std::pair{static_cast<std::size_t>(low - y.begin()),
                         static_cast<std::size_t>(high - y.begin())};
    };
    auto const seen_short_of = [&](double gap_x, double gap_y) {
        double const exponent = 2.0 * gap_x * gap_y / variance;
        return exponent > 45.0 ? 1.0 : -std::expm1(-exponent);  // e^−45 is below rounding
    };
    auto const weight = [&](double x, double centre, std::size_t j) {
        double const z = y[j] - centre;
        double w = grid.weights()[j] * norm * std::exp(-0.5 * z * z / variance);
        if (detection == Detection::bridge) {
            if (p.lower) w *= seen_short_of(x - *p.lower, y[j] - *p.lower);
            if (p.upper) w *= seen_short_of(*p.upper - x, *p.upper - y[j]);
        }
        return w;
    };
    std::vector<double> const centres = grid.sample(centre_of);
    std::vector<std::pair<std::size_t, std::size_t>> columns;
    for (double const centre : centres) columns.push_back(columns_around(centre));
    RangeMatrix system;
    if (!system.reserve(columns)) return NAN;
    for (std::size_t i = 0; i < y.size(); ++i) {
        double* const row = system.rows[i].at(system.entries);
        for (std::size_t j = columns[i].first; j < columns[i].second; ++j)
            row[j] = -weight(y[i], centres[i], j);
        row[i] += 1.0;
    }
    std::vector<double> const u = system.solve(std::vector<double>(y.size(), 1.0));
    double const centre = centre_of(p.start);
    double next = 0.0;
    auto const [first, end] = columns_around(centre);
    for (std::size_t j = first; j < end; ++j) next += weight(p.start, centre, j) * u[j];
    return dt * (1.0 + next);
}

}  // namespace

Quadrature discrete_passage(Passage const& p, double dt, Detection detection) {
    Quadrature result;
    if (!p.lower && !p.upper) {
        result.reason = "no absorbing end";
        return result;
    }
    auto const range = confine(p.profile, p.temperature, p.start, p.lower, p.upper, &result.reason);
    if (!range) return result;
    double const coarse = solve(p, *range, dt, detection, 6.0);
    double const fine = solve(p, *range, dt, detection, 4.0);
    result.value = std::isnan(fine) ? coarse : fine;
    if (std::isnan(coarse)) {
        result.reason =
            "the interval is too many noise widths long; a larger dt or a smaller interval is "
            "needed";
        return result;
    }
    result.log_value = std::log(result.value);
    result.error =
        1e-15 * result.value / dt + (std::isnan(fine) ? 1e-6 : std::abs(coarse / fine - 1.0));
    return result;
}

Quadrature grid_detection(Passage const& passage) {
    Quadrature result = boundary_response(passage);
    result.value *= grid_detection_shift * std::sqrt(2.0 * passage.temperature);
    result.log_value = std::log(result.value);
    return result;
}

double grid_detection_at_saddle(double saddle_curvature) {
    return grid_detection_shift *
           std::sqrt(4.0 * std::abs(saddle_curvature) / 3.14159265358979323846);
}

}  // namespace kramers::theory
