// SPDX-License-Identifier: Apache-2.0
// Sample covariance of SGD's noise proportional to the Hessian, one step from a point where wells are
// coupled and some directions curve downwards: Cov(x_1) = η² δ² max(H, floor). Each check is wrong
// about a correct program once in 10^6 fresh seeds and sees 3 % of the largest entry with 99 % power.
#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>

#include "gpu/composed/composition.hpp"
#include "landscapes/coupled_double_wells.hpp"
#include "sde/dual.hpp"
#include "tests/statistical/composed_ensembles.hpp"

namespace composed_hessian_noise_test {
using namespace kramers;
using namespace kramers::test;

namespace {

/// The landscape is registered in 2, 8 and 32 dimensions; these are between.
void add_coupled_wells(std::vector<composed::LandscapeEntry>& list) {
    list.push_back(composed::landscape_entry<CoupledDoubleWells<double, 3>>());
    list.push_back(composed::landscape_entry<CoupledDoubleWells<double, 4>>());
}

constexpr double eta = 0.125, variance = 2.0, least = 0.3;
Vector const values{1.0, 0.25, 1.0};

Plan one_step(Vector const& start, std::uint64_t fixed_seed) {
    auto const dim = static_cast<int>(start.size());
    Plan plan = quadratic_plan({"sgd", {eta}}, law("hessian", dim, {variance, least}), start,
                               fixed_seed, {320'000, 1, 1, 1});
    plan.key.landscape = "coupled_double_wells";
    plan.landscape = values;
    plan.start.point = start;
    std::get<SnapshotPlan>(plan.observe).origin = start;
    return plan;
}

template <int dim>
Eigen::MatrixXd hessian(Vector const& x) {
    auto const landscape = CoupledDoubleWells<double, dim>::make(values.data());
    Eigen::MatrixXd h(dim, dim);
    for (int k = 0; k < dim; ++k) {
        Vec<Dual<double, 1>, dim> y{};
        for (int c = 0; c < dim; ++c) y[c] = {x[static_cast<std::size_t>(c)], c == k ? 1.0 : 0.0};
        auto const g = landscape.gradient(y);
        for (int c = 0; c < dim; ++c) h(c, k) = g[c].derivative;
    }
    return h;
}

template <int dim>
void check_covariance(Vector const& start, std::uint64_t fixed_seed) {
    CAPTURE(dim);
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const s(hessian<dim>(start));
    REQUIRE(s.eigenvalues().minCoeff() < 0.0);  // the floor is at work
    REQUIRE(s.eigenvalues().maxCoeff() > 2.0 * least);
    auto const made_of = [&](Eigen::MatrixXd const& h) {
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const e(h);
        return Eigen::MatrixXd(eta * eta * variance * e.eigenvectors() *
                               e.eigenvalues().cwiseMax(least).asDiagonal() *
                               e.eigenvectors().transpose());
    };
    Eigen::MatrixXd const exact = made_of(hessian<dim>(start));
    Eigen::MatrixXd const diagonal =
        made_of(hessian<dim>(start).diagonal().asDiagonal().toDenseMatrix());
    double const detects = 0.03 * exact.diagonal().maxCoeff();
    SnapshotTally const tally = snapshots(one_step(start, fixed_seed));
    for (int i = 0; i < dim; ++i)
        for (int j = 0; j <= i; ++j) {
            Estimate const seen = the(covariance(tally, i, j));
            CHECK_PASSES(check_consistent(seen, exact(i, j), detects));
            if (std::abs(diagonal(i, j) - exact(i, j)) > 2.0 * detects)
                CHECK_REJECTS(check_consistent(seen, diagonal(i, j), detects));
        }
    CHECK((diagonal - exact).cwiseAbs().maxCoeff() > 2.0 * detects);
}

}  // namespace

TEST_CASE("Noise of the whole Hessian: its sample covariance in three to eight dimensions") {
    composed::register_landscapes(&add_coupled_wells);
    check_covariance<3>({0.7, -0.1, 0.2}, 480);
    check_covariance<4>({0.7, -0.1, 0.2, -0.4}, 481);
    check_covariance<8>({0.7, -0.1, 0.2, -0.9, 0.4, 0.1, -0.3, 0.8}, 482);
}

}  // namespace composed_hessian_noise_test
