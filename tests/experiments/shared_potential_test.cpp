// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"

namespace shared_potential_test {
namespace {

using namespace kramers;

char const* const sweep = R"(
kind = "escape"
landscape = { name = "rastrigin", dim = 2, amplitude = 0.5 }
dynamics = { name = "overdamped" }
scheme = { dt = 0.01 }
ensemble = { trajectories = 128, max_time = 10.0 }
start = { point = [1.0, 1.0] }
regions.away = { half_space = [1.0, 0.0], offset = 2.0 }
sweep."dynamics.temperature" = [0.1, 0.2, 0.4]
)";

Spec load(std::vector<std::string> const& changes = {}) {
    return load_spec({sweep, "shared.toml", "shared"}, changes);
}

std::set<Potential const*> potentials(std::vector<Cell> const& cells) {
    std::set<Potential const*> distinct;
    for (Cell const& cell : cells) distinct.insert(cell.potential.get());
    return distinct;
}

}  // namespace

TEST_CASE("sweep: cells of one landscape share its potential, and no others do") {
    Spec const one = load();
    REQUIRE(one.cells.size() == 3);
    CHECK(potentials(one.cells).size() == 1);
    CHECK(*potentials(one.cells).begin() != nullptr);
    // three temperatures on each of two landscapes
    Spec const two = load({"sweep.landscape.amplitude=[0.5, 0.25]"});
    REQUIRE(two.cells.size() == 6);
    CHECK(potentials(two.cells).size() == 2);
    for (Cell const& cell : two.cells) {
        bool const same = cell.landscape_values == one.cells[0].landscape_values;
        CHECK((cell.potential == one.cells[0].potential) == same);  // of another spec, too
        // what is shared is the right one: V(½, ½) = 2 (¼ + 2 × the amplitude)
        double const amplitude = same ? 0.5 : 0.25;
        CHECK(cell.potential->value(Eigen::Vector2d(0.5, 0.5)) ==
              doctest::Approx(0.5 + 4.0 * amplitude).epsilon(1e-12));
    }
    // the same numbers in another dimension
    Spec const line = load({"landscape.dim=1", "start.point=[1.0]", "regions.away.half_space=[1]"});
    CHECK(line.cells.at(0).potential != one.cells[0].potential);
    CHECK(potentials(line.cells).size() == 1);
}

}  // namespace shared_potential_test
