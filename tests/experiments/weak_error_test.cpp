// SPDX-License-Identifier: Apache-2.0
#include "experiments/weak_error.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "estimators/jackknife.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/input.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"
#include "tests/support/statistics.hpp"

namespace weak_error_test {
namespace {

using namespace kramers;
using namespace kramers::test;

constexpr double h = 1.0, c = 1.0, start = 2.0, substeps = 16.0;

std::string const quadratic = R"(kind = "order"
landscape = { name = "quadratic", curvatures = [1.0] }
dynamics  = { name = "sgd" }
noise     = { law = "gaussian", gradient_variance = 1.0 }
compare   = { with = ["modified_1", "modified_2"] }
ensemble  = { trajectories = 30_000, seed = 3 }
start     = { point = [2.0] }
moments   = { of = ["x", "x^2"], at = 1.0 }
sweep."dynamics.learning_rate" = [0.2, 0.1, 0.05]
[[claim]]
id       = "first"
sentence = "s"
estimand = { weak_error = { of = "modified_1" } }
order    = { is = 1 }
[[claim]]
id       = "second"
sentence = "s"
estimand = { weak_error = { of = "modified_2" } }
order    = { is = 2, fit = [2, 3] }
[[claim]]
id       = "wrong"
sentence = "s"
estimand = { weak_error = { of = "modified_1" } }
order    = { is = 2, fit = [2, 3] }
expect   = "disagree"
)";

Spec load(std::string const& text, std::vector<std::string> const& overrides = {}) {
    return load_spec({text, "test.toml", "test"}, overrides, Level::standard);
}

/// The message of a spec that is refused; empty: it is not.
std::string problem(std::vector<std::string> const& overrides) {
    try {
        load(quadratic, overrides);
    } catch (InputError const& error) { return error.what(); }
    return {};
}

struct Moments {
    double mean, square;
};

/// x' = a x + s z, n times from `start`.
Moments recursion(double a, double s, double n) {
    double const an = std::pow(a, n);
    return {an * start, an * an * start * start + s * s * (1.0 - an * an) / (1.0 - a * a)};
}

Moments sgd(double eta) { return recursion(1.0 - eta * h, eta * std::sqrt(c), 1.0 / eta); }

/// Platen's scheme on dX = −λX dt + √(ηc) dW at dt = η/16: x' = (1 − u + u²/2) x + …(1 − u/2) ΔW, u = λ dt.
Moments sde(double eta, double lambda) {
    double const dt = eta / substeps, u = lambda * dt;
    return recursion(1.0 - u + 0.5 * u * u, std::sqrt(eta * c * dt) * (1.0 - 0.5 * u),
                     substeps / eta);
}

/// Errors Cη(1 + η) of modified_1, known to about 10⁻⁴ of themselves.
std::vector<WeakErrors> made_up_errors(Spec const& spec) {
    std::vector<WeakErrors> errors;
    for (Cell const& cell : spec.cells) {
        WeakErrors& e = errors.emplace_back();
        e.cell = cell.index;
        e.model = "modified_1";
        double const eta = e.step = cell.learning_rate;
        for (double const factor : {0.3, -0.2}) {
            double const value = factor * eta * (1.0 + eta);
            std::vector<double> without;
            for (int g = 0; g < group_count; ++g)
                without.push_back(value * (1.0 + 1e-5 * std::sin(g * (cell.index + 7.0) * factor)));
            e.errors.push_back({jackknife_estimate(value, without, group_count, "made up"), {}});
        }
    }
    return errors;
}

}  // namespace

TEST_CASE("kind = order: errors on a quadratic are the exact ones (S69), and the orders come out") {
    Spec const spec = load(quadratic);
    RunOutput const out = run_spec(spec, {});
    REQUIRE(out.report.estimates.size() == 12);
    for (ReportedEstimate const& r : out.report.estimates) {
        double const eta = spec.cells[static_cast<std::size_t>(r.cell)].learning_rate;
        bool const second = r.estimand.find("modified_2") != std::string::npos;
        bool const square = r.estimand.find("x^2") != std::string::npos;
        double const lambda = second ? h * (1.0 + 0.5 * eta * h) : h;
        auto const part = [&](Moments const& m) { return square ? m.square : m.mean; };
        double const exact = part(sgd(eta)) - part(sde(eta, lambda));
        // the standard error is about 0.4 η^1.5 (x) or 4 times that (x²) over √30000
        double const detects = 0.2 * std::pow(eta, 1.5);
        CHECK_MESSAGE(check_consistent(r.estimate, exact, detects),
                      r.estimand << " at " << eta << ": " << r.estimate.value << " +- "
                                 << r.estimate.standard_error << ", exact " << exact);
        // broken twins: S5 with the sign of its correction lost, and no correction at all
        if (second && !square && eta > 0.07) {
            CHECK_FALSE(check_consistent(
                r.estimate, part(sgd(eta)) - part(sde(eta, h * (1.0 - 0.5 * eta * h))), detects));
            CHECK_FALSE(check_consistent(r.estimate, part(sgd(eta)) - part(sde(eta, h)), detects));
        }
    }
    REQUIRE(out.report.claims.size() == 3);
    for (ClaimRow const& row : out.report.claims) {
        CHECK_MESSAGE(row.comparison.passed, row.comparison.claim.id
                                                 << ": " << row.comparison.estimate.value << " +- "
                                                 << row.comparison.estimate.standard_error << " "
                                                 << row.comparison.note);
        CHECK(row.where == "eta=0.05..0.2");
    }
    CHECK(out.passed());
    CHECK(out.files.at("weak_error.csv").find("modified_2") != std::string::npos);
    Spec const again = load(spec.resolved);  // the resolved spec repeats the run
    CHECK(again.cells.size() == 3);
    CHECK(again.claims[1].order == 2.0);
    CHECK(again.cells[2].order.models[1].values == spec.cells[2].order.models[1].values);
}

TEST_CASE("learning_rate_ladders: keys that rise or fall with the rate belong to the ladder") {
    auto const ladders = [](std::vector<std::string> const& overrides) {
        Spec const spec = load(quadratic, overrides);
        std::vector<std::string> labels;
        for (auto const& ladder : learning_rate_ladders(spec))
            labels.push_back(ladder_label(ladder));
        return labels;
    };
    std::vector<std::string> const one{"eta=0.05..0.2"};
    std::string const falling = "sweep.noise.gradient_variance=[0.2, 0.4, 0.8]";
    CHECK(ladders({}) == one);
    CHECK(ladders({falling, "sweep_design=zip"}) == one);
    CHECK(ladders({falling}).size() == 3);  // a grid: every variance has its ladder
    CHECK(ladders({falling})[1] == "eta=0.05..0.2 gradient_variance=0.4");
    // neither rising nor falling: cells that nothing orders
    CHECK(ladders({"sweep.noise.gradient_variance=[0.2, 0.8, 0.4]", "sweep_design=zip"}).size() ==
          3);
    CHECK(ladders({"sweep.noise.gradient_variance=[0.2, 0.2, 0.4]", "sweep_design=zip"}).size() ==
          2);
}

TEST_CASE("compare_order: says where too few rates are left to tell what the coarsest one hides") {
    auto const note = [](std::vector<std::string> const& overrides, bool next_term) {
        Spec const spec = load(quadratic, overrides);
        ClaimSpec claim = spec.claims.at(0);
        claim.next_term = next_term;
        auto const ladder = learning_rate_ladders(spec).at(0);
        return compare_order(claim, ladder, made_up_errors(spec), 0.95).note;
    };
    std::string const four = "sweep.dynamics.learning_rate=[0.2, 0.1, 0.05, 0.025]";
    std::string const unknown = "too few learning rates to tell what the coarsest hides",
                      wider = "interval wider";
    CHECK(note({}, true).find(unknown + ", which counts as 0") != std::string::npos);
    CHECK(note({}, true).find(wider) == std::string::npos);
    for (std::string const& known : {note({four}, true), note({}, false)}) {
        CHECK(known.find(unknown) == std::string::npos);
        CHECK(known.find(wider) != std::string::npos);
    }
}

TEST_CASE(
    "kind = order: at the same total noise, pairing on common noise is worth many trajectories") {
    std::vector<std::string> few{"ensemble.trajectories=4000", "dynamics.learning_rate=0.05"};
    auto const error = [&](char const* coupling) {
        auto overrides = few;
        overrides.push_back(std::string("compare.coupling=") + coupling);
        Spec const spec = load(quadratic, overrides);
        return run_spec(spec, {}).report.estimates.front().estimate.standard_error;
    };
    CHECK(error("independent") > 5.0 * error("common_noise"));
}

TEST_CASE("order_verdict: contains the claim and excludes its neighbours") {
    CHECK(order_verdict({1.8, 2.1}, 2.0) == Verdict::agree);
    CHECK(order_verdict({0.9, 2.1}, 2.0) == Verdict::undecided);
    CHECK(order_verdict({1.9, 3.0}, 2.0) == Verdict::undecided);
    CHECK(order_verdict({2.1, 2.2}, 2.0) == Verdict::disagree);
    CHECK(order_verdict({0.9, 1.1}, 2.0) == Verdict::disagree);
    double const nan = std::nan("");
    CHECK(order_verdict({nan, nan}, 2.0) == Verdict::undecided);
}

TEST_CASE("kind = order: vacuous and meaningless comparisons are refused with the reason") {
    CHECK(problem({"compare.scheme=euler_maruyama", "compare.substeps=1"})
              .find("exact by construction") != std::string::npos);
    CHECK(problem({"compare.scheme=euler_maruyama", "compare.substeps=8"}).find(">= 16") !=
          std::string::npos);
    CHECK(problem({"compare.substeps=48"}).find("power of two") != std::string::npos);
    CHECK(problem({"moments.at=0.33"}).find("whole number") != std::string::npos);
    CHECK(problem({"moments.of=[\"exp(x)\"]"}).find("no observable") != std::string::npos);
    CHECK(problem({"moments.of=[\"x1\"]"}).find("coordinate 1") != std::string::npos);
    CHECK(problem({"compare.with=[\"modified_4\"]"}).find("modified_2") != std::string::npos);
    CHECK(problem({"noise.law=rademacher"}).find("independent") != std::string::npos);
    CHECK(problem({"noise.law=anticorrelated"}).find("depend on each other") != std::string::npos);
    CHECK(problem({}).empty());
    std::string const sde = R"(kind = "order"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { dt = 0.01 }
ensemble  = { trajectories = 1000 }
start     = { point = "minimum.left" }
)";
    CHECK_THROWS_AS(load(sde), InputError);
}

TEST_CASE("kind = order: an order above the scheme's own is not claimed") {
    CHECK(problem({"compare.scheme=euler_maruyama", "compare.substeps=64"}).find("weak order") !=
          std::string::npos);
}

}  // namespace weak_error_test
