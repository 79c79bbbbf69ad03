// SPDX-License-Identifier: Apache-2.0
#include "experiments/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/batches.hpp"
#include "experiments/cell_plans.hpp"
#include "experiments/encode.hpp"
#include "experiments/kinds/race.hpp"
#include "gpu/simulate_many.hpp"

namespace kramers {
namespace {

/// True when trajectories of an escape had begun; those that had not, the last ones, are left out.
/// The others are arrived, or censored at a time that has nothing to do with them.
bool keep_begun(Tallies& tallies) {
    auto* const tally = std::get_if<PassageTally>(&tallies.tally);
    if (tally == nullptr) return false;
    auto& slots = tally->slots;
    while (!slots.empty() && slots.back().outcome() != Outcome::arrived && slots.back().step() == 0)
        slots.pop_back();
    tally->trajectories = slots.size();
    return !slots.empty();
}

}  // namespace

Simulator::Simulator(Spec const& spec, RunSettings const& settings, Report& report)
    : spec_(spec), settings_(settings), report_(report) {
    for (Cell const& cell : spec.cells) total_cost_ += costs_.emplace_back(cell_cost(cell));
    // The best cell of each entrant of a race runs once more; which one is not known beforehand.
    if (spec.kind == ExperimentKind::race)
        total_cost_ *= 1.0 + static_cast<double>(entrants_of(spec).size()) /
                                 static_cast<double>(spec.cells.size());
}

void Simulator::begin_part(std::string const& label, double cost) {
    if (settings_.progress != nullptr)
        settings_.progress->begin_part(
            label, settings_.share_before + settings_.share * done_ / total_cost_,
            settings_.share * cost / total_cost_);
}

Tallies Simulator::operator()(Cell const& cell, Plan const& plan, std::string const& what) {
    double const cost =
        costs_[static_cast<std::size_t>(cell.index)] / static_cast<double>(cell_plans(cell).size());
    if (cell.index >= batched_until_) simulate_batch(cell);
    Tallies tallies;
    if (auto const found = ready_.find(encode(plan)); found != ready_.end()) {
        tallies = std::move(found->second);
        ready_.erase(found);
    } else if (auto stored = settings_.store != nullptr ? settings_.store->find(plan)
                                                        : std::optional<Tallies>()) {
        tallies = std::move(*stored);
    } else {
        if (interrupted()) throw Interrupted{};
        begin_part(fmt::format("{} {}/{} {}", spec_.name, cell.index + 1, spec_.cells.size(), what),
                   cost);
        tallies = simulate_alone(plan);
    }
    add_run(report_, tallies.info);
    done_ += cost;
    if (tallies.info.interrupted && !(spec_.kind == ExperimentKind::escape && keep_begun(tallies)))
        throw Interrupted{};
    return tallies;
}

Tallies Simulator::simulate_alone(Plan const& plan) {
    Controls controls = settings_.controls;
    controls.progress = [&](Progress const& progress) {
        if (settings_.progress != nullptr) settings_.progress->update(progress);
        if (settings_.store != nullptr) settings_.store->flush_if_due();
        return !interrupted();
    };
    Tallies tallies = simulate(plan, controls);
    if (settings_.store != nullptr && !tallies.info.interrupted)
        settings_.store->put(plan, tallies);
    return tallies;
}

void Simulator::simulate_batch(Cell const& first) {
    std::vector<Plan> plans;
    std::vector<int> cells;  // of each plan
    double steps = 0.0;
    auto const begin = static_cast<std::size_t>(first.index);
    std::size_t const end = batch_end(spec_.cells, costs_, begin);
    for (std::size_t c = begin; c < end; ++c) {
        steps += costs_[c];
        for (Plan& plan : cell_plans(spec_.cells[c])) {
            if (settings_.store != nullptr && settings_.store->contains(plan)) continue;
            plans.push_back(std::move(plan));
            cells.push_back(spec_.cells[c].index);
        }
    }
    batched_until_ = static_cast<int>(end);
    if (plans.size() < 2 || interrupted()) return;
    begin_part(fmt::format("{} {}/{}", spec_.name, first.index + 1, spec_.cells.size()), steps);
    Controls controls = settings_.controls;
    std::size_t ended = 0;
    controls.progress = [&](Progress const& progress) {
        if (settings_.progress != nullptr) {
            settings_.progress->rename(fmt::format("{} {}/{}", spec_.name,
                                                   cells[std::min(ended, cells.size() - 1)] + 1,
                                                   spec_.cells.size()));
            settings_.progress->update(progress);
        }
        if (settings_.store != nullptr) settings_.store->flush_if_due();
        return !interrupted();
    };
    simulate_many(plans, controls, [&](std::size_t i, Tallies tallies) {
        ++ended;
        if (settings_.store != nullptr) settings_.store->put(plans[i], tallies);
        ready_.emplace(encode(plans[i]), std::move(tallies));
    });
}

}  // namespace kramers
