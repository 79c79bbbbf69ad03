// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "experiments/limit_map.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

/// M of dX = −M ∇V dt + √(2 M T) dW, which small displacements follow under steps that divide by the
/// size of the noise.
struct Mobility {
    double value;
    std::string text;
};

/// Per iteration η/(√c + ε) (S11, S12), of the sign η √(2/(π c)) (S13); nothing for a limit that is
/// linear in the gradient, where M = 1.
std::optional<Mobility> mobility_of(SdeLimit const& limit, double c) {
    auto const eta = value_in(limit, "learning_rate");
    if (!eta || !(c > 0.0)) return std::nullopt;
    if (limit.sde == "sign_sde")
        return Mobility{*eta / limit.time_per_step * std::sqrt(2.0 / (3.14159265358979323846 * c)),
                        "sqrt(2 / (pi c))"};
    if (!one_of(limit.sde, {"rmsprop_sde", "adam_sde"})) return std::nullopt;
    double const per_time = *eta / limit.time_per_step;
    double const size = std::sqrt(c) + value_in(limit, "epsilon").value_or(0.0);
    return Mobility{per_time / size, limit.clock_power > 1.0 ? "1 / (eta (sqrt(c) + epsilon))"
                                                             : "1 / (sqrt(c) + epsilon)"};
}

bool is_linear(SdeLimit const& limit) {
    return one_of(limit.sde, {"overdamped", "kinetic", "momentum_sde"});
}

/// What T and D are, of which equation.
std::string diffusion_text(SdeLimit const& limit, double temperature, double c) {
    if (is_linear(limit))
        return fmt::format(
            "T = {:.6g}, D = T = {:.6g} in dX = -grad V dt + sqrt(2D) dW, by the "
            "limit \"{}\"",
            temperature, temperature, limit.map);
    auto const m = mobility_of(limit, c);
    if (!m)
        return fmt::format("T = {:.6g} of small displacements, by the limit \"{}\"", temperature,
                           limit.map);
    auto const decay = value_in(limit, "weight_decay");
    return fmt::format(
        "T = {:.6g}, by the limit \"{}\", where the gradient is far below the noise: "
        "dX = -M grad V dt{} + sqrt(2D) dW, M = {} = {:.6g}, D = M T = {:.6g}",
        temperature, limit.map, decay && *decay > 0.0 ? " and the decay" : "", m->text, m->value,
        m->value * temperature);
}

}  // namespace

void note_temperature(Draft& draft) {
    Cell& cell = draft.cell;
    if (draft.limit != nullptr) {
        cell.notes.push_back(fmt::format("{}; all times below are its, {}",
                                         diffusion_text(*draft.limit, cell.temperature,
                                                        common_value(draft.long_run).value_or(0.0)),
                                         draft.limit->clock));
        return;
    }
    SdeLimit const* first = first_limit(draft.limits);
    if (first == nullptr) return;
    cell.notes.push_back(
        first->not_here.empty()
            ? fmt::format("no T; all times below are those of the limit \"{}\", {}", first->map,
                          first->clock)
            : fmt::format("no T and no limit; times below only count iterations, {}",
                          first->clock));
}

}  // namespace kramers
