// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "landscapes/make_potential.hpp"
#include "sde/linear_algebra.hpp"
#include "sde/theory/catalogue.hpp"
#include "sde/theory/hopping.hpp"

namespace hopping_test {
using namespace kramers;
using namespace kramers::theory;

namespace {

/// Mean time from (2, 2) to (1, 1) for two coordinates on three wells, as a linear system over all
/// nine states; with `touch` the last hop is taken at twice its rate.
double by_linear_system(WellChain const& c, bool touch) {
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(9, 9);
    Eigen::VectorXd b = Eigen::VectorXd::Ones(9);
    constexpr int goal = 4;
    for (int s = 0; s < 9; ++s) {
        if (s == goal) continue;
        for (int const axis : {0, 1})
            for (int const side : {-1, 1}) {
                int const at = axis == 0 ? s / 3 : s % 3, to = at + side;
                if (to < 0 || to > 2) continue;
                double rate = side > 0 ? c.up[static_cast<std::size_t>(at)]
                                       : c.down[static_cast<std::size_t>(to)];
                int const next = s + side * (axis == 0 ? 3 : 1);
                if (touch && next == goal) rate *= 2.0;
                a(s, s) += rate;
                a(s, next) -= rate;
            }
    }
    a(goal, goal) = 1.0;
    b[goal] = 0.0;
    return linear::solve(a, b)(8, 0);
}

}  // namespace

TEST_CASE("Hopping: the mean time of independent chains is that of their joint states") {
    auto const potential = make_potential("rastrigin", 2, {0.5});
    WellChain const chain = find_wells(*potential, 0, -3.0, 3.0, 0.1);
    REQUIRE(chain.minima.size() == 3);
    CHECK(chain.minima[1] == doctest::Approx(0.0));
    CHECK(chain.well_of(1.0) == 2);
    CHECK(chain.well_of(-0.2) == 1);
    CHECK(chain.lowest_barrier == doctest::Approx(potential->critical_point("saddle.x+")->value -
                                                  potential->critical_point("minimum.x+")->value)
                                      .epsilon(1e-9));
    for (bool const touch : {false, true})
        CHECK(hopping_time({chain, chain}, {2, 2}, {1, 1}, touch) ==
              doctest::Approx(by_linear_system(chain, touch)).epsilon(1e-5));
    // The twin: a goal that is met only at its minimum is met later.
    CHECK(by_linear_system(chain, false) > 1.2 * by_linear_system(chain, true));
}

TEST_CASE("Hopping: in one dimension the boundary is met after the exact mean time") {
    auto const potential = make_potential("double_well", 1, {1.0, 0.25});
    double const temperature = 0.25 / 12.0;
    WellChain const chain = find_wells(*potential, 0, -3.0, 3.0, temperature);
    Query query;
    query.potential = potential.get();
    query.temperature = temperature;
    query.start = {-1.0};
    query.regions["far"] = Region{RegionKind::half_space, {1.0}, 0.0, {}, false};
    double const exact = predict("quadrature", MeanFirstPassage{"far"}, query).prediction->value;
    // Kramers' formula lacks terms of relative size T/ΔV.
    CHECK(hopping_time({chain}, {0}, {1}, true) == doctest::Approx(exact).epsilon(0.1));
    CHECK(hopping_time({chain}, {0}, {1}, false) > 1.8 * exact);
}

}  // namespace hopping_test
