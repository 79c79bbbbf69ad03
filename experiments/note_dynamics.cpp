// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/circulation.hpp"
#include "experiments/matrix_step.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/schedule_text.hpp"
#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

void note(Draft& draft, std::string text) { draft.cell.notes.push_back(std::move(text)); }

void note_step(Draft& draft) {
    if (takes_matrix_step(draft.cell))
        note(draft,
             fmt::format(
                 "Hessian or noise couple the coordinates: a step of {} is a matrix on the "
                 "gradient and a normal vector of covariance {}, both computed once",
                 draft.cell.scheme,
                 draft.cell.scheme == "exact_ou" ? "int_0^dt exp(-A s) D exp(-A s) ds" : "D dt"));
}

Scheduled scheduled(Draft const& draft) {
    return {!is_constant(draft.cell.rate_schedule), !is_constant(draft.cell.noise_schedule)};
}

/// The law of ξ, its covariance of one step, and σ, B, c as numbers.
void note_noise(Draft& draft) {
    if (draft.law == nullptr) {
        if (draft.dynamics->noise_use == NoiseUse::possible)
            note(draft, "the gradient is exact; the noise is the kick of the method itself");
        return;
    }
    NoiseLawEntry const& law = *draft.law;
    std::vector<std::string> numbers;
    for (auto const& [name, value] : draft.noise_settings)
        numbers.push_back(fmt::format("{} = {:.6g}", name, value));
    note(draft, fmt::format("noise {}: g = grad V + {}xi, {}, C = {}{}{}", law.name,
                            scheduled(draft).noise ? "w " : "", law.equation, law.covariance,
                            numbers.empty() ? "" : "; ", fmt::join(numbers, ", ")));
    auto const c = common_value(draft.variance);
    if (!c) return note_covariance(draft);
    std::string text = fmt::format(
        "c = {:.6g}: variance of the gradient noise of one step and coordinate; of one sample "
        "sigma^2 = c B = {:.6g}, sigma = {:.6g}, B = {:.6g}",
        *c, *c * draft.batch_size, std::sqrt(*c * draft.batch_size), draft.batch_size);
    auto const many = common_value(draft.long_run);
    if (many && *many != *c)
        text += fmt::format("; summed over its memory c = {:.6g}, which is what T has", *many);
    note(draft, text);
}

std::string values_text(SdeLimit const& limit, bool temperature_known) {
    std::string text;
    for (SdeLimit::Value const& v : limit.parameters) {
        if (v.name == "temperature" && !temperature_known) continue;
        bool const plain = v.formula == v.name || v.formula == fmt::format("{:.6g}", v.value);
        text += fmt::format("{}{}{} = {:.6g}", text.empty() ? "; " : ", ", v.name,
                            plain ? "" : " = " + v.formula, v.value);
    }
    return text;
}

void note_limits(Draft& draft) {
    for (SdeLimit const& limit : draft.limits) {
        DynamicsInfo const* sde = find_dynamics(limit.sde);
        bool const used = &limit == draft.limit;
        if (!limit.not_here.empty()) {
            note(draft, fmt::format("no limit here: \"{}\", {}: {}", limit.map, limit.sde,
                                    limit.not_here));
            continue;
        }
        note(draft,
             fmt::format("{}limit \"{}\": {}: {}{}; clock {} (one iteration is {:.6g}); {}; "
                         "valid for {}; {}",
                         used ? "used: " : "", limit.map, limit.sde,
                         sde == nullptr ? std::string()
                                        : equation_under(scheduled(draft), *sde, *draft.dynamics),
                         values_text(limit, draft.limit != nullptr), limit.clock,
                         limit.time_per_step, weak_order_text(limit), limit.valid, limit.source));
    }
    note_temperature(draft);
    note_diffusion(draft);
}

void note_schedule(Draft& draft) {
    auto const text = [&](char const* name, char const* factor,
                          coordinate::ScheduleData const& data) {
        for (auto const& entry : coordinate::schedule_catalogue)
            if (entry.kind == data.kind && data.kind != coordinate::ScheduleKind::constant)
                note(draft,
                     fmt::format("schedule of the {}, {}: {} with steps = {:.6g}{}; {}", name,
                                 factor, entry.equation, data.steps,
                                 data.warmup > 0.0
                                     ? fmt::format(" after a linear rise over {:.6g}", data.warmup)
                                     : "",
                                 draft.dynamics->optimizer ? std::string("k counts iterations")
                                 : draft.cell.iteration_time == 1.0
                                     ? std::string("k counts time")
                                     : fmt::format("k = t / {:.6g} counts iterations of the "
                                                   "algorithm",
                                                   draft.cell.iteration_time)));
    };
    text("learning rate", "u", draft.cell.rate_schedule);
    text("noise", "w", draft.cell.noise_schedule);
}

void note_scheme(Draft& draft) {
    Cell& cell = draft.cell;
    std::string rungs;
    for (double const dt : cell.dt) rungs += fmt::format("{}{:.6g}", rungs.empty() ? "" : ", ", dt);
    std::string orders;
    LandscapeInfo const* landscape = find_landscape(cell.landscape);
    DynamicsInfo const& d = *draft.dynamics;
    NoiseStructure structure = d.noise;
    if (d.noise_use == NoiseUse::needed) {
        auto const of_law = noise_structure(cell.noise, cell.dim, landscape->separable);
        if (of_law == NoiseStructure::general || d.gradient_flow) structure = of_law;
    }
    for (SchemeInfo const& s : scheme_components()) {
        if (s.name != cell.scheme || s.dynamics != cell.dynamics || !s.claims_orders) continue;
        Orders const o = s.for_noise(structure);
        char const* const kind = structure == NoiseStructure::additive   ? "additive"
                                 : structure == NoiseStructure::diagonal ? "diagonal"
                                                                         : "general";
        auto const order = [](double value) {
            return value > 0.0 ? fmt::format("{}", value) : std::string("not claimed");
        };
        orders = fmt::format("; {} noise: strong order {}, weak order {}", kind, order(o.strong),
                             order(o.weak));
    }
    note(draft, fmt::format("scheme {}: dt = {}{}{}", cell.scheme, rungs,
                            cell.dt.size() > 1 ? " on common random numbers" : "", orders));
    double const local = cell.dt.back() * draft.max_curvature;
    if (local >= 2.0 && d.gradient_flow && cell.scheme == "euler_maruyama")
        note(draft, fmt::format("dt * max_curvature = {:.3g} >= 2: the explicit step is "
                                "unstable at {}",
                                local, draft.well->name));
}

void note_optimizer(Draft& draft) {
    Cell& cell = draft.cell;
    bool const plain_sgd = draft.dynamics->name == "sgd" && draft.limit != nullptr;
    if (plain_sgd && draft.law != nullptr && draft.law->name == "gaussian")
        note(draft, fmt::format("limit SDE dX = -grad V dt + sqrt(2T) dW with T = eta "
                                "sigma^2/(2B) = {:.6g}; clock: iteration k, t = eta k",
                                cell.temperature));
    note(draft, fmt::format("eta = {:.6g}", cell.learning_rate));
    note_limits(draft);
    if (auto const limit = stability_limit(draft); limit && draft.max_curvature > 0.0)
        note(draft, fmt::format("eta * max_curvature = {:.6g} (stability limit {})",
                                cell.learning_rate * draft.max_curvature,
                                limit->text == "2"
                                    ? limit->text
                                    : fmt::format("{} = {:.6g}", limit->text, limit->value)));
}

void note_theory(Draft& draft) {
    TheoryBasis const& theory = draft.cell.theory;
    if (theory.scope == TheoryScope::itself) return;
    char const* const what =
        theory.scope == TheoryScope::nothing          ? "none"
        : theory.scope == TheoryScope::gibbs          ? "gibbs"
        : theory.scope == TheoryScope::linear         ? "second moments on this quadratic"
        : theory.scope == TheoryScope::second_moments ? "second moments and the limit"
                                                      : "the limit of small learning rates";
    note(draft, fmt::format("predictions: {} ({})", what, theory.reason));
}

}  // namespace

std::string parameter_text(std::span<Parameter const> parameters, std::vector<double> const& values,
                           int dim) {
    std::string text;
    std::size_t next = 0;
    for (Parameter const& p : parameters) {
        std::size_t const count = count_of(p, dim);
        std::string value;
        for (std::size_t i = 0; i < count && next < values.size(); ++i, ++next)
            value += fmt::format("{}{:.6g}", i == 0 ? "" : ", ", values[next]);
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", p.name,
                            count > 1 ? "[" + value + "]" : value);
    }
    return text;
}

void note_dynamics(Draft& draft) {
    Cell& cell = draft.cell;
    DynamicsInfo const& d = *draft.dynamics;
    note(draft, fmt::format("{}: {}; {}", d.name, equation_under(scheduled(draft), d),
                            parameter_text(d.parameters, draft.values, cell.dim)));
    note_circulation(draft);
    note_noise(draft);
    note_step(draft);
    if (d.optimizer) {
        note_optimizer(draft);
    } else {
        if (cell.has_temperature)
            note(draft, fmt::format("T = {:.6g}: written as sigma dW, sigma = sqrt(2T) = {:.6g}; "
                                    "clock: time t of the SDE",
                                    cell.temperature, std::sqrt(2.0 * cell.temperature)));
        else note(draft, "no T; clock: time t of the SDE");
        note_diffusion(draft);
        note_scheme(draft);
    }
    note_schedule(draft);
    note_theory(draft);
}

}  // namespace kramers
