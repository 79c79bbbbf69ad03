// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/discrete_passage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sde/conventions.hpp"
#include "sde/linear_algebra.hpp"
#include "sde/theory/quadrature.hpp"

namespace kramers::theory {
namespace {

constexpr std::size_t most_nodes = 3000;

/// dt·E[N] with panels of at most `width_per_panel` noise widths; NaN beyond most_nodes.
double solve(Passage const& p, Confinement const& range, double dt, Detection detection,
             double width_per_panel) {
    double const variance = 2.0 * p.temperature * dt;
    double const norm = 1.0 / std::sqrt(2.0 * 3.14159265358979323846 * variance);
    double const length = range.upper - range.lower;
    double const count = std::ceil(length / (width_per_panel * std::sqrt(variance)));
    if (count * PanelGrid::order > static_cast<double>(most_nodes)) return NAN;
    PanelGrid const grid({range.lower, range.upper}, std::max(4, static_cast<int>(count)));
    std::vector<double> const& y = grid.nodes();
    auto const n = static_cast<Eigen::Index>(y.size());

    auto const row = [&](double x) {
        double const centre = x - p.profile.slope(x) * dt;
        Eigen::VectorXd k(n);
        for (Eigen::Index j = 0; j < n; ++j) {
            auto const s = static_cast<std::size_t>(j);
            double const z = y[s] - centre;
            double weight = grid.weights()[s] * norm * std::exp(-0.5 * z * z / variance);
            if (detection == Detection::bridge) {
                if (p.lower)
                    weight *= -std::expm1(-2.0 * (x - *p.lower) * (y[s] - *p.lower) / variance);
                if (p.upper)
                    weight *= -std::expm1(-2.0 * (*p.upper - x) * (*p.upper - y[s]) / variance);
            }
            k(j) = weight;
        }
        return k;
    };
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n);
    for (Eigen::Index i = 0; i < n; ++i) system.row(i) -= row(y[static_cast<std::size_t>(i)]);
    Eigen::VectorXd const u = linear::solve(system, Eigen::VectorXd::Ones(n));
    return dt * (1.0 + row(p.start).dot(u));
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
    double const coarse = solve(p, *range, dt, detection, 4.0);
    double const fine = solve(p, *range, dt, detection, 3.0);
    result.value = std::isnan(fine) ? coarse : fine;
    if (std::isnan(coarse)) {
        result.reason =
            "the interval is too many noise widths long for a dense solve; a larger dt "
            "or a smaller interval is needed";
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
