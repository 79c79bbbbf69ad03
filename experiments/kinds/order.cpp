// SPDX-License-Identifier: Apache-2.0
#include "experiments/kinds/order.hpp"

#include <fmt/format.h>

#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

std::uint64_t diverged_in(SnapshotTally const& tally) {
    std::uint64_t sum = 0;
    for (SnapshotGroup const& g : tally.groups) sum += g.diverged;
    return sum;
}

}  // namespace

CellAnswers run_order(Cell const& cell, Simulate const& simulate, CellTables& tables,
                      std::vector<WeakErrors>& errors) {
    CellAnswers answers;
    auto const run = [&](Plan const& plan, std::string const& label) {
        Tallies tallies = simulate(plan, label);
        SnapshotTally tally = std::get<SnapshotTally>(std::move(tallies.tally));
        answers.trajectories += plan.trajectories;
        answers.diverged += diverged_in(tally);
        return tally;
    };
    if (std::string const warning = lipschitz_warning(cell); !warning.empty() && cell.index == 0)
        answers.warnings.push_back(warning);
    SnapshotTally const discrete = run(make_plan(cell, 0, 0), cell.dynamics);
    for (ComparedSde const& model : cell.order.models) {
        SnapshotTally const continuous = run(make_sde_plan(cell, model), model.name);
        WeakErrors of_model{cell.index, model.name, cell.order.time_per_step, {}};
        for (std::size_t k = 0; k < cell.order.observables.size(); ++k) {
            std::string const& observable = cell.order.observables[k];
            EstimateResult const error = paired_difference(discrete, continuous, k);
            EstimateResult const mean = observable_mean(discrete, k);
            of_model.errors.push_back(error);
            if (!error.estimate) {
                answers.warnings.push_back(
                    fmt::format("{} against {}: {}", observable, model.name, error.reason));
                continue;
            }
            Estimate const& e = *error.estimate;
            tables.weak_error.add({cell.index, cell.learning_rate, cell.order.time_per_step,
                                   model.name, observable, e.value, e.standard_error, e.lower,
                                   e.upper, mean.estimate->value});
            tables.estimates.push_back(
                {fmt::format("weak_error(of = {}, observable = {})", model.name, observable), "",
                 e});
        }
        errors.push_back(std::move(of_model));
    }
    answers.estimate = [](Estimand const& estimand) -> EstimateResult {
        return {{},
                fmt::format("{} is a statement about several learning rates", describe(estimand))};
    };
    answers.density = [](StationaryDensity const&) { return std::nullopt; };
    return answers;
}

std::string lipschitz_warning(Cell const& cell) {
    LandscapeInfo const* info = find_landscape(cell.landscape);
    if (info == nullptr || !(info->growth.power > 2.0)) return {};
    return fmt::format(
        "the gradient of {} is not Lipschitz (V grows like |x|^{:.3g}), as "
        "the theorems on weak errors ask (S4, S5): rare large steps can dominate "
        "the means",
        info->name, info->growth.power);
}

}  // namespace kramers
