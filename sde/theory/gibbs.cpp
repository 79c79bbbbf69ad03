// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/gibbs.hpp"

#include <algorithm>
#include <cmath>

#include "sde/theory/absorbing.hpp"
#include "sde/theory/gibbs_plane.hpp"
#include "sde/theory/laplace.hpp"

namespace kramers::theory {

LineDensity::LineDensity(std::function<double(double)> log_density, double lower, double upper,
                         int panels)
    : log_density_(std::move(log_density)),
      lower_(lower),
      upper_(upper),
      grid_({lower, upper}, panels) {
    weight_ = grid_.sample(log_density_);
    double const top = *std::max_element(weight_.begin(), weight_.end());
    for (double& w : weight_) w = std::exp(w - top);
    log_z_ = top + std::log(grid_.integrate(weight_));
    for (std::size_t i = 0; i < weight_.size(); ++i)
        weight_[i] *= grid_.weights()[i] * std::exp(top - log_z_);
}

double LineDensity::density(double x) const {
    return x < lower_ || x > upper_ ? 0.0 : std::exp(log_density_(x) - log_z_);
}

double LineDensity::mass(double a, double b) const {
    a = std::max(a, lower_);
    b = std::min(b, upper_);
    if (!(b > a)) return 0.0;
    double const share = (b - a) / (upper_ - lower_);
    int const panels =
        std::max(1, static_cast<int>(
                        std::ceil(share * static_cast<double>(weight_.size()) / PanelGrid::order)));
    return integrate([this](double x) { return density(x); }, a, b, panels);
}

double LineDensity::mean(std::function<double(double)> const& f) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < weight_.size(); ++i) sum += weight_[i] * f(grid_.nodes()[i]);
    return sum;
}

struct Gibbs::Plane {
    PlaneMeasure measure;
    double temperature;
};

std::optional<Gibbs> Gibbs::make(Potential const& potential, double temperature, double step,
                                 std::string* reason) {
    Gibbs g;
    g.dim_ = potential.dim();
    if (g.dim_ > 1 && !potential.separable()) {
        if (g.dim_ != 2 || step != 0.0) {
            if (reason)
                *reason = step != 0.0 ? "the step bias of a density is implemented for separable "
                                        "potentials only"
                                      : "no density in " + std::to_string(g.dim_) +
                                            " dimensions unless the potential is separable";
            return std::nullopt;
        }
        auto measure = PlaneMeasure::make(potential, temperature, reason);
        if (!measure) return std::nullopt;
        g.plane_ = std::make_shared<Plane const>(Plane{*measure, temperature});
        return g;
    }
    for (int i = 0; i < g.dim_; ++i) {
        Profile const profile = profile_of(potential, i);
        double start = 0.0, lowest = INFINITY;
        for (CriticalPoint const& c : potential.critical_points())
            if (c.morse_index == 0 && c.value < lowest) {
                lowest = c.value;
                start = c.point(i);
            }
        auto const range = confine(profile, temperature, start, {}, {}, reason);
        if (!range) return std::nullopt;
        auto const log_density = [profile, temperature, step](double x) {
            if (step == 0.0) return -profile.value(x) / temperature;
            double const slope = profile.slope(x);
            double const change = 0.5 * temperature * profile.curvature(x) - 0.25 * slope * slope;
            return -(profile.value(x) + step * change) / temperature;
        };
        g.lines_.emplace_back(log_density, range->lower, range->upper);
    }
    return g;
}

LineDensity const* Gibbs::line(int i) const {
    return plane_ ? nullptr : &lines_[static_cast<std::size_t>(i)];
}

double Gibbs::bin(std::vector<int> const& axes, std::vector<double> const& lower,
                  std::vector<double> const& upper) const {
    std::vector<double> low(static_cast<std::size_t>(dim_), -INFINITY);
    std::vector<double> high(static_cast<std::size_t>(dim_), INFINITY);
    double volume = 1.0;
    for (std::size_t k = 0; k < axes.size(); ++k) {
        low[static_cast<std::size_t>(axes[k])] = lower[k];
        high[static_cast<std::size_t>(axes[k])] = upper[k];
        volume *= upper[k] - lower[k];
    }
    return *box_mass(low, high) / volume;
}

std::vector<double> Gibbs::bins(std::vector<int> const& axes,
                                std::vector<std::vector<double>> const& edges) const {
    std::vector<double> result;
    auto const slice = [&](std::size_t axis, std::size_t k) {
        return std::pair{edges[axis][k], edges[axis][k + 1]};
    };
    if (axes.size() == 1) {
        for (std::size_t k = 0; k + 1 < edges[0].size(); ++k)
            result.push_back(bin(axes, {slice(0, k).first}, {slice(0, k).second}));
        return result;
    }
    if (!plane_) {  // a product: each axis once
        std::vector<double> const first = bins({axes[0]}, {edges[0]});
        std::vector<double> const second = bins({axes[1]}, {edges[1]});
        for (double a : first)
            for (double b : second) result.push_back(a * b);
        return result;
    }
    for (std::size_t k = 0; k + 1 < edges[0].size(); ++k)
        for (std::size_t l = 0; l + 1 < edges[1].size(); ++l)
            result.push_back(bin(axes, {slice(0, k).first, slice(1, l).first},
                                 {slice(0, k).second, slice(1, l).second}));
    return result;
}

double Gibbs::mean(int i) const {
    if (!plane_) return line(i)->mean([](double x) { return x; });
    PlaneMeasure const& m = plane_->measure;
    return m.integrate([i](double x, double y) { return i == 0 ? x : y; }, {-INFINITY, -INFINITY},
                       {INFINITY, INFINITY}) /
           m.total();
}

double Gibbs::covariance(int i, int j) const {
    double const a = mean(i), b = mean(j);
    if (!plane_) {
        if (i != j) return 0.0;
        return line(i)->mean([a](double x) { return (x - a) * (x - a); });
    }
    PlaneMeasure const& m = plane_->measure;
    auto const f = [=](double x, double y) {
        return ((i == 0 ? x : y) - a) * ((j == 0 ? x : y) - b);
    };
    return m.integrate(f, {-INFINITY, -INFINITY}, {INFINITY, INFINITY}) / m.total();
}

std::optional<double> Gibbs::box_mass(std::vector<double> const& lower,
                                      std::vector<double> const& upper) const {
    if (plane_) {
        PlaneMeasure const& m = plane_->measure;
        return m.integrate([](double, double) { return 1.0; }, lower, upper) / m.total();
    }
    double product = 1.0;
    for (std::size_t i = 0; i < lines_.size(); ++i)
        if (lower[i] != -INFINITY || upper[i] != INFINITY)
            product *= lines_[i].mass(lower[i], upper[i]);
    return product;
}

std::optional<double> Gibbs::weight(Region const& region) const {
    Region inner = region;
    inner.complement = false;
    std::vector<double> lower(static_cast<std::size_t>(dim_), -INFINITY);
    std::vector<double> upper(static_cast<std::size_t>(dim_), INFINITY);
    double mass = 0.0;
    if (dim_ == 1 || inner.kind == RegionKind::box) {
        for (std::size_t i = 0; i < lower.size(); ++i) {
            Region const line =
                dim_ == 1 ? inner
                          : Region{RegionKind::box, {inner.a[i]}, 0.0, {inner.extent[i]}, false};
            lower[i] = intervals_of(line)[0].lower;
            upper[i] = intervals_of(line)[0].upper;
        }
    } else if (inner.kind == RegionKind::half_space) {
        std::size_t axis = lower.size();
        for (std::size_t i = 0; i < lower.size(); ++i)
            if (std::abs(std::abs(inner.a[i]) - 1.0) < 1e-12) axis = i;
        if (axis == lower.size()) return std::nullopt;
        (inner.a[axis] > 0.0 ? lower : upper)[axis] = inner.offset * inner.a[axis];
    } else {
        return std::nullopt;
    }
    mass = *box_mass(lower, upper);
    return region.complement ? 1.0 - mass : mass;
}

double Gibbs::log_normaliser() const {
    if (plane_)
        return std::log(plane_->measure.total()) - plane_->measure.minimum() / plane_->temperature;
    double sum = 0.0;
    for (LineDensity const& l : lines_) sum += l.log_normaliser();
    return sum;
}

double euler_bias(Potential const& potential, double temperature,
                  std::function<double(double)> const& observable) {
    auto const gibbs = Gibbs::make(potential, temperature, 0.0, nullptr);
    if (!gibbs) return NAN;
    Profile const profile = profile_of(potential);
    auto const modification = [&](double x) {
        double const slope = profile.slope(x);
        return 0.5 * temperature * profile.curvature(x) - 0.25 * slope * slope;
    };
    LineDensity const& p = *gibbs->line(0);
    double const a = p.mean(observable), b = p.mean(modification);
    return -p.mean([&](double x) { return (observable(x) - a) * (modification(x) - b); }) /
           temperature;
}

double well_occupation_ratio(Potential const& potential, CriticalPoint const& a,
                             CriticalPoint const& b, double temperature, bool corrected) {
    double log_ratio = -(a.value - b.value) / temperature;
    for (Eigen::Index i = 0; i < a.eigenvalues.size(); ++i)
        log_ratio += 0.5 * std::log(b.eigenvalues(i) / a.eigenvalues(i));
    double ratio = std::exp(log_ratio);
    if (corrected && potential.dim() == 1) {
        auto const chi = [&](CriticalPoint const& c) {
            auto const d = potential.derivatives(c.point(0));
            return laplace_terms({d[3], d[4], 0.0, 0.0}, d[2], temperature, INFINITY)[2];
        };
        ratio *= 1.0 + chi(a) - chi(b);
    }
    return ratio;
}

}  // namespace kramers::theory
