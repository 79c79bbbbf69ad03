// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "experiments/design.hpp"
#include "experiments/parse_toml.hpp"
#include "experiments/sweep.hpp"

namespace sweep_design_test {
using namespace kramers;

namespace {

Sweep expand(std::string const& text, std::string* problem = nullptr) {
    Problems problems;
    Table const root = parse_toml(text, "x.toml", problems);
    Sweep sweep = expand_sweep(root, problems);
    if (problem == nullptr) {
        CHECK(problems.empty());
    } else {
        try {
            problems.raise();
            *problem = "";
        } catch (InputError const& error) { *problem = error.problems.front(); }
    }
    return sweep;
}

std::vector<double> column(Sweep const& sweep, char const* key) {
    std::vector<double> values;
    for (Table const& cell : sweep.cells) {
        Node const* node = find_at(cell, key);
        REQUIRE(node != nullptr);
        if (is_relative(*node)) node = &node->table()->entries.front().second;
        values.push_back(node->number());
    }
    return values;
}

std::string const two_axes =
    "sweep.\"dynamics.temperature\" = [1, 2, 3]\nsweep.\"scheme.dt\" = \"log(0.01, 1, 3)\"\n";

/// Largest |share of points below u − u| of one coordinate.
double discrepancy(Design const& design, std::size_t axis, std::size_t points) {
    std::vector<double> u;
    for (std::size_t k = 0; k < points; ++k) u.push_back(design_coordinate(design, k, axis));
    std::sort(u.begin(), u.end());
    double worst = 0.0;
    for (std::size_t k = 0; k < points; ++k) {
        double const n = static_cast<double>(points), i = static_cast<double>(k);
        worst = std::max({worst, (i + 1.0) / n - u[k], u[k] - i / n});
    }
    return worst;
}

}  // namespace

TEST_CASE("sweep_design: a grid is the product, zipped axes go side by side") {
    CHECK(expand(two_axes).cells.size() == 9);
    CHECK(expand("sweep_design = \"grid\"\n" + two_axes).cells.size() == 9);
    Sweep const zip = expand("sweep_design = \"zip\"\n" + two_axes);
    CHECK(column(zip, "dynamics.temperature") == std::vector<double>{1.0, 2.0, 3.0});
    CHECK(column(zip, "scheme.dt") == std::vector<double>{0.01, 0.1, 1.0});
    CHECK(zip.cells.front().find("sweep_design") == nullptr);
    std::string problem;
    expand("sweep_design = \"zip\"\nsweep.\"scheme.dt\" = [0.1]\n" +
               two_axes.substr(0, two_axes.find('\n') + 1),
           &problem);
    CHECK(problem.find("equally many") != std::string::npos);
}

TEST_CASE("sweep_design: samples lie in the ranges, in log where the axis is") {
    for (char const* kind : {"random", "halton"}) {
        CAPTURE(kind);
        std::string const text = std::string("sweep_design = \"") + kind +
                                 ":400\"\nsweep.\"scheme.dt\" = \"log(0.001, 10)\"\n"
                                 "sweep.\"dynamics.temperature\" = { barrier_over = \"lin(2, 8)\" }"
                                 "\nsweep.\"dynamics.friction\" = [1, 4]\n";
        Sweep const sweep = expand(text);
        REQUIRE(sweep.cells.size() == 400);
        std::vector<double> const dt = column(sweep, "scheme.dt");
        CHECK(*std::min_element(dt.begin(), dt.end()) >= 0.001);
        CHECK(*std::max_element(dt.begin(), dt.end()) <= 10.0);
        // Half of them below the geometric mean 0.1: binomial, sd 10, bound 5 sd (random)
        auto const below = std::count_if(dt.begin(), dt.end(), [](double v) { return v < 0.1; });
        CHECK(std::abs(static_cast<double>(below) - 200.0) < 50.0);
        // The twin that samples without log has 1 % of them there.
        std::vector<double> const over = column(sweep, "dynamics.temperature");
        CHECK(*std::min_element(over.begin(), over.end()) >= 2.0);
        CHECK(*std::max_element(over.begin(), over.end()) <= 8.0);
        std::vector<double> const friction = column(sweep, "dynamics.friction");
        CHECK(std::abs(static_cast<double>(std::count(friction.begin(), friction.end(), 1.0)) -
                       200.0) < 50.0);
        CHECK(column(expand(text), "scheme.dt") == dt);  // the same again
        CHECK(column(expand("sweep_seed = 2\n" + text), "scheme.dt") != dt);
    }
}

TEST_CASE("design_coordinate: Halton points without their shift are the published ones") {
    Design design;
    design.kind = Design::Kind::halton;
    double const base2[] = {1.0 / 2, 1.0 / 4, 3.0 / 4, 1.0 / 8, 5.0 / 8};
    double const base3[] = {1.0 / 3, 2.0 / 3, 1.0 / 9, 4.0 / 9, 7.0 / 9};
    for (std::size_t k = 0; k < 5; ++k) {
        auto const difference = [&](std::size_t axis, double const* expected) {
            double const d = design_coordinate(design, k, axis) - expected[k] -
                             (design_coordinate(design, 0, axis) - expected[0]);
            return std::abs(d - std::round(d));
        };
        CHECK(difference(0, base2) < 1e-15);
        CHECK(difference(1, base3) < 1e-15);
    }
}

TEST_CASE("design_coordinate: Halton points are more even than random ones") {
    Design halton, random;
    halton.kind = Design::Kind::halton;
    random.kind = Design::Kind::random;
    for (std::size_t axis = 0; axis < 4; ++axis) {
        CHECK(discrepancy(halton, axis, 1000) < 0.009);
        CHECK(discrepancy(random, axis, 1000) < 0.08);   // 2.5 / sqrt(1000): 1e-5 by Kolmogorov
        CHECK(discrepancy(random, axis, 1000) > 0.009);  // below: 2e-6
    }
    std::set<double> distinct;
    for (std::size_t k = 0; k < 1000; ++k) distinct.insert(design_coordinate(random, k, 0));
    CHECK(distinct.size() == 1000);
}

TEST_CASE("sweep_design: what cannot be read is said") {
    std::string problem;
    for (char const* bad :
         {"\"sobol\"", "\"random\"", "\"random:0\"", "\"halton:x\"", "3", "\"random:1000000\""}) {
        expand(std::string("sweep_design = ") + bad + "\n" + two_axes, &problem);
        CAPTURE(bad);
        CHECK(problem.find("\"halton:N\"") != std::string::npos);
    }
    expand("sweep.\"scheme.dt\" = \"log(0.1, 1)\"\n", &problem);  // a range without a number
    CHECK(problem.find("n may be left out") != std::string::npos);
    expand("sweep_seed = -1\n" + two_axes, &problem);
    CHECK(problem.find("sweep_seed") != std::string::npos);
}

}  // namespace sweep_design_test
