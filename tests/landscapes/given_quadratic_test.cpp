// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "landscapes/critical_points.hpp"
#include "landscapes/make_potential.hpp"

namespace given_quadratic_test {
using namespace kramers;

namespace {

std::string refusal(int dim, std::vector<double> const& values) {
    auto const problems = check_values(*find_landscape("given_quadratic"), dim, values);
    return problems.size() == 1 ? problems[0] : std::to_string(problems.size()) + " problems";
}
bool says(std::string const& text, char const* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Given quadratic: value, gradient and Hessian by hand in three dimensions") {
    // x = (1, 2, 1): H x = (2 + 1, ½ + 6 − 1, −2 + 5), V = ½ (3 + 11 + 3).
    std::vector<double> const h{2.0, 0.5, 0.0, 0.5, 3.0, -1.0, 0.0, -1.0, 5.0};
    auto const v = make_potential("given_quadratic", 3, h);
    Eigen::VectorXd const x = Eigen::Vector3d(1.0, 2.0, 1.0);
    CHECK(v->gradient(x) == Eigen::VectorXd(Eigen::Vector3d(3.0, 5.5, 3.0)));
    CHECK(v->value(x) == 8.5);
    Eigen::MatrixXd const hessian = v->hessian(x);
    for (int i = 0; i < 9; ++i) CHECK(hessian(i / 3, i % 3) == h[static_cast<std::size_t>(i)]);
    REQUIRE(v->critical_points().size() == 1);
    CHECK(v->critical_points()[0].name == "minimum");
    CHECK_FALSE(v->separable());
}

TEST_CASE("Given quadratic: is the rotated quadratic of its eigenvalues and angle") {
    auto const rotated =
        make_potential("rotated_quadratic", 8, {0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 0.11});
    Eigen::VectorXd x(8);
    for (int i = 0; i < 8; ++i) x[i] = std::sin(1.0 + i);
    Eigen::MatrixXd const h = rotated->hessian(x);
    std::vector<double> values(h.data(), h.data() + h.size());
    auto const given = make_potential("given_quadratic", 8, values);
    CHECK(given->value(x) == doctest::Approx(rotated->value(x)).epsilon(1e-14));
    CHECK((given->gradient(x) - rotated->gradient(x)).norm() < 1e-13 * rotated->gradient(x).norm());
    for (int i = 0; i < 8; ++i)
        CHECK(given->critical_points()[0].eigenvalues[i] ==
              doctest::Approx(rotated->critical_points()[0].eigenvalues[i]).epsilon(1e-13));
    values[1] += 0.1;  // the twin, symmetric again
    values[8] += 0.1;
    CHECK(make_potential("given_quadratic", 8, values)->value(x) !=
          doctest::Approx(rotated->value(x)).epsilon(1e-4));
}

TEST_CASE("Given quadratic: what is no symmetric positive definite matrix is refused, and why") {
    CHECK(refusal(2, {2.0, 0.5, 0.4, 1.0}) ==
          "hessian[0][1] = 0.5 and hessian[1][0] = 0.4 (must be equal: the matrix is symmetric)");
    // Eigenvalues of (1, 2; 2, 1): 3 and −1.
    CHECK(refusal(2, {1.0, 2.0, 2.0, 1.0}) ==
          "hessian has the eigenvalue -1 (must be positive definite: each > 0)");
    CHECK(says(refusal(2, {1.0, 1.0, 1.0, 1.0}), "has the eigenvalue 0 ("));
    CHECK(says(refusal(2, {1.0, 0.0, 0.0, std::nan("")}), "hessian[1][1] = nan"));
    CHECK(says(refusal(3, {1.0, 0.0, 0.0, 1.0}), "takes 9 parameter value(s), not 4"));
    CHECK(refusal(2, {2.0, 0.5, 0.5, 1.0}) == "0 problems");
    CHECK(refusal(3, {2e-9, 5e-10, 0.0, 5e-10, 1e-9, 0.0, 0.0, 0.0, 3e-9}) == "0 problems");
}

TEST_CASE("Quadratic and quadratic saddle in three dimensions: by hand") {
    // x = (1, −2, 3): ½ (1·1 + 2·4 + 3·9) = 18.
    Eigen::VectorXd const x = Eigen::Vector3d(1.0, -2.0, 3.0);
    auto const bowl = make_potential("quadratic", 3, {1.0, 2.0, 3.0});
    CHECK(bowl->value(x) == 18.0);
    CHECK(bowl->gradient(x) == Eigen::VectorXd(Eigen::Vector3d(1.0, -4.0, 9.0)));
    auto const saddle = make_potential("quadratic_saddle", 3, {1.0, -2.0, 3.0});
    CHECK(saddle->value(x) == 10.0);
    REQUIRE(saddle->critical_points().size() == 1);
    CHECK(saddle->critical_points()[0].name == "saddle");
    CHECK(make_potential("quadratic_saddle", 3, {-1.0, -2.0, -3.0})->critical_points()[0].name ==
          "maximum");
    CHECK(make_potential("quadratic_saddle", 3, {0.0, 0.0, 0.0})->value(x) == 0.0);
}

}  // namespace given_quadratic_test
