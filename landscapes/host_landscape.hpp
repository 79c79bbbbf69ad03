// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "landscapes/critical_points.hpp"
#include "landscapes/landscape_view.hpp"
#include "landscapes/traits.hpp"
#include "sde/dual.hpp"

namespace kramers {

/// The half of PotentialAdapter that no landscape changes, compiled once: what theory and
/// experiments see, made of evaluations at plain arrays of dim() numbers. Hessians and higher
/// derivatives come from the gradient by dual numbers.
class HostLandscape : public LandscapeView {
  public:
    double value(Eigen::VectorXd const& x) const final;
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const final;
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const final;
    std::array<double, 5> derivatives(double x) const final;
    std::vector<CriticalPoint> const& critical_points() const final { return points_; }
    std::string why_absent(std::string_view wanted) const final;
    double coordinate_value(int i, double x) const final;
    double coordinate_slope(int i, double x) const final;
    std::optional<Eigen::VectorXd> curvatures() const final;
    Eigen::VectorXd gradient_of_value(Eigen::VectorXd const& x) const final;
    Eigen::VectorXd gradient_in_float(Eigen::VectorXd const& x) const final;

  protected:
    using D1 = Dual<double>;
    using D2 = Dual<D1>;
    using D3 = Dual<D2>;

    /// Looks for an announced critical point and keeps it, or the reason why there is none.
    void look_for(std::string_view seed, int morse_index, double const* guess, double reach);

  private:
    virtual double evaluate(double const* x) const = 0;
    virtual D1 evaluate(D1 const* x) const = 0;
    virtual void differentiate(double const* x, double* gradient) const = 0;
    virtual void differentiate(D1 const* x, D1* gradient) const = 0;
    virtual void differentiate_in_float(float const* x, float* gradient) const = 0;
    /// V′ in one dimension.
    virtual D3 slope(D3 const& x) const = 0;
    /// V_i of a separable landscape, V = Σ V_i.
    virtual D1 along(int i, D1 const& x) const = 0;
    virtual double along(int i, double x) const = 0;
    /// The dim() curvatures of ½ Σ h_i x_i²; null for any other landscape.
    virtual double const* curvature_row() const = 0;
    /// "; tilt must lie in …" where a parameter decides whether the critical points exist.
    virtual std::string existence_text() const = 0;

    struct Absent {
        std::string name;
        std::string reason;
    };
    std::vector<CriticalPoint> points_;
    std::vector<Absent> absent_;
};

}  // namespace kramers
