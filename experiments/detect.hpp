// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/cost.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// What it takes that a claim, in one cell, is found to disagree in 99 of 100 runs when the truth
/// lies `discrepancy` (relative to the prediction; of a density: to its peak) beyond the tolerance.
struct DetectionNeed {
    std::string claim;
    int cell = 0;  ///< -1: of a race, whose best cell is not known yet
    std::string where, estimand;
    double level = 0.95;        ///< of the interval that decides, family-wise over the spec
    double trajectories = 0.0;  ///< NaN: cannot be said, see reason
    double half_width = 0.0;    ///< expected, relative, of that interval
    double dt = 0.0;  ///< whose bias is a quarter of the discrepancy; NaN: not a choice, unknown
    double seconds = 0.0;  ///< at those trajectories and dt on this machine; NaN: unknown
    std::string basis;     ///< how the standard error was predicted, and how dt
    std::string reason;    ///< why there is no number
};

/// Standard error (relative) that an interval at `level` needs for 99 % power:
///
///   discrepancy = s (q + 2.326 √(1 + q²/(2 df))),   q: quantile of Student's law
///
/// whose second term allows for the scatter of the standard error itself.
double needed_error(double discrepancy, double level, double degrees_of_freedom);

/// Of every claim in every cell that it is about.
///
///   mean first passage   c² A²/n: c² = E τ²/(E τ)² − 1 exactly in one dimension, else that of an
///                        exponential law, 1; A: of a dt ladder, from a pilot of 640 trajectories
///   rate                 arrivals after the relaxation of the well, a Poisson number
///   covariance           normal theory: (C_ii C_jj + C_ij²)/n, 64 groups
///   weight, density      binomial numbers
DetectionNeed detection_need(Spec const& spec, ClaimSpec const& claim, Cell const& cell,
                             double discrepancy, Cost const& cost);

/// The same of a claim of a race, about the best cell of its entrant, `discrepancy` being a difference
/// in success probability beyond the bar:
///
///   discrepancy = (q (s + s') + 2.326 √(s² + s'²)) / √n,   s = √(p (1 − p)), q: of a normal law
///
/// p at the bar if that is a number (s' = 0), else both 1/2, where a binomial number is widest.
/// half_width is in success probability, trajectories are those of every cell.
DetectionNeed race_detection_need(Spec const& spec, ClaimSpec const& claim, double discrepancy,
                                  Cost const& cost);

/// Smallest difference beyond the bar that n trajectories find, by that formula.
double race_detectable(double p, bool against_entrant, double level, double trajectories);

/// Of every claim: in every cell that it is about, or of a race once.
std::vector<DetectionNeed> detection_needs(Spec const& spec, double discrepancy, Cost const& cost);

/// "1%" or "0.01" → 0.01. Throws InputError.
double parse_discrepancy(std::string const& text);

std::string needs_json(std::vector<DetectionNeed> const& needs);
std::string needs_text(std::vector<DetectionNeed> const& needs, double discrepancy);

}  // namespace kramers
