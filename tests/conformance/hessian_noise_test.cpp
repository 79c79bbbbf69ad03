// SPDX-License-Identifier: Apache-2.0
// Noise of covariance delta^2 max(H, floor) where the Hessian is not diagonal.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "gpu/dispatch.hpp"
#include "landscapes/coupled_double_wells.hpp"
#include "landscapes/rotated_quadratic.hpp"
#include "sde/methods.hpp"
#include "sde/noise/hessian_root.hpp"
#include "tests/conformance/composed_definition.hpp"
#include "tests/gpu/composed_plans.hpp"
#include "tests/played_threads/played_threads.hpp"

namespace hessian_noise_test {
using namespace kramers;
using namespace kramers::checks;
using namespace kramers::testing;

namespace {

constexpr std::uint64_t steps = 26;

struct Ground {
    std::string name;
    Vector values, start;
    Oracle oracle;
    double floor;  ///< above one eigenvalue and below the other, 0: none
    double step;
};

template <class L>
Ground ground(Vector values, Vector start, double floor, double step) {
    return {std::string(L::name), values, start, oracle_of<L>(values), floor, step};
}

std::vector<Ground> const& grounds() {
    static std::vector<Ground> const list = {
        ground<RotatedQuadratic<double, 2>>({0.5, 3.0, 0.1}, {0.4, -0.3}, 0.0, 1.0 / 64.0),
        ground<RotatedQuadratic<double, 2>>({0.5, 3.0, 0.1}, {0.4, -0.3}, 1.5, 1.0 / 64.0),
        // from the saddle, where one eigenvalue is negative
        ground<CoupledDoubleWells<double, 2>>({1.0, 0.25, 0.5}, {0.1, -0.1}, 0.25, 1.0 / 64.0),
        ground<RotatedQuadratic<double, 8>>({0.5, 3.0, 0.7, 2.0, 2.0, 1.0, 0.6, 1.4, 0.1},
                                            {0.4, -0.3, 0.2, 0.5, -0.1, 0.3, -0.6, 0.2}, 0.65,
                                            1.0 / 64.0),
        ground<CoupledDoubleWells<double, 8>>(
            {1.0, 0.25, 0.5}, {0.1, -0.1, 0.3, -0.2, 0.9, 0.2, -0.8, 0.4}, 0.25, 1.0 / 64.0)};
    return list;
}

Plan plan_for(Ground const& g, char const* dynamics, char const* scheme) {
    composed::ProgramEntry const& program = *composed::find_program(dynamics, scheme);
    NoiseLaw law;
    law.amplitude = coordinate::NoiseAmplitude::hessian;
    law.amplitude_data = {2.0, 0.0, g.floor};
    Plan plan = composed_plane_plan(program, law, 1000);
    plan.key.landscape = g.name;
    plan.key.dim = static_cast<int>(g.start.size());
    plan.landscape = g.values;
    plan.start.point = g.start;
    plan.dt = g.step;
    for (std::size_t i = 0; i < program.parameters.size(); ++i)
        if (program.parameters[i].name == "epsilon") plan.dynamics[i] = 1.0;
    if (program.dynamics == "adam_sde") plan.dt = plan.dynamics[0] * plan.dynamics[0];
    SnapshotPlan snapshots;
    snapshots.burn_in = steps;
    plan.observe = snapshots;
    return plan;
}

/// Largest distance of two paths, over the size of the second.
double distance(Vector const& a, Vector const& b) {
    REQUIRE(a.size() == b.size());
    double difference = 0.0, size = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference = std::max(difference, std::abs(a[i] - b[i]));
        size = std::max(size, std::abs(b[i]));
    }
    return difference / size;
}

/// The engine against the definition, whose root comes from an eigenvalue solver: 26 steps of a
/// smooth map magnify its rounding (1e-15) less than a thousand times.
constexpr double same = 1e-12;

template <class P>
void compare(Ground const& g) {
    Plan const plan = plan_for(g, P::Dynamics::name.data(), P::name.data());
    CAPTURE(describe(plan.key));
    CAPTURE(g.floor);
    ProgramView const program = program_view<P>(plan);
    for (std::uint64_t const id : {std::uint64_t{0}, std::uint64_t{777}}) {
        Vector const engine = replay(plan, id, 1, steps + 1).states;
        auto const off = [&](Fault fault, RootFault root) {
            return distance(engine, path_of(plan, program, g.oracle, id, steps, fault, root));
        };
        CHECK(off(Fault::none, RootFault::none) < same);
        CHECK(off(Fault::none, RootFault::entrywise) > 1e6 * same);
        // Around the saddle of the plane the floor may be all there is.
        if (g.start.size() > 2) CHECK(off(Fault::none, RootFault::diagonal) > 1e6 * same);
        if (g.floor > 0.0) CHECK(off(Fault::none, RootFault::floored_entries) > 1e6 * same);
        CHECK(off(Fault::reused_draw, RootFault::none) > 1e6 * same);
        CHECK(off(Fault::swapped_draws, RootFault::none) > 1e6 * same);
    }
}

}  // namespace

TEST_CASE("Noise of the whole Hessian: optimizers and SDEs move as defined") {
    namespace c = coordinate;
    for (Ground const& g : grounds()) {
        compare<c::Iterate<c::Sgd>>(g);
        compare<c::Iterate<c::HeavyBall>>(g);
        compare<c::Iterate<c::Adam>>(g);
        compare<c::EulerMaruyama<c::ModifiedEquation>>(g);
        compare<c::EulerMaruyama<c::StateDependent>>(g);
        compare<c::EulerMaruyama<c::MomentumSde>>(g);
        compare<c::EulerMaruyama<c::AdamSde>>(g);
    }
}

TEST_CASE("Noise of the whole Hessian: its covariance is delta^2 max(H, floor)") {
    // Columns of the factor from the two unit draws: C = F F^T.
    auto const covariance = [](Eigen::Matrix2d const& H, double floor) {
        Eigen::Matrix2d factor;
        for (int k = 0; k < 2; ++k) {
            auto const noise =
                coordinate::hessian_noise<double>({2.0, 0.0, floor}, H(0, 0), H(0, 1), H(1, 1),
                                                  {k == 0 ? 1.0 : 0.0, k == 1 ? 1.0 : 0.0});
            for (int i = 0; i < 2; ++i) factor(i, k) = noise.amplitude[i] * noise.draw[i];
        }
        return Eigen::Matrix2d(factor * factor.transpose());
    };
    auto const exact = [](Eigen::Matrix2d const& H, double floor) {
        Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> const s(H);
        return Eigen::Matrix2d(s.eigenvectors() *
                               (2.0 * s.eigenvalues().cwiseMax(floor)).asDiagonal() *
                               s.eigenvectors().transpose());
    };
    for (double const a : {-1.0, 0.0, 0.5, 3.0})
        for (double const b : {-2.0, 0.5, 1.0})
            for (double const c : {-0.7, 0.0, 1e-9, 2.0})
                for (double const floor : {0.0, 0.25}) {
                    Eigen::Matrix2d H;
                    H << a, c, c, b;
                    CAPTURE(a);
                    CAPTURE(b);
                    CAPTURE(c);
                    CHECK((covariance(H, floor) - exact(H, floor)).norm() < 2e-14);
                }
    Eigen::Matrix2d const H = (Eigen::Matrix2d() << 1.0, 0.5, 0.5, 2.0).finished();
    Eigen::Matrix2d const entrywise = (2.0 * H).cwiseSqrt();
    CHECK_FALSE((entrywise * entrywise.transpose() - exact(H, 0.0)).norm() < 0.1);
}

TEST_CASE("Noise of the whole Hessian: threads repeat the lane blocks") {
    for (Ground const& g : grounds())
        for (auto const& [dynamics, scheme] :
             {std::pair{"sgd", "iterate"}, std::pair{"adam_sde", "euler_maruyama"}}) {
            Plan plan = plan_for(g, dynamics, scheme);
            CAPTURE(describe(plan.key));
            plan.trajectories = 60;
            PassagePlan passage;
            Vector normal(g.start.size(), 0.0);
            normal[0] = 0.8;
            normal[1] = 0.6;
            passage.targets = {half_space(normal, 0.8 * g.start[0] + 0.6 * g.start[1] + 0.01)};
            passage.max_steps = 200;
            plan.observe = passage;
            std::vector<PassageSlot> threads(plan.trajectories);
            passage_by_threads(plan, 7, threads.data());
            Controls controls;
            controls.backend = Backend::cpu;
            CHECK(threads == slots_of(plan, controls));
            CHECK(std::ranges::count(threads, Outcome::arrived, &PassageSlot::outcome) > 20);
            Plan twin = plan;
            twin.composition.noise.amplitude_data.floor += 2.0;  // above an eigenvalue
            CHECK_FALSE(threads == slots_of(twin, controls));
        }
}

TEST_CASE("Noise of the whole Hessian is refused where it cannot be drawn, with the reason") {
    NoiseLaw law;
    law.amplitude = coordinate::NoiseAmplitude::hessian;
    law.amplitude_data = {1.0, 0.0, 0.0};
    Composition const composition{law, {}, {}, 1.0, {}};
    auto const why = [&](char const* landscape, int dim, char const* dynamics, char const* scheme) {
        return composed::why_not(*composed::find_landscape(landscape, dim),
                                 *composed::find_program(dynamics, scheme), composition);
    };
    auto const says = [](std::string const& text, char const* part) {
        return text.find(part) != std::string::npos;
    };
    CHECK(why("mueller_brown", 2, "sgd", "iterate").empty());
    CHECK(why("rastrigin", 8, "sgd", "iterate").empty());
    CHECK(why("rotated_quadratic", 8, "sgd", "iterate").empty());
    CHECK(why("ackley", 32, "adam", "iterate").empty());
    CHECK(says(why("rosenbrock", 8, "svag", "iterate"), "independent between coordinates"));
    CHECK(says(why("rosenbrock", 8, "state_dependent", "stochastic_heun"), "off-diagonal entries"));
    CHECK(says(why("mueller_brown", 2, "svag", "iterate"), "independent between coordinates"));
    for (composed::ProgramEntry const& program : composed::programs())
        if (program.evaluations > 1 && program.dynamics == "state_dependent") {
            CAPTURE(program.scheme);
            CHECK_FALSE(composed::why_not(*composed::find_landscape("mueller_brown", 2), program,
                                          composition)
                            .empty());
        }
}

}  // namespace hessian_noise_test
