// SPDX-License-Identifier: Apache-2.0
#include "sde/limits.hpp"

#include <charconv>
#include <cmath>

namespace kramers {
namespace {

std::string short_text(double value) {
    char text[32];
    auto const end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

}  // namespace

std::string weak_order_text(SdeLimit const& limit) {
    if (std::isinf(limit.weak_order)) return "the same law at every iteration";
    std::string text = "weak order " + short_text(limit.weak_order) + " in " + limit.small;
    if (limit.clock_power != 1.0)
        text += ", " + short_text(limit.weak_order / limit.clock_power) +
                " in the time of an iteration";
    return text;
}

void refuse_without_covariance(std::vector<SdeLimit>& limits, StepNoise const& noise) {
    if (noise.no_covariance.empty()) return;
    for (SdeLimit& limit : limits)
        if (limit.sde != "levy_driven")
            limit.not_here = "it needs a noise with a covariance C; " + noise.no_covariance;
}

}  // namespace kramers
