// SPDX-License-Identifier: Apache-2.0
// What a GPU says of its progress, played on the host: the steps of running trajectories count.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "gpu/dispatch.hpp"
#include "gpu/draw_layout.hpp"
#include "tests/gpu/plans.hpp"
#include "tests/played_threads/played_threads.hpp"

namespace thread_steps_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

struct Played {
    std::vector<PassageSlot> slots;
    std::vector<std::uint64_t> steps;  ///< counted by the end of each round
};

/// The fused loop, or the one of composed methods.
Played play(Plan plan, bool composed, std::uint64_t workers) {
    Played played;
    played.slots.resize(plan.trajectories);
    plan.key.composed = composed;
    if (composed) passage_by_threads(plan, workers, played.slots.data(), &played.steps);
    else
        find_method(plan.key).passage_by_threads(plan, workers, played.slots.data(), &played.steps);
    return played;
}

constexpr std::uint64_t per_round = 64 * DrawLayout<1>::steps_per_call;

}  // namespace

TEST_CASE("A GPU's steps: trajectories that have not ended yet count up to where they are") {
    std::uint64_t const workers = 37, last = 3 * per_round + 5;
    Plan plan = double_well_plan(0.15, 0.02, workers);
    passage(plan).targets = {half_space({1.0}, 50.0)};  // nobody gets there
    passage(plan).max_steps = last;
    for (bool const composed : {false, true}) {
        CAPTURE(composed);
        Played const played = play(plan, composed, workers);
        // none ends in the first three rounds: ended ones alone would be 0, 0, 0, then all
        std::vector<std::uint64_t> expected;
        for (std::uint64_t round = 1; round <= 4; ++round)
            expected.push_back(workers * std::min(round * per_round, last));
        CHECK(played.steps == expected);
    }
}

TEST_CASE("A GPU's steps: with refill they grow by what a round can make, to the sum of all") {
    std::uint64_t const workers = 5;
    Plan const plan = double_well_plan(0.25, 0.02, 200);
    for (bool const composed : {false, true}) {
        CAPTURE(composed);
        Played const played = play(plan, composed, workers);
        std::uint64_t before = 0, sum = 0;
        for (std::size_t round = 0; round < played.steps.size(); ++round) {
            std::uint64_t const made = played.steps[round] - before;
            CHECK(made <= workers * per_round);
            // Of a refilled worker at most the rest of a call is lost, and few end in a round.
            if (round < played.steps.size() / 2) CHECK(made > workers * per_round * 9 / 10);
            before = played.steps[round];
        }
        for (PassageSlot const& slot : played.slots) sum += slot.step();
        CHECK(played.steps.back() == sum);
    }
}

}  // namespace thread_steps_test
