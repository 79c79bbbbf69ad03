// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>

#include <fmt/format.h>

#include "experiments/circulation.hpp"
#include "experiments/epoch.hpp"
#include "experiments/linear_noise.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "sde/noise/tail.hpp"

namespace kramers {
namespace {

/// Slowest rate of x″ = −γ x′ − f x, per unit of time.
double slowest_rate(double gamma, double f) {
    std::complex<double> const root = std::sqrt(std::complex<double>(0.25 * gamma * gamma - f));
    return 0.5 * gamma - std::abs(root.real());
}

/// Per unit of time; 0: unknown or none.
double relaxation_rate(Draft const& draft, double h) {
    DynamicsInfo const& d = *draft.dynamics;
    if (d.name == "kinetic") return slowest_rate(d.value_of("friction", draft.values), h);
    if (d.name == "momentum_sde") {
        double const step = std::sqrt(d.value_of("learning_rate", draft.values));
        double const mu = d.value_of("momentum", draft.values);
        double const form = d.value_of("form", draft.values);
        double const force = form >= 1.0 ? 2.0 / (1.0 + mu) : 1.0;
        double const damping = form >= 2.0 ? step * h : 0.0;
        return slowest_rate(force * (1.0 - mu) / step + damping, force * h);
    }
    if (draft.circulates && draft.max_curvature > 0.0) return circulating_rate(draft);
    if (d.gradient_flow || one_of(d.name, {"modified_equation", "ou_interpolant"})) return h;
    return 0.0;
}

/// T of an SDE whose stationary law is exp(−V/T) under constant isotropic noise c.
std::optional<double> temperature_of_model(Draft const& draft, std::optional<double> c) {
    DynamicsInfo const& d = *draft.dynamics;
    auto const value = [&](char const* name) { return d.value_of(name, draft.values); };
    if (d.noise_use == NoiseUse::own) return value("temperature");
    if (!c) return std::nullopt;
    if (d.name == "anisotropic_overdamped") return value("temperature") * *c;
    if (d.name == "state_dependent") return value("strength") * *c / 2.0;
    if (d.name == "modified_equation" && value("order") < 2.0 && value("weight_decay") == 0.0)
        return value("learning_rate") * *c / 2.0;
    if (d.name == "momentum_sde" && value("form") < 2.0)
        return value("learning_rate") * *c / (2.0 * (1.0 - value("momentum")));
    return std::nullopt;
}

/// Time of the SDE that one iteration of its algorithm takes; 1 where it stands for none: a
/// schedule then counts time.
double time_of_iteration(Draft const& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    double const eta = d.value_of("learning_rate", draft.values);
    if (one_of(d.name, {"modified_equation", "ou_interpolant", "sign_sde"})) return eta;
    if (d.name == "momentum_sde") return std::sqrt(eta);
    if (one_of(d.name, {"adam_sde", "rmsprop_sde"}))
        return d.value_of("scaling", draft.values) >= 1.0 ? eta : eta * eta;
    return 1.0;
}

/// True where the temperature of this limit holds: formulas in sqrt(c) need the noise of one step
/// and of many to be the same, that of the sign needs it normal.
bool temperature_applies(SdeLimit const& limit, Draft const& draft) {
    NoiseLaw const& law = draft.cell.noise;
    bool const white = common_value(draft.variance) == common_value(draft.long_run);
    if (limit.sde == "sign_sde" && law.shape != coordinate::NoiseShape::gaussian) return false;
    bool const linear = one_of(limit.sde, {"overdamped", "kinetic", "momentum_sde"});
    return white || linear;
}

double const* temperature_in(SdeLimit const& limit) {
    for (SdeLimit::Value const& v : limit.parameters)
        if (v.name == "temperature") return &v.value;
    return nullptr;
}

void find_optimizer_limit(Draft& draft) {
    Cell& cell = draft.cell;
    auto const c = common_value(draft.long_run);
    draft.limits =
        draft.dynamics->limits(draft.values.data(), step_noise(cell.noise, std::max(cell.dim, 1)));
    cell.learning_rate = draft.dynamics->value_of("learning_rate", draft.values);
    for (SdeLimit& limit : draft.limits)
        if (limit.not_here.empty()) limit.not_here = why_no_limit(limit, draft);
    for (SdeLimit const& limit : draft.limits)
        if (!limit.not_here.empty()) cell.no_limits[limit.map] = limit.not_here;
    SdeLimit const* first = first_limit(draft.limits);
    draft.time_per_step = first == nullptr ? cell.learning_rate : first->time_per_step;
    for (SdeLimit const& limit : draft.limits) {
        double const* T = temperature_in(limit);
        if (!limit.not_here.empty() || !c || T == nullptr || !temperature_applies(limit, draft))
            continue;
        draft.limit = &limit;
        cell.temperature = *T;
        break;
    }
    cell.has_temperature = draft.limit != nullptr;
}

TheoryBasis basis_of_optimizer(Draft const& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    NoiseLaw const& law = draft.cell.noise;
    if (draft.limit == nullptr)
        return {TheoryScope::nothing,
                {},
                fmt::format("{} with this noise has no temperature: {}", d.name,
                            why_no_temperature(draft))};
    if (steps_per_epoch(law) > 0)
        return {TheoryScope::nothing,
                {},
                "over an epoch the noise of a reshuffled population sums to 0: the limit has none, "
                "and the variance within an epoch depends on the place in it (S3)"};
    if (d.name == "sgd" && law.memory == coordinate::NoiseMemory::white) {
        if (law.shape == coordinate::NoiseShape::gaussian) return {TheoryScope::itself, {}, {}};
        return {TheoryScope::second_moments, draft.limit->map,
                "the noise is not normal: only second moments and the limit of small "
                "learning rates are those of Gaussian noise"};
    }
    if (draft.limit->sde == "overdamped")
        return {TheoryScope::continuous, draft.limit->map,
                fmt::format("{} is only known through its limit \"{}\", overdamped at T = {:.6g}",
                            d.name, draft.limit->map, draft.cell.temperature)};
    return {
        TheoryScope::nothing,
        {},
        fmt::format("{} tends to {}, for which there is no prediction", d.name, draft.limit->sde)};
}

TheoryBasis basis_of_model(Draft const& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    if (d.noise_use == NoiseUse::stable)
        return {TheoryScope::nothing, {}, fmt::format("{} jumps: it has no temperature", d.name)};
    if (!draft.cell.has_temperature)
        return {TheoryScope::nothing,
                {},
                d.noise_use == NoiseUse::needed && !common_value(draft.long_run)
                    ? fmt::format("{}: {}", d.name, why_no_temperature(draft))
                    : fmt::format("there is no prediction for {}", d.name)};
    if (d.memory > 0)
        return {
            TheoryScope::gibbs,
            {},
            fmt::format("of {} only the stationary law of the position is known (S47)", d.name)};
    if (draft.circulates)
        return {TheoryScope::gibbs,
                {},
                "a circulating drift keeps the stationary law and speeds up escape (E23): of "
                "rates and correlations there is no prediction"};
    return {};
}

}  // namespace

std::string why_no_temperature(Draft const& draft) {
    if (!draft.long_run.reason.empty()) return draft.long_run.reason;
    if (draft.long_run.correlated)
        return "the noise is correlated between coordinates: it has no one temperature";
    if (!common_value(draft.long_run))
        return "the noise is not the same in every direction: it has no one temperature";
    return "no temperature is known";
}

std::optional<double> common_value(Variances const& per) {
    if (per.values.empty() || per.correlated) return std::nullopt;
    for (double const v : per.values)
        if (v != per.values.front()) return std::nullopt;
    return per.values.front();
}

SdeLimit const* first_limit(std::vector<SdeLimit> const& limits) {
    for (SdeLimit const& limit : limits)
        if (limit.not_here.empty()) return &limit;
    return limits.empty() ? nullptr : &limits.front();
}

std::optional<StabilityLimit> stability_limit(Draft const& draft) {
    if (draft.dynamics->stability == nullptr) return std::nullopt;
    return draft.dynamics->stability(draft.values.data());
}

std::optional<double> decay_per_step(Draft const& draft, double h) {
    if (draft.dynamics == nullptr || draft.values.empty()) return std::nullopt;
    if (draft.dynamics->optimizer) {
        if (draft.dynamics->decay == nullptr) return std::nullopt;
        return draft.dynamics->decay(draft.values.data(), h);
    }
    double const rate = relaxation_rate(draft, h);
    if (!(rate > 0.0)) return std::nullopt;
    bool const euler = draft.dynamics->gradient_flow && !draft.circulates &&
                       (draft.cell.scheme.empty() || draft.cell.scheme == "euler_maruyama");
    return euler ? std::abs(1.0 - draft.time_per_step * rate)
                 : std::exp(-draft.time_per_step * rate);
}

void find_limit(Draft& draft) {
    Cell& cell = draft.cell;
    DynamicsInfo const& d = *draft.dynamics;
    cell.noise_variance = common_value(draft.long_run).value_or(-1.0);
    if (d.optimizer) {
        find_optimizer_limit(draft);
        cell.theory = basis_of_optimizer(draft);
    } else {
        auto const T = temperature_of_model(draft, common_value(draft.variance));
        cell.has_temperature = T.has_value();
        cell.temperature = T.value_or(0.0);
        cell.iteration_time = time_of_iteration(draft);
        cell.theory = basis_of_model(draft);
    }
    cell.race.scope = cell.theory.scope;
    take_linear_noise(draft);
    if (draft.scheduled)
        cell.theory = {TheoryScope::nothing,
                       {},
                       "a schedule changes the dynamics in time: there is no stationary law and "
                       "no rate"};
}

}  // namespace kramers
