// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "experiments/load_spec.hpp"

namespace order_noise_test {
namespace {

using namespace kramers;

Cell order(std::string const& noise) {
    return load_spec({"kind = \"order\"\nlandscape = { name = \"rastrigin\", dim = 1 }\n"
                      "dynamics = { name = \"sgd\" }\nnoise = " +
                          noise +
                          "\nensemble = { trajectories = 1000 }\nstart = { point = [0.8] }\n"
                          "compare = { with = [\"modified_1\"], coupling = \"independent\" }\n"
                          "moments = { of = [\"x\"], at = 1.0 }\n"
                          "sweep.\"dynamics.learning_rate\" = [0.1, 0.05]\n",
                      "test.toml", "test"},
                     {})
        .cells.at(0);
}

/// C of the compared SDE where the gradient is g.
double variance_at(Cell const& cell, double g) {
    NoiseLaw const noise = make_sde_plan(cell, cell.order.models.at(0)).composition.noise;
    CHECK(noise.shape == coordinate::NoiseShape::gaussian);
    coordinate::Place<double> place{};
    place.gradient = g;
    double const v = noise.variances.empty() ? 0.0 : noise.variances[0];
    using enum coordinate::NoiseAmplitude;
    double const root = noise.amplitude == gradient
                            ? coordinate::noise_amplitude<gradient>(noise.amplitude_data, v, place)
                            : coordinate::noise_amplitude<constant>(noise.amplitude_data, v, place);
    return root * root;
}

/// Variance of g m/p, m = 1 with probability p, over its two outcomes.
double mask_variance(double g, double p) {
    return p * (g / p - g) * (g / p - g) + (1.0 - p) * g * g;
}

}  // namespace

TEST_CASE("Order: the SDE beside masked gradients has their covariance at every point") {
    for (double const p : {0.25, 0.5}) {
        Cell const cell = order("{ law = \"gradient_mask\", keep = " + std::to_string(p) + " }");
        for (double const g : {0.3, -2.0})
            CHECK(variance_at(cell, g) == doctest::Approx(mask_variance(g, p)).epsilon(1e-14));
    }
    // broken twin: the same number as a constant
    Cell const twin = order("{ gradient_variance = 1.0 }");
    CHECK(variance_at(twin, 1.0) == mask_variance(1.0, 0.5));
    CHECK(variance_at(twin, 0.3) != mask_variance(0.3, 0.5));
}

TEST_CASE("Order: the scale of Student's law is not its variance") {
    Cell const cell = order("{ law = \"student_t\", scale_variance = 1.0, degrees = 4.0 }");
    CHECK(variance_at(cell, 1.0) == doctest::Approx(2.0).epsilon(1e-14));  // nu/(nu - 2)
}

}  // namespace order_noise_test
