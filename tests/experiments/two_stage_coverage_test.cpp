// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "estimators/mean_passage.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"
#include "experiments/two_stage.hpp"
#include "gpu/simulate.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/statistics.hpp"

namespace two_stage_coverage_test {
using namespace kramers;
using namespace kramers::test;

namespace {

constexpr std::uint64_t trials = 2000;

char const* const text = R"(
kind = "escape"
landscape = { name = "double_well", half_width = 1.0, barrier = 0.25 }
dynamics = { name = "overdamped", temperature = 0.5 }
scheme = { name = "euler_maruyama", dt = 0.1, crossing = "endpoint" }
ensemble = { trajectories = 128, seed = 1 }
start = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)";

/// Times to the other well, and the exact mean of the chain that makes them.
struct Chain {
    Cell cell = load_spec({text, "chain.toml", "chain"}, {}).cells.front();
    double truth = predict(cell, "discrete_chain", MeanFirstPassage{"other"}, make_query(cell))
                       .prediction.value()
                       .value;

    PassageTally simulated(Cell const& of) const {
        Controls controls;
        controls.backend = Backend::cpu;
        controls.threads = 1;
        return std::get<PassageTally>(simulate(make_plan(of, 0, 0), controls).tally);
    }
    Estimate estimated(PassageTally const& tally) const {
        PassageQuery query;
        query.dt = cell.dt.front();
        return mean_passage(tally, query).estimate.value();
    }
    bool covered(Estimate const& e) const { return e.lower <= truth && truth <= e.upper; }
    Cell with(std::uint64_t trajectories, std::uint64_t number) const {
        Cell other = cell;
        other.trajectories = trajectories;
        other.seed = seed(1000 + number);
        return other;
    }
    std::vector<double> times(std::uint64_t trajectories, std::uint64_t number) const {
        std::vector<double> all;
        for (auto const slot : simulated(with(trajectories, number)).slots)
            all.push_back(static_cast<double>(slot.step()) * cell.dt.front());
        return all;
    }
};

/// Mean and 95 % half-width of the first n times.
struct Running {
    double n = 0.0, sum = 0.0, squares = 0.0;
    void add(double time) {
        n += 1.0;
        sum += time;
        squares += time * time;
    }
    double mean() const { return sum / n; }
    double half_width() const {
        return 1.96 * std::sqrt((squares - sum * sum / n) / (n - 1.0) / n);
    }
};

}  // namespace

// Each check: false positives 1e-6 per fresh seed; 2000 trials see a coverage of 0.910 or less and of
// 0.980 or more in 99 of 100 seeds (0.95 is promised; 1849 to 1944 pass).
TEST_CASE("two stages: the final intervals hold the exact value at the nominal rate") {
    Chain const chain;
    std::uint64_t held = 0, narrow = 0;
    for (std::uint64_t k = 0; k < trials; ++k) {
        Cell const first = chain.with(128, k);
        Estimate const pilot = chain.estimated(chain.simulated(first));
        Cell const second = second_stage(first, pilot, 0.0, {0.1, 0.0});
        Estimate const final = chain.estimated(chain.simulated(second));
        held += chain.covered(final) ? 1 : 0;
        narrow += final.upper - final.lower <= 2.0 * 0.1 * final.value ? 1 : 0;
    }
    CAPTURE(narrow);
    CHECK(check_frequency(held, trials, 0.95));
    CHECK(check_at_least(narrow, trials, 0.85));  // 9 of 10 for normal data; here exponential
}

TEST_CASE("two stages: stopping at the first narrow interval is seen to cover too rarely") {
    // The twin that looks: one more trajectory until the interval of all so far is ±30 %.
    Chain const chain;
    std::vector<double> const times = chain.times(200'000, 7);
    std::uint64_t held = 0;
    std::size_t next = 0;
    for (std::uint64_t k = 0; k < trials; ++k) {
        Running run;
        while (run.n < 8.0 || run.half_width() > 0.3 * run.mean()) run.add(times.at(next++));
        held += std::abs(run.mean() - chain.truth) <= run.half_width() ? 1 : 0;
    }
    CHECK_FALSE(check_frequency(held, trials, 0.95));
}

TEST_CASE("two stages: an ensemble that ends with its 9th exit of 10 is seen to be biased") {
    Chain const chain;
    std::uint64_t held = 0;
    std::vector<double> const times = chain.times(100 * trials, 8);
    for (std::uint64_t k = 0; k < trials; ++k) {
        std::vector<double> some(times.begin() + static_cast<std::ptrdiff_t>(100 * k),
                                 times.begin() + static_cast<std::ptrdiff_t>(100 * (k + 1)));
        std::sort(some.begin(), some.end());
        Running run;
        for (std::size_t i = 0; i < 90; ++i) run.add(some[i]);
        held += std::abs(run.mean() - chain.truth) <= run.half_width() ? 1 : 0;
    }
    CHECK_FALSE(check_frequency(held, trials, 0.95));
}

}  // namespace two_stage_coverage_test
