// SPDX-License-Identifier: Apache-2.0
// Simulated exits against tabulated mean times in the plane (spectral elements and series, 9 digits or
// more). Every check is wrong about a correct program once in 10^6 fresh seeds; it sees the relative
// error named with it with 99 % power. What the step leaves is below half a standard error.
#include <doctest/doctest.h>

#include "tests/statistical/ensembles.hpp"

namespace reference_passages_test {
using namespace kramers;
using namespace kramers::test;
using kramers::testing::half_space;

namespace {

Region outside(RegionKind kind, std::vector<double> centre, std::vector<double> extent) {
    Region r;
    r.kind = kind;
    r.a = std::move(centre);
    r.extent = std::move(extent);
    r.complement = true;
    return r;
}

}  // namespace

TEST_CASE("Exits of squares between the hills of Rastrigin in the plane, RE-036 and RE-037") {
    // η V″ = 0.02 at the minima: the walk is 0.3 % too quick. Detects 13 %.
    double const dt = 5e-5, T = 4.0, next = 0.9949586376523348;
    double const top = 0.5025460365546747, far = 1.5076407318703584, half = 0.5 * (far - top);
    struct {
        double start, centre, half_width, time, line;
    } const rows[] = {{0.0, 0.0, top, 0.356611722881234, 0.7083523915527743},
                      {next, 0.5 * (top + far), half, 0.34741028252484873, 0.7083523915527743}};
    std::uint64_t fixed = 700;
    for (auto const& row : rows) {
        CAPTURE(row.start);
        Plan plan = plan_of("rastrigin", {10.0}, 2, T, dt, 8'000, ++fixed);
        plan.start.point = {row.start, row.start};
        plan = with_targets(
            plan,
            {outside(RegionKind::box, {row.centre, row.centre}, {row.half_width, row.half_width})},
            Crossing::bridge);
        Estimate const seen = mean_time(plan, dt, Stamp::middle_of_step);
        CHECK_PASSES(check_consistent(seen, row.time, 0.13 * row.time));
        CHECK_REJECTS(check_consistent(seen, row.line, 0.13 * row.time));  // one coordinate alone
    }
}

TEST_CASE("Exit of the disc from the bottom of a bowl, RE-105") {
    // Detects 9 %.
    double const dt = 0.002, row = 2.7901297489014563, line = 7.229652533274804;
    Plan const plan =
        with_targets(plan_of("quadratic", {1.0, 1.0}, 2, 0.2, dt, 16'000, 704),
                     {outside(RegionKind::ball, {0.0, 0.0}, {1.0})}, Crossing::bridge);
    Estimate const seen = mean_time(plan, dt, Stamp::middle_of_step);
    CHECK_PASSES(check_consistent(seen, row, 0.09 * row));
    CHECK_REJECTS(check_consistent(seen, line, 0.09 * row));  // of the interval
}

TEST_CASE("From well to well along a bent channel, RE-043") {
    // Step ends: the other well is seen late by 0.58 √(2T dt), which costs 0.5 %, and the walk is
    // 0.3 % too quick. Detects 11 %.
    double const dt = 0.01, row = 53.09576912447708, to_saddle = 23.540657256265547;
    Plan plan =
        plan_of("double_well_channel", {1.0, 0.25, 1.0, 2.0, 0.3, 0.0}, 2, 0.1, dt, 11'000, 705);
    plan.key.composed = true;
    plan.start.point = {-1.0049227291792113, 0.09983537666422662};
    Estimate const seen =
        mean_time(with_targets(plan, {half_space({1.0, 0.0}, 1.0)}, Crossing::endpoint), dt);
    CHECK_PASSES(check_consistent(seen, row, 0.11 * row));
    CHECK_REJECTS(check_consistent(seen, 2.0 * to_saddle, 0.11 * row));
}

}  // namespace reference_passages_test
