// SPDX-License-Identifier: Apache-2.0
// Noise of least squares with fresh Gaussian features: its variance by an exact mean over features
// and labels, and the moments of SGD that follow from it (S33, S72).
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "sde/noise/catalogue.hpp"

namespace noise_least_squares_test {
using namespace kramers;
using namespace kramers::coordinate;

namespace {

using Vector = std::vector<double>;

NoiseLaw law(double label_variance, double batch, int dim, double offset = 0.0) {
    auto const made =
        find_noise_law("least_squares")->make({dim, batch, {label_variance, offset}, {}});
    REQUIRE(made.law);
    return *made.law;
}

/// C_ii at x on V = ½ Σ a_j x_j².
double variance(NoiseLaw const& noise, Vector const& a, Vector const& x, std::size_t i) {
    Place<double> place{};
    place.x = x[i];
    place.gradient = a[i] * x[i];
    place.hessian = a[i];
    for (std::size_t j = 0; j < a.size(); ++j) place.value += 0.5 * a[j] * x[j] * x[j];
    double const amplitude =
        noise_amplitude<NoiseAmplitude::least_squares>(noise.amplitude_data, 0.0, place);
    return amplitude * amplitude;
}

/// Variance of component i of a (a·x − ε) for a ~ N(0, diag(h)), ε ~ N(0, δ²). Gauss's rule of three
/// nodes is exact up to fifth powers of each of them.
double by_features(Vector const& h, Vector const& x, double label_variance, std::size_t i) {
    double const node[] = {-std::sqrt(3.0), 0.0, std::sqrt(3.0)};
    double const weight[] = {1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0};
    double mean = 0.0, square = 0.0;
    for (int p = 0; p < 3; ++p)
        for (int q = 0; q < 3; ++q)
            for (int r = 0; r < 3; ++r) {
                double const a[] = {std::sqrt(h[0]) * node[p], std::sqrt(h[1]) * node[q]};
                double const residual =
                    a[0] * x[0] + a[1] * x[1] - std::sqrt(label_variance) * node[r];
                double const w = weight[p] * weight[q] * weight[r], g = a[i] * residual;
                mean += w * g;
                square += w * g * g;
            }
    return square - mean * mean;
}

/// E x_i² after a step of sgd from independent x_j with E x_j² = q_j (C_ii is linear in them).
Vector step(NoiseLaw const& noise, Vector const& a, double eta, Vector const& q) {
    Vector x;
    for (double const v : q) x.push_back(std::sqrt(v));
    Vector next;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const shrink = 1.0 - eta * a[i];
        next.push_back(shrink * shrink * q[i] + eta * eta * variance(noise, a, x, i));
    }
    return next;
}
double loss(Vector const& a, Vector const& q) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += 0.5 * a[i] * q[i];
    return sum;
}
Vector after(int steps, NoiseLaw const& noise, Vector const& a, double eta, Vector q) {
    for (int k = 0; k < steps; ++k) q = step(noise, a, eta, q);
    return q;
}

bool near(double a, double b, double tolerance = 1e-12) {
    return std::abs(a - b) <= tolerance * std::abs(b);
}

}  // namespace

TEST_CASE("Least squares: the variance is that of one sample's gradient, over the batch") {
    Vector const h{1.5, 0.4};
    for (Vector const& x : {Vector{0.0, 0.0}, Vector{0.7, -1.2}, Vector{-2.0, 0.3}})
        for (std::size_t const i : {std::size_t{0}, std::size_t{1}}) {
            double const exact = by_features(h, x, 0.3, i);
            CHECK(near(variance(law(0.3, 1.0, 2), h, x, i), exact));
            CHECK(near(variance(law(0.3, 8.0, 2), h, x, i), exact / 8.0));
            // The twin forgets that the gradient itself is random: no (∂_iV)² (S46's law).
            double const loss_only = h[i] * (h[0] * x[0] * x[0] + h[1] * x[1] * x[1] + 0.3);
            if (x[0] != 0.0) CHECK_FALSE(near(loss_only, exact, 1e-3));
        }
}

TEST_CASE("Least squares: sgd has the tabulated loss curve and variances, S72 and S33") {
    Vector const a{1.0, 0.5, 0.1};
    NoiseLaw const noise = law(0.5, 2.0, 3);
    double const eta = 0.1;
    CHECK(near(loss(a, after(50, noise, a, eta, {1.0, 1.0, 1.0})), 0.03212244649171676));
    Vector const q = after(20'000, noise, a, eta, {1.0, 1.0, 1.0});
    CHECK(near(q[0], 0.01411381546263618));
    CHECK(near(q[2], 0.01315393380648712));
    CHECK(near(loss(a, q), 0.01110558605876932));
    // The twins: labels alone, a batch of one.
    CHECK_FALSE(near(loss(a, after(20'000, law(0.5, 1.0, 3), a, eta, q)), loss(a, q), 0.1));
    NoiseLaw labels = noise;
    labels.amplitude_data.offset = 1e9;
    CHECK_FALSE(near(loss(a, after(20'000, labels, a, eta, q)), loss(a, q), 0.03));
}

TEST_CASE("Least squares: second moments explode beyond the tabulated learning rate") {
    Vector const a{1.0, 0.5, 0.1};
    NoiseLaw const noise = law(0.0, 2.0, 3);
    double const most = 0.9389474333967308;
    auto const grows = [&](double eta) {
        Vector const q = after(4000, noise, a, eta, {1.0, 1.0, 1.0});
        return loss(a, step(noise, a, eta, q)) > loss(a, q);
    };
    CHECK_FALSE(grows(most * (1.0 - 1e-6)));
    CHECK(grows(most * (1.0 + 1e-6)));
}

TEST_CASE("Least squares: the slope of the variance is its difference quotient") {
    // V = ½ h x² + x³/5 in one dimension: all of H, V and ∂V change.
    AmplitudeData data;
    data.factor = 0.25;
    data.floor = 0.4;
    data.offset = 0.1;
    auto const place = [](double x) {
        Place<double> p{};
        p.x = x;
        p.value = 0.75 * x * x + 0.2 * x * x * x;
        p.gradient = 1.5 * x + 0.6 * x * x;
        p.hessian = 1.5 + 1.2 * x;
        p.third = 1.2;
        return p;
    };
    auto const c = [&](double x) {
        double const root = noise_amplitude<NoiseAmplitude::least_squares>(data, 0.0, place(x));
        return root * root;
    };
    for (double const x : {-3.0, -1.4, -0.6, 0.2, 0.9}) {  // concave, V below the offset, convex
        double const d = 1e-5;
        CHECK(variance_slope<NoiseAmplitude::least_squares>(data, place(x)) ==
              doctest::Approx((c(x + d) - c(x - d)) / (2.0 * d)).epsilon(1e-8));
    }
}

TEST_CASE("Least squares: the law depends on every coordinate and is not silent") {
    NoiseLaw const noise = law(0.5, 2.0, 3);
    CHECK_FALSE(is_silent(noise));
    CHECK(variance_per_step(noise, 3).reason.find("depends on the state") != std::string::npos);
    CHECK(noise_structure(noise, 3, true) == NoiseStructure::general);
    CHECK(noise_structure(noise, 1, true) == NoiseStructure::diagonal);
}

}  // namespace noise_least_squares_test
