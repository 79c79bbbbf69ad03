// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "landscapes/critical_points.hpp"
#include "landscapes/landscape_view.hpp"
#include "landscapes/traits.hpp"
#include "sde/contracts.hpp"
#include "sde/dual.hpp"

namespace kramers {

/// The host view of the landscape L<double, Dim>. Hessians and higher derivatives come from the
/// gradient by dual numbers.
template <template <class, int> class L, int Dim>
    requires DescribedLandscape<L<double, Dim>> && DescribedLandscape<L<float, Dim>>
class PotentialAdapter final : public LandscapeView {
  public:
    explicit PotentialAdapter(std::vector<double> const& values)
        : landscape_(L<double, Dim>::make(values.data())),
          single_(L<float, Dim>::make(values.data())) {
        std::vector<Seed> seeds;
        landscape_.critical_seeds([&](CriticalSeed<Dim> const& s) {
            seeds.push_back({std::string(s.name), s.morse_index, to_eigen(s.guess), s.reach});
        });
        for (Seed const& seed : seeds) {
            PolishResult result = polish(*this, seed);
            if (result.point) points_.push_back(std::move(*result.point));
            else absent_.push_back({seed.name, std::move(result.reason)});
        }
    }

    std::string_view name() const override { return L<double, Dim>::name; }
    int dim() const override { return Dim; }
    double value(Eigen::VectorXd const& x) const override {
        return landscape_.value(from_eigen<double>(x));
    }
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        return to_eigen(landscape_.gradient(from_eigen<double>(x)));
    }
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const override {
        Eigen::MatrixXd h(Dim, Dim);
        for (int j = 0; j < Dim; ++j) {
            auto const g = landscape_.gradient(seeded<D1>(x, j));
            for (int i = 0; i < Dim; ++i) h(i, j) = derivative_of(g[i]);
        }
        return h;
    }
    std::array<double, 5> derivatives(double x) const override {
        KRAMERS_EXPECTS(Dim == 1);
        if constexpr (Dim != 1) {
            return {};
        } else {
            // x + ε₁ + ε₂ + ε₃: the coefficient of ε₁…ε_k is the k-th derivative of V′.
            D3 const g = landscape_.gradient(
                Vec<D3, 1>{{D3{D2{D1{x, 1.0}, D1{1.0, 0.0}}, D2{D1{1.0, 0.0}, D1{0.0, 0.0}}}}})[0];
            return {landscape_.value(Vec<double, 1>{{x}}), g.value.value.value,
                    g.value.value.derivative, g.value.derivative.derivative,
                    g.derivative.derivative.derivative};
        }
    }
    std::vector<CriticalPoint> const& critical_points() const override { return points_; }
    std::string why_absent(std::string_view wanted) const override {
        for (auto const& [name, reason] : absent_)
            if (name == wanted) return reason + existence_text();
        return Potential::why_absent(wanted);
    }

    bool separable() const override { return L<double, Dim>::separable; }
    double coordinate_value(int i, double x) const override { return along(i, x); }
    double coordinate_slope(int i, double x) const override {
        return derivative_of(along(i, D1{x, 1.0}));
    }
    std::optional<Eigen::VectorXd> curvatures() const override {
        if constexpr (requires { landscape_.curvatures; }) return to_eigen(landscape_.curvatures);
        else return std::nullopt;
    }

    Eigen::VectorXd gradient_of_value(Eigen::VectorXd const& x) const override {
        Eigen::VectorXd g(Dim);
        for (int j = 0; j < Dim; ++j) g[j] = derivative_of(landscape_.value(seeded<D1>(x, j)));
        return g;
    }
    Eigen::VectorXd gradient_in_float(Eigen::VectorXd const& x) const override {
        return to_eigen(single_.gradient(from_eigen<float>(x)));
    }

  private:
    using D1 = Dual<double>;
    using D2 = Dual<D1>;
    using D3 = Dual<D2>;

    static double derivative_of(D1 const& d) { return d.derivative; }
    template <class T>
    static Vec<T, Dim> from_eigen(Eigen::VectorXd const& x) {
        KRAMERS_EXPECTS(x.size() == Dim);
        Vec<T, Dim> v{};
        for (int i = 0; i < Dim; ++i) v[i] = T(x[i]);
        return v;
    }
    template <class T>
    static Vec<T, Dim> seeded(Eigen::VectorXd const& x, int direction) {
        Vec<T, Dim> v = from_eigen<T>(x);
        v[direction].derivative = 1.0;
        return v;
    }
    template <class T>
    static Eigen::VectorXd to_eigen(Vec<T, Dim> const& v) {
        Eigen::VectorXd x(Dim);
        for (int i = 0; i < Dim; ++i) x[i] = static_cast<double>(v[i]);
        return x;
    }
    template <class T>
    T along(int i, T const& x) const {
        KRAMERS_EXPECTS((L<double, Dim>::separable) && i >= 0 && i < Dim);
        if constexpr (requires { landscape_.coordinate_value(i, x); })
            return landscape_.coordinate_value(i, x);
        else if constexpr (Dim == 1) return landscape_.value(Vec<T, 1>{{x}});
        else return T(std::numeric_limits<double>::quiet_NaN());
    }
    std::string existence_text() const {
        if constexpr (requires { landscape_.existence(); })
            return "; " + describe(landscape_.existence());
        else return "";
    }

    struct Absent {
        std::string name;
        std::string reason;
    };
    L<double, Dim> landscape_;
    L<float, Dim> single_;
    std::vector<CriticalPoint> points_;
    std::vector<Absent> absent_;
};

}  // namespace kramers
