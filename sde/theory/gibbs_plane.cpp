// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/gibbs_plane.hpp"

#include <algorithm>
#include <cmath>

#include "sde/theory/quadrature.hpp"

namespace kramers::theory {
namespace {

constexpr double depth = 42.0;  // e^{-42}: below the rounding of the sums it is left out of
constexpr int panels_per_side = 40;
constexpr int samples = 256;  ///< of a square, from its centre to a side

/// A few samples tell already that the outer quarter of a square lies below the threshold. Where the
/// potential does not confine, this is asked of every square.
bool is_open(Potential const& potential, Eigen::Vector2d const& centre, double half,
             double threshold) {
    constexpr int n = samples / 8;
    Eigen::VectorXd x(2);
    for (int i = -n; i <= n; ++i)
        for (int j = -n; j <= n; ++j) {
            if (4 * std::max(std::abs(i), std::abs(j)) < 3 * n) continue;
            x << centre(0) + half * i / n, centre(1) + half * j / n;
            if (potential.value(x) < threshold) return true;
        }
    return false;
}

}  // namespace

double PlaneMeasure::weight(double x, double y) const {
    return std::exp((minimum_ - potential_->value(Eigen::Vector2d(x, y))) / temperature_);
}

std::optional<PlaneMeasure> PlaneMeasure::make(Potential const& potential, double temperature,
                                               std::string* reason) {
    PlaneMeasure m;
    m.potential_ = &potential;
    m.temperature_ = temperature;
    Eigen::Vector2d centre = Eigen::Vector2d::Zero();
    double half = 1e-2;
    m.minimum_ = INFINITY;
    for (CriticalPoint const& c : potential.critical_points()) {
        m.minimum_ = std::min(m.minimum_, c.value);
        if (c.morse_index == 0 && c.value <= m.minimum_) centre = c.point;
    }
    for (CriticalPoint const& c : potential.critical_points())
        half = std::max(half, 2.0 * (c.point - centre).cwiseAbs().maxCoeff());
    // Double the square until its outer quarter lies above the threshold, then shrink to the box of
    // what lies below, one sample wider.
    constexpr int n = samples;
    for (; half < 1e6; half *= 2.0) {
        if (std::isfinite(m.minimum_) &&
            is_open(potential, centre, half, m.minimum_ + depth * temperature))
            continue;
        double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
        for (int pass = 0; pass < 2; ++pass)
            for (int i = -n; i <= n; ++i)
                for (int j = -n; j <= n; ++j) {
                    double const x[2] = {centre(0) + half * i / n, centre(1) + half * j / n};
                    double const v = potential.value(Eigen::Vector2d(x[0], x[1]));
                    m.minimum_ = std::min(m.minimum_, v);
                    if (pass == 0 || !(v < m.minimum_ + depth * temperature)) continue;
                    for (int a = 0; a < 2; ++a) {
                        low[a] = std::min(low[a], x[a]);
                        high[a] = std::max(high[a], x[a]);
                    }
                }
        bool inside = true;
        for (int a = 0; a < 2; ++a)
            inside =
                inside && low[a] > centre(a) - 0.75 * half && high[a] < centre(a) + 0.75 * half;
        if (!inside) continue;
        for (int a = 0; a < 2; ++a) {
            m.lower_[a] = low[a] - half / n;
            m.upper_[a] = high[a] + half / n;
        }
        m.total_ = m.integrate([](double, double) { return 1.0; }, {m.lower_[0], m.lower_[1]},
                               {m.upper_[0], m.upper_[1]});
        return m;
    }
    if (reason) *reason = "the potential does not confine in the plane";
    return std::nullopt;
}

double PlaneMeasure::integrate(std::function<double(double, double)> const& f,
                               std::vector<double> lower, std::vector<double> upper) const {
    int panels[2];
    for (std::size_t a = 0; a < 2; ++a) {
        lower[a] = std::max(lower[a], lower_[a]);
        upper[a] = std::min(upper[a], upper_[a]);
        if (!(upper[a] > lower[a])) return 0.0;
        double const share = (upper[a] - lower[a]) / (upper_[a] - lower_[a]);
        panels[a] = std::max(1, static_cast<int>(std::ceil(panels_per_side * share)));
    }
    PanelGrid const columns({lower[0], upper[0]}, panels[0]);
    PanelGrid const rows({lower[1], upper[1]}, panels[1]);
    double sum = 0.0;
    for (std::size_t i = 0; i < columns.nodes().size(); ++i)
        for (std::size_t j = 0; j < rows.nodes().size(); ++j) {
            double const x = columns.nodes()[i], y = rows.nodes()[j];
            sum += columns.weights()[i] * rows.weights()[j] * weight(x, y) * f(x, y);
        }
    return sum;
}

}  // namespace kramers::theory
