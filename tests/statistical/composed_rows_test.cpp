// SPDX-License-Identifier: Apache-2.0
// Tabulated values of the theory on their own landscapes: ravines, bowls and free motion in three
// dimensions (S46, S69 – S71, E42), a given Hessian with noise that does not commute with it (S22, S23,
// S29). Each check is wrong about a correct program once in 10^6 fresh seeds.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include "estimators/paired.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace composed_rows_test {
using namespace kramers;
using namespace kramers::test;

namespace {

Vector const ravine{10.0, 1.0, 0.1};

/// E V after `steps` steps from (1, 1, 1) in the ravine, unit noise in every direction.
Estimate ravine_loss(Mover const& mover, std::uint64_t steps, std::uint64_t fixed,
                     NoiseLaw const& noise) {
    Watch const watch{.trajectories = 40'000, .burn_in = steps, .snapshots = 1, .stride = 1};
    Plan plan = quadratic_plan(mover, noise, ravine, fixed, watch);
    plan.start.point = {1.0, 1.0, 1.0};
    auto& observe = std::get<SnapshotPlan>(plan.observe);
    for (int i = 0; i < 3; ++i)
        observe.observables.push_back(
            {Observable::Kind::power, 2, i, std::sqrt(0.5 * ravine[static_cast<std::size_t>(i)])});
    SnapshotTally const tally = snapshots(plan);
    Estimate sum{};
    double square = 0.0;  // the coordinates are independent
    for (std::size_t i = 0; i < 3; ++i) {
        Estimate const part = the(observable_mean(tally, i));
        if (i == 0) sum = part;
        else sum.value += part.value;
        square += part.standard_error * part.standard_error;
    }
    sum.standard_error = std::sqrt(square);
    return sum;
}

/// The bowl of S22: Hessian and noise do not commute.
Eigen::Matrix2d const bowl = (Eigen::Matrix2d() << 2.0, 0.5, 0.5, 1.0).finished();

Plan bowl_plan(Mover const& mover, std::uint64_t fixed,
               Watch const& watch = {.trajectories = 32'000}) {
    Plan plan = quadratic_plan(mover, law("covariance", 2, {}, {1.0, -0.4, -0.4, 2.0}), {0, 0},
                               fixed, watch);
    plan.key.landscape = "given_quadratic";
    plan.landscape = {2.0, 0.5, 0.5, 1.0};
    return plan;
}

/// Entries 00, 01, 11 of the covariance; the twin takes the Hessian for diagonal.
void check_bowl(Plan const& plan, std::array<double, 3> const& exact) {
    SnapshotTally const tally = snapshots(plan);
    Plan straight = plan;
    straight.key.landscape = "quadratic";
    straight.landscape = {2.0, 1.0};
    SnapshotTally const twin = snapshots(straight);
    for (int k = 0; k < 3; ++k) {
        CAPTURE(k);
        int const i = k == 2, j = k > 0;
        double const detects = 0.035 * std::max(exact[0], exact[2]);
        CHECK_PASSES(check_consistent(the(covariance(tally, i, j)),
                                      exact[static_cast<std::size_t>(k)], detects));
        if (k == 1) CHECK_REJECTS(check_consistent(the(covariance(twin, i, j)), exact[1], detects));
    }
}

}  // namespace

TEST_CASE("Rows: loss of sgd and of its SDEs in a ravine of three dimensions (S69)") {
    double const eta = 0.05;
    NoiseLaw const noise = law("gaussian", 3, {1.0});
    NoiseLaw const none = law("none", 3, {});
    double const discrete = 0.0557850068903203, first = 0.0513176115096883,
                 second = 0.048453669794597275;
    Estimate const sgd = ravine_loss({"sgd", {eta}}, 100, 600, noise);
    CHECK_PASSES(check_consistent(sgd, discrete, 0.002));
    CHECK_REJECTS(check_consistent(sgd, first, 0.002));
    Estimate const sde = ravine_loss({"overdamped", {0.5 * eta}, "exact_ou", 0.25}, 20, 601, none);
    CHECK_PASSES(check_consistent(sde, first, 0.002));
    CHECK_REJECTS(check_consistent(sde, discrete, 0.002));
    Estimate const corrected =
        ravine_loss({"modified_equation", {eta, 2.0, 0.0}, "platen_weak2", 0.02}, 250, 602, noise);
    CHECK_PASSES(check_consistent(corrected, second, 0.002));
    CHECK_REJECTS(check_consistent(corrected, first, 0.002));
}

TEST_CASE("Rows: loss of two-step methods in the ravine (S70)") {
    struct {
        char const* name;
        std::uint64_t steps;
        double loss, twin;
    } const cases[] = {{"heavy_ball", 100, 0.39581065649902686, 0.32949964184218794},
                       {"heavy_ball", 10, 0.32949964184218794, 0.39581065649902686},
                       {"nesterov", 100, 0.23461633366905196, 0.39581065649902686},
                       {"momentum_ema", 100, 0.05206555181897689, 0.39581065649902686}};
    std::uint64_t fixed = 610;
    for (auto const& k : cases) {
        CAPTURE(std::string(k.name));
        Estimate const seen =
            ravine_loss({k.name, {0.05, 0.9}}, k.steps, ++fixed, law("gaussian", 3, {1.0}));
        CHECK_PASSES(check_consistent(seen, k.loss, 0.06 * k.loss));
        CHECK_REJECTS(check_consistent(seen, k.twin, 0.06 * k.loss));
    }
}

TEST_CASE("Rows: loss of the small-friction SDE in the ravine (S71)") {
    // t = 100 √η = 10, γ = 1, T = 0.05; BAOAB at 1/80 is off by 10⁻⁴ of it.
    Estimate const seen =
        ravine_loss({"kinetic", {1.0, 0.05}, "baoab", 0.0125}, 800, 620, law("none", 3, {}));
    double const row = 0.07821214383919176;
    CHECK_PASSES(check_consistent(seen, row, 0.06 * row));
    CHECK_REJECTS(check_consistent(seen, 0.075, 0.06 * row));  // ½ d T: equipartition alone
}

TEST_CASE("Rows: loss-dependent noise in three dimensions (S46)") {
    // The mean of V is closed: one Euler step gives V (2 − dt − dTκ) = dT, the row is dt → 0.
    double const T = 0.2, kappa = 0.5, dt = 0.05, d = 3.0;
    auto const mean = [&](double step) { return d * T / (2.0 - step - d * T * kappa); };
    double const row = 0.35294117647058826;
    REQUIRE(std::abs(mean(0.0) - row) < 1e-15);
    Plan plan =
        quadratic_plan({"state_dependent", {1.0, 0.0}, "euler_maruyama", dt},
                       law("loss", 3, {2.0 * T, 2.0 * T * kappa, 0.0}), {1.0, 1.0, 1.0}, 630,
                       {.trajectories = 24'000, .burn_in = 160, .snapshots = 12, .stride = 20});
    SnapshotTally const tally = snapshots(plan);
    for (int i = 0; i < 3; ++i) {
        Estimate const seen = the(covariance(tally, i, i));
        CHECK_PASSES(check_consistent(seen, 2.0 * mean(dt) / d, 0.012));
        // The twin: noise of one coordinate's own loss.
        CHECK_REJECTS(check_consistent(seen, T / (1.0 - 0.5 * dt - 0.5 * T * kappa), 0.012));
    }
}

TEST_CASE("Rows: covariance of sgd and heavy ball in a given bowl (S22, S23)") {
    check_bowl(bowl_plan({"sgd", {0.3}}, 640),
               {0.13600877736614747, -0.1251013390992182, 0.41045387980700815});
    check_bowl(bowl_plan({"heavy_ball", {0.3, 0.8}}, 642,
                         {.trajectories = 32'000, .burn_in = 200, .stride = 20}),
               {0.6158203709729906, -0.6298782948259031, 1.9075769606247965});
}

TEST_CASE("Rows: covariance of the Ornstein-Uhlenbeck process in a given bowl (S29)") {
    check_bowl(bowl_plan({"anisotropic_overdamped", {0.5}, "platen_weak2", 0.05}, 644,
                         {.trajectories = 32'000, .burn_in = 240, .stride = 24}),
               {0.3476190476190476, -0.3904761904761905, 1.1952380952380952});
}

TEST_CASE("Rows: a circulating drift in three dimensions turns, and keeps the bowl's law (E23)") {
    // One Euler step is x' = (I − dt (I + J) H) x + noise; without J the lagged products of two
    // coordinates vanish.
    double const T = 0.3, dt = 0.05;
    Eigen::Matrix3d const H = Eigen::Vector3d(0.5, 1.0, 2.0).asDiagonal();
    Eigen::Matrix3d turn;
    turn << 1.0, -0.8, 0.3, 0.8, 1.0, -0.5, -0.3, 0.5, 1.0;
    Plan plan = quadratic_plan({"overdamped", {T}, "euler_maruyama", dt}, law("none", 3, {}),
                               {0.5, 1.0, 2.0}, 650, {.burn_in = 160, .stride = 8});
    for (int i = 0; i < 9; ++i) plan.composition.gradient_transform.push_back(turn(i / 3, i % 3));
    Eigen::Matrix3d const step = Eigen::Matrix3d::Identity() - dt * turn * H;
    Eigen::MatrixXd const exact =
        discrete_lyapunov(step, 2.0 * T * dt * Eigen::Matrix3d::Identity());
    for (int i = 0; i < 3; ++i) CHECK(exact(i, i) == doctest::Approx(T / H(i, i)).epsilon(0.2));
    Eigen::MatrixXd const mirrored =
        discrete_lyapunov(Eigen::Matrix3d::Identity() - dt * turn.transpose() * H,
                          2.0 * T * dt * Eigen::Matrix3d::Identity());
    SnapshotTally const tally = snapshots(plan);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j <= i; ++j) {
            CAPTURE(i);
            CAPTURE(j);
            double const detects = 0.02 * std::sqrt(exact(i, i) * exact(j, j));
            Estimate const seen = the(covariance(tally, i, j));
            CHECK_PASSES(check_consistent(seen, exact(i, j), detects));
            if (std::abs(mirrored(i, j) - exact(i, j)) > detects)
                CHECK_REJECTS(check_consistent(seen, mirrored(i, j), detects));
        }
}

TEST_CASE("Rows: a free stable process leaves the unit ball of three dimensions (E42)") {
    // Γ(d/2) (1 − r²)^{α/2} / (2^α Γ(1 + α/2) Γ((d + α)/2)).
    double const alpha = 0.8, r = 0.2, dt = 0.002;
    auto const getoor = [&](double d) {
        return std::tgamma(0.5 * d) * std::pow(1.0 - r * r, 0.5 * alpha) /
               (std::exp2(alpha) * std::tgamma(1.0 + 0.5 * alpha) * std::tgamma(0.5 * (d + alpha)));
    };
    double const row = 0.5868232629250685;
    REQUIRE(std::abs(getoor(3.0) - row) < 1e-14);
    Plan plan = quadratic_plan({"levy_driven", {1.0, alpha}, "euler_maruyama", dt},
                               law("stable", 3, {1.0, alpha}), {0.0, 0.0, 0.0}, 660,
                               {.trajectories = 30'000});
    plan.key.landscape = "quadratic_saddle";
    plan.start.point = {r, 0.0, 0.0};
    plan.divergence_bound = 1e12;
    Region out;
    out.kind = RegionKind::ball;
    out.a = {0.0, 0.0, 0.0};
    out.extent = {1.0};
    out.complement = true;
    PassagePlan passage;
    passage.targets = {out};
    passage.max_steps = 100'000;
    plan.observe = passage;
    Estimate const seen = mean_time(plan, dt, Stamp::middle_of_step);
    CHECK_PASSES(check_consistent(seen, row, 0.07 * row));
    CHECK_REJECTS(check_consistent(seen, getoor(2.0), 0.07 * row));
}

}  // namespace composed_rows_test
