// SPDX-License-Identifier: Apache-2.0
#include "landscapes/gibbs_table.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "sde/contracts.hpp"

namespace kramers {
namespace {

using Gauss = boost::math::quadrature::gauss<double, 15>;

struct Panel {
    double lower;
    double upper;
    double mass;
    double cumulative;  // mass of this panel and all before it
};

/// exp(−(V_i − lowest)/T): the weight of one coordinate, scaled to stay within the numbers.
struct Weight {
    Potential const& potential;
    int coordinate;
    double temperature;
    double lowest = 0.0;

    double energy(double x) const {
        return (potential.coordinate_value(coordinate, x) - lowest) / temperature;
    }
    double operator()(double x) const { return std::exp(-energy(x)); }
};

constexpr double far = 45.0;  // energies above the lowest one, in T, beyond which no mass is left

/// Coordinates of the named critical points strictly between the bounds, ascending.
std::vector<double> landmarks(Weight const& w, double lower, double upper) {
    std::vector<double> marks;
    for (CriticalPoint const& c : w.potential.critical_points()) {
        double const x = c.point[w.coordinate];
        if (lower < x && x < upper) marks.push_back(x);
    }
    std::sort(marks.begin(), marks.end());
    return marks;
}

/// A finite stand-in for an infinite end: from there on, at twice the distance and beyond, V is high.
double finite_end(Weight const& w, double inside, double sign) {
    constexpr int samples = 64;
    double distance = 1.0;
    for (int doubling = 0; doubling < 60; ++doubling, distance *= 2.0) {
        bool high = true;
        for (int k = 0; k <= samples && high; ++k)
            high = w.energy(inside + sign * distance * (1.0 + double(k) / samples)) > far;
        if (high) break;
    }
    return inside + sign * distance;
}

/// Splits until V changes by less than 2T across a panel, or the panel has no mass to resolve.
void add_panels(Weight const& w, double lower, double upper, int depth,
                std::vector<Panel>& panels) {
    double const middle = 0.5 * (lower + upper);
    double const a = w.energy(lower), m = w.energy(middle), b = w.energy(upper);
    double const change = std::max({a, m, b}) - std::min({a, m, b});
    if (change > 2.0 && std::min({a, m, b}) < far && depth > 0) {
        add_panels(w, lower, middle, depth - 1, panels);
        add_panels(w, middle, upper, depth - 1, panels);
        return;
    }
    double const mass = Gauss::integrate(w, lower, upper);
    double const before = panels.empty() ? 0.0 : panels.back().cumulative;
    panels.push_back({lower, upper, mass, before + mass});
}

std::vector<Panel> make_panels(Weight const& w, double lower, double upper) {
    std::vector<double> edges{lower};
    for (double const mark : landmarks(w, lower, upper)) edges.push_back(mark);
    edges.push_back(upper);
    constexpr int pieces = 64;  // of every stretch between landmarks
    std::vector<Panel> panels;
    for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
        double const width = (edges[e + 1] - edges[e]) / pieces;
        for (int p = 0; p < pieces; ++p)
            add_panels(w, edges[e] + p * width,
                       p + 1 == pieces ? edges[e + 1] : edges[e] + (p + 1) * width, 24, panels);
    }
    return panels;
}

/// x in the panel with ∫_{panel.lower}^x w = mass: Newton's method kept inside a shrinking bracket.
double invert(Weight const& w, Panel const& panel, double mass) {
    double low = panel.lower, high = panel.upper;
    double x = low + (high - low) * mass / panel.mass;
    for (int k = 0; k < 60; ++k) {
        double const excess = Gauss::integrate(w, panel.lower, x) - mass;
        (excess > 0.0 ? high : low) = x;
        double next = x - excess / w(x);
        if (!(low < next && next < high)) next = 0.5 * (low + high);
        bool const settled =
            std::abs(next - x) <= 1e-15 * (std::abs(x) + panel.upper - panel.lower);
        x = next;
        if (settled) break;
    }
    return x;
}

/// Mean of x over [from, to] under the weight; the interval is a union of (parts of) panels.
double mean_between(Weight const& w, std::vector<Panel> const& panels, double from, double to) {
    double mass = 0.0, moment = 0.0;
    for (Panel const& p : panels) {
        double const a = std::max(p.lower, from), b = std::min(p.upper, to);
        if (a >= b) continue;
        mass += Gauss::integrate(w, a, b);
        moment += Gauss::integrate([&](double x) { return x * w(x); }, a, b);
    }
    return moment / mass;
}

}  // namespace

std::vector<double> gibbs_quantiles(Potential const& potential, int coordinate, double temperature,
                                    double lower, double upper, int entries) {
    KRAMERS_EXPECTS(potential.separable() && temperature > 0.0 && lower < upper && entries >= 3);
    Weight w{potential, coordinate, temperature};
    std::vector<double> const marks = landmarks(w, lower, upper);
    double const left = !marks.empty() ? marks.front() : std::isfinite(upper) ? upper : 0.0;
    double const right = !marks.empty() ? marks.back() : std::isfinite(lower) ? lower : 0.0;
    w.lowest = std::min(potential.coordinate_value(coordinate, left),
                        potential.coordinate_value(coordinate, right));
    for (double const mark : marks)
        w.lowest = std::min(w.lowest, potential.coordinate_value(coordinate, mark));
    for (double const end : {lower, upper})
        if (std::isfinite(end))
            w.lowest = std::min(w.lowest, potential.coordinate_value(coordinate, end));
    double const a = std::isfinite(lower) ? lower : finite_end(w, left, -1.0);
    double const b = std::isfinite(upper) ? upper : finite_end(w, right, 1.0);

    std::vector<Panel> const panels = make_panels(w, a, b);
    double const total = panels.back().cumulative;
    auto const last = static_cast<std::size_t>(entries) - 1;
    std::vector<double> table(last + 1);
    for (std::size_t j = 1; j < last; ++j) {
        double const target = total * static_cast<double>(j) / static_cast<double>(last);
        auto const panel =
            std::lower_bound(panels.begin(), panels.end() - 1, target,
                             [](Panel const& p, double mass) { return p.cumulative < mass; });
        table[j] = invert(w, *panel, target - (panel->cumulative - panel->mass));
    }
    table[0] = std::isfinite(lower) ? lower : 2.0 * mean_between(w, panels, a, table[1]) - table[1];
    table[last] = std::isfinite(upper)
                      ? upper
                      : 2.0 * mean_between(w, panels, table[last - 1], b) - table[last - 1];
    return table;
}

}  // namespace kramers
