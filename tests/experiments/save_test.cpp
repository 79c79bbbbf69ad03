// SPDX-License-Identifier: Apache-2.0
#include "experiments/save.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"

namespace save_test {
using namespace kramers;

namespace {

std::string const spec_text = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped" }
scheme    = { dt = 0.05, crossing = "bridge" }
ensemble  = { trajectories = 256, seed = 4 }
start     = { point = "minimum.left" }
regions.other  = { half_space = [1.0], offset = "minimum.right" }
regions.saddle = { half_space = [1.0], offset = "saddle" }
sweep."dynamics.temperature" = { barrier_over = [1, 2] }
)";

Spec load(std::string const& save, std::string const& more = "") {
    return load_spec({spec_text + "save = " + save + "\n" + more, "test.toml", "test"});
}

std::string problem(std::string const& save, std::string const& more = "") {
    try {
        load(save, more);
    } catch (InputError const& error) { return error.problems.front(); }
    return {};
}

std::vector<std::vector<std::string>> rows(std::string const& csv) {
    std::vector<std::vector<std::string>> all;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        all.emplace_back();
        std::istringstream fields(line);
        for (std::string field; std::getline(fields, field, ',');) all.back().push_back(field);
    }
    return all;
}

}  // namespace

TEST_CASE("save = arrivals: every trajectory once, and their mean is the estimate") {
    RunOutput const output = run_spec(load("[\"arrivals\"]"), {});
    auto const arrivals = rows(output.files.at("arrivals.csv"));
    CHECK(arrivals[0] == std::vector<std::string>{"cell", "target", "level", "trajectory", "step",
                                                  "time", "outcome"});
    CHECK(arrivals.size() == 1 + 2 * 2 * 256);
    CHECK(output.files.count("paths.csv") == 0);
    auto const passage = rows(output.files.at("passage.csv"));
    for (std::size_t p = 1; p < passage.size(); ++p) {
        double sum = 0.0, unshifted = 0.0;
        int count = 0;
        for (auto const& row : arrivals)
            if (row[0] == passage[p][0] && row[1] == passage[p][1] && row[6] == "arrived") {
                sum += std::stod(row[5]);
                unshifted += std::stod(row[4]) * 0.05;
                ++count;
            }
        CHECK(count == 256);
        double const estimate = std::stod(passage[p][8]);
        CHECK(sum / count == doctest::Approx(estimate).epsilon(1e-12));
        CHECK_FALSE(unshifted / count == doctest::Approx(estimate).epsilon(1e-12));  // twin
    }
}

TEST_CASE("save = paths: the first trajectories as replay makes them, up to their arrival") {
    Spec const spec = load("[\"paths:3\", \"arrivals\"]");
    RunOutput const output = run_spec(spec, {});
    auto const paths = rows(output.files.at("paths.csv"));
    CHECK(paths[0] == std::vector<std::string>{"cell", "trajectory", "step", "time", "x0"});
    std::size_t at = 1;
    for (Cell const& cell : spec.cells)
        for (std::uint64_t id = 0; id < 3; ++id) {
            Replay const path = replay(make_plan(cell, 0, 0), id, 1, 1'000'000);
            for (std::size_t k = 0; k < path.steps.size(); ++k, ++at) {
                REQUIRE(at < paths.size());
                REQUIRE(paths[at][0] == std::to_string(cell.index));
                REQUIRE(paths[at][1] == std::to_string(id));
                REQUIRE(paths[at][2] == std::to_string(path.steps[k]));
                REQUIRE(std::stod(paths[at][4]) == path.states[k]);
            }
        }
    CHECK(at == paths.size());
    CHECK(output.report.warnings.empty());
    // The last step of a path is the step of its arrival.
    for (auto const& row : rows(output.files.at("arrivals.csv")))
        if (row[0] == "1" && row[1] == "other" && row[3] == "2") CHECK(row[4] == paths.back()[2]);
    // A stride asked for.
    auto const sparse = rows(run_spec(load("\"paths:2:100\""), {}).files.at("paths.csv"));
    CHECK(sparse[2][2] == "100");
}

TEST_CASE("save: what would be too much is refused, the saved data do not change the run") {
    CHECK(problem("[\"arivals\"]").find("Did you mean \"arrivals\"?") != std::string::npos);
    CHECK(problem("[\"paths:0\"]").find("must be \"paths:N\"") != std::string::npos);
    CHECK(problem("[\"paths:2:x\"]").find("must be \"paths:N\"") != std::string::npos);
    CHECK(problem("[\"paths:200\"]") == "");
    Spec many = load("[\"arrivals\", \"paths:200\"]");
    for (Cell& cell : many.cells) cell.trajectories = 2'000'000;
    many.save.paths = 6000;
    Problems problems;
    check_save(many, {}, problems);
    CHECK(problems.size() == 2);
    CHECK(run_spec(load("[\"arrivals\", \"paths:1\"]"), {}).files.at("passage.csv") ==
          run_spec(load("[]"), {}).files.at("passage.csv"));
}

TEST_CASE("save = paths: the landscape where they went is beside them") {
    auto const files = run_spec(load("[\"paths:3\"]"), {}).files;
    auto const grid = rows(files.at("landscape.csv"));
    CHECK(grid[0] == std::vector<std::string>{"cell", "x0", "value"});
    double lowest = 1e9, highest = -1e9;
    for (std::size_t k = 1; k < grid.size(); ++k) {
        double const x = std::stod(grid[k][1]), well = x * x - 1.0;  // barrier 1/4, minima at ±1
        CHECK(std::stod(grid[k][2]) == doctest::Approx(0.25 * well * well).epsilon(1e-12));
        lowest = std::min(lowest, x);
        highest = std::max(highest, x);
    }
    auto const paths = rows(files.at("paths.csv"));
    for (std::size_t k = 1; k < paths.size(); ++k)
        if (paths[k][0] == "0") {
            CHECK(std::stod(paths[k][4]) > lowest);
            CHECK(std::stod(paths[k][4]) < highest);
        }
    CHECK(run_spec(load("[\"arrivals\"]"), {}).files.count("landscape.csv") == 0);
}

TEST_CASE("save: the resolved spec asks for the same") {
    Spec const spec = load("[\"arrivals\", \"paths:3:7\"]");
    Spec const again = load_spec({spec.resolved, "spec.toml", "spec"});
    CHECK(again.save.arrivals);
    CHECK(again.save.paths == 3);
    CHECK(again.save.every == 7);
}

}  // namespace save_test
