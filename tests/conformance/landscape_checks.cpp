// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/landscape_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "landscapes/critical_points.hpp"
#include "sde/linear_algebra.hpp"

namespace kramers::checks {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double step = 1e-3;       // of the differences, in units of the landscape's length
constexpr double tolerance = 1e-6;  // ≥ h⁴(2π)⁴/30 = 5e-11 of the stiffest component, with margin

/// Largest coordinate of a named point, or 1.
double length_of(Potential const& v) {
    double length = 0.0;
    for (CriticalPoint const& c : v.critical_points())
        length = std::max(length, c.point.lpNorm<Eigen::Infinity>());
    return length > 0.0 ? length : 1.0;
}

/// Adds a failure when a and b differ by more than `allowed`.
void compare(Failures& failures, std::string const& what, VectorXd const& x, double a, double b,
             double allowed) {
    if (std::abs(a - b) <= allowed) return;  // false for NaN
    failures.push_back(fmt::format("{} at x[0] = {:.6g}: {:.12g} against {:.12g}, allowed {:.2g}",
                                   what, x[0], a, b, allowed));
}

MatrixXd hessian_by_differences(Potential const& v, VectorXd const& x, double h) {
    MatrixXd m(v.dim(), v.dim());
    for (int j = 0; j < v.dim(); ++j)
        m.col(j) = difference([&](VectorXd const& y) { return v.gradient(y); }, x, j, h);
    return m;
}

/// As polish() has it: V″ changes its sign within its own uncertainty. Such a point is never named.
bool degenerate(Potential const& v, double t, double reach) {
    auto const curvature = [&](double s) { return v.hessian(VectorXd::Constant(1, s))(0, 0); };
    double const here = curvature(t);
    return std::abs(here) <= std::max(std::abs(curvature(t + 1e-6 * reach) - here),
                                      std::abs(curvature(t - 1e-6 * reach) - here));
}

int announced_index(std::string const& name, int dim) {
    if (name.rfind("minimum", 0) == 0) return 0;
    if (name.rfind("saddle", 0) == 0) return 1;
    return name.rfind("maximum", 0) == 0 ? dim : -1;
}

}  // namespace

std::vector<VectorXd> sample_points(Potential const& v) {
    constexpr int count = 40;
    constexpr double golden = 0.6180339887498949;
    double const reach = 2.0 * length_of(v);
    std::vector<VectorXd> points;
    for (int k = 1; k <= count; ++k) {
        VectorXd x(v.dim());
        for (int i = 0; i < v.dim(); ++i) {
            double const u = golden * k + 0.7548776662466927 * i * (k + 3);
            x[i] = reach * (2.0 * (u - std::floor(u)) - 1.0);
        }
        points.push_back(x);
    }
    return points;
}

Failures check_gradient(LandscapeView const& v) {
    Failures failures;
    double const h = step * length_of(v);
    auto const value = [&](VectorXd const& y) { return v.value(y); };
    for (VectorXd const& x : sample_points(v)) {
        VectorXd const g = v.gradient(x), dual = v.gradient_of_value(x);
        VectorXd const single = v.gradient_in_float(x);
        // Size of the terms whose sum the gradient is: its scale for rounding errors.
        double const scale = v.hessian(x).cwiseAbs().maxCoeff() * length_of(v) +
                             g.lpNorm<Eigen::Infinity>() + std::abs(v.value(x)) / length_of(v);
        for (int i = 0; i < v.dim(); ++i) {
            compare(failures, "gradient and dual numbers", x, g[i], dual[i],
                    64.0 * epsilon * scale);
            compare(failures, "gradient and differences", x, g[i], difference(value, x, i, h),
                    tolerance * scale);
            compare(failures, "gradient in float", x, single[i], g[i], 1e-5 * scale);
        }
    }
    return failures;
}

Failures check_hessian(Potential const& v) {
    Failures failures;
    double const h = step * length_of(v);
    for (VectorXd const& x : sample_points(v)) {
        MatrixXd const m = v.hessian(x);
        MatrixXd const d = hessian_by_differences(v, x, h);
        double const scale =
            m.cwiseAbs().maxCoeff() + v.gradient(x).lpNorm<Eigen::Infinity>() / length_of(v);
        for (int i = 0; i < v.dim(); ++i)
            for (int j = 0; j < v.dim(); ++j) {
                compare(failures, "hessian and differences", x, m(i, j), d(i, j),
                        tolerance * scale);
                compare(failures, "hessian and its transpose", x, m(i, j), m(j, i),
                        16.0 * epsilon * scale);
            }
    }
    return failures;
}

Failures check_derivatives(Potential const& v) {
    Failures failures;
    if (v.dim() != 1) return failures;
    double const h = step * length_of(v);
    for (VectorXd const& x : sample_points(v)) {
        std::array<double, 5> const d = v.derivatives(x[0]);
        // The same numbers by other roundings (fma or not): 64 ε of the terms they are sums of.
        double const length = length_of(v);
        double const rounding =
            64.0 * epsilon *
            (std::abs(d[0]) + std::abs(d[1]) * length + std::abs(d[2]) * length * length);
        compare(failures, "derivatives[0] and value", x, d[0], v.value(x), rounding);
        compare(failures, "derivatives[1] and gradient", x, d[1], v.gradient(x)[0],
                rounding / length);
        compare(failures, "derivatives[2] and hessian", x, d[2], v.hessian(x)(0, 0),
                rounding / (length * length));
        for (std::size_t k = 2; k < 5; ++k) {
            auto const lower = [&](VectorXd const& y) { return v.derivatives(y[0])[k - 1]; };
            double const scale = std::abs(d[k]) + std::abs(d[k - 1]) / length +
                                 std::abs(d[2]) / std::pow(length, double(k) - 2.0);
            compare(failures, fmt::format("derivatives[{}] and differences", k), x, d[k],
                    difference(lower, x, 0, h), tolerance * scale);
        }
    }
    return failures;
}

Failures check_critical_points(Potential const& v) {
    Failures failures;
    std::vector<CriticalPoint> const& points = v.critical_points();
    if (points.empty() && v.why_absent("minimum").find("degenerate at") == std::string::npos)
        failures.push_back("names no critical point and no degenerate minimum");
    for (CriticalPoint const& c : points) {
        MatrixXd const m = v.hessian(c.point);
        double const size = m.cwiseAbs().maxCoeff();
        VectorXd const g = v.gradient(c.point);
        double const scale = size * (length_of(v) + c.point.lpNorm<Eigen::Infinity>());
        compare(failures, c.name + " gradient and 0", c.point, g.lpNorm<Eigen::Infinity>(), 0.0,
                64.0 * epsilon * scale);
        compare(failures, c.name + " value", c.point, c.value, v.value(c.point), 0.0);
        // Eigenvalues and index by the other route, the differences.
        MatrixXd const d = hessian_by_differences(v, c.point, step * length_of(v));
        VectorXd const e = linear::symmetric_eigen(d).values;
        for (int i = 0; i < v.dim(); ++i)
            compare(failures, c.name + " eigenvalue", c.point, c.eigenvalues[i], e[i],
                    tolerance * size);
        int const index = static_cast<int>((e.array() < 0.0).count());
        if (index != c.morse_index || index != announced_index(c.name, v.dim()))
            failures.push_back(fmt::format("{} has Morse index {}, says {} and its name {}", c.name,
                                           index, c.morse_index, announced_index(c.name, v.dim())));
        for (CriticalPoint const& other : points)
            if (&other != &c &&
                (other.name == c.name || (other.point - c.point).norm() < 1e-6 * length_of(v)))
                failures.push_back(fmt::format("{} and {} are not two points", c.name, other.name));
    }
    return failures;
}

Failures check_complete(Potential const& v) {
    Failures failures;
    if (v.dim() != 1 || v.critical_points().empty()) return failures;
    std::vector<double> named;
    for (CriticalPoint const& c : v.critical_points()) named.push_back(c.point[0]);
    std::sort(named.begin(), named.end());
    double const margin = 0.01 * length_of(v);
    std::vector<double> found =
        stationary_points(v, VectorXd::Zero(1), 0, named.front() - margin, named.back() + margin);
    std::erase_if(found, [&](double t) { return degenerate(v, t, length_of(v)); });
    if (found.size() != named.size()) {
        failures.push_back(
            fmt::format("names {} points where V' has {} zeros", named.size(), found.size()));
        return failures;
    }
    for (std::size_t k = 0; k < named.size(); ++k)
        compare(failures, "named point and zero of V'", VectorXd::Constant(1, named[k]), named[k],
                found[k], 1e-12 * length_of(v));
    return failures;
}

Failures check_growth(Potential const& v, Growth const& growth) {
    Failures failures;
    bool const faster_than_powers = growth.power == unbounded;
    double const r = (faster_than_powers ? 4.0 : 1e4) * length_of(v);
    double const least = faster_than_powers ? 20.0 : growth.power;
    double const allowed = growth.power == 0.0 ? 0.5 : 1e-3;  // bounded: a ripple may remain
    std::vector<VectorXd> rays{VectorXd::Ones(v.dim()), -VectorXd::Ones(v.dim())};
    for (int i = 0; i < v.dim(); ++i) {
        rays.push_back(VectorXd::Unit(v.dim(), i));
        rays.push_back(-VectorXd::Unit(v.dim(), i));
    }
    double slowest = std::numeric_limits<double>::infinity();
    for (VectorXd const& u : rays) {
        double const power = std::log2(v.value(2.0 * r * u) / v.value(r * u));
        slowest = std::min(slowest, power);
        if (!(power >= least - allowed))
            failures.push_back(
                fmt::format("grows with power {:.6g} along {:.6g} e_0 + …, less "
                            "than {:.6g}",
                            power, u[0], least));
    }
    if (!faster_than_powers)
        compare(failures, "power of the slowest growth", rays[0], slowest, growth.power, allowed);
    return failures;
}

Failures check_separable(Potential const& v) {
    Failures failures;
    if (!v.separable()) return failures;
    for (VectorXd const& x : sample_points(v)) {
        VectorXd const g = v.gradient(x);
        double sum = 0.0, size = 0.0;
        for (int i = 0; i < v.dim(); ++i) {
            double const part = v.coordinate_value(i, x[i]);
            sum += part;
            size += std::abs(part);
            double const scale = std::abs(v.hessian(x)(i, i)) * length_of(v) + std::abs(g[i]) +
                                 std::abs(part) / length_of(v);
            compare(failures, "coordinate slope and gradient", x, v.coordinate_slope(i, x[i]), g[i],
                    64.0 * epsilon * scale);
        }
        compare(failures, "sum of coordinate values and value", x, sum, v.value(x),
                64.0 * epsilon * size);
    }
    return failures;
}

Failures check_entry(LandscapeInfo const& info) {
    Failures failures;
    if (info.source.empty()) failures.push_back("cites no source");
    if (info.growth.statement.empty()) failures.push_back("does not say how it grows");
    if (info.dims.empty() || !std::is_sorted(info.dims.begin(), info.dims.end()))
        failures.push_back("dims are not ascending");
    for (Parameter const& p : info.parameters) {
        if (info.formula.find(p.name) == std::string_view::npos)
            failures.push_back("the formula does not contain " + std::string(p.name));
        if (p.unit.empty() || p.doc.empty())
            failures.push_back(std::string(p.name) + " has no unit or no sentence");
    }
    return failures;
}

}  // namespace kramers::checks
