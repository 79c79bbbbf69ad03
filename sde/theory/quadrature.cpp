// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/quadrature.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/legendre.hpp>
#include <cmath>

#include "sde/contracts.hpp"

namespace kramers::theory {
namespace {

constexpr std::size_t n = PanelGrid::order;

/// The rule on [−1, 1] and its integration matrix.
struct Rule {
    std::array<double, n> x{}, w{};
    /// partial[i][j]: weight of the value at node j in ∫_{−1}^{x_i}.
    std::array<std::array<double, n>, n> partial{};
};

/// Weights from Boost's Legendre zeros; the integration matrix from the expansion in P_k:
/// ∫_{−1}^x P_k = (P_{k+1}(x) − P_{k−1}(x)) / (2k + 1).
Rule make_rule() {
    Rule rule;
    std::vector<double> const half = boost::math::legendre_p_zeros<double>(static_cast<int>(n));
    for (std::size_t i = 0; i < n / 2; ++i) {
        rule.x[n / 2 + i] = half[i];
        rule.x[n / 2 - 1 - i] = -half[i];
    }
    auto const p = [](int k, double x) { return boost::math::legendre_p(k, x); };
    for (std::size_t i = 0; i < n; ++i) {
        double const slope = boost::math::legendre_p_prime(static_cast<int>(n), rule.x[i]);
        rule.w[i] = 2.0 / ((1.0 - rule.x[i] * rule.x[i]) * slope * slope);
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double sum = 0.5 * (rule.x[i] + 1.0);
            for (int k = 1; k < static_cast<int>(n); ++k)
                sum += 0.5 * p(k, rule.x[j]) * (p(k + 1, rule.x[i]) - p(k - 1, rule.x[i]));
            rule.partial[i][j] = rule.w[j] * sum;
        }
    return rule;
}

Rule const& rule() {
    static Rule const instance = make_rule();
    return instance;
}

}  // namespace

PanelGrid::PanelGrid(std::vector<double> const& breaks, int panels) {
    KRAMERS_EXPECTS(breaks.size() >= 2 && panels >= 1);
    double const length = breaks.back() - breaks.front();
    edges_.push_back(breaks.front());
    for (std::size_t b = 1; b < breaks.size(); ++b) {
        double const left = breaks[b - 1];
        double const width = breaks[b] - left;
        if (!(width > 0.0)) continue;
        int const count = std::max(1, static_cast<int>(std::lround(panels * width / length)));
        for (int k = 1; k < count; ++k) edges_.push_back(left + width * k / count);
        edges_.push_back(breaks[b]);
    }
    for (std::size_t k = 1; k < edges_.size(); ++k) {
        double const half = 0.5 * (edges_[k] - edges_[k - 1]);
        double const middle = 0.5 * (edges_[k] + edges_[k - 1]);
        for (std::size_t i = 0; i < n; ++i) {
            nodes_.push_back(middle + half * rule().x[i]);
            weights_.push_back(half * rule().w[i]);
        }
    }
}

std::size_t PanelGrid::edge_at(double x) const {
    auto const near = std::min_element(edges_.begin(), edges_.end(), [x](double a, double b) {
        return std::abs(a - x) < std::abs(b - x);
    });
    return static_cast<std::size_t>(near - edges_.begin());
}

std::vector<double> PanelGrid::sample(std::function<double(double)> const& f) const {
    std::vector<double> values(nodes_.size());
    std::transform(nodes_.begin(), nodes_.end(), values.begin(), f);
    return values;
}

double PanelGrid::integrate(std::vector<double> const& f) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < f.size(); ++i) sum += weights_[i] * f[i];
    return sum;
}

PanelGrid::Cumulative PanelGrid::from_left(std::vector<double> const& f) const {
    Cumulative result{std::vector<double>(f.size()), std::vector<double>(edges_.size(), 0.0)};
    for (std::size_t k = 1; k < edges_.size(); ++k) {
        double const half = 0.5 * (edges_[k] - edges_[k - 1]);
        double const before = result.at_edges[k - 1];
        double const* const values = f.data() + (k - 1) * n;
        double total = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            double sum = 0.0;
            for (std::size_t j = 0; j < n; ++j) sum += rule().partial[i][j] * values[j];
            result.at_nodes[(k - 1) * n + i] = before + half * sum;
            total += rule().w[i] * values[i];
        }
        result.at_edges[k] = before + half * total;
    }
    return result;
}

PanelGrid::Cumulative PanelGrid::from_right(std::vector<double> const& f) const {
    Cumulative result{std::vector<double>(f.size()), std::vector<double>(edges_.size(), 0.0)};
    for (std::size_t k = edges_.size() - 1; k > 0; --k) {
        double const half = 0.5 * (edges_[k] - edges_[k - 1]);
        double const after = result.at_edges[k];
        double const* const values = f.data() + (k - 1) * n;
        double total = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            double sum = 0.0;  // the rule is symmetric: mirror the matrix of from_left
            for (std::size_t j = 0; j < n; ++j)
                sum += rule().partial[n - 1 - i][n - 1 - j] * values[j];
            result.at_nodes[(k - 1) * n + i] = after + half * sum;
            total += rule().w[i] * values[i];
        }
        result.at_edges[k - 1] = after + half * total;
    }
    return result;
}

double integrate(std::function<double(double)> const& f, double a, double b, int panels) {
    if (!(b > a)) return 0.0;
    PanelGrid const grid({a, b}, panels);
    return grid.integrate(grid.sample(f));
}

}  // namespace kramers::theory
