// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// A non-degenerate point where ∇V = 0, polished by Newton's method.
struct CriticalPoint {
    std::string name;             ///< "minimum.left", "saddle", "maximum", "minimum.global", …
    Eigen::VectorXd point;        ///< length
    double value = 0.0;           ///< V, energy
    Eigen::VectorXd eigenvalues;  ///< of the Hessian, ascending; energy/length²
    int morse_index = 0;          ///< number of negative eigenvalues: 0 minimum, 1 saddle
};

/// The host's view of a landscape, in double: what theory and experiments see. Made by
/// landscapes/make_potential.hpp.
class Potential {
  public:
    virtual ~Potential() = default;
    virtual std::string_view name() const = 0;
    virtual int dim() const = 0;
    virtual double value(Eigen::VectorXd const& x) const = 0;
    virtual Eigen::VectorXd gradient(Eigen::VectorXd const& x) const = 0;
    virtual Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const = 0;
    /// V, V′, V″, V‴, V⁗ at x. Precondition: dim() == 1.
    virtual std::array<double, 5> derivatives(double x) const = 0;
    /// The named critical points (for high dimension the relevant ones by symmetry).
    virtual std::vector<CriticalPoint> const& critical_points() const = 0;
    /// The critical point of that name, or nothing.
    std::optional<CriticalPoint> critical_point(std::string_view name) const {
        for (CriticalPoint const& c : critical_points())
            if (c.name == name) return c;
        return std::nullopt;
    }
    /// Why critical_point(wanted) is nothing: the names there are, or what removed this one.
    virtual std::string why_absent(std::string_view wanted) const {
        std::string text =
            std::string(name()) + " has no critical point \"" + std::string(wanted) + "\" (have: ";
        for (CriticalPoint const& c : critical_points())
            text += (&c == critical_points().data() ? "" : ", ") + c.name;
        return text + ")";
    }
    /// True: V(x) = Σ_i coordinate_value(i, x_i).
    virtual bool separable() const = 0;
    virtual double coordinate_value(int i, double x) const = 0;
    virtual double coordinate_slope(int i, double x) const = 0;
    /// The curvatures h_i when V = ½ Σ h_i x_i² exactly; nothing otherwise.
    virtual std::optional<Eigen::VectorXd> curvatures() const = 0;
};

}  // namespace kramers
