// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <string>

#include "experiments/load_spec.hpp"

namespace circulation_law_test {
namespace {

using namespace kramers;

std::string notes_of(std::string const& dynamics, std::string const& noise) {
    Cell const cell = load_spec({"kind = \"stationary\"\n"
                                 "landscape = { name = \"quadratic\", curvatures = [1.0, 4.0] }\n"
                                 "dynamics = { circulation = 1.0, " +
                                     dynamics + " }\n" + noise +
                                     "scheme = { dt = 0.01 }\nensemble = { trajectories = 1000 }\n"
                                     "start = { point = [0.0, 0.0] }\nburn_in = { steps = 100 }\n",
                                 "test.toml", "test"},
                                {})
                          .cells.at(0);
    std::string text;
    for (std::string const& note : cell.notes) text += note + "\n";
    return text;
}
bool claims_same(std::string const& notes) {
    bool const same = notes.find("the stationary law is the same") != std::string::npos;
    bool const other = notes.find("the stationary law changes with it") != std::string::npos;
    CHECK(same != other);
    return same;
}

/// Σ of dX = −(I + αJ) H X dt + √(2D) dW for D = diag(first, second): A Σ + Σ Aᵀ = 2D, by
/// elimination.
Eigen::Matrix2d covariance(double alpha, double first, double second) {
    Eigen::Matrix2d turn, h = Eigen::Vector2d(1.0, 4.0).asDiagonal();
    turn << 1.0, -alpha, alpha, 1.0;
    Eigen::Matrix2d const a = turn * h;
    Eigen::Matrix3d equations;
    equations << 2 * a(0, 0), 2 * a(0, 1), 0, a(1, 0), a(0, 0) + a(1, 1), a(0, 1), 0, 2 * a(1, 0),
        2 * a(1, 1);
    Eigen::Vector3d const s =
        equations.partialPivLu().solve(Eigen::Vector3d(2 * first, 0, 2 * second));
    Eigen::Matrix2d sigma;
    sigma << s[0], s[1], s[1], s[2];
    return sigma;
}
bool is_same(double first, double second) {
    return (covariance(1.0, first, second) - covariance(0.0, first, second)).norm() < 1e-12;
}

}  // namespace

TEST_CASE("Circulation: the same stationary law is claimed where Lyapunov's equation gives it") {
    std::string const gaussian = "noise = { gradient_variance = 1.0 }\n";
    std::string const diagonal = "noise = { law = \"diagonal\", gradient_variance = [1.0, 3.0] }\n";
    std::string const anisotropic = "name = \"anisotropic_overdamped\", temperature = 0.1";
    CHECK(claims_same(notes_of("name = \"overdamped\", temperature = 0.1", "")) ==
          is_same(0.1, 0.1));
    CHECK(claims_same(notes_of(anisotropic, gaussian)) == is_same(0.1, 0.1));
    CHECK(claims_same(notes_of(anisotropic, diagonal)) == is_same(0.1, 0.3));
    CHECK(is_same(0.1, 0.1));  // so that the lines above tell one from the other
    CHECK_FALSE(is_same(0.1, 0.3));
}

TEST_CASE("Circulation: jumps and noise that depends on the state keep no stationary law") {
    CHECK_FALSE(claims_same(notes_of("name = \"levy_driven\", alpha = 1.5, scale = 0.1", "")));
    std::string const loss =
        "noise = { law = \"multiplicative\", additive_variance = 1.0, curvature_variance = 1.0 }\n";
    CHECK_FALSE(claims_same(notes_of("name = \"state_dependent\", strength = 0.1", loss)));
}

}  // namespace circulation_law_test
