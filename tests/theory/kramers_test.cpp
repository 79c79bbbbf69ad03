// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/kramers.hpp"

#include <doctest/doctest.h>

#include "sde/theory/eyring_kramers.hpp"
#include "sde/theory/laplace.hpp"
#include "sde/theory/quadrature.hpp"
#include "tests/theory/potentials.hpp"

namespace kramers_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

std::optional<double> const none;

struct Pieces {
    Profile profile;
    double left, saddle, right, barrier;
};
Pieces pieces(Polynomial const& v) {
    auto const& c = v.critical_points();
    return {profile_of(v), c[0].point(0), c[1].point(0), c[2].point(0), c[1].value - c[0].value};
}
double ratio(Asymptotic const& formula, Passage const& p) {
    return formula.value / mean_first_passage(p).value;
}

}  // namespace

TEST_CASE("laplace_terms: the orders of an incomplete Gaussian integral add up to the integral") {
    // g = x²/2 + 0.3 x³/6 + 0.8 x⁴/24: remainder after second order shrinks as T^{5/2} or faster
    auto const exact = [](double T, double upper) {
        auto const f = [T](double x) {
            return std::exp(-(0.5 * x * x + 0.05 * x * x * x + x * x * x * x / 30.0) / T);
        };
        double const width = std::sqrt(T);
        return integrate(f, -12.0 * width, std::min(upper, 12.0 * width), 200) /
               std::sqrt(2.0 * std::acos(-1.0) * T);
    };
    for (double U : {-0.3, 0.0, 0.7, 40.0}) {
        double remainder[2];
        double const temperatures[2] = {0.02, 0.005};
        for (int k = 0; k < 2; ++k) {
            double const T = temperatures[k];
            auto const t = laplace_terms({0.3, 0.8, 0.0, 0.0}, 1.0, T, U > 30.0 ? INFINITY : U);
            remainder[k] = std::abs(t[0] + t[1] + t[2] + t[3] + t[4] - exact(T, U * std::sqrt(T)));
        }
        CHECK(remainder[0] < 2e-5);
        CHECK(remainder[1] * 30.0 < remainder[0]);  // 4^{5/2} = 32
    }
}

TEST_CASE("Kramers corrected: errors on the quartic are those tabulated, and fall as T squared") {
    Polynomial const v = quartic();
    Pieces const q = pieces(v);
    double const r[] = {2, 3, 4, 5, 6, 8, 10};
    double const percent[] = {-5.0, -5.8, -4.2, -2.9, -1.9, -1.0, -0.6};
    for (int k = 0; k < 7; ++k) {
        Passage const p{q.profile, 0.25 / r[k], -1.0, none, 1.0};
        double const deviation_percent = 100.0 * (ratio(kramers_time_corrected(p), p) - 1.0);
        CHECK(std::abs(deviation_percent - percent[k]) < 0.06);
    }
    double before = 0.0;
    for (double barrier_over_t : {20.0, 40.0, 80.0, 160.0}) {
        Passage const p{q.profile, 0.25 / barrier_over_t, -1.0, none, 1.0};
        double const miss = ratio(kramers_time_corrected(p), p) - 1.0;
        if (before != 0.0)
            CHECK(before / miss == doctest::Approx(4.0).epsilon(12.0 / barrier_over_t));
        CHECK(std::abs(miss) < 0.8 / (barrier_over_t * barrier_over_t));
        before = miss;
        // the leading formula only falls as T: a missing correction is a broken twin
        double const leading = ratio(kramers_time(p), p) - 1.0;
        CHECK(leading * barrier_over_t == doctest::Approx(-0.375).epsilon(5.0 / barrier_over_t));
        CHECK(std::abs(leading) > 0.8 / (barrier_over_t * barrier_over_t));
    }
}

TEST_CASE("Kramers: the stated error covers the true one wherever the formula is in its domain") {
    struct Case {
        Profile profile;
        double start, target;
        double barrier;
    };
    Polynomial const even = quartic(), tilted = quartic(0.1), steep = quartic(0.2);
    std::vector<Case> cases;
    for (Polynomial const* v : {&even, &tilted, &steep}) {
        auto const& c = v->critical_points();
        double const a = c[0].point(0), s = c[1].point(0), b = c[2].point(0);
        for (double target : {s, b})
            cases.push_back({profile_of(*v), a, target, c[1].value - c[0].value});
        for (double target : {s, a})
            cases.push_back({profile_of(*v), b, target, c[1].value - c[2].value});
    }
    Rastrigin const rastrigin(1, 10.0);
    cases.push_back({profile_of(rastrigin), 0.9949586376523348, 0.0, 19.2});
    int covered = 0;
    for (Case const& c : cases)
        for (double r : {2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0}) {
            Passage p{c.profile, c.barrier / r, c.start, none, none};
            (c.target > c.start ? p.upper : p.lower) = c.target;
            for (Asymptotic const& formula : {kramers_time(p), kramers_time_corrected(p)}) {
                REQUIRE(formula.reason.empty());
                if (!formula.in_domain) continue;
                ++covered;
                INFO("barrier/T = ", r, ", target ", c.target, ", start ", c.start);
                CHECK(std::abs(ratio(formula, p) - 1.0) < formula.error);
                CHECK(formula.error < 1.0);
            }
        }
    CHECK(covered > 150);
}

TEST_CASE(
    "Kramers: a target at the saddle takes half the time, one between follows the error integral") {
    Polynomial const v = quartic();
    Pieces const q = pieces(v);
    double const T = 0.03;
    Passage const to_saddle{q.profile, T, -1.0, none, 0.0};
    Passage const to_other{q.profile, T, -1.0, none, 1.0};
    CHECK(kramers_time(to_other).value / kramers_time(to_saddle).value == doctest::Approx(2.0));
    double const exact = mean_first_passage(to_other).value / mean_first_passage(to_saddle).value;
    CHECK(std::abs(exact - 2.00069) < 5e-6);
    for (double y : {-0.05, 0.05, 0.1, 0.2}) {
        Passage const p{q.profile, 0.01, -1.0, none, y};
        CHECK(std::abs(ratio(kramers_time_corrected(p), p) - 1.0) < 2e-3);
    }
    SUBCASE("a twin that forgets the half is rejected") {
        CHECK(2.0 * kramers_time(to_saddle).value / mean_first_passage(to_saddle).value > 1.5);
    }
}

TEST_CASE("Kramers corrected: the square-root term of the time to an asymmetric saddle") {
    // E14: leading/exact - 1 -> (V'''(s)/3) sqrt(2T/pi) |V''(s)|^{-3/2} for the well below
    Polynomial const v = quartic(0.2);
    Pieces const q = pieces(v);
    auto const d = v.derivatives(q.saddle);
    double const coefficient = d[3] / 3.0 * std::sqrt(2.0 / std::acos(-1.0)) / std::pow(-d[2], 1.5);
    double value[2];
    double const T[2] = {0.0008, 0.0002};  // barrier/T up to 680 here would overflow: tilt is 0.2
    for (int k = 0; k < 2; ++k) {
        Passage const p{q.profile, 4.0 * T[k], q.right, q.saddle, none};
        value[k] = (ratio(kramers_time(p), p) - 1.0) / std::sqrt(4.0 * T[k]);
    }
    double const extrapolated = 2.0 * value[1] - value[0];  // next order √T
    CHECK(deviation(extrapolated, -coefficient) < 0.05);    // from above: the sign flips
}

TEST_CASE("Kramers: mirror images take the same time") {
    Polynomial const v = quartic(0.1), w = quartic(-0.1);
    Pieces const a = pieces(v), b = pieces(w);
    Passage const up{a.profile, 0.05, a.left, none, a.saddle};
    Passage const down{b.profile, 0.05, b.right, b.saddle, none};
    CHECK(deviation(kramers_time_corrected(up).value, kramers_time_corrected(down).value) < 1e-9);
    CHECK(deviation(mean_first_passage(up).value, mean_first_passage(down).value) < 1e-12);
}

TEST_CASE("Kramers: declines or leaves its domain where it does not hold") {
    Polynomial const v = quartic();
    Pieces const q = pieces(v);
    CHECK(kramers_time({q.profile, 0.05, -1.0, none, -0.5}).reason.find("on a slope") !=
          std::string::npos);
    Asymptotic const hot = kramers_time({q.profile, 0.2, -1.0, none, 1.0});
    CHECK_FALSE(hot.in_domain);
    CHECK(hot.domain_note.find("1.25") != std::string::npos);
    CHECK_FALSE(kramers_time({q.profile, 0.02, -0.3, none, 1.0}).in_domain);
    Rastrigin const rastrigin(1, 10.0);
    CHECK(kramers_time({profile_of(rastrigin), 2.0, 0.0, -1.2, 1.2}).reason.find("3 wells") !=
          std::string::npos);
}

TEST_CASE("Eyring-Kramers: coupled double well in the plane, exact times from spectral elements") {
    CoupledDoubleWell const v;
    Region const right{RegionKind::half_space, {1.0, 0.0}, 1.0, {}, false};
    auto const& c = v.critical_points();
    std::vector<double> const start{c[0].point(0), c[0].point(1)};
    CHECK(c[0].point(0) == doctest::Approx(-1.0049227291792113).epsilon(1e-14));
    CHECK(c[0].point(1) == doctest::Approx(0.09983537666422662).epsilon(1e-12));
    Region const core{
        RegionKind::ball, {1.0049227291792113, -0.09983537666422662}, 0.0, {0.05}, false};
    double miss[2];
    struct {
        double temperature, gap;
    } const rows[] = {{0.1, 0.04369592246765395}, {0.05, 0.0033240230269200866}};
    for (int k = 0; k < 2; ++k) {
        double const rate = eyring_kramers_rate(c[0], c[1], rows[k].temperature);
        miss[k] = rows[k].gap / (2.0 * rate) - 1.0;  // symmetric wells: gap = 2 k
        Asymptotic const t = eyring_kramers_time(v, rows[k].temperature, start, core);
        CHECK(t.reason.empty());
        CHECK(deviation(t.value, 1.0 / rate) < 1e-12);
        CHECK(std::abs(miss[k]) < t.error);
    }
    CHECK(std::abs(miss[1]) < 0.75 * std::abs(miss[0]));
    // the whole half-plane x >= 1 holds the right minimum; exact 611.4022889687367 at T = 0.05
    Asymptotic const t = eyring_kramers_time(v, 0.05, start, right);
    CHECK(t.reason.empty());
    CHECK(std::abs(t.value / 611.4022889687367 - 1.0) < t.error);
    SUBCASE("sigma for 2D, i.e. T/2, is rejected") {
        CHECK(eyring_kramers_time(v, 0.025, start, right).value / 611.4022889687367 > 100.0);
    }
    SUBCASE("a boundary at the saddle is declined") {
        Region const half{RegionKind::half_space, {1.0, 0.0}, 0.0, {}, false};
        CHECK(eyring_kramers_time(v, 0.05, start, half).reason.find("thermal widths") !=
              std::string::npos);
    }
}

}  // namespace kramers_test
