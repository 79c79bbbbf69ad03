// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/components.hpp"
#include "experiments/numbers.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "sde/noise/covariance.hpp"
#include "sde/noise/schedule.hpp"

namespace kramers {

std::vector<double> read_rows(Reader& reader, std::string_view key, int columns,
                              std::string_view doc) {
    Node* node = reader.take(key);
    if (node == nullptr) {
        reader.missing(key, std::string(doc));
        return {};
    }
    NodeList const* rows = node->list();
    std::vector<double> values;
    bool good = rows != nullptr && !rows->empty();
    auto const add = [&](Node const& item) {
        good = good && item.is_number() && std::isfinite(item.number());
        if (good) values.push_back(item.number());
    };
    for (std::size_t r = 0; good && r < rows->size(); ++r) {
        Node const& row = (*rows)[r];
        if (columns == 1 && row.is_number()) {
            add(row);
            continue;
        }
        NodeList const* items = row.list();
        good = items != nullptr && items->size() == static_cast<std::size_t>(columns);
        for (std::size_t i = 0; good && i < items->size(); ++i) add((*items)[i]);
    }
    if (good) return values;
    reader.problem(key, fmt::format("{} must be a list of rows of {} number{} ({})",
                                    reader.full(key), columns, columns == 1 ? "" : "s", doc));
    return {};
}

namespace {

/// B, in the table of the noise; of sgd also in that of the dynamics. 1 where a law has no batch.
double read_batch_size(Draft& draft, Reader& noise) {
    bool const has_batch = draft.law->covariance.find("/B") != std::string_view::npos ||
                           draft.law->equation.find('B') != std::string_view::npos ||
                           draft.law->batch_is_of_data;
    Range const range{1.0, infinite, false, {}};
    Table* dynamics = draft.tree.find("dynamics")->table();
    bool const there = dynamics != nullptr && dynamics->find("batch_size") != nullptr;
    if (noise.has("batch_size")) {
        if (there)
            noise.problem("batch_size",
                          "noise.batch_size and dynamics.batch_size are the same: give one");
        double const size = noise.number("batch_size", range);
        return has_batch ? size : 1.0;
    }
    if (!draft.dynamics->optimizer || !(there || draft.dynamics->name == "sgd"))
        return has_batch ? noise.number("batch_size", range, 1.0) : 1.0;
    Reader reader(*dynamics, "dynamics", draft.top.origin_of("dynamics"), draft.problems);
    if (!there && !has_batch) return 1.0;
    double const size = reader.number("batch_size", range, 1.0);
    return has_batch ? size : 1.0;
}

/// An SDE knows the noise by its covariance alone: its own increments are normal, or a weak
/// scheme's substitutes for normal ones.
bool suits_an_sde(NoiseLaw const& law) {
    using coordinate::NoiseShape;
    return law.memory == coordinate::NoiseMemory::white && law.point_shift == 0.0 &&
           (law.shape == NoiseShape::gaussian || law.shape == NoiseShape::rademacher ||
            law.shape == NoiseShape::three_point);
}

void check_law(Draft& draft, Reader& noise) {
    NoiseLaw const& law = draft.cell.noise;
    DynamicsInfo const& d = *draft.dynamics;
    std::string_view const name = draft.law->name;
    if (!d.optimizer && !suits_an_sde(law)) {
        std::string remedy = "law = \"gaussian\" or another normal law with that covariance";
        int const dim = draft.cell.dim;
        bool const correlated = is_correlated(law, dim);
        if (auto const c = common_value({long_run_variance(law, dim), correlated}))
            remedy = fmt::format("law = \"gaussian\", gradient_variance = {:.6g}", *c);
        else if (correlated && law.memory == coordinate::NoiseMemory::white)
            remedy = fmt::format("law = \"covariance\", covariance = {}",
                                 matrix_text(covariance_per_step(law, dim), dim));
        noise.problem("law",
                      fmt::format("noise.law = \"{}\": the SDE {} knows the noise of the gradient "
                                  "by its covariance only, so that the law of one step belongs to "
                                  "an optimizer; give it {}",
                                  name, d.name, remedy));
    } else if (!d.optimizer && d.noise == NoiseStructure::additive &&
               noise_structure(law, std::max(draft.cell.dim, 1), false) !=
                   NoiseStructure::additive) {
        noise.problem("law", fmt::format("noise.law = \"{}\": its covariance depends on the state, "
                                         "that of {} is constant (state_dependent takes any)",
                                         name, d.name));
    }
}

void read_law(Draft& draft, Reader& noise) {
    std::string const name = noise.choice("law", "law of the noise", noise_law_names(), "gaussian");
    draft.law = find_noise_law(name);
    if (draft.law == nullptr) return;
    std::size_t const before = draft.problems.size();
    NoiseLawEntry const& law = *draft.law;
    int const dim = std::max(draft.cell.dim, 1);
    NoiseRequest request;
    request.dim = dim;
    for (Parameter const& p : law.parameters) {
        if (p.per_coordinate) {
            auto const given =
                noise.numbers(p.name, static_cast<std::size_t>(dim), range_of(p), true);
            request.values.insert(request.values.end(), given.begin(), given.end());
            continue;
        }
        double const value = noise.number(p.name, range_of(p), default_of(p));
        request.values.push_back(value);
        draft.noise_settings.emplace_back(p.name, value);
    }
    if (!law.table.empty()) request.table = read_rows(noise, law.table, dim, law.table_doc);
    request.batch_size = draft.batch_size = read_batch_size(draft, noise);
    noise.finish();
    if (draft.problems.size() > before || !draft.has_landscape()) return;
    NoiseLawResult made = law.make(request);
    if (made.law) draft.cell.noise = std::move(*made.law);
    else draft.problems.add(noise.where(), "noise: " + made.reason);
    if (made.law) check_law(draft, noise);
}

/// L^α of levy_driven: unit scale, jumps in every direction.
void make_stable(Draft& draft) {
    double const alpha = draft.dynamics->value_of("alpha", draft.values);
    NoiseLawEntry const& law = *find_noise_law("stable");
    NoiseLawResult made = law.make({draft.cell.dim, 1.0, {1.0, alpha}, {}});
    if (made.law) draft.cell.noise = std::move(*made.law);
}

coordinate::ScheduleData read_schedule(Draft& draft, Reader& table, std::string const& key) {
    coordinate::ScheduleData data;
    if (!table.has(key)) return data;
    auto reader = sub_reader(table, key, false);
    if (!reader) return data;
    std::vector<std::string> names;
    for (auto const& entry : coordinate::schedule_catalogue) names.emplace_back(entry.name);
    auto const* entry =
        coordinate::find_schedule(reader->choice("kind", "kind of schedule", names));
    if (entry == nullptr) return data;
    std::vector<double> values;
    for (Parameter const& p : entry->parameters)
        values.push_back(reader->number(p.name, range_of(p), default_of(p)));
    reader->finish();
    data = coordinate::make_schedule(*entry, values.data());
    // A linear rise to a constant has a kind of its own.
    if (data.kind == coordinate::ScheduleKind::constant && data.warmup > 0.0)
        data = {coordinate::ScheduleKind::warmup, data.warmup};
    if (data.kind != coordinate::ScheduleKind::constant) draft.scheduled = true;
    DynamicsInfo const& d = *draft.dynamics;
    bool const followed = key == "noise" ? d.follows_noise : d.follows_rate;
    if (!followed && data.kind != coordinate::ScheduleKind::constant)
        table.problem(key, fmt::format("schedule.{} has no effect: {} has no {}", key, d.name,
                                       key == "noise" ? "noise of its own" : "learning rate"));
    return data;
}

}  // namespace

void read_noise(Draft& draft) {
    DynamicsInfo const& d = *draft.dynamics;
    bool const takes_law = d.noise_use == NoiseUse::needed || d.noise_use == NoiseUse::possible;
    bool const written = draft.top.has("noise");
    if (takes_law && (written || d.noise_use == NoiseUse::needed)) {
        if (auto noise = sub_reader(draft.top, "noise", false)) read_law(draft, *noise);
    } else if (d.noise_use == NoiseUse::stable) {
        if (written)
            draft.top.problem("noise", fmt::format("noise belongs to an optimizer; {} is driven "
                                                   "by the stable process of dynamics.alpha",
                                                   d.name));
        if (draft.has_landscape() && !draft.values.empty()) make_stable(draft);
    } else if (written) {
        draft.top.problem("noise", fmt::format("noise belongs to an optimizer; {} has its noise in "
                                               "dynamics.temperature",
                                               d.name));
    }
    if (draft.top.has("schedule")) {
        if (auto schedule = sub_reader(draft.top, "schedule", false)) {
            draft.cell.rate_schedule = read_schedule(draft, *schedule, "learning_rate");
            draft.cell.noise_schedule = read_schedule(draft, *schedule, "noise");
            schedule->finish();
        }
    }
    int const dim = draft.cell.dim;
    if (d.noise_use != NoiseUse::stable) {
        bool const correlated = is_correlated(draft.cell.noise, dim);
        draft.variance = {variance_per_step(draft.cell.noise, dim), correlated};
        draft.long_run = {long_run_variance(draft.cell.noise, dim), false};
        for (double const v : draft.long_run.values)
            draft.long_run.correlated = draft.long_run.correlated || (correlated && v != 0.0);
    }
}

}  // namespace kramers
