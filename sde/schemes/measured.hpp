// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kramers {

/// A slope that a convergence test finds, with the half-width of its interval; 0 wide: not measured.
struct MeasuredOrder {
    double value = 0.0;
    double half_width = 0.0;
};

/// Of a scheme under one structure of the noise, to two digits. The tests find them on nonlinear
/// problems and compare (tests/sde; `tests_sde -s -tc="schemes:*"` prints what they find). Strong:
/// the Landau well with multiplicative noise (diagonal) or in logarithmic form (additive; the quartic
/// well for tamed_euler), the plane under noise of the gradient's norm (general), the oscillator
/// (kinetic schemes). Weak: the second moment of the arctan problem (diagonal) or of the quartic well
/// (additive), one step in that plane (general) or in a kinetic quartic well.
struct MeasuredOrders {
    MeasuredOrder strong, weak;
};

}  // namespace kramers
