// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/mean_first_passage.hpp"

#include <doctest/doctest.h>

#include "sde/theory/absorbing.hpp"
#include "sde/theory/quadrature.hpp"
#include "tests/theory/generator.hpp"
#include "tests/theory/potentials.hpp"

namespace mean_first_passage_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

enum class Shape { quartic, cubic, quadratic, flat };

struct Row {
    char const* id;
    Shape shape;
    double tilt, temperature, start;
    std::optional<double> lower, upper;
    double value, tolerance;
};

Profile profile_for(Shape shape, double tilt) {
    static Polynomial const cubic({0.0, 0.0, 0.5, 0.0 - 1.0 / 3.0}, {});
    static Quadratic const quadratic({1.0});
    static Polynomial const plain = quartic(), one = quartic(0.1), two = quartic(0.2);
    static Polynomial const level = flat();
    if (shape == Shape::cubic) return profile_of(cubic);
    if (shape == Shape::quadratic) return profile_of(quadratic);
    if (shape == Shape::flat) return profile_of(level);
    return profile_of(tilt == 0.1 ? one : tilt == 0.2 ? two : plain);
}

Passage passage_of(Row const& row) {
    return {profile_for(row.shape, row.tilt), row.temperature, row.start, row.lower, row.upper};
}

std::optional<double> const none;

}  // namespace

TEST_CASE("quadrature: totals and cumulative integrals are exact for polynomials of a panel") {
    PanelGrid const grid({-1.0, 0.5, 2.0}, 3);
    auto const cube = grid.sample([](double x) { return x * x * x; });
    CHECK(grid.integrate(cube) == doctest::Approx((16.0 - 1.0) / 4.0).epsilon(1e-14));
    auto const left = grid.from_left(cube), right = grid.from_right(cube);
    for (std::size_t i = 0; i < grid.nodes().size(); ++i) {
        double const x = grid.nodes()[i];
        CHECK(left.at_nodes[i] == doctest::Approx((x * x * x * x - 1.0) / 4.0).epsilon(1e-13));
        CHECK(right.at_nodes[i] == doctest::Approx((16.0 - x * x * x * x) / 4.0).epsilon(1e-13));
    }
    CHECK(left.at_edges[grid.edge_at(0.5)] == doctest::Approx((0.0625 - 1.0) / 4.0).epsilon(1e-14));
}

TEST_CASE("mean first passage: reference times are met to the digits they carry") {
    Row const rows[] = {
        {"RE-001", Shape::quartic, 0.0, 0.2, -1.0, none, 0.0, 7.934021540010205, 1e-12},
        {"RE-002", Shape::quartic, 0.0, 0.2, -1.0, none, 1.0, 19.093896996782778, 1e-12},
        {"RE-004", Shape::quartic, 0.0, 0.1, -1.0, none, 0.0, 30.821302472665664, 1e-12},
        {"RE-005", Shape::quartic, 0.0, 0.1, -1.0, none, 1.0, 66.26862636491788, 1e-12},
        {"RE-008", Shape::quartic, 0.0, 0.05, -1.0, none, 0.0, 361.9037595009244, 1e-12},
        {"RE-009", Shape::quartic, 0.0, 0.05, -1.0, none, 1.0, 729.6706919423223, 1e-12},
        {"RE-012", Shape::quartic, 0.0, 0.03, -1.0, none, 0.0, 9739.570990579656, 1e-12},
        {"RE-013", Shape::quartic, 0.0, 0.03, -1.0, none, 1.0, 19485.818020054743, 1e-12},
        {"RE-015", Shape::quartic, 0.0, 0.02, -1.0, none, 0.0, 616063.8509766972, 1e-12},
        {"RE-016", Shape::quartic, 0.0, 0.02, -1.0, none, 1.0, 1232135.00927595, 1e-12},
        {"RE-018", Shape::quartic, 0.1, 0.1, -1.0466805318046022, none, 0.9456492739235919,
         177.96972633152475, 1e-12},
        {"RE-019", Shape::quartic, 0.1, 0.1, 0.9456492739235919, -1.0466805318046022, none,
         29.608598316820817, 1e-12},
        {"RE-021", Shape::quartic, 0.1, 0.05, -1.0466805318046022, none, 0.9456492739235919,
         5890.919531660505, 1e-12},
        {"RE-022", Shape::quartic, 0.1, 0.05, 0.9456492739235919, -1.0466805318046022, none,
         132.91662514067409, 1e-12},
        {"RE-024", Shape::quartic, 0.2, 0.1, -1.0880339146912905, none, 0.8788850662499734,
         562.3800758339488, 1e-12},
        {"RE-025", Shape::quartic, 0.2, 0.1, 0.8788850662499734, -1.0880339146912905, none,
         15.67555870723533, 1e-12},
        {"RE-027", Shape::quartic, 0.2, 0.05, -1.0880339146912905, none, 0.8788850662499734,
         67966.13232041078, 1e-12},
        {"RE-028", Shape::quartic, 0.2, 0.05, 0.8788850662499734, -1.0880339146912905, none,
         36.50422601957484, 1e-12},
        {"RE-030", Shape::cubic, 0.0, 0.05, 0.0, none, 1.5, 194.90634169409626, 1e-12},
        {"RE-031", Shape::cubic, 0.0, 0.02, 0.0, none, 1.5, 27177.807993478284, 1e-12},
        {"RE-062", Shape::flat, 0.0, 0.32, 0.2, -1.0, 1.5, 2.4375, 1e-13},
        {"RE-065", Shape::quadratic, 0.0, 0.5, 0.0, none, 1.0, 4.037728332955206, 1e-13},
        {"RE-068", Shape::quadratic, 0.0, 0.2, 0.0, -1.0, 1.0, 7.229652533274804, 1e-13},
        {"RE-109", Shape::quartic, 0.0, 0.05, -0.8, none, 0.9, 726.959210641055, 1e-12},
        {"RE-113", Shape::quartic, 0.0, 0.0115, -0.95, none, 0.9, 12494646280.72155, 1e-12},
    };
    for (Row const& row : rows) {
        Quadrature const tau = mean_first_passage(passage_of(row));
        INFO(row.id, ": ", tau.value, " against ", row.value);
        CHECK(deviation(tau.value, row.value) < row.tolerance);
        CHECK(tau.error < 1e-12);
    }
}

TEST_CASE("mean first passage: Rastrigin in 1-D meets its reference times") {
    Rastrigin const rastrigin(1, 10.0);
    Profile const v = profile_of(rastrigin);
    double const top = 0.5025460365546747, next = 0.9949586376523348;
    CHECK(deviation(mean_first_passage({v, 4.0, 0.0, -top, top}).value, 0.7083523915527743) <
          1e-12);
    CHECK(deviation(mean_first_passage({v, 2.0, 0.0, -top, top}).value, 104.92609724559752) <
          1e-12);
    CHECK(deviation(mean_first_passage({v, 4.0, next, 0.0, none}).value, 3.6842536776036408) <
          1e-11);
    CHECK(deviation(mean_first_passage({v, 2.0, next, 0.0, none}).value, 318.44589088615413) <
          1e-11);
}

TEST_CASE("second moment and exit side meet their references") {
    Profile const q = profile_for(Shape::quartic, 0.0);
    CHECK(deviation(second_moment({q, 0.1, -1.0, none, 1.0}).value, 8369.729439998206) < 1e-11);
    CHECK(deviation(second_moment({q, 0.05, -1.0, none, 1.0}).value, 1058140.8886754331) < 1e-11);
    Profile const ou = profile_for(Shape::quadratic, 0.0);
    CHECK(deviation(second_moment({ou, 0.5, 0.0, none, 1.0}).value, 33.87361114755822) < 1e-11);
    CHECK(deviation(exit_above({q, 0.1, -0.3, -1.0, 1.0}).value, 0.20083963509960256) < 1e-13);
    CHECK(deviation(exit_above({q, 0.05, -0.2, -0.9, 0.9}).value, 0.1998572494686279) < 1e-13);
    CHECK(deviation(exit_above({q, 0.05, -0.6, -0.8, 0.9}).value, 0.009299907657253649) < 1e-12);
    CHECK(deviation(exit_above({q, 0.0115, -0.85, -0.95, 0.9}).value, 3.3845257593539295e-10) <
          1e-12);
}

TEST_CASE("quasi-stationary rate: through the centre of an even well it is the spectral gap") {
    Profile const q = profile_for(Shape::quartic, 0.0);
    struct {
        double temperature, gap;
    } const rows[] = {{0.2, 0.1347779837473546},
                      {0.1, 0.03354528730800061},
                      {0.05, 0.002776140636572725},
                      {0.03, 0.00010269703058221078},
                      {0.02, 1.623215088723855e-06}};
    for (auto const& row : rows)
        CHECK(deviation(quasi_stationary_rate({q, row.temperature, -1.0, none, 0.0}).value,
                        row.gap) < 1e-12);
}

TEST_CASE("mean first passage: closed forms of the flat line") {
    // exit of (-A, A), 2T = σ²: τ = (A² - x²)/σ², E τ² = (5A⁴ - 6A²x² + x⁴)/3σ⁴
    Profile const v = profile_for(Shape::flat, 0.0);
    Passage const p{v, 0.5, 0.3, -1.0, 1.0};
    CHECK(deviation(mean_first_passage(p).value, 1.0 - 0.09) < 1e-13);
    CHECK(deviation(second_moment(p).value, (5.0 - 6.0 * 0.09 + 0.0081) / 3.0) < 1e-13);
    CHECK(deviation(exit_above(p).value, 0.65) < 1e-13);
    // first eigenvalue σ²π²/8A²
    CHECK(deviation(quasi_stationary_rate(p).value, std::acos(-1.0) * std::acos(-1.0) / 8.0) <
          1e-12);
    // both ends out by δ: A² grows by 2Aδ; τ(x = 0) relative response 2/A
    CHECK(deviation(boundary_response({v, 0.5, 0.0, -1.0, 1.0}).value, 2.0) < 1e-12);
}

TEST_CASE("mean first passage: agrees with a finite-difference generator, at order two") {
    Profile const v = profile_for(Shape::quartic, 0.1);
    Passage const p{v, 0.1, -1.0, none, 0.9};
    double const exact = mean_first_passage(p).value;
    double const coarse = generator_mean_time(p, -2.5, 0.9, 850);  // h = 0.004
    double const fine = generator_mean_time(p, -2.5, 0.9, 1700);   // h = 0.002
    CHECK(deviation(fine, exact) < 1e-5);
    CHECK((coarse - exact) / (fine - exact) == doctest::Approx(4.0).epsilon(0.02));
    CHECK(deviation(fine + (fine - coarse) / 3.0, exact) < 1e-8);
    SUBCASE("which rejects T read as sigma^2: a broken twin") {
        Passage twin = p;
        twin.temperature *= 2.0;
        CHECK(deviation(mean_first_passage(twin).value, fine) > 0.5);
    }
}

TEST_CASE("boundary response is the derivative of the time in the position of the end") {
    Profile const v = profile_for(Shape::quartic, 0.2);
    double const h = 1e-4, end = 0.1;
    auto const tau = [&](double c) { return mean_first_passage({v, 0.1, -1.0, none, c}).value; };
    double const slope = (tau(end + h) - tau(end - h)) / (2.0 * h) / tau(end);
    CHECK(deviation(boundary_response({v, 0.1, -1.0, none, end}).value, slope) < 1e-6);
    auto const exit = [&](double w) {
        return mean_first_passage({v, 0.1, 0.2, -w, 0.7 + w}).value;
    };
    double const both = (exit(0.3 + h) - exit(0.3 - h)) / (2.0 * h) / exit(0.3);
    CHECK(deviation(boundary_response({v, 0.1, 0.2, -0.3, 1.0}).value, both) < 1e-6);
}

TEST_CASE("a passage without an end or without a confining side says so") {
    Profile const cubic = profile_for(Shape::cubic, 0.0);  // falls without end above 1
    CHECK(mean_first_passage({cubic, 0.1, 0.0, none, none}).reason == "no absorbing end");
    CHECK(mean_first_passage({cubic, 0.1, 0.0, -1.0, none}).reason ==
          "the potential does not confine above the start");
    CHECK(mean_first_passage({profile_for(Shape::flat, 0.0), 0.1, 0.0, none, 1.0}).reason ==
          "the potential does not confine below the start");
    CHECK(mean_first_passage({profile_for(Shape::quartic, 0.0), 1e-4, -1.0, none, 0.0}).reason ==
          "V varies by more than 690 T on the way: the time overflows");
}

TEST_CASE("regions become absorbing ends around the start") {
    Region const above{RegionKind::half_space, {1.0}, 0.7, {}, false};
    Region const below{RegionKind::half_space, {-1.0}, 0.7, {}, false};  // -x >= 0.7
    Region const core{RegionKind::ball, {2.0}, 0.0, {0.25}, false};
    Region const outside{RegionKind::box, {0.0}, 0.0, {0.5}, true};
    auto ends = absorbing_ends({above, below}, 0.0);
    CHECK(*ends.upper == 0.7);
    CHECK(*ends.lower == -0.7);
    ends = absorbing_ends({core}, 0.0);
    CHECK(*ends.upper == 1.75);
    CHECK_FALSE(ends.lower.has_value());
    CHECK(*absorbing_ends({core}, 3.0).lower == 2.25);
    ends = absorbing_ends({outside}, 0.1);
    CHECK((*ends.lower == -0.5 && *ends.upper == 0.5));
    CHECK(absorbing_ends({outside}, 0.6).reason.find("inside the target") != std::string::npos);
    Region const complement{RegionKind::half_space, {1.0}, 0.7, {}, true};  // x <= 0.7
    CHECK(*absorbing_ends({complement}, 1.0).lower == 0.7);
    Region const oblique{RegionKind::half_space, {0.6, 0.8}, 1.0, {}, false};
    CHECK(axis_targets(oblique, {0.0, 0.0}).reason.find("not parallel") != std::string::npos);
}

}  // namespace mean_first_passage_test
