// SPDX-License-Identifier: Apache-2.0
#include "experiments/same_law.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "experiments/input.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/runner.hpp"
#include "tests/support/statistics.hpp"

namespace same_law_test {
namespace {

using namespace kramers;
using namespace kramers::test;

std::string const interpolant = R"(kind = "order"
landscape = { name = "quadratic", curvatures = [1.0] }
dynamics  = { name = "sgd" }
noise     = { law = "gaussian", gradient_variance = 1.0 }
compare   = { with = ["ou_interpolant"], scheme = "exact_ou", substeps = 4 }
ensemble  = { trajectories = 6400, seed = 3 }
start     = { point = [0.8] }
moments   = { of = ["x", "x^2"], at = 1.0 }
sweep."dynamics.learning_rate" = [0.2, 0.1]
[[claim]]
id       = "same"
sentence = "s"
estimand = { weak_error = { of = "ou_interpolant" } }
order    = { is = inf, detects = 0.02 }
)";

Spec load(std::vector<std::string> const& overrides = {}) {
    return load_spec({interpolant, "test.toml", "test"}, overrides, Level::standard);
}

std::string problem(std::string from = "", std::string const& to = "") {
    std::string text = interpolant;
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    try {
        load_spec({text, "test.toml", "test"}, {}, Level::standard);
    } catch (InputError const& error) { return error.what(); }
    return {};
}

bool says(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

/// Errors of x and x^2 in both cells: `off` in one of them, 0 else, with this standard error.
std::vector<WeakErrors> errors_of(Spec const& spec, double off, double standard_error) {
    std::vector<WeakErrors> all;
    for (Cell const& cell : spec.cells) {
        WeakErrors e{cell.index, "ou_interpolant", cell.order.time_per_step, {}};
        for (std::size_t k = 0; k < cell.order.observables.size(); ++k) {
            Estimate estimate;
            estimate.value = cell.index == 1 && k == 1 ? off : 0.0;
            estimate.standard_error = standard_error;
            estimate.trajectories = 6400;
            e.errors.push_back({estimate, {}});
        }
        all.push_back(e);
    }
    return all;
}

Comparison compare(double off, double standard_error) {
    Spec const spec = load();
    auto const ladder = learning_rate_ladders(spec).at(0);
    return compare_law(spec.claims.at(0), ladder, errors_of(spec, off, standard_error), 0.95);
}

}  // namespace

TEST_CASE("Same law: the exact interpolant has every moment of SGD (S6); modified_1 has not") {
    Spec const spec = load();
    RunOutput const out = run_spec(spec, {});
    REQUIRE(out.report.estimates.size() == 4);
    for (ReportedEstimate const& r : out.report.estimates) {
        double const eta = spec.cells[static_cast<std::size_t>(r.cell)].learning_rate;
        CAPTURE(r.estimand);
        CAPTURE(eta);
        CHECK(check_consistent(r.estimate, 0.0, 0.02));
        // Twin: dX = -X dt + sqrt(eta) dW over the same time, whose mean is 0.8 e^-1.
        bool const square = says(r.estimand, "x^2");
        double const a = std::pow(1.0 - eta, 1.0 / eta), b = std::exp(-1.0);
        double const wrong = square ? 0.64 * (a * a - b * b) + eta * (1.0 - a * a) / (2.0 - eta) -
                                          eta * (1.0 - b * b) / 2.0
                                    : 0.8 * (a - b);
        if (std::abs(wrong) > 0.02) CHECK_FALSE(check_consistent(r.estimate, wrong, 0.02));
    }
    REQUIRE(out.report.claims.size() == 1);
    CHECK(out.report.claims[0].comparison.prediction.value == 0.0);
    CHECK(out.report.claims[0].where == "eta=0.1..0.2");
    Spec const again = load_spec({spec.resolved, "test.toml", "test"}, {}, Level::standard);
    CHECK(std::isinf(again.claims.at(0).order));
    CHECK(again.claims.at(0).detects == 0.02);
}

TEST_CASE("compare_law: agree, disagree, undecided") {
    CHECK(compare(0.0, 1e-3).verdict == Verdict::agree);
    CHECK(compare(1e-3, 1e-3).verdict == Verdict::agree);
    // One moment of four, 5 standard errors off.
    CHECK(compare(5e-3, 1e-3).verdict == Verdict::disagree);
    CHECK(compare(-5e-3, 1e-3).verdict == Verdict::disagree);
    CHECK(says(compare(5e-3, 1e-3).note, "1 of 4 errors differ from 0"));
    CHECK(compare(5e-3, 1e-3).estimate.value == 5e-3);
    // Consistent with 0, but 0.02 would not be seen.
    Comparison const wide = compare(0.0, 1e-2);
    CHECK(wide.verdict == Verdict::undecided);
    // Seen at 99 %: a half-width of about 2.56 and 2.33 standard errors more, 0.05, and 0.02 asks for
    // 1.5 times 6400 more at least.
    CHECK(wide.more_trajectories > 1.5 * 6400);
    CHECK(wide.more_trajectories < 10.0 * 6400);
    // No moment, no verdict.
    Spec const spec = load();
    CHECK(compare_law(spec.claims.at(0), learning_rate_ladders(spec).at(0), {}, 0.95).verdict ==
          Verdict::out_of_domain);
}

TEST_CASE("Spec: an SDE with the law of the iterates takes an exact scheme and claims no order") {
    CHECK(problem().empty());
    CHECK(says(problem("exact_ou", "euler_maruyama"),
               "compare.scheme = \"euler_maruyama\" (must be \"exact_ou\": ou_interpolant has the "
               "law of the iterates"));
    CHECK(says(problem("is = inf, detects = 0.02", "is = 1"),
               "ou_interpolant has the law of the iterates and no order: claim order = { is = inf, "
               "detects = 0.01 }"));
    CHECK(says(problem("substeps = 4", "substeps = 1"), "compare.substeps = 1 (must be >= 2"));
    CHECK(says(problem("[\"ou_interpolant\"]", "[\"ou_interpolant\", \"modified_1\"]"),
               "compare them in two experiments"));
    CHECK(says(problem("is = inf, detects = 0.02", "is = inf"), "missing claim[0].order.detects"));
    CHECK(says(problem("is = inf, detects = 0.02", "is = 5"), "or inf: the same law"));
    CHECK(says(problem("is = inf, detects = 0.02", "is = 1, detects = 0.02"), "unless is = inf"));
    CHECK(says(problem("is = inf,", "is = inf, fit = [1, 2],"), "have no powers"));
    // The same claim about an SDE of finite order.
    std::string text = interpolant;
    for (std::size_t at; (at = text.find("ou_interpolant")) != std::string::npos;)
        text.replace(at, 14, "modified_1");
    text.replace(text.find("exact_ou"), 8, "platen_weak2");
    try {
        load_spec({text, "test.toml", "test"}, {}, Level::standard);
        CHECK(false);
    } catch (InputError const& error) {
        CHECK(says(error.what(), "modified_1 has a finite order"));
    }
}

}  // namespace same_law_test
