// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/hopping.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sde/linear_algebra.hpp"

namespace kramers::theory {
namespace {

/// P_t of one chain from its spectrum: detailed balance makes the generator symmetric in √π.
class Propagator {
  public:
    explicit Propagator(WellChain const& chain) {
        auto const n = static_cast<Eigen::Index>(chain.minima.size());
        weight_ = Eigen::VectorXd::Ones(n);
        Eigen::MatrixXd symmetric = Eigen::MatrixXd::Zero(n, n);
        for (Eigen::Index k = 0; k + 1 < n; ++k) {
            double const up = chain.up[static_cast<std::size_t>(k)];
            double const down = chain.down[static_cast<std::size_t>(k)];
            weight_[k + 1] = weight_[k] * up / down;
            symmetric(k, k) += up;
            symmetric(k + 1, k + 1) += down;
            symmetric(k + 1, k) = symmetric(k, k + 1) = -std::sqrt(up * down);
        }
        weight_ /= weight_.sum();
        spectrum_ = linear::symmetric_eigen(symmetric);
        spectrum_.values[0] = 0.0;
    }
    double weight(int k) const { return weight_[k]; }
    double slowest() const { return spectrum_.values.size() > 1 ? spectrum_.values[1] : INFINITY; }
    double fastest() const { return spectrum_.values[spectrum_.values.size() - 1]; }
    double operator()(double t, int from, int to) const {
        double sum = 0.0;
        for (Eigen::Index j = 0; j < spectrum_.values.size(); ++j)
            sum += spectrum_.vectors(from, j) * spectrum_.vectors(to, j) *
                   std::exp(-spectrum_.values[j] * t);
        return sum * std::sqrt(weight_[to] / weight_[from]);
    }

  private:
    Eigen::VectorXd weight_;
    linear::SymmetricEigen spectrum_;
};

double hitting_time(std::vector<Propagator> const& p, std::vector<int> const& from,
                    std::vector<int> const& goal) {
    if (from == goal) return 0.0;
    double slowest = INFINITY, fastest = 0.0, weight = 1.0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        slowest = std::min(slowest, p[i].slowest());
        fastest = std::max(fastest, p[i].fastest());
        weight *= p[i].weight(goal[i]);
    }
    auto const integrand = [&](double t) {
        double back = 1.0, there = 1.0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            back *= p[i](t, goal[i], goal[i]);
            there *= p[i](t, from[i], goal[i]);
        }
        return back - there;
    };
    constexpr int nodes = 2000;  // trapezoidal rule in ln t, where the integrand is smooth
    double const low = std::log(1e-7 / fastest), high = std::log(50.0 / slowest);
    double const du = (high - low) / nodes;
    double sum = std::exp(low) / du;  // before: 1 − 0
    for (int k = 0; k <= nodes; ++k) {
        double const t = std::exp(low + du * k);
        sum += (k == 0 || k == nodes ? 0.5 : 1.0) * t * integrand(t);
    }
    return sum * du / weight;
}

double curvature(Potential const& potential, int i, double x) {
    Eigen::VectorXd point = Eigen::VectorXd::Zero(potential.dim());
    point[i] = x;
    return potential.hessian(point)(i, i);
}

}  // namespace

int WellChain::well_of(double x) const {
    return static_cast<int>(std::upper_bound(saddles.begin(), saddles.end(), x) - saddles.begin());
}

WellChain find_wells(Potential const& potential, int i, double lower, double upper,
                     double temperature) {
    constexpr int cells = 4000;
    WellChain chain;
    chain.lowest_barrier = INFINITY;
    auto const slope = [&](double x) { return potential.coordinate_slope(i, x); };
    double const h = (upper - lower) / cells;
    for (int k = 0; k < cells; ++k) {
        double a = lower + h * k, b = lower + h * (k + 1);
        double const before = slope(a), after = slope(b);
        if (!(before < 0.0 && after >= 0.0) && !(before > 0.0 && after <= 0.0)) continue;
        bool const minimum = before < 0.0;
        for (int n = 0; n < 60; ++n) {
            double const middle = 0.5 * (a + b);
            (slope(middle) * before > 0.0 ? a : b) = middle;
        }
        if (minimum) chain.minima.push_back(0.5 * (a + b));
        else if (!chain.minima.empty()) chain.saddles.push_back(0.5 * (a + b));
    }
    if (!chain.minima.empty()) chain.saddles.resize(chain.minima.size() - 1);
    for (std::size_t k = 0; k < chain.saddles.size(); ++k) {
        double const top = potential.coordinate_value(i, chain.saddles[k]);
        double const sharp = std::abs(curvature(potential, i, chain.saddles[k]));
        auto const rate = [&](double from) {
            double const barrier = top - potential.coordinate_value(i, from);
            chain.lowest_barrier = std::min(chain.lowest_barrier, barrier);
            return std::sqrt(curvature(potential, i, from) * sharp) / (2.0 * std::numbers::pi) *
                   std::exp(-barrier / temperature);
        };
        chain.up.push_back(rate(chain.minima[k]));
        chain.down.push_back(rate(chain.minima[k + 1]));
    }
    return chain;
}

double hopping_time(std::vector<WellChain> const& chains, std::vector<int> const& start,
                    std::vector<int> const& goal, bool touch) {
    std::vector<Propagator> const p(chains.begin(), chains.end());
    double const time = hitting_time(p, start, goal);
    if (!touch) return time;
    double back = 0.0, flux = 0.0;
    for (std::size_t i = 0; i < chains.size(); ++i)
        for (int const side : {-1, 1}) {
            int const k = goal[i] + side;
            if (k < 0 || k >= static_cast<int>(chains[i].minima.size())) continue;
            auto const edge = static_cast<std::size_t>(std::min(k, goal[i]));
            double const rate = side > 0 ? chains[i].up[edge] : chains[i].down[edge];
            std::vector<int> beside = goal;
            beside[i] = k;
            back += rate * hitting_time(p, beside, goal);
            flux += rate;
        }
    return flux > 0.0 ? time - 0.5 * back / flux : time;
}

}  // namespace kramers::theory
