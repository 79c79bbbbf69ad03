// SPDX-License-Identifier: Apache-2.0
#include "landscapes/rosenbrock.hpp"

#include <doctest/doctest.h>

#include "landscapes/potential_adapter.hpp"
#include "sde/linear_algebra.hpp"
#include "tests/conformance/landscape_checks.hpp"

namespace rosenbrock_test {
using namespace kramers;

namespace {

template <int Dim>
PotentialAdapter<Rosenbrock, Dim> rosenbrock(double position = 1.0, double steepness = 100.0) {
    return PotentialAdapter<Rosenbrock, Dim>({position, steepness});
}

/// The link pulls on its lower end only.
template <class Real, int Dim>
    requires(Dim >= 2)
struct OneSided : Rosenbrock<Real, Dim> {
    using Base = Rosenbrock<Real, Dim>;
    static OneSided make(double const* values) { return {Base::make(values)}; }
    template <class T>
    Vec<T, Dim> gradient(Vec<T, Dim> const& x) const {
        Vec<T, Dim> g = Base::gradient(x);
        for (int i = 1; i + 1 < Dim; ++i)
            g[i] = g[i] - T(this->twice_steepness) * (x[i] - x[i - 1] * x[i - 1]);
        return g;
    }
};

}  // namespace

TEST_CASE("Rosenbrock: value and gradient at the classical start, by hand") {
    // x = (−1.2, 1): 100 (1 − 1.44)² + 2.2² = 19.36 + 4.84; ∂x = −400·(−1.2)(−0.44) + 2(−2.2),
    // ∂y = 200·(−0.44)
    auto const v = rosenbrock<2>();
    Eigen::Vector2d const start(-1.2, 1.0);
    CHECK(v.value(start) == doctest::Approx(24.2).epsilon(1e-15));
    CHECK(v.gradient(start)[0] == doctest::Approx(-215.6).epsilon(1e-15));
    CHECK(v.gradient(start)[1] == doctest::Approx(-88.0).epsilon(1e-15));
    // A chain of three: links (1, 2, 3) cost 100 (2 − 1)² and 100 (3 − 4)² + (1 − 2)².
    auto const chain = rosenbrock<3>();
    CHECK(chain.value(Eigen::Vector3d(1.0, 2.0, 3.0)) == doctest::Approx(201.0).epsilon(1e-15));
    // ∂2 = 200 (2 − 1) − 400·2 (3 − 4) + 2 (2 − 1)
    CHECK(chain.gradient(Eigen::Vector3d(1.0, 2.0, 3.0))
              .isApprox(Eigen::Vector3d(-400.0, 1002.0, -200.0), 1e-15));
}

TEST_CASE("Rosenbrock: in the plane one critical point, with Hessian [802, -400; -400, 200]") {
    auto const v = rosenbrock<2>();
    REQUIRE(v.critical_points().size() == 1);
    CriticalPoint const c = *v.critical_point("minimum.global");
    CHECK(c.point == Eigen::Vector2d(1.0, 1.0));
    CHECK(c.value == 0.0);
    Eigen::Matrix2d const h{{802.0, -400.0}, {-400.0, 200.0}};
    CHECK((v.hessian(c.point) - h).norm() < 1e-12);
    // Product 4b = 400, sum 1002: the small eigenvalue loses 3 of 16 digits.
    CHECK(c.eigenvalues[0] * c.eigenvalues[1] == doctest::Approx(400.0).epsilon(1e-12));
    CHECK(c.eigenvalues.sum() == doctest::Approx(1002.0).epsilon(1e-14));
}

TEST_CASE("Rosenbrock: the second minimum of 4 to 7 coordinates has the published value") {
    auto const local = [](auto const& v, double published) {
        CAPTURE(v.dim());
        std::optional<CriticalPoint> const c = v.critical_point("minimum.local");
        REQUIRE(c);
        CHECK(c->morse_index == 0);
        CHECK(c->value == doctest::Approx(published).epsilon(1e-6));
        CHECK(c->point[0] < -0.7);
        CHECK(c->point.tail(v.dim() - 1).minCoeff() > 0.1);
    };
    local(rosenbrock<4>(), 3.701429);
    local(rosenbrock<5>(), 3.930839);
    local(rosenbrock<6>(), 3.973940);
    local(rosenbrock<7>(), 3.983601);
    Eigen::VectorXd const x = rosenbrock<4>().critical_point("minimum.local")->point;
    CHECK((x - Eigen::Vector4d(-0.775659, 0.613093, 0.382063, 0.145973)).cwiseAbs().maxCoeff() <
          1e-6);
}

TEST_CASE("Rosenbrock: the saddle of 8 and 32 coordinates leads down to both minima") {
    auto const descend = [](auto const& v) {
        CAPTURE(v.dim());
        CriticalPoint const top = *v.critical_point("saddle");
        CHECK(top.morse_index == 1);
        auto const modes = linear::symmetric_eigen(v.hessian(top.point));
        int reached_local = 0, reached_global = 0;
        for (double const sign : {-1.0, 1.0}) {
            Eigen::VectorXd x = top.point + sign * 1e-3 * modes.vectors.col(0);
            for (int k = 0; k < 40000; ++k) x -= 4e-4 * v.gradient(x);
            auto const near = [&](char const* name) {
                return (x - v.critical_point(name)->point).norm() < 0.2;
            };
            reached_local += near("minimum.local");
            reached_global += near("minimum.global");
        }
        CHECK(reached_local == 1);
        CHECK(reached_global == 1);
    };
    descend(rosenbrock<8>());
    descend(rosenbrock<32>());
    CHECK(rosenbrock<8>().critical_point("saddle")->value ==
          doctest::Approx(7.62616).epsilon(1e-6));
}

TEST_CASE("Rosenbrock: position only sets the unit of length") {
    auto const unit = rosenbrock<8>(1.0, 174.0), scaled = rosenbrock<8>(1.37, 174.0);
    for (CriticalPoint const& c : unit.critical_points()) {
        CAPTURE(c.name);
        REQUIRE(scaled.critical_point(c.name));
        CHECK(scaled.critical_point(c.name)->value ==
              doctest::Approx(1.37 * 1.37 * c.value).epsilon(1e-13));
        CHECK(scaled.critical_point(c.name)->point.isApprox(1.37 * c.point, 1e-12));
    }
    CHECK(unit.critical_points().size() == 3);
}

TEST_CASE("Rosenbrock: a chain whose links pull on one end only is rejected") {
    CHECK(checks::check_gradient(rosenbrock<8>()).empty());
    CHECK_FALSE(checks::check_gradient(PotentialAdapter<OneSided, 8>({1.0, 100.0})).empty());
    CHECK_FALSE(checks::check_hessian(PotentialAdapter<OneSided, 8>({1.0, 100.0})).empty());
}

}  // namespace rosenbrock_test
