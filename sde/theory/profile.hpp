// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sde/theory/potential.hpp"

namespace kramers::theory {

/// A potential along one line: what the one-dimensional formulas need.
struct Profile {
    std::function<double(double)> value;                       ///< V, energy
    std::function<double(double)> slope;                       ///< V′, energy/length
    std::function<double(double)> curvature;                   ///< V″, energy/length²
    std::function<std::array<double, 7>(double)> derivatives;  ///< V, V′, …, V⁽⁶⁾
    std::vector<double> landmarks;  ///< known stationary points: searches reach at least that far
};

/// The profile of a 1-D potential, or of one coordinate of a separable one (whose motion does not
/// see the others). V⁽⁵⁾ and V⁽⁶⁾ are central differences of V⁗ (1-D) and, along a coordinate of a
/// separable potential, V‴ … V⁽⁶⁾ are fitted differences of V″: good to about six digits, enough
/// for the size of a correction. Keeps a pointer to `potential`.
Profile profile_of(Potential const& potential, int coordinate = 0);

/// An interval outside which exp(−(V − V_min)/T) < e^{−42} ≈ 6e−19 on a side that is not absorbing,
/// V_min being the lowest V from the start outwards on that side.
struct Confinement {
    double lower = 0.0;
    double upper = 0.0;
};

/// Cuts the natural boundaries of a line where (V − V_min)/T ≥ 42 for good: the cut is the last
/// place below that threshold, looked for in windows that double until they hold twice the distance
/// to every landmark and V, in their outer quarter, exceeds both the threshold and everything met
/// in their inner half (so no well hides behind a high barrier). A side with `lower`/`upper` given
/// ends there instead. Nothing when V does not confine (an endless descent or a flat side);
/// `reason` then says which side.
std::optional<Confinement> confine(Profile const& profile, double temperature, double start,
                                   std::optional<double> lower, std::optional<double> upper,
                                   std::string* reason = nullptr);

/// A stationary point of a profile.
struct Extremum {
    double x = 0.0;
    double value = 0.0;
    double curvature = 0.0;  ///< V″: > 0 minimum, < 0 maximum
};

/// All non-degenerate minima and maxima inside (lower, upper), ascending: sign changes of V′ on a
/// grid of 8000 points, polished by bisection to the last bit.
std::vector<Extremum> extrema(Profile const& profile, double lower, double upper);

}  // namespace kramers::theory
