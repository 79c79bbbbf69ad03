// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/mean_first_passage.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "sde/theory/quadrature.hpp"

namespace kramers::theory {
namespace {

using Values = std::vector<double>;

constexpr double largest_spread = 690.0;  // e^690 is still a double, and so is e^-690

/// The Green operator (G f)(x) = E_x ∫_0^τ f(X_t) dt on a panel grid, scaled: every exponential is
/// at most 1 and the common factor e^{log_scale} is kept apart.
class Green {
  public:
    Green(Passage const& p, Confinement const& range, int panels)
        : grid_({range.lower, p.start, range.upper}, panels),
          start_(grid_.edge_at(p.start)),
          absorbs_below_(p.lower.has_value()),
          absorbs_above_(p.upper.has_value()) {
        Values const v = grid_.sample(p.profile.value);
        high = *std::max_element(v.begin(), v.end());
        double const low = *std::min_element(v.begin(), v.end());
        spread = (high - low) / p.temperature;
        log_scale = (high - low) / p.temperature - std::log(p.temperature);
        for (double value : v) {
            s_.push_back(std::exp((value - high) / p.temperature));
            m_.push_back(std::exp((low - value) / p.temperature));
        }
    }

    PanelGrid::Cumulative apply(Values const& f) const {
        Values const mf = times(m_, f);
        if (absorbs_below_ && absorbs_above_) return two_ends(mf);
        if (absorbs_above_) return grid_.from_right(times(s_, grid_.from_left(mf).at_nodes));
        return grid_.from_left(times(s_, grid_.from_right(mf).at_nodes));
    }
    /// (G f, m f) / (G f, m G f): Rayleigh quotient of 1/G in the weight m, scaled.
    double rayleigh(Values const& f, Values const& g) const {
        return grid_.integrate(times(m_, times(f, g))) / grid_.integrate(times(m_, times(g, g)));
    }
    double at_start(PanelGrid::Cumulative const& c) const { return c.at_edges[start_]; }
    Values ones() const { return Values(m_.size(), 1.0); }
    double committor() const {
        auto const total = grid_.from_left(s_);
        return total.at_edges[start_] / total.at_edges.back();
    }
    /// dτ/dc summed over the absorbing ends, scaled like apply(): the flux −τ′ at each end times
    /// the probability to leave through it.
    double response() const {
        auto const mass = grid_.from_left(m_).at_edges;
        double const above = s_edge(true), below = s_edge(false);
        if (!absorbs_below_) return above * mass.back();
        if (!absorbs_above_) return below * mass.back();
        auto const scale = grid_.from_left(s_), rest = grid_.from_right(s_);
        double const total = scale.at_edges.back();
        double const q = scale.at_edges[start_] / total;
        double const left = grid_.integrate(times(m_, rest.at_nodes)) / total;
        double const right = grid_.integrate(times(m_, scale.at_nodes)) / total;
        return q * above * right + (1.0 - q) * below * left;
    }
    void set_edges(double below, double above) {
        edge_below_ = below;
        edge_above_ = above;
    }
    double log_scale = 0.0;
    double high = 0.0;    ///< largest V on the grid
    double spread = 0.0;  ///< (largest − smallest V) / T on the grid

  private:
    static Values times(Values const& a, Values const& b) {
        Values r(a.size());
        std::transform(a.begin(), a.end(), b.begin(), r.begin(), std::multiplies<>());
        return r;
    }
    double s_edge(bool above) const { return above ? edge_above_ : edge_below_; }
    PanelGrid::Cumulative two_ends(Values const& mf) const {
        auto const scale = grid_.from_left(s_), rest = grid_.from_right(s_);
        double const total = scale.at_edges.back();
        auto const inner = grid_.from_left(times(scale.at_nodes, mf));
        auto const outer = grid_.from_right(times(rest.at_nodes, mf));
        PanelGrid::Cumulative r{Values(mf.size()), Values(inner.at_edges.size())};
        for (std::size_t i = 0; i < r.at_nodes.size(); ++i)
            r.at_nodes[i] =
                (rest.at_nodes[i] * inner.at_nodes[i] + scale.at_nodes[i] * outer.at_nodes[i]) /
                total;
        for (std::size_t i = 0; i < r.at_edges.size(); ++i)
            r.at_edges[i] =
                (rest.at_edges[i] * inner.at_edges[i] + scale.at_edges[i] * outer.at_edges[i]) /
                total;
        return r;
    }

    PanelGrid grid_;
    std::size_t start_;
    bool absorbs_below_, absorbs_above_;
    Values s_, m_;
    double edge_below_ = 0.0, edge_above_ = 0.0;
};

/// Evaluates `quantity` on panels that double until nothing changes. It returns the scaled value
/// and how often the scale enters.
struct Scaled {
    double value;
    double powers;  ///< value · e^{powers · log_scale}
};
template <class F>
Quadrature refine(Passage const& p, F quantity) {
    Quadrature result;
    if (!p.lower && !p.upper) {
        result.reason = "no absorbing end";
        return result;
    }
    auto const range = confine(p.profile, p.temperature, p.start, p.lower, p.upper, &result.reason);
    if (!range) return result;
    double before = NAN;
    for (int panels = 160; panels <= 2560; panels *= 2) {
        Green green(p, *range, panels);
        if (green.spread > largest_spread) {
            result.reason = "V varies by more than 690 T on the way: the time overflows";
            return result;
        }
        Scaled const s = quantity(green, *range);
        result.log_value = std::log(s.value) + s.powers * green.log_scale;
        double const change = std::abs(std::expm1(result.log_value - before));
        double const rounding = 4e-16 * (4.0 + green.spread);
        if (change <= 4.0 * rounding || panels == 2560) {
            result.error = change + rounding;
            break;
        }
        before = result.log_value;
    }
    result.value = std::exp(result.log_value);
    return result;
}

}  // namespace

Quadrature mean_first_passage(Passage const& p) {
    return refine(p, [](Green const& g, Confinement const&) {
        return Scaled{g.at_start(g.apply(g.ones())), 1.0};
    });
}

Quadrature second_moment(Passage const& p) {
    return refine(p, [](Green const& g, Confinement const&) {
        return Scaled{2.0 * g.at_start(g.apply(g.apply(g.ones()).at_nodes)), 2.0};
    });
}

Quadrature exit_above(Passage const& p) {
    return refine(p, [](Green const& g, Confinement const&) { return Scaled{g.committor(), 0.0}; });
}

Quadrature quasi_stationary_rate(Passage const& p) {
    return refine(p, [](Green const& g, Confinement const&) {
        Values f = g.ones();
        double rate = 0.0;
        for (int k = 0; k < 500; ++k) {
            Values next = g.apply(f).at_nodes;
            double const better = g.rayleigh(f, next);
            double const top = *std::max_element(next.begin(), next.end());
            for (double& x : next) x /= top;
            f = std::move(next);
            bool const settled = std::abs(better - rate) <= 1e-15 * better;
            rate = better;
            if (settled) break;
        }
        return Scaled{rate, -1.0};
    });
}

Quadrature boundary_response(Passage const& p) {
    return refine(p, [&p](Green& g, Confinement const& range) {
        g.set_edges(std::exp((p.profile.value(range.lower) - g.high) / p.temperature),
                    std::exp((p.profile.value(range.upper) - g.high) / p.temperature));
        return Scaled{g.response() / g.at_start(g.apply(g.ones())), 0.0};
    });
}

}  // namespace kramers::theory
