// SPDX-License-Identifier: Apache-2.0
#include "experiments/epoch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"

namespace epoch_test {
namespace {

using namespace kramers;

Cell cell_of(std::string const& law, int burn_in, int snapshots = 1, int stride = 1) {
    return load_spec(
               {"kind = \"stationary\"\n"
                "landscape = { name = \"quadratic\", curvatures = [1.0] }\n"
                "dynamics = { name = \"sgd\", learning_rate = 0.1 }\nnoise = { law = \"" +
                    law +
                    "\", samples = [-1.0, 1.0, -2.0, 2.0], batch_size = 1 }\n"
                    "ensemble = { trajectories = 1000, snapshots = " +
                    std::to_string(snapshots) +
                    " }\nstart = { point = [0.0] }\nburn_in = { steps = " +
                    std::to_string(burn_in) + " }\n" +
                    (snapshots > 1 ? "stride = { steps = " + std::to_string(stride) + " }\n" : ""),
                "test.toml", "test"},
               {})
        .cells.at(0);
}
bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}
bool is_noted(Cell const& cell) {
    std::string const note = epoch_note(cell);
    return !note.empty() && std::ranges::find(cell.notes, note) != cell.notes.end();
}

}  // namespace

TEST_CASE("Epoch: a reshuffled population says where in the epoch it is looked at") {
    char const* const law = "population_reshuffled";
    CHECK(steps_per_epoch(cell_of(law, 100).noise) == 4);
    CHECK(contains(epoch_note(cell_of(law, 100)), "at the end of an epoch"));
    CHECK(contains(epoch_note(cell_of(law, 101)), "1 step into an epoch"));
    CHECK(contains(epoch_note(cell_of(law, 103)), "3 steps into an epoch"));
    CHECK(contains(epoch_note(cell_of(law, 100, 5, 3)), "mix places"));
    CHECK(contains(epoch_note(cell_of(law, 100, 5, 8)), "at the end of an epoch"));
    CHECK(is_noted(cell_of(law, 101)));
    // broken twin: the same samples, a fresh batch in each step
    CHECK(epoch_note(cell_of("population_without_replacement", 101)).empty());
    CHECK_FALSE(is_noted(cell_of("population_without_replacement", 101)));
}

TEST_CASE("Epoch: of a reshuffled population there is no prediction, for the reason that holds") {
    Cell const cell = cell_of("population_reshuffled", 100);
    auto const result = predict(cell, "gibbs", StationaryCovariance{0, 0}, make_query(cell));
    CHECK_FALSE(result.prediction);
    CHECK(contains(result.reason, "depends on the place"));
    Cell const twin = cell_of("population", 100);
    CHECK(predict(twin, "sgd_discrete", StationaryCovariance{0, 0}, make_query(twin)).prediction);
}

}  // namespace epoch_test
