// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "sde/theory/potential.hpp"

namespace kramers {

/// V(x) = Σ_k c_k x^k on R, for tests that need a potential no landscape has.
class Polynomial : public Potential {
  public:
    explicit Polynomial(std::vector<double> coefficients) : c_(std::move(coefficients)) {}
    std::string_view name() const override { return "polynomial"; }
    int dim() const override { return 1; }
    double value(Eigen::VectorXd const& x) const override { return derivative(0, x[0]); }
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        return Eigen::VectorXd::Constant(1, derivative(1, x[0]));
    }
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const override {
        return Eigen::MatrixXd::Constant(1, 1, derivative(2, x[0]));
    }
    std::array<double, 5> derivatives(double x) const override {
        return {derivative(0, x), derivative(1, x), derivative(2, x), derivative(3, x),
                derivative(4, x)};
    }
    std::vector<CriticalPoint> const& critical_points() const override { return points_; }
    bool separable() const override { return true; }
    double coordinate_value(int, double x) const override { return derivative(0, x); }
    double coordinate_slope(int, double x) const override { return derivative(1, x); }
    std::optional<Eigen::VectorXd> curvatures() const override { return std::nullopt; }

  private:
    double derivative(int order, double x) const {
        double sum = 0.0;
        for (std::size_t k = c_.size(); k-- > static_cast<std::size_t>(order);) {
            double factor = c_[k];
            for (int j = 0; j < order; ++j) factor *= static_cast<double>(k) - j;
            sum = sum * x + factor;
        }
        return sum;
    }
    std::vector<double> c_;
    std::vector<CriticalPoint> points_;
};

}  // namespace kramers
