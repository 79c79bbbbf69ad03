// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sde/theory/potential.hpp"

namespace kramers::theory {

/// ∫ e^{−V/T} over boxes of the plane by tensor panel quadrature, for V that does not separate.
///
/// Shape       d = 2
/// Valid for   confining V; the frame is the bounding box of {V < V_min + 42 T}
/// Error       ~1e-10 when the panels (40 per side) resolve √(T/curvature)
/// Cost        400 000 evaluations of V for the whole plane
/// Source      gibbs1902 (the measure, S43); the quadrature is E66
class PlaneMeasure {
  public:
    static std::optional<PlaneMeasure> make(Potential const& potential, double temperature,
                                            std::string* reason);
    /// ∫ f(x, y) e^{−(V − V_min)/T} over [lower, upper] ∩ frame.
    double integrate(std::function<double(double, double)> const& f, std::vector<double> lower,
                     std::vector<double> upper) const;
    double total() const { return total_; }
    double minimum() const { return minimum_; }
    double lower(int axis) const { return lower_[axis]; }
    double upper(int axis) const { return upper_[axis]; }

  private:
    double weight(double x, double y) const;
    Potential const* potential_ = nullptr;
    double temperature_ = 1.0, minimum_ = 0.0, total_ = 0.0;
    double lower_[2] = {0.0, 0.0}, upper_[2] = {0.0, 0.0};
};

}  // namespace kramers::theory
