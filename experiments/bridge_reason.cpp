// SPDX-License-Identifier: Apache-2.0
#include "experiments/bridge_reason.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

/// "double_well, quadratic (d = 1, 2, 8)": one dimension goes without saying.
std::string landscapes_with_bridge() {
    std::string text;
    for (LandscapeInfo const& l : landscape_catalogue()) {
        std::vector<int> const dims = bridge_dims(l.name);
        if (dims.empty()) continue;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", l.name);
        if (dims.size() > 1) text += fmt::format(" (d = {})", fmt::join(dims, ", "));
    }
    return text;
}

}  // namespace

std::string why_no_bridge(Draft const& draft) {
    Cell const& cell = draft.cell;
    if (cell.dynamics != "overdamped" || cell.scheme != "euler_maruyama")
        return fmt::format(
            "the bridge test is for the Euler step of overdamped, not for {} with {}",
            cell.dynamics, cell.scheme);
    if (draft.circulates)
        return "the bridge test is for the drift -grad V, and dynamics.circulation turns it";
    if (draft.scheduled) return "the bridge test is for steps without a schedule";
    return fmt::format("the bridge test is not compiled for {} in {} dimension{}; have: {}",
                       cell.landscape, cell.dim, cell.dim == 1 ? "" : "s",
                       landscapes_with_bridge());
}

}  // namespace kramers
