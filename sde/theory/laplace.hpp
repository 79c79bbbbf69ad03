// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace kramers::theory {

/// ∫_{−∞}^{X} exp(−g(x)/T) dx ÷ √(2πT/h) for g = h x²/2 + Σ_{k≥3} g_k x^k/k!, by orders of √T.
///
///   with U = X√(h/T), A_n = ∫_{−∞}^U u^n φ(u) du, by A_0 = Φ, A_1 = −φ,
///   A_n = (n−1)A_{n−2} − U^{n−1}φ, and e_k = −g_k T^{k/2−1} / (k! h^{k/2}):
///   term[0] = Φ(U)                      term[1] = e₃A₃
///   term[2] = e₄A₄ + e₃²A₆/2            term[3] = e₅A₅ + e₃e₄A₇ + e₃³A₉/6
///   term[4] = e₆A₆ + e₃e₅A₈ + e₄²A₈/2 + e₃²e₄A₁₀/2 + e₃⁴A₁₂/24
///
/// Parameters  g  derivatives g₃ … g₆ at the point;  h  g₂ > 0;  U  upper limit, may be +∞
/// Facts       at U = ∞ term[2] is the coefficient of E14; at U = 0 term[1]/term[0] is the √T term
///             of the time to a saddle
/// Source      bender1999, section 6.4 (Laplace's method), carried to second order
std::array<double, 5> laplace_terms(std::array<double, 4> const& g, double h, double temperature,
                                    double U);

/// Φ(u), standard normal distribution function.
double normal_cdf(double u);

}  // namespace kramers::theory
