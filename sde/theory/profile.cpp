// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/profile.hpp"

#include <algorithm>
#include <cmath>

#include "sde/linear_algebra.hpp"

namespace kramers::theory {
namespace {

constexpr double cut = 42.0;  // e^{-42}: below the rounding of the sums it is left out of

Eigen::VectorXd point(double x) { return Eigen::VectorXd::Constant(1, x); }

/// f and its first four derivatives at x by central differences of step h on 9 points (the Taylor
/// fit through them): error of order h^(9 − k) and rounding of order 1e-16 / h^k for the k-th.
std::array<double, 5> differences(std::function<double(double)> const& f, double x, double h) {
    using Matrix = Eigen::Matrix<double, 9, 9>;
    static Matrix const fit = [] {
        Matrix powers;
        for (int i = 0; i < 9; ++i)
            for (int k = 0; k < 9; ++k) powers(i, k) = k == 0 ? 1.0 : std::pow(i - 4.0, k);
        return Matrix(linear::least_squares(powers, Matrix::Identity()));
    }();
    Eigen::Matrix<double, 9, 1> values;
    for (int i = 0; i < 9; ++i) values(i) = f(x + (i - 4.0) * h);
    Eigen::Matrix<double, 9, 1> const taylor = fit * values;
    std::array<double, 5> result{};
    double factor = 1.0;
    for (std::size_t k = 0; k < result.size(); ++k) {
        result[k] = taylor(static_cast<int>(k)) * factor;
        factor *= static_cast<double>(k + 1) / h;
    }
    return result;
}

/// Last place, going from `from` in `direction`, where V stays below the threshold; windows double.
std::optional<double> last_below(Profile const& profile, double from, double direction,
                                 double temperature, double minimum) {
    constexpr int samples = 512;
    double window = 1e-2;
    for (double x : profile.landmarks) window = std::max(window, 2.0 * std::abs(x - from));
    std::array<double, samples + 1> v{};
    for (; window < 1e9; window *= 2.0) {
        double inner = -INFINITY, outer = INFINITY;
        for (int i = 0; i <= samples; ++i) {
            double const x = profile.value(from + direction * window * i / samples);
            if (std::isnan(x) || x == -INFINITY) return std::nullopt;
            v[static_cast<std::size_t>(i)] = x;
            minimum = std::min(minimum, x);
            if (2 * i <= samples) inner = std::max(inner, x);
            if (4 * i >= 3 * samples) outer = std::min(outer, x);
        }
        double const threshold = minimum + cut * temperature;
        if (outer < threshold || outer < inner) continue;
        double inside = 0.0;
        for (int i = 0; i <= samples; ++i)
            if (v[static_cast<std::size_t>(i)] < threshold) inside = window * i / samples;
        double outside = inside + window / samples;
        for (int i = 0; i < 60; ++i) {
            double const middle = 0.5 * (inside + outside);
            (profile.value(from + direction * middle) < threshold ? inside : outside) = middle;
        }
        return from + direction * outside;
    }
    return std::nullopt;
}

}  // namespace

Profile profile_of(Potential const& potential, int coordinate) {
    Potential const* const v = &potential;
    Profile profile;
    for (CriticalPoint const& c : potential.critical_points())
        profile.landmarks.push_back(c.point(coordinate));
    if (potential.dim() == 1) {
        profile.value = [v](double x) { return v->value(point(x)); };
        profile.slope = [v](double x) { return v->gradient(point(x))(0); };
        profile.curvature = [v](double x) { return v->derivatives(x)[2]; };
        profile.derivatives = [v](double x) {
            std::array<double, 5> const d = v->derivatives(x);
            double const h = 1e-3 * (1.0 + std::abs(x));
            double const up = v->derivatives(x + h)[4];
            double const down = v->derivatives(x - h)[4];
            return std::array<double, 7>{d[0],
                                         d[1],
                                         d[2],
                                         d[3],
                                         d[4],
                                         (up - down) / (2.0 * h),
                                         (up - 2.0 * d[4] + down) / (h * h)};
        };
        return profile;
    }
    int const i = coordinate;
    profile.value = [v, i](double x) { return v->coordinate_value(i, x); };
    profile.slope = [v, i](double x) { return v->coordinate_slope(i, x); };
    // V″ of a coordinate does not depend on the others: any point will do.
    profile.curvature = [v, i](double x) {
        Eigen::VectorXd at = Eigen::VectorXd::Zero(v->dim());
        at(i) = x;
        return v->hessian(at)(i, i);
    };
    profile.derivatives = [v, i, curvature = profile.curvature](double x) {
        auto const d = differences(curvature, x, 0.02);
        return std::array<double, 7>{v->coordinate_value(i, x),
                                     v->coordinate_slope(i, x),
                                     curvature(x),
                                     d[1],
                                     d[2],
                                     d[3],
                                     d[4]};
    };
    return profile;
}

std::optional<Confinement> confine(Profile const& profile, double temperature, double start,
                                   std::optional<double> lower, std::optional<double> upper,
                                   std::string* reason) {
    Confinement result{lower.value_or(start), upper.value_or(start)};
    double const v = profile.value(start);
    if (!lower) {
        auto const found = last_below(profile, start, -1.0, temperature, v);
        if (!found && reason) *reason = "the potential does not confine below the start";
        if (!found) return std::nullopt;
        result.lower = *found;
    }
    if (!upper) {
        auto const found = last_below(profile, start, 1.0, temperature, v);
        if (!found && reason) *reason = "the potential does not confine above the start";
        if (!found) return std::nullopt;
        result.upper = *found;
    }
    return result;
}

std::vector<Extremum> extrema(Profile const& profile, double lower, double upper) {
    constexpr int samples = 8000;
    std::vector<Extremum> found;
    double const step = (upper - lower) / samples;
    double left = lower;
    double before = profile.slope(lower);
    for (int i = 1; i <= samples; ++i) {
        double const right = lower + step * i;
        double const after = profile.slope(right);
        if (before != 0.0 && (after == 0.0 || (before < 0.0) != (after < 0.0))) {
            double a = left, b = right;
            for (int k = 0; k < 80 && after != 0.0; ++k) {
                double const middle = 0.5 * (a + b);
                ((profile.slope(middle) < 0.0) == (before < 0.0) ? a : b) = middle;
            }
            double const x = after == 0.0 ? right : 0.5 * (a + b);
            auto const d = profile.derivatives(x);
            found.push_back({x, d[0], d[2]});
        }
        left = right;
        before = after;
    }
    return found;
}

}  // namespace kramers::theory
