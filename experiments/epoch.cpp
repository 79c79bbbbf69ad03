// SPDX-License-Identifier: Apache-2.0
#include "experiments/epoch.hpp"

#include <fmt/format.h>

namespace kramers {

int steps_per_epoch(NoiseLaw const& law) {
    bool const reshuffled = law.shape == coordinate::NoiseShape::population &&
                            law.order == coordinate::PopulationOrder::reshuffled;
    return reshuffled ? law.samples / law.batch : 0;
}

std::string epoch_note(Cell const& cell) {
    int const epoch = steps_per_epoch(cell.noise);
    if (epoch < 2) return {};
    auto const steps = static_cast<std::uint64_t>(epoch);
    SnapshotPlan const& plan = cell.snapshots;
    std::uint64_t const place = plan.burn_in % steps;
    bool const one_place = plan.snapshots == 1 || plan.stride % steps == 0;
    return fmt::format(
        "reshuffled: an epoch is {} steps and the variance depends on the place in it (S3): {}",
        epoch,
        !one_place   ? std::string("the snapshots mix places (stride is no whole number of epochs)")
        : place == 0 ? std::string("every snapshot is at the end of an epoch")
                     : fmt::format("every snapshot is {} step{} into an epoch", place,
                                   place == 1 ? "" : "s"));
}

}  // namespace kramers
