// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "sde/coordinate.hpp"

namespace kramers::test {

/// State ↦ step · state + first ζ₁ + second ζ₂ with independent unit ζ: an optimizer on a quadratic.
template <int N>
struct LinearMap {
    using Matrix = Eigen::Matrix<double, N, N>;
    using Vector = Eigen::Matrix<double, N, 1>;
    Matrix step;
    Vector first, second;

    Matrix kick() const { return first * first.transpose() + second * second.transpose(); }
    /// Σ_j step^j kick step^jᵀ by doubling.
    Matrix covariance() const {
        Matrix power = step;
        Matrix sum = kick();
        for (int i = 0; i < 40; ++i) {
            sum += power * sum * power.transpose();
            power = (power * power).eval();
        }
        return sum;
    }
    /// Sum of the autocovariances of the position over all lags.
    double long_run() const {
        Matrix const inverse = (Matrix::Identity() - step).inverse();
        return (inverse * kick() * inverse.transpose())(0, 0);
    }
    bool contracts() const {
        Matrix power = step;
        for (int i = 0; i < 24; ++i) power = (power * power).eval();
        return power.norm() < 1.0;
    }

    struct Moments {
        Vector mean;
        Matrix covariance;
    };
    /// After k steps from position 1, memory 0.
    Moments after(int k) const {
        Moments m{Vector::Unit(0), Matrix::Zero()};
        for (int i = 0; i < k; ++i) {
            m.mean = (step * m.mean).eval();
            m.covariance = (step * m.covariance * step.transpose() + kick()).eval();
        }
        return m;
    }
};

/// The map of optimizer O on V = hx²/2 with gradient noise of variance c, read off its program.
template <coordinate::Optimizer O>
LinearMap<1 + O::memory> linear_map(std::vector<double> const& values, double h, double c) {
    constexpr int n = 1 + O::memory;
    auto const program = coordinate::Iterate<O>::prepare(O::make(values.data()), 0.0);
    auto const run = [&](int entry, double first, double second) {
        Vec<double, n> state{};
        if (entry >= 0) state[entry] = 1.0;
        coordinate::Draws<double> const draws{first, second};
        coordinate::Clock<double> const clock{0.0, 0.0, 1.0, 1.0};
        coordinate::Site<double> site{};
        site.gradient = h * program.template point<0>(state, &site, draws, clock);
        site.amplitude = std::sqrt(c);
        Vec<double, n> const next = program.finish(state, &site, draws, clock);
        Eigen::Matrix<double, n, 1> column;
        for (int i = 0; i < n; ++i) column[i] = next[i];
        return column;
    };
    LinearMap<n> map;
    for (int i = 0; i < n; ++i) map.step.col(i) = run(i, 0.0, 0.0);
    map.first = run(-1, 1.0, 0.0);
    map.second = run(-1, 0.0, 1.0);
    return map;
}

}  // namespace kramers::test
