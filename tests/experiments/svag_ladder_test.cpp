// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "estimators/jackknife.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/weak_error.hpp"

namespace svag_ladder_test {
namespace {

using namespace kramers;

std::string const svag = R"(kind = "order"
landscape = { name = "quadratic", curvatures = [1.0] }
dynamics  = { name = "svag", learning_rate = 0.2 }
noise     = { law = "gaussian", gradient_variance = 1.0 }
compare   = { with = ["modified_1"] }
ensemble  = { trajectories = 6400, seed = 3 }
start     = { point = [0.8] }
moments   = { of = ["x", "x^2"], at = 1.0 }
sweep."dynamics.ell" = [2, 4, 8, 16]
[[claim]]
sentence = "s"
estimand = { weak_error = { of = "modified_1" } }
order    = { is = 1, fit = [1] }
)";

Spec load(std::vector<std::string> const& overrides) {
    return load_spec({svag, "test.toml", "test"}, overrides, Level::standard);
}

std::vector<std::string> ladders(std::vector<std::string> const& overrides) {
    Spec const spec = load(overrides);
    std::vector<std::string> labels;
    for (auto const& ladder : learning_rate_ladders(spec)) labels.push_back(ladder_label(ladder));
    return labels;
}

/// Errors tau^power, known to about 10⁻⁴ of themselves.
std::vector<WeakErrors> falling(Spec const& spec, double power) {
    std::vector<WeakErrors> all;
    for (Cell const& cell : spec.cells) {
        WeakErrors e{cell.index, "modified_1", cell.order.time_per_step, {}};
        for (std::size_t k = 0; k < cell.order.observables.size(); ++k) {
            double const value = std::pow(e.step, power);
            std::vector<double> without;
            for (int g = 0; g < group_count; ++g)
                without.push_back(value * (1.0 + 1e-5 * std::sin(g * (cell.index + 7.0) *
                                                                 (0.3 + 0.1 * double(k)))));
            e.errors.push_back({jackknife_estimate(value, without, group_count, "made up"), {}});
        }
        all.push_back(e);
    }
    return all;
}

Comparison compared(std::vector<std::string> const& overrides, double power) {
    Spec const spec = load(overrides);
    return compare_order(spec.claims.at(0), learning_rate_ladders(spec).at(0), falling(spec, power),
                         0.95);
}

}  // namespace

TEST_CASE("learning_rate_ladders: ell of svag makes the step small and is a ladder of its own") {
    CHECK(ladders({}) == std::vector<std::string>{"eta=0.2 ell=2..16"});
    // With the rates on the other axis of a grid: one ladder of rates for each ell, as for any key.
    CHECK(ladders({"sweep.dynamics.learning_rate=[0.2, 0.1]"}).size() == 4);
    // A key that the step does not depend on is none, however it rises.
    CHECK(ladders({"sweep.dynamics.ell=[2]", "sweep.noise.gradient_variance=[1, 2, 4]"}).size() ==
          3);
}

TEST_CASE("compare_order: the order in eta / ell is found on the ladder over ell") {
    Comparison const right = compared({}, 1.0);
    CHECK(right.verdict == Verdict::agree);
    CHECK(right.estimate.value == doctest::Approx(1.0).epsilon(1e-6));
    CHECK(compared({}, 2.0).verdict == Verdict::disagree);  // twin: another power
}

TEST_CASE("compare_order: one step size has a message of its own") {
    Comparison const one = compared({"sweep.dynamics.ell=[4]"}, 1.0);
    CHECK(one.verdict == Verdict::undecided);
    CHECK(one.note ==
          "one step size, tau = 0.05: an order needs two (sweep over dynamics.ell or "
          "dynamics.learning_rate)");
    CHECK(compared({}, 1.0).note.find("one step size") == std::string::npos);
}

}  // namespace svag_ladder_test
