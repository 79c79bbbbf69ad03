// SPDX-License-Identifier: Apache-2.0
// The escape rate as the product counts it, at a barrier so low that the start is forgotten late.
#include <doctest/doctest.h>

#include "estimators/exponentiality.hpp"
#include "estimators/passage_rate.hpp"
#include "experiments/kinds/escape.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"
#include "experiments/settling.hpp"
#include "experiments/tables.hpp"
#include "tests/statistical/ensembles.hpp"

namespace settling_statistics_test {
using namespace kramers;
using namespace kramers::test;

namespace {

char const* const text = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = { barrier_over = 2 } }
scheme    = { name = "euler_maruyama", dt = 0.02, crossing = "bridge" }
ensemble  = { trajectories = 270_000, max_time = inf, seed = 1 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)";

}  // namespace

TEST_CASE("Escape rate: at barrier/T = 2 a run finds the exact rate to 2.5 %") {
    Spec const spec =
        load_spec({text, "test.toml", "test"}, {"ensemble.seed=" + std::to_string(seed(170))});
    Cell const& cell = spec.cells.front();
    PassageTally tally;
    Simulate const keep = [&](Plan const& plan, std::string const&) {
        Tallies tallies = simulate(plan);
        tally = std::get<PassageTally>(tallies.tally);
        return tallies;
    };
    CellTables tables{
        tables::passage(), tables::survival(),     tables::density(),    tables::density2d(),
        tables::regions(), tables::covariance({}), tables::weak_error(), {}};
    CellAnswers const answers = run_escape(cell, keep, tables);
    // The step makes the chain 0.8 % quicker: read off the two exact means.
    theory::Query const query = make_query(cell);
    auto const exact = [&](char const* name, Estimand const& estimand) {
        return predict(cell, name, estimand, query).prediction->value;
    };
    double const rate = exact("quadrature", EscapeRate{"other"}) *
                        exact("quadrature", MeanFirstPassage{"other"}) /
                        exact("discrete_chain", MeanFirstPassage{"other"});
    // False positives 1e-6; 99 % power against an error of 2.5 %.
    Estimate const seen = the(answers.estimate(EscapeRate{"other"}));
    CHECK_PASSES(check_consistent(seen, rate, 0.025 * rate));
    PassageQuery const steps{cell.dt.front(), any_target, Stamp::middle_of_step};
    CHECK(test_exponentiality(tally, steps, settling_time(cell)).p_value > significance);

    // Broken twin: three relaxation times of the well leave 3.2 %, and the law is not exponential.
    double const early = 3.0 / fact(cell, "min_curvature");
    CHECK_REJECTS(check_consistent(the(passage_rate(tally, steps, early)), rate, 0.025 * rate));
    CHECK(test_exponentiality(tally, steps, early).p_value < significance);
}

}  // namespace settling_statistics_test
