// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "estimators/estimate.hpp"
#include "experiments/spec.hpp"
#include "sde/theory/prediction.hpp"

namespace kramers {

/// An estimate confronted with a prediction: one line of the validation table.
struct Comparison {
    ClaimSpec claim;
    int cell = 0;
    Prediction prediction;
    Estimate estimate;
    Interval family_interval;     ///< at the family-wise level, the one that decides
    Interval pointwise_interval;  ///< the usual 95 %
    double family_level = 0.95;
    Verdict verdict = Verdict::undecided;
    bool passed = false;      ///< verdict == claim.expect
    double detectable = 0.0;  ///< discrepancy found with 99 % power at family level, relative
                              ///< unless the tolerance is absolute
    double more_trajectories = 0.0;  ///< undecided: how many more would decide; else 0
    std::string note;                ///< domain note, reason of a missing prediction, …
};

/// Two-sided level of each interval so that a family of `claims` is wrong with probability ≤ 0.05
/// in all (Bonferroni).
double family_level(std::size_t claims, double family_error = 0.05);

/// Decides in this order: out_of_domain (the prediction's own test fails, or its value is not a
/// number), disagree (the whole interval outside prediction·(1 ± tolerance), or prediction ±
/// absolute_tolerance), undecided (it reaches
/// across an edge), agree. Touching an edge from inside is inside. `level` is that of one interval,
/// i.e. family_level(number of claims).
Comparison compare(ClaimSpec const& claim, int cell, Estimate const& estimate,
                   Prediction const& prediction, double level);

/// The same; a missing prediction is out_of_domain with its reason as the note.
Comparison compare(ClaimSpec const& claim, int cell, Estimate const& estimate,
                   PredictionResult const& prediction, double level);

/// The same where the simulation gave no estimate: undecided with the reason, unless the prediction's
/// own test fails. A lack of data never passes for a limit of the theory.
Comparison compare_missing(ClaimSpec const& claim, int cell, std::string const& reason,
                           PredictionResult const& prediction, double level);

/// An estimate in units of a prediction: a point of the lower panel of a figure. Shape: prediction
/// is finite and not 0.
struct Ratio {
    double value = 0.0;
    double standard_error = 0.0;
    double lower = 0.0;
    double upper = 0.0;
};
Ratio ratio_to(Estimate const& estimate, double prediction, double level = 0.95);

std::string_view to_string(Verdict verdict);

namespace detail {

/// The verdict on an interval around `value` and the closed band [lower, upper] the claim allows.
Verdict decide(Interval interval, double band_lower, double band_upper);

/// How many more trajectories would decide if the value stayed where it is and both sides of its
/// interval shrank as 1/√n; ∞ when the value sits on an edge of the band.
double trajectories_to_decide(double value, Interval interval, double band_lower, double band_upper,
                              double trajectories);

/// Distance between truth and the edge of the band at which the whole interval lies beyond the edge
/// with 99 % power. half_width: of the deciding interval; it is itself random, with a relative
/// scatter of 1/√(2 df), which is why this exceeds half_width + 2.33 standard errors.
double detectable_distance(double half_width, double standard_error, double degrees_of_freedom);

}  // namespace detail

}  // namespace kramers
