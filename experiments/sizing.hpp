// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/kinds/answers.hpp"
#include "experiments/two_stage.hpp"

namespace kramers {

/// The estimates whose intervals --target-ci is about: those that claims on this cell ask for; without
/// claims the passage times of an escape, else the first estimate. A mean that does not exist gives
/// way to the rate to the same target. Densities have no one interval: nothing where no claim has
/// another estimand.
std::vector<LabelledEstimate> sizing_estimates(Spec const& spec, Cell const& cell,
                                               CellAnswers const& answers,
                                               std::vector<LabelledEstimate> const& reported);

/// Half the 95 % interval over the value; infinite where there is none.
double relative_width(Estimate const& estimate);

/// The one of the largest finite width; without one, an estimate of unknown width; of none, width 0.
Estimate widest(std::vector<LabelledEstimate> const& estimates);

/// What the second stages did not reach, and where they are smaller than the spec's ensembles.
class MissedTargets {
  public:
    explicit MissedTargets(TwoStage const& stages) : stages_(stages) {}
    /// `estimates`: those of the second stage, of the same kind as sized it.
    void add(Cell const& spec, Cell const& sized, std::vector<LabelledEstimate> const& estimates);
    std::vector<std::string> sentences() const;

  private:
    TwoStage stages_;
    std::size_t cells_ = 0;
    std::vector<std::string> missed_, unsized_, smaller_;
};

}  // namespace kramers
