// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "experiments/runner.hpp"

namespace kramers {

/// Simulates the plans of a spec's cells on behalf of their kinds: progress, counts, interruption, what
/// is stored already, and many small plans in one launch.
class Simulator {
  public:
    Simulator(Spec const& spec, RunSettings const& settings, Report& report);

    /// The tallies of a plan of this cell, as Simulate promises.
    Tallies operator()(Cell const& cell, Plan const& plan, std::string const& what);

  private:
    bool interrupted() const { return settings_.interrupted && settings_.interrupted(); }
    void begin_part(std::string const& label, double cost);
    /// Simulates the missing plans of this cell and of those after it together, as many as fit.
    void simulate_batch(Cell const& first);
    Tallies simulate_alone(Plan const& plan);

    Spec const& spec_;
    RunSettings const& settings_;
    Report& report_;
    std::vector<double> costs_;  ///< predicted particle-steps of each cell
    double total_cost_ = 0.0;
    double done_ = 0.0;
    std::unordered_map<std::string, Tallies> ready_;  ///< by encode(plan)
    int batched_until_ = 0;                           ///< cells below it have had their batch
};

}  // namespace kramers
