// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "estimators/intervals.hpp"
#include "experiments/comparison.hpp"
#include "experiments/detect.hpp"
#include "experiments/kinds/race.hpp"
#include "experiments/numbers.hpp"
#include "experiments/runner.hpp"

namespace kramers {
namespace {

/// Largest spread of one trajectory's success within `distance` of p.
double spread(double p, double distance) {
    double const nearest = std::clamp(0.5, p - distance, p + distance);
    return std::sqrt(std::max(0.0, nearest * (1.0 - nearest)));
}

/// The deciding interval of the difference, half of it, and the distance at which it clears the bar;
/// in units of 1/√n.
struct Widths {
    double interval = 0.0, clear = 0.0;
};

Widths widths_at(double p, bool against_entrant, double level, double distance) {
    double const each = against_entrant ? 0.5 * (1.0 + level) : level;
    double const q = student_quantile(0.5 + 0.5 * each, std::numeric_limits<double>::infinity());
    double const s = spread(p, distance), other = against_entrant ? s : 0.0;
    return {q * (s + other), q * (s + other) + one_sided_99 * std::hypot(s, other)};
}

}  // namespace

double race_detectable(double p, bool against_entrant, double level, double trajectories) {
    double distance = 0.0;
    for (int k = 0; k < 50; ++k)  // spread() grows by less than its argument
        distance = widths_at(p, against_entrant, level, distance).clear / std::sqrt(trajectories);
    return distance;
}

DetectionNeed race_detection_need(Spec const& spec, ClaimSpec const& claim, double discrepancy,
                                  Cost const& cost) {
    DetectionNeed need;
    std::vector<std::string> const entrants = entrants_of(spec);
    bool const paired =
        std::find(entrants.begin(), entrants.end(), claim.against) != entrants.end();
    need.claim = claim.id;
    need.cell = -1;
    need.where = std::get<SuccessProbability>(claim.estimand).entrant;
    need.estimand = describe(claim.estimand);
    need.level = family_level(std::max<std::size_t>(1, comparison_count(spec)));
    need.dt = need.seconds = missing;
    double const p = paired ? 0.5 : std::clamp(claim.exceeds + claim.by, 0.0, 1.0);
    Widths const widths = widths_at(p, paired, need.level, discrepancy);
    need.trajectories = std::max(128.0, std::ceil(std::pow(widths.clear / discrepancy, 2.0)));
    need.half_width = widths.interval / std::sqrt(need.trajectories);
    auto const own = static_cast<double>(spec.cells.front().trajectories);
    if (cost.known) need.seconds = cost.seconds * need.trajectories / own;
    need.basis = fmt::format(
        "binomial numbers at {}; the {:.0f} trajectories of the spec find {:.3g} points",
        paired ? "success 1/2 of both, where they are widest" : fmt::format("success {:.4g}", p),
        own, 100.0 * race_detectable(p, paired, need.level, own));
    return need;
}

}  // namespace kramers
