// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "sde/models/kinetic.hpp"
#include "tests/sde/models_support.hpp"

namespace reference_oscillator_test {
using namespace kramers;
using namespace kramers::coordinate;
using test::relative;

TEST_CASE("Kinetic: damped oscillators from rest meet their tables, R082 - R089") {
    struct {
        double curvature, friction, temperature, time, correlation, position, velocity, both;
    } const rows[] = {{4.0, 1.0, 0.5, 0.8, 0.18751529671431022, 0.06072217837998598,
                       0.24789974905555245, 0.05988257330728204},
                      {0.2, 2.0, 1.0, 1.3, 0.9181771562992702, 0.5914185498311427,
                       0.9598291399259657, 0.386669996839569}};
    for (auto const& row : rows) {
        CAPTURE(row.curvature);
        double const values[] = {row.friction, row.temperature};
        auto const model = Kinetic::make(values);
        auto const s = test::linearised(model, row.curvature, 0.0).covariance_at(row.time);
        CHECK(relative(s[0][0], row.position) < 1e-9);
        CHECK(relative(s[1][1], row.velocity) < 1e-9);
        CHECK(relative(s[0][1], row.both) < 1e-9);
        // The correlation of the position is the mean motion from (1, 0).
        auto const site = [&](double x) { return test::quadratic(x, row.curvature, 0.0); };
        auto const mean = test::flow_for(model, site, Vec<double, 2>{{1.0, 0.0}}, row.time, 2000);
        CHECK(relative(mean[0], row.correlation) < 1e-11);
        // The twin: σ² for 2γT.
        double const half[] = {row.friction, 0.5 * row.temperature};
        auto const twin = test::linearised(Kinetic::make(half), row.curvature, 0.0);
        CHECK(relative(twin.covariance_at(row.time)[0][0], row.position) > 0.4);
    }
}

}  // namespace reference_oscillator_test
