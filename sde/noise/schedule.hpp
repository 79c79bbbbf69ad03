// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "sde/hd.hpp"
#include "sde/math.hpp"
#include "sde/parameters.hpp"

/// Factors u_k that change a learning rate (Clock::rate) or a noise amplitude (Clock::noise) from
/// step to step.
namespace kramers::coordinate {

enum class ScheduleKind {
    constant,  ///< 1
    power,     ///< (1 + k/k0)^{−γ}
    step,      ///< f^{⌊k/n⌋}
    cosine,    ///< floor + (1 − floor)(1 + cos(π min(k/n, 1)))/2
    warmup     ///< min((k + 1)/n, 1)
};

inline constexpr ScheduleKind all_schedules[] = {ScheduleKind::constant, ScheduleKind::power,
                                                 ScheduleKind::step, ScheduleKind::cosine,
                                                 ScheduleKind::warmup};

/// Numbers of a schedule.
struct ScheduleData {
    ScheduleKind kind = ScheduleKind::constant;
    double steps = 1.0;   ///< k0 or n, ≥ 1
    double power = 0.0;   ///< γ
    double factor = 1.0;  ///< f > 0
    double floor = 0.0;   ///< of the cosine
    double warmup = 0.0;  ///< steps of a linear rise before it: u_k = (k + 1)/w for k < w; the rest
                          ///< then counts from k = w
};

/// u_k of one kind, without the rise before it.
template <ScheduleKind kind, class T>
KRAMERS_HD T schedule_shape(ScheduleData const& data, T k) {
    T const done = k / T(data.steps);
    if constexpr (kind == ScheduleKind::power) {
        return math::exp(T(-data.power) * math::log(T(1) + done));
    } else if constexpr (kind == ScheduleKind::step) {
        // k + ½: the quotient of integers must not round below the integer that it is
        return math::exp(math::floor((k + T(0.5)) / T(data.steps)) * math::log(T(data.factor)));
    } else if constexpr (kind == ScheduleKind::cosine) {
        T const fall = T(0.5) * (T(1) + math::cos2pi(T(0.5) * math::min(done, T(1))));
        return T(data.floor) + T(1.0 - data.floor) * fall;
    } else if constexpr (kind == ScheduleKind::warmup) {
        return math::min((k + T(1)) / T(data.steps), T(1));
    } else {
        return T(1);
    }
}

/// u_k for step k = 0, 1, …
///
/// Annealed noise σ_k² = σ_0²/(1 + k)^γ (γ = 0.55) is a *variance*: as a factor of the amplitude it
/// is the power schedule with k0 = 1 and γ/2 = 0.275 (annealed_noise).
///
/// Source      loshchilov2017 (cosine), goyal2017 (rise), neelakantan2015 (S58)
template <class T>
KRAMERS_HD T schedule_factor(ScheduleData const& data, T k) {
    T const w = T(data.warmup);
    T const rise = math::select(k + T(1) < w, (k + T(1)) / math::max(w, T(1)), T(1));
    T const since = math::max(k - w, T(0));
    switch (data.kind) {
        case ScheduleKind::power: return rise * schedule_shape<ScheduleKind::power, T>(data, since);
        case ScheduleKind::step: return rise * schedule_shape<ScheduleKind::step, T>(data, since);
        case ScheduleKind::cosine:
            return rise * schedule_shape<ScheduleKind::cosine, T>(data, since);
        case ScheduleKind::warmup:
            return rise * schedule_shape<ScheduleKind::warmup, T>(data, since);
        default: return rise;
    }
}

/// The amplitude schedule under which the *variance* falls as (1 + k/k0)^{−γ}.
inline ScheduleData annealed_noise(double k0, double gamma) {
    ScheduleData data;
    data.kind = ScheduleKind::power;
    data.steps = k0;
    data.power = 0.5 * gamma;
    return data;
}

/// True: the factor is 1 at every step.
KRAMERS_HD constexpr bool is_constant(ScheduleData const& data) {
    return data.kind == ScheduleKind::constant && data.warmup <= 1.0;
}

/// What a spec writes: { kind = "power", steps = 100, power = 0.5, warmup = 10 }.
struct ScheduleEntry {
    std::string_view name;
    ScheduleKind kind;
    std::string_view equation;
    std::span<Parameter const> parameters;
};

namespace detail {

inline constexpr Parameter rise_parameter = {
    "warmup", "1", 0.0, 0.0, unbounded, "steps of a linear rise before the schedule starts"};

inline constexpr std::array<Parameter, 1> constant_schedule{{rise_parameter}};
inline constexpr std::array<Parameter, 3> power_schedule{
    {{"steps", "1", 1.0, 0.0, unbounded, "k0 in (1 + k/k0)^-power", true},
     {"power", "1", required, 0.0, unbounded, "exponent; of an amplitude, half that of a variance"},
     rise_parameter}};
inline constexpr std::array<Parameter, 3> step_schedule{
    {{"steps", "1", required, 1.0, unbounded, "steps between two changes"},
     {"factor", "1", required, 0.0, unbounded, "what each change multiplies by", true},
     rise_parameter}};
inline constexpr std::array<Parameter, 3> cosine_schedule{
    {{"steps", "1", required, 1.0, unbounded, "length of the fall"},
     {"floor", "1", 0.0, 0.0, 1.0, "factor at its end and after it"},
     rise_parameter}};
inline constexpr std::array<Parameter, 1> warmup_schedule{
    {{"steps", "1", required, 1.0, unbounded, "length of the linear rise to 1"}}};

}  // namespace detail

inline constexpr std::array<ScheduleEntry, 5> schedule_catalogue{
    {{"constant", ScheduleKind::constant, "u = 1", detail::constant_schedule},
     {"power", ScheduleKind::power, "u = (1 + k/steps)^-power", detail::power_schedule},
     {"step", ScheduleKind::step, "u = factor^floor(k/steps)", detail::step_schedule},
     {"cosine", ScheduleKind::cosine, "u = floor + (1 - floor) (1 + cos(pi min(k/steps, 1)))/2",
      detail::cosine_schedule},
     {"warmup", ScheduleKind::warmup, "u = min((k + 1)/steps, 1)", detail::warmup_schedule}}};

inline ScheduleEntry const* find_schedule(std::string_view name) {
    for (auto const& entry : schedule_catalogue) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

/// From values in the order of entry.parameters.
inline ScheduleData make_schedule(ScheduleEntry const& entry, double const* values) {
    ScheduleData data;
    data.kind = entry.kind;
    for (auto const& parameter : entry.parameters) {
        double const value = *values++;
        if (parameter.name == "steps") data.steps = value;
        if (parameter.name == "power") data.power = value;
        if (parameter.name == "factor") data.factor = value;
        if (parameter.name == "floor") data.floor = value;
        if (parameter.name == "warmup") data.warmup = value;
    }
    return data;
}

}  // namespace kramers::coordinate
