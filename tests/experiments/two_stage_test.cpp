// SPDX-License-Identifier: Apache-2.0
#include "experiments/two_stage.hpp"

#include <doctest/doctest.h>

#include "experiments/input.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/second_stages.hpp"

namespace two_stage_test {
using namespace kramers;

namespace {

Cell first_cell() {
    Cell cell;
    cell.trajectories = 1000;
    cell.seed = 3;
    return cell;
}

Estimate estimate(double value, double half_width) {
    Estimate e;
    e.value = value;
    e.lower = value - half_width;
    e.upper = value + half_width;
    return e;
}

}  // namespace

TEST_CASE(
    "second_stage: a quarter of the width takes 16 times the trajectories, and an allowance") {
    // w1 = 0.4/10 = 4 %; (4 % / 1 %)^2 * 1000 * 1.38 = 22080
    Cell const second = second_stage(first_cell(), estimate(-10.0, 0.4), 1e6, {0.01, 0.0});
    CHECK(second.trajectories >= 22080);  // rounded up
    CHECK(second.trajectories <= 22081);
}

TEST_CASE("second_stage: other random numbers than the first, the same ones each time") {
    Estimate const e = estimate(10.0, 0.4);
    Cell const second = second_stage(first_cell(), e, 1e6, {0.01, 0.0});
    CHECK(second.seed != first_cell().seed);
    CHECK(second_stage(first_cell(), e, 1e6, {0.02, 0.0}).seed == second.seed);
    Cell other = first_cell();
    other.seed = 4;
    CHECK(second_stage(other, e, 1e6, {0.01, 0.0}).seed != second.seed);
}

TEST_CASE("second_stage: the budget counts the first stage, too") {
    // 1e6 steps for 1000 trajectories: (5e6 - 1e6) / 1000 = 4000 trajectories are left.
    Cell const second = second_stage(first_cell(), estimate(10.0, 0.4), 1e6, {0.01, 5e6});
    CHECK(second.trajectories == 4000);
    CHECK(second_stage(first_cell(), estimate(10.0, 0.4), 1e6, {0.01, 5e5}).trajectories == 128);
    // No fewer than the spec's own without a budget.
    CHECK(second_stage(first_cell(), estimate(10.0, 1e-9), 1e6, {0.01, 0.0}).trajectories == 1000);
    CHECK(second_stage(first_cell(), estimate(10.0, 1e-9), 1e6, {0.01, 1.5e6}).trajectories == 500);
    // Nothing is known of the width: as far as the budget goes, or the same again without one.
    CHECK(second_stage(first_cell(), Estimate{}, 1e6, {0.01, 5e6}).trajectories == 4000);
    CHECK(second_stage(first_cell(), Estimate{}, 1e6, {0.01, 0.0}).trajectories == 1000);
}

TEST_CASE("second stages: beyond memory or a day they are refused before they begin") {
    Spec const spec = load_spec({R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.125 }
scheme    = { dt = 0.05 }
ensemble  = { trajectories = 1000, seed = 3 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)",
                                 "x.toml", "x"});
    std::vector<Cell> second = spec.cells;
    auto const problem = [&](double trajectories, TwoStage const& stages,
                             Allowance const& allowed) {
        second.front().trajectories = static_cast<std::uint64_t>(trajectories);
        try {
            admit_second_stages(spec, second, {8e5}, stages, {}, allowed);
        } catch (InputError const& error) { return error.problems.front(); }
        return std::string();
    };
    Allowance const gib{1073741824.0, 3600.0};
    CHECK(problem(2e4, {0.01, 0.0}, gib) == "");
    // 1e10 trajectories of 800 steps: at least 80 GB of outcomes, and hours at 1e9 steps a second
    std::string const both = problem(1e10, {0.01, 0.0}, gib);
    for (char const* part : {"--target-ci 1 %", "1.0e10 trajectories", "8.0e12 particle-steps",
                             "about ", " h", "must be at most 1 GiB", "--budget"})
        CHECK_MESSAGE(both.find(part) != std::string::npos, both);
    CHECK(problem(1e10, {0.01, 1e13}, gib).find("GiB of memory (must") != std::string::npos);
    // Where it fits into memory a budget is what bounds the time.
    Allowance const large{1e18, 3600.0};
    CHECK(problem(1e10, {0.01, 0.0}, large) != "");
    CHECK(problem(1e10, {0.01, 1e13}, large) == "");
}

}  // namespace two_stage_test
