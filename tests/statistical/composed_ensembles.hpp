// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <string>
#include <utility>
#include <vector>

#include "estimators/covariance.hpp"
#include "estimators/density.hpp"
#include "sde/linear_algebra.hpp"
#include "sde/noise/catalogue.hpp"
#include "tests/statistical/ensembles.hpp"

/// Stationary ensembles of composed methods on V = ½ Σ h_i x_i².
namespace kramers::test {

using Vector = std::vector<double>;

/// An optimizer ("iterate") or an SDE with its scheme and step.
struct Mover {
    std::string dynamics;
    Vector values;
    std::string scheme = "iterate";
    double dt = 0.0;
};

inline NoiseLaw law(std::string_view name, int dim, Vector values, Vector table = {},
                    double batch_size = 1.0) {
    NoiseLawEntry const* const entry = find_noise_law(name);
    REQUIRE(entry != nullptr);
    NoiseLawResult const made = entry->make({dim, batch_size, std::move(values), std::move(table)});
    REQUIRE_MESSAGE(made.law.has_value(), made.reason);
    return *made.law;
}

/// How an ensemble is watched.
struct Watch {
    std::uint64_t trajectories = 96'000;
    std::uint64_t burn_in = 60;
    std::uint64_t snapshots = 24;
    std::uint64_t stride = 6;
};

/// From rest in the minimum of a quadratic landscape.
inline Plan quadratic_plan(Mover const& mover, NoiseLaw const& noise, Vector curvatures,
                           std::uint64_t fixed_seed, Watch const& watch = {}) {
    Plan plan;
    int const dim = static_cast<int>(curvatures.size());
    plan.key = {"quadratic", dim, mover.dynamics, mover.scheme, Precision::mixed, true};
    plan.landscape = std::move(curvatures);
    plan.dynamics = mover.values;
    plan.dt = mover.dt;
    plan.composition.noise = noise;
    plan.start.point.assign(static_cast<std::size_t>(dim), 0.0);
    plan.trajectories = watch.trajectories;
    plan.seed = seed(fixed_seed);
    SnapshotPlan snapshots;
    snapshots.burn_in = watch.burn_in;
    snapshots.snapshots = watch.snapshots;
    snapshots.stride = watch.stride;
    plan.observe = snapshots;
    return plan;
}

/// Σ of x' = A x + n with Cov n = N: Σ = A Σ Aᵀ + N, solved as linear equations.
inline Eigen::MatrixXd discrete_lyapunov(Eigen::MatrixXd const& a, Eigen::MatrixXd const& n) {
    Eigen::Index const d = a.rows();
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(d * d, d * d);
    for (Eigen::Index i = 0; i < d; ++i)
        for (Eigen::Index j = 0; j < d; ++j) system.block(i * d, j * d, d, d) -= a(i, j) * a;
    Eigen::VectorXd const v = linear::solve(system, n.reshaped());
    return v.reshaped(d, d);
}

/// The variance of coordinate i of a plan against the exact one, and against that of a broken twin.
/// Detects a relative error of `detects` with 99 % power; wrong about a correct engine once in
/// 10^6.
inline void check_variance(Plan const& plan, double exact, double twin, double detects = 0.012,
                           int i = 0) {
    SnapshotTally const tally = snapshots(plan);
    for (SnapshotGroup const& g : tally.groups) CHECK(g.diverged + g.overflowed == 0);
    Estimate const seen = the(covariance(tally, i, i));
    INFO(plan.key.dynamics, ", ", plan.key.scheme);
    CHECK_PASSES(check_consistent(seen, exact, detects * exact));
    CHECK_REJECTS(check_consistent(seen, twin, detects * exact));
}

/// P(|X| < q) of a symmetric stable X of scale 1, from its characteristic function:
/// (2/π) ∫ sin(qω)/ω exp(−ω^α) dω by Simpson's rule, ω = u² against the cusp at 0.
inline double stable_mass(double alpha, double q) {
    int const n = 20'000;
    double const top = std::pow(40.0, 0.5 / alpha), step = top / n;
    double sum = 0.0;
    for (int i = 1; i <= n; ++i) {
        double const u = step * i, omega = u * u;
        double const f = 2.0 / u * std::sin(q * omega) * std::exp(-std::pow(omega, alpha));
        sum += f * (i == n ? 1.0 : i % 2 == 1 ? 4.0 : 2.0);
    }
    return 2.0 / std::acos(-1.0) * sum * step / 3.0;
}

/// A one-dimensional plan's law against the symmetric stable one of this scale: its mass inside one
/// and three scales. Detects 1 % of the probability (a scale off by 2 to 6 %) with 99 % power; the
/// twin's scale is off by a tenth.
inline void check_stable(Plan plan, double alpha, double scale) {
    plan.divergence_bound = 1e12;
    auto& observe = std::get<SnapshotPlan>(plan.observe);
    for (double const q : {1.0, 3.0}) {
        Region inside;
        inside.kind = RegionKind::box;
        inside.a = {0.0};
        inside.extent = {q * scale};
        observe.regions.push_back(inside);
    }
    SnapshotTally const tally = snapshots(plan);
    for (std::size_t k = 0; k < 2; ++k) {
        double const q = k == 0 ? 1.0 : 3.0;
        Estimate const seen = the(region_weight(tally, k));
        CHECK_PASSES(check_consistent(seen, stable_mass(alpha, q), 0.01));
        CHECK_REJECTS(check_consistent(seen, stable_mass(alpha, 1.1 * q), 0.01));
    }
}

}  // namespace kramers::test
