// SPDX-License-Identifier: Apache-2.0
// Tabulated laws of passage times: distribution, variance, and mean of a chain.
#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "sde/theory/discrete_passage.hpp"
#include "sde/theory/line_diffusion.hpp"
#include "sde/theory/mean_first_passage.hpp"
#include "tests/theory/potentials.hpp"

namespace reference_laws_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

/// P(absorbed by `time`) of dX = b dt + √(2T) dW on (lower, upper) from 0.
double arrived(double drift, double T, double lower, double upper, bool absorbs_lower, double time,
               int nodes) {
    LineMotion motion;
    motion.drift = [&](double) { return drift; };
    motion.lower = lower;
    motion.upper = upper;
    motion.absorbs_lower = absorbs_lower;
    motion.absorbs_upper = true;
    std::uint64_t const steps = 2000;
    LineStep const step{time / static_cast<double>(steps), T};
    return evolve(
               motion, steps, [&](std::uint64_t) { return step; }, nodes)
        .arrived;
}

}  // namespace

TEST_CASE("Line diffusion: survival of an interval and arrivals under drift, RE-063 and RE-064") {
    // σ = 1 and 0.9: T = σ²/2. Errors are of order h² and dt².
    double const survival = 0.47448746037974915, drifted = 0.6916088483170253;
    double const flat = 1.0 - arrived(0.0, 0.5, -1.0, 1.0, true, 0.8, 800);
    double const drift = arrived(0.7, 0.405, -6.7, 1.3, false, 2.0, 1600);
    CHECK(deviation(flat, survival) < 3e-6);
    CHECK(deviation(drift, drifted) < 3e-6);
    // The twin: σ² for 2T.
    CHECK(deviation(1.0 - arrived(0.0, 1.0, -1.0, 1.0, true, 0.8, 800), survival) > 0.5);
}

TEST_CASE("Linear saddle: variance of the exit time, RE-096, and mean of its chain, RE-094") {
    Quadratic const saddle({-1.0});
    Passage const p{profile_of(saddle), 0.01, 0.0, -1.0, 1.0};
    double const mean = mean_first_passage(p).value;
    CHECK(deviation(mean, 2.9326888740470194) < 1e-12);
    CHECK(deviation(second_moment(p).value - mean * mean, 1.2234391758759902) < 1e-10);
    // x' = (1 + ηλ) x + η s N: dt = η = 0.1 and 2T dt = η² s², s = 0.05.
    Passage const chain{profile_of(saddle), 0.5 * 0.1 * 0.05 * 0.05, 0.0, -1.0, 1.0};
    Quadrature const steps = discrete_passage(chain, 0.1, Detection::endpoint);
    REQUIRE_MESSAGE(steps.reason.empty(), steps.reason);
    CHECK(deviation(steps.value / 0.1, 54.568038051241864) < 1e-11);
    // The twin: η s² for 2T.
    Passage const twin{profile_of(saddle), 0.1 * 0.05 * 0.05, 0.0, -1.0, 1.0};
    CHECK(deviation(discrete_passage(twin, 0.1, Detection::endpoint).value / 0.1,
                    54.568038051241864) > 0.05);
}

}  // namespace reference_laws_test
