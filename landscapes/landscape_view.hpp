// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sde/theory/potential.hpp"

namespace kramers {

/// A Potential that also shows the second routes to the same numbers, for tests that tie them.
class LandscapeView : public Potential {
  public:
    /// ∇V from value() by dual numbers; gradient() is the hand-written formula.
    virtual Eigen::VectorXd gradient_of_value(Eigen::VectorXd const& x) const = 0;
    /// The gradient of the float instance at the float nearest to x.
    virtual Eigen::VectorXd gradient_in_float(Eigen::VectorXd const& x) const = 0;
};

}  // namespace kramers
