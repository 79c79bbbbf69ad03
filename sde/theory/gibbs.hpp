// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sde/regions.hpp"
#include "sde/theory/potential.hpp"
#include "sde/theory/profile.hpp"
#include "sde/theory/quadrature.hpp"

namespace kramers::theory {

/// A probability density on an interval, ∝ e^{log_density}, normalised by panel quadrature.
class LineDensity {
  public:
    LineDensity(std::function<double(double)> log_density, double lower, double upper,
                int panels = 320);
    double log_normaliser() const { return log_z_; }  ///< ln ∫ e^{log_density}
    double density(double x) const;                   ///< 0 outside the interval
    double mass(double a, double b) const;            ///< P(a ≤ x ≤ b)
    /// E φ(x).
    double mean(std::function<double(double)> const& f) const;
    double lower() const { return lower_; }
    double upper() const { return upper_; }

  private:
    std::function<double(double)> log_density_;
    double lower_, upper_, log_z_ = 0.0;
    PanelGrid grid_;
    std::vector<double> weight_;  // quadrature weight × density at the nodes
};

/// Stationary law of dX = −∇V dt + √(2T) dW, exact or with the first-order bias of its Euler chain.
///
///   p ∝ exp(−V/T)                                                        step 0 (S43)
///   p ∝ exp(−[V + dt (½T ΔV − ¼|∇V|²)]/T) + O(dt²)                       step dt (S52)
///
/// Shape       d = 1; separable, any d; d = 2, not separable, step 0 only
/// Valid for   confining V. With a step: dt V″ well below 1 where the mass is; for drifts that grow
///             faster than linearly the law of the chain is quasi-stationary
/// Error       quadrature, ~1e-13 (1-D), ~1e-10 (2-D); S52 leaves out O(dt²)
/// Source      leimkuhler2013; talay1990
class Gibbs {
  public:
    /// Empty result with a reason when V does not confine or the shape is not covered.
    static std::optional<Gibbs> make(Potential const& potential, double temperature, double step,
                                     std::string* reason);

    int dim() const { return dim_; }
    /// Average of the marginal density of `axes` (one or two) over the bin [lower, upper].
    double bin(std::vector<int> const& axes, std::vector<double> const& lower,
               std::vector<double> const& upper) const;
    /// Row-major averages over a grid of bins given by its edges per axis (last axis fastest).
    std::vector<double> bins(std::vector<int> const& axes,
                             std::vector<std::vector<double>> const& edges) const;
    double mean(int i) const;
    double covariance(int i, int j) const;
    /// Probability of a region: half-space parallel to the axes, box, any 1-D region, their
    /// complements. Nothing for the rest.
    std::optional<double> weight(Region const& region) const;
    /// ln Z of e^{−V/T}; for a step, of the modified density.
    double log_normaliser() const;
    /// The factor of one coordinate (1-D or separable).
    LineDensity const* line(int i) const;

  private:
    struct Plane;
    std::optional<double> box_mass(std::vector<double> const& lower,
                                   std::vector<double> const& upper) const;
    int dim_ = 0;
    std::vector<LineDensity> lines_;
    std::shared_ptr<Plane const> plane_;
};

/// First-order bias of an observable in the Euler step, per unit dt (S53):
/// E_dt φ = E_0 φ + dt · bias + O(dt²), bias = −Cov_0(φ, ½T V″ − ¼V′²)/T. 1-D.
double euler_bias(Potential const& potential, double temperature,
                  std::function<double(double)> const& observable);

/// P_a / P_b of two wells by Laplace's method (S48): √(det H_b/det H_a) e^{−(V_a−V_b)/T}, in 1-D
/// with the factor 1 + T(χ_a − χ_b) if `corrected`. Needs barriers ≫ T; error O(T), O(T²).
/// Source bender1999.
double well_occupation_ratio(Potential const& potential, CriticalPoint const& a,
                             CriticalPoint const& b, double temperature, bool corrected);

}  // namespace kramers::theory
