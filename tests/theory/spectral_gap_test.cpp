// SPDX-License-Identifier: Apache-2.0
// Reference values that several predictions make together: relaxation rates of the whole line from
// the rates of its parts, and exits of a square from those of an interval.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "landscapes/make_potential.hpp"
#include "sde/theory/eyring_kramers.hpp"
#include "sde/theory/line_diffusion.hpp"
#include "sde/theory/mean_first_passage.hpp"
#include "sde/theory/quadrature.hpp"
#include "tests/theory/potentials.hpp"

namespace spectral_gap_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

std::optional<double> const none;

double log_rate(Passage const& p) {
    Quadrature const rate = quasi_stationary_rate(p);
    REQUIRE_MESSAGE(rate.reason.empty(), rate.reason);
    return rate.log_value;
}

/// An eigenfunction decays at one rate on all parts between its zeros (Courant): the rate at which
/// `inner`, which falls as its end x moves out, and `outer` meet. Regula falsi with Illinois' halves.
using Part = std::function<Passage(double)>;
double common_rate(Part const& inner, Part const& outer, double lower, double upper) {
    auto const excess = [&](double x) { return log_rate(inner(x)) - log_rate(outer(x)); };
    double low = excess(lower), high = excess(upper);
    REQUIRE((low > 0.0 && high < 0.0));
    double x = lower;
    for (int k = 0, side = 0; k < 60 && std::abs(upper - lower) > 1e-15; ++k) {
        x = (lower * high - upper * low) / (high - low);
        double const at = excess(x);
        if (at == 0.0) break;
        if (at > 0.0) {
            lower = x;
            low = at;
            if (side == 1) high *= 0.5;
            side = 1;
        } else {
            upper = x;
            high = at;
            if (side == -1) low *= 0.5;
            side = -1;
        }
        if (std::abs(at) < 1e-14) break;
    }
    return std::exp(0.5 * (log_rate(inner(x)) + log_rate(outer(x))));
}

constexpr double top = 0.5025460365546747, next = 0.9949586376523348,
                 outer_top = 1.5076407318703584;

/// Mean time to leave (lower, upper)² from (start, start) at T = 4: ∫ S² dt of S on the interval,
/// with the slowest mode alone after `relaxed`, 24 relaxation times of a well.
double square_exit(Rastrigin const& v, double start, double lower, double upper, int power) {
    double const T = 4.0, relaxed = 0.06;
    LineMotion motion;
    motion.drift = [&](double x) { return -v.coordinate_slope(0, x); };
    motion.start = start;
    motion.lower = lower;
    motion.upper = upper;
    motion.absorbs_lower = motion.absorbs_upper = true;
    auto const survival = [&](double time) {
        std::uint64_t const steps = 800;
        LineStep const step{time / static_cast<double>(steps), T};
        return 1.0 - evolve(
                         motion, steps, [&](std::uint64_t) { return step; }, 1200)
                         .arrived;
    };
    double const rate = std::exp(log_rate({profile_of(v), T, start, lower, upper}));
    return integrate([&](double t) { return std::pow(survival(t), power); }, 0.0, relaxed, 1) +
           std::pow(survival(relaxed), power) / (power * rate);
}

}  // namespace

TEST_CASE("Spectral gap: of the tilted quartic, RE-020, RE-023, RE-026 and RE-029") {
    struct {
        double tilt, temperature, left, saddle, gap;
    } const rows[] = {{0.1, 0.1, -1.0466805318046022, 0.10103125788101083, 0.045017753472009765},
                      {0.1, 0.05, -1.0466805318046022, 0.10103125788101083, 0.00796427791714439},
                      {0.2, 0.1, -1.0880339146912905, 0.20914884844131656, 0.08075996875534999},
                      {0.2, 0.05, -1.0880339146912905, 0.20914884844131656, 0.03081290420678242}};
    for (auto const& row : rows) {
        CAPTURE(row.gap);
        Polynomial const potential = quartic(row.tilt);
        Profile const v = profile_of(potential);
        double const T = row.temperature;
        Part const left = [&](double x) { return Passage{v, T, x - 0.5, none, x}; };
        Part const right = [&](double x) { return Passage{v, T, x + 0.5, x, none}; };
        CHECK(deviation(common_rate(left, right, row.left - 0.3, row.saddle), row.gap) < 1e-12);
        // The twin: a zero at the saddle, right for equal wells only.
        CHECK(deviation(std::exp(log_rate(right(row.saddle))), row.gap) > 0.1);
    }
}

TEST_CASE("Spectral gap: three equal wells relax by an odd and an even mode, RE-116 and RE-117") {
    Polynomial const potential({0.0, 0.0, 4.0, 0.0, -8.0, 0.0, 4.0}, {});  // 4 x² (x² − 1)²
    Profile const v = profile_of(potential);
    double const T = 0.06, odd = 0.00014352017942030693, even = 0.00028707401809410907;
    CHECK(deviation(std::exp(log_rate({v, T, 1.0, 0.0, none})), odd) < 1e-12);
    Part const centre = [&](double x) { return Passage{v, T, 0.0, -x, x}; };
    Part const side = [&](double x) { return Passage{v, T, 1.0, x, none}; };
    CHECK(deviation(common_rate(centre, side, 0.3, 0.8), even) < 1e-12);
}

TEST_CASE("Spectral gap: a ring is left through two saddles at once, RE-047") {
    auto const ring = make_potential("double_well_channel", 2, {1.0, 0.25, -0.8, 1.0, 0.0, 1.0});
    Region const core{RegionKind::ball, {1.0, 0.0}, 0.0, {0.05}, false};
    Asymptotic const t = eyring_kramers_time(*ring, 0.02, {-1.0, 0.0}, core);
    REQUIRE_MESSAGE(t.reason.empty(), t.reason);
    double const gap = 0.0014542775247463806;  // two equal wells: twice the rate
    CHECK(std::abs(0.5 * gap * t.value - 1.0) < t.error);
    CHECK(std::abs(0.5 * gap * 2.0 * t.value - 1.0) > t.error);  // the twin: one saddle
}

TEST_CASE("Eyring-Kramers: to the other well of a bent channel at barrier/T = 3, RE-043") {
    auto const channel = make_potential("double_well_channel", 2, {1.0, 0.25, 1.0, 2.0, 0.3, 0.0});
    Region const right{RegionKind::half_space, {1.0, 0.0}, 1.0, {}, false};
    std::vector<double> const start{-1.0049227291792113, 0.09983537666422662};
    Asymptotic const t = eyring_kramers_time(*channel, 0.1, start, right);
    REQUIRE_MESSAGE(t.reason.empty(), t.reason);
    CHECK(std::abs(t.value / 53.09576912447708 - 1.0) < t.error);
    CHECK(std::abs(0.5 * t.value / 53.09576912447708 - 1.0) > t.error);
    // RE-042 and RE-045 end on the saddle, which the formula declines.
    Region const half{RegionKind::half_space, {1.0, 0.0}, 0.0, {}, false};
    CHECK_FALSE(eyring_kramers_time(*channel, 0.1, start, half).reason.empty());
}

TEST_CASE("Square exits of Rastrigin in the plane are products of the line's, RE-036 and RE-037") {
    Rastrigin const v(1, 10.0);
    struct {
        double start, lower, upper, time;
    } const rows[] = {{0.0, -top, top, 0.356611722881234},
                      {next, top, outer_top, 0.34741028252484873}};
    for (auto const& row : rows) {
        CHECK(deviation(square_exit(v, row.start, row.lower, row.upper, 2), row.time) < 2e-6);
        // The same sums for the interval, against its quadrature.
        Passage const line{profile_of(v), 4.0, row.start, row.lower, row.upper};
        double const alone = mean_first_passage(line).value;
        CHECK(deviation(square_exit(v, row.start, row.lower, row.upper, 1), alone) < 2e-6);
        CHECK(deviation(0.5 * alone, row.time) > 1e-3);  // the twin: two exponential times
    }
}

}  // namespace spectral_gap_test
