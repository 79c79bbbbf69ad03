// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "experiments/components.hpp"

namespace measured_orders_test {
namespace {

using namespace kramers;

/// What is wrong with a measured order beside its claim; empty: nothing. That the number is the one
/// found is what the convergence tests check.
std::string fault_of(double claimed, MeasuredOrder const& measured) {
    bool const known = measured.half_width > 0.0;
    if (claimed == 0.0) return known ? "measured but not claimed" : "";
    if (!known) return "claimed but not measured";
    auto const holds = [&](double order) {
        return std::abs(measured.value - order) <= measured.half_width;
    };
    if (!holds(claimed)) return "the interval excludes the claim";
    if (holds(claimed - 0.5) || holds(claimed + 0.5)) return "the interval holds a neighbour";
    return "";
}

}  // namespace

TEST_CASE("Measured orders: every claim has one that contains it and excludes its neighbours") {
    int claims = 0;
    for (SchemeInfo const& s : scheme_components()) {
        if (!s.claims_orders) continue;
        REQUIRE(static_cast<bool>(s.measured));
        DynamicsInfo const& dynamics = *find_dynamics(s.dynamics);
        if (dynamics.noise_use == NoiseUse::stable) continue;  // Levy models: no claims
        for (NoiseStructure const structure :
             {NoiseStructure::additive, NoiseStructure::diagonal, NoiseStructure::general}) {
            CAPTURE(s.name);
            CAPTURE(s.dynamics);
            CAPTURE(static_cast<int>(structure));
            Orders const claim = s.for_noise(structure);
            MeasuredOrders const found = s.measured(structure);
            CHECK(fault_of(claim.strong, found.strong) == "");
            CHECK(fault_of(claim.weak, found.weak) == "");
            claims += (claim.strong > 0.0) + (claim.weak > 0.0);
        }
    }
    CHECK(claims > 100);
}

TEST_CASE("Measured orders: a missing, a wide and a wrong one are seen") {
    CHECK(fault_of(1.0, {1.03, 0.11}) == "");
    CHECK(fault_of(0.0, {}) == "");
    CHECK(fault_of(1.0, {}) == "claimed but not measured");
    CHECK(fault_of(0.0, {1.0, 0.1}) == "measured but not claimed");
    CHECK(fault_of(2.0, {1.51, 0.03}) == "the interval excludes the claim");
    CHECK(fault_of(1.5, {1.48, 0.5}) == "the interval holds a neighbour");
}

}  // namespace measured_orders_test
