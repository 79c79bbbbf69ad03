// SPDX-License-Identifier: Apache-2.0
// Broken steppers: the checks that every compiled method passes must reject each of them.
#include <doctest/doctest.h>

#include <cmath>

#include "estimators/mean_passage.hpp"
#include "gpu/simulate.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/theory/discrete_passage.hpp"
#include "tests/conformance/scheme_checks.hpp"
#include "tests/gpu/plans.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/statistics.hpp"

namespace teeth_test {
using namespace kramers;
using namespace kramers::checks;
using Eigen::VectorXd;

namespace {

/// What can be wrong with Euler–Maruyama; the defaults are right.
struct Flaws {
    double gradient_factor = 1.0;
    double temperature_factor = 1.0;  // of the 2 in √(2T)
    bool dt_for_root_dt = false;
    bool reuse_draw = false;    // odd steps repeat the draw of the step before
    bool first_normal = false;  // a coarse step takes one fine normal for their scaled sum
};

PathGenerator stepper(Flaws const& flaws) {
    return [flaws](PathRequest const& request) -> VectorXd {
        auto const potential = make_potential(
            request.landscape, static_cast<int>(request.start.size()), request.values);
        auto const r = static_cast<Eigen::Index>(request.refinement);
        Eigen::MatrixXd const fine = fine_normals(
            static_cast<int>(request.start.size()),
            request.steps * static_cast<std::uint64_t>(request.refinement), request.trajectory);
        double const scale = std::sqrt(2.0 * flaws.temperature_factor * request.temperature) *
                             (flaws.dt_for_root_dt ? request.dt : std::sqrt(request.dt));
        VectorXd x = request.start;
        VectorXd z;
        for (Eigen::Index k = 0; k < static_cast<Eigen::Index>(request.steps); ++k) {
            if (!flaws.reuse_draw || k % 2 == 0) {
                z = fine.middleCols(k * r, r).rowwise().sum() / std::sqrt(static_cast<double>(r));
                if (flaws.first_normal) z = fine.col(k * r);
            }
            x += -flaws.gradient_factor * request.dt * potential->gradient(x) + scale * z;
        }
        return x;
    };
}

PathRequest bowl() {
    PathRequest request;
    request.landscape = "quadratic";
    request.values = {1.0};
    request.start = VectorXd::Constant(1, 1.5);
    request.temperature = 0.3;
    request.dt = 1.0 / 64.0;
    return request;
}

PathRequest well() {
    PathRequest request = bowl();
    request.landscape = "double_well";
    request.values = {1.0, 0.25};
    request.dt = 1.0 / 256.0;
    return request;
}

struct Verdicts {
    Verdict flow, strong, limit, error, weak;
};

Verdicts judge(Flaws const& flaws) {
    auto const path = stepper(flaws);
    PathRequest wide = well();
    wide.dt *= 8.0;
    auto const potential = make_potential("double_well", 1, wide.values);
    return {check_gradient_flow(path, *potential, wide, 1.0), check_strong_order(path, well(), 1.0),
            check_ou_limit(path, bowl(), 1.0), check_euler_error(path, bowl()),
            check_weak_order(path, bowl(), 1.0)};
}

}  // namespace

TEST_CASE("Teeth: the flawless stepper passes every check") {
    Verdicts const v = judge({});
    CHECK_MESSAGE(v.flow, v.flow.message);
    CHECK_MESSAGE(v.strong, v.strong.message);
    CHECK_MESSAGE(v.limit, v.limit.message);
    CHECK_MESSAGE(v.error, v.error.message);
    CHECK_MESSAGE(v.weak, v.weak.message);
}

TEST_CASE("Teeth: a gradient 2 % too steep is rejected") {
    Verdicts const v = judge({.gradient_factor = 1.02});
    CHECK_MESSAGE(!v.flow, v.flow.message);
    CHECK_MESSAGE(!v.error, v.error.message);
    CHECK(v.strong);  // it converges, to something else: why the limit is checked
}

TEST_CASE("Teeth: a missing factor 2 in the noise is rejected") {
    Verdicts const v = judge({.temperature_factor = 0.5});
    CHECK_MESSAGE(!v.limit, v.limit.message);
    CHECK_MESSAGE(!v.error, v.error.message);
    CHECK_MESSAGE(!v.weak, v.weak.message);
    CHECK(v.strong);
}

TEST_CASE("Teeth: a noise amplitude 3 % off is rejected by the exact error") {
    Verdicts const v = judge({.temperature_factor = 1.06});
    CHECK_MESSAGE(!v.error, v.error.message);
}

TEST_CASE("Teeth: dt for the root of dt is rejected") {
    Verdicts const v = judge({.dt_for_root_dt = true});
    CHECK_MESSAGE(!v.limit, v.limit.message);
    CHECK_MESSAGE(!v.error, v.error.message);
}

TEST_CASE("Teeth: a draw used twice is rejected") {
    Verdicts const v = judge({.reuse_draw = true});
    CHECK_MESSAGE(!v.strong, v.strong.message);
    CHECK_MESSAGE(!v.limit, v.limit.message);
    CHECK_MESSAGE(!v.error, v.error.message);
}

TEST_CASE("Teeth: a ladder that takes one fine normal for their sum is rejected") {
    Verdicts const v = judge({.first_normal = true});
    CHECK_MESSAGE(!v.strong, v.strong.message);
    CHECK_MESSAGE(!v.limit, v.limit.message);
}

TEST_CASE("Teeth: order 1 is not taken for one half or three halves") {
    auto const path = stepper({});
    for (double const wrong : {0.5, 1.5, 2.0}) {
        CHECK_FALSE(check_strong_order(path, well(), wrong));
        CHECK_FALSE(check_ou_limit(path, bowl(), wrong));
        CHECK_FALSE(check_weak_order(path, bowl(), wrong));
    }
}

TEST_CASE("Teeth: half of the escape time is rejected") {
    double const dt = 0.02, T = 0.15;
    auto const potential = make_potential("double_well", 1, {1.0, 0.25});
    double const truth =
        theory::discrete_passage({theory::profile_of(*potential), T, -1.0, {}, 1.0}, dt,
                                 theory::Detection::endpoint)
            .value;
    Plan plan = kramers::testing::double_well_plan(T, dt, 30'000);
    plan.seed = test::seed(310);
    auto tally = std::get<PassageTally>(simulate(plan).tally);
    PassageQuery const query{dt, any_target, Stamp::end_of_step};
    auto const honest = mean_passage(tally, query);
    REQUIRE_MESSAGE(honest.estimate.has_value(), honest.reason);
    CHECK(test::check_consistent(*honest.estimate, truth, 0.08 * truth));
    for (PassageSlot& slot : tally.slots)
        slot = PassageSlot::make(slot.outcome(), slot.target(), slot.step() / 2);
    CHECK_FALSE(test::check_consistent(*mean_passage(tally, query).estimate, truth, 0.08 * truth));
}

}  // namespace teeth_test
