// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "sde/linear_algebra.hpp"
#include "sde/theory/potential.hpp"

namespace kramers::theory::testing {

/// Shared by the small potentials below: critical points polished by Newton from guesses.
class LocalPotential : public Potential {
  public:
    std::string_view name() const override { return "local"; }
    std::vector<CriticalPoint> const& critical_points() const override { return points_; }
    std::optional<Eigen::VectorXd> curvatures() const override { return std::nullopt; }

  protected:
    void add_point(std::string point_name, Eigen::VectorXd x) {
        for (int k = 0; k < 50; ++k) x -= linear::least_squares(hessian(x), gradient(x));
        CriticalPoint c{std::move(point_name), x, value(x), {}, 0};
        c.eigenvalues = linear::symmetric_eigen(hessian(x)).values;
        c.morse_index = static_cast<int>((c.eigenvalues.array() < 0.0).count());
        points_.push_back(c);
    }

  private:
    std::vector<CriticalPoint> points_;
};

/// A separable potential from one function of a coordinate, given by all its derivatives.
class Separable : public LocalPotential {
  public:
    explicit Separable(int dim) : dim_(dim) {}
    int dim() const override { return dim_; }
    bool separable() const override { return true; }
    double value(Eigen::VectorXd const& x) const override {
        double sum = 0.0;
        for (int i = 0; i < dim_; ++i) sum += derivative(i, x(i), 0);
        return sum;
    }
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        Eigen::VectorXd g(dim_);
        for (int i = 0; i < dim_; ++i) g(i) = derivative(i, x(i), 1);
        return g;
    }
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const override {
        Eigen::MatrixXd h = Eigen::MatrixXd::Zero(dim_, dim_);
        for (int i = 0; i < dim_; ++i) h(i, i) = derivative(i, x(i), 2);
        return h;
    }
    std::array<double, 5> derivatives(double x) const override {
        return {derivative(0, x, 0), derivative(0, x, 1), derivative(0, x, 2), derivative(0, x, 3),
                derivative(0, x, 4)};
    }
    double coordinate_value(int i, double x) const override { return derivative(i, x, 0); }
    double coordinate_slope(int i, double x) const override { return derivative(i, x, 1); }

  protected:
    virtual double derivative(int i, double x, int order) const = 0;

  private:
    int dim_;
};

/// V = Σ_k c_k x^k.
class Polynomial : public Separable {
  public:
    Polynomial(std::vector<double> coefficients,
               std::vector<std::pair<std::string, double>> const& guesses)
        : Separable(1), c_(std::move(coefficients)) {
        for (auto const& [n, x] : guesses) add_point(n, Eigen::VectorXd::Constant(1, x));
    }

  protected:
    double derivative(int, double x, int order) const override {
        double sum = 0.0;
        for (std::size_t k = c_.size(); k-- > static_cast<std::size_t>(order);) {
            double factor = c_[k];
            for (int j = 0; j < order; ++j) factor *= static_cast<double>(k) - j;
            sum = sum * x + factor;
        }
        return sum;
    }

  private:
    std::vector<double> c_;
};

/// x⁴/4 − b x²/2 + c x.
inline Polynomial quartic(double c = 0.0, double b = 1.0) {
    double const root = std::sqrt(b);
    return Polynomial({0.0, c, -0.5 * b, 0.0, 0.25},
                      {{"minimum.left", -root}, {"saddle", 0.0}, {"minimum.right", root}});
}

/// Σ_i [x_i² + A (1 − cos 2πx_i)].
class Rastrigin : public Separable {
  public:
    Rastrigin(int dim, double amplitude) : Separable(dim), a_(amplitude) {
        add_point("minimum.global", Eigen::VectorXd::Zero(dim));
        for (int i = 0; i < dim; ++i)
            for (double sign : {-1.0, 1.0}) {
                Eigen::VectorXd x = Eigen::VectorXd::Zero(dim);
                x(i) = sign * 0.5;
                add_point("saddle", x);
            }
    }

  protected:
    double derivative(int, double x, int order) const override {
        constexpr double k = 6.283185307179586;
        double const phase = k * x + order * 1.5707963267948966;  // d/dx turns cos by π/2
        double const wave = -a_ * std::pow(k, order) * std::cos(phase);
        if (order == 0) return x * x + a_ + wave;
        return wave + (order == 1 ? 2.0 * x : order == 2 ? 2.0 : 0.0);
    }

  private:
    double a_;
};

/// ½ Σ h_i x_i².
class Quadratic : public Separable {
  public:
    explicit Quadratic(std::vector<double> h)
        : Separable(static_cast<int>(h.size())), h_(std::move(h)) {
        add_point("minimum", Eigen::VectorXd::Zero(dim()));
    }
    std::optional<Eigen::VectorXd> curvatures() const override {
        return Eigen::Map<Eigen::VectorXd const>(h_.data(), dim());
    }

  protected:
    double derivative(int i, double x, int order) const override {
        double const h = h_[static_cast<std::size_t>(i)];
        return order == 0 ? 0.5 * h * x * x : order == 1 ? h * x : order == 2 ? h : 0.0;
    }

  private:
    std::vector<double> h_;
};

/// (x² − 1)²/4 + (a + k x²) y²/2 + c x y: a double well that does not separate.
class CoupledDoubleWell : public LocalPotential {
  public:
    CoupledDoubleWell() {
        add_point("minimum.left", Eigen::Vector2d(-1.0, 0.1));
        add_point("saddle", Eigen::Vector2d(0.0, 0.0));
        add_point("minimum.right", Eigen::Vector2d(1.0, -0.1));
    }
    int dim() const override { return 2; }
    bool separable() const override { return false; }
    double value(Eigen::VectorXd const& p) const override {
        double const x = p(0), y = p(1), w = x * x - 1.0;
        return 0.25 * w * w + 0.5 * (1.0 + 2.0 * x * x) * y * y + 0.3 * x * y;
    }
    Eigen::VectorXd gradient(Eigen::VectorXd const& p) const override {
        double const x = p(0), y = p(1);
        return Eigen::Vector2d(x * (x * x - 1.0) + 2.0 * x * y * y + 0.3 * y,
                               (1.0 + 2.0 * x * x) * y + 0.3 * x);
    }
    Eigen::MatrixXd hessian(Eigen::VectorXd const& p) const override {
        double const x = p(0), y = p(1);
        Eigen::Matrix2d h;
        h << 3.0 * x * x - 1.0 + 2.0 * y * y, 4.0 * x * y + 0.3, 4.0 * x * y + 0.3,
            1.0 + 2.0 * x * x;
        return h;
    }
    std::array<double, 5> derivatives(double) const override { return {}; }
    double coordinate_value(int, double) const override { return 0.0; }
    double coordinate_slope(int, double) const override { return 0.0; }
};

/// The flat line: V = 0 (use with two absorbing ends).
inline Polynomial flat() { return Polynomial({0.0}, {}); }

/// |a/b − 1|.
inline double deviation(double a, double b) { return std::abs(a / b - 1.0); }

}  // namespace kramers::theory::testing
