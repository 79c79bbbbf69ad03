// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "experiments/kinds/race.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/quench.hpp"
#include "experiments/race_summary.hpp"
#include "experiments/race_theory.hpp"
#include "experiments/runner.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/theory/catalogue.hpp"
#include "sde/theory/deterministic.hpp"

namespace race_test {
using namespace kramers;

namespace {

char const* const small_race = R"(
kind = "race"
landscape = { name = "tilted_double_well", half_width = 1.0, barrier = 0.25, tilt = -0.05 }
ensemble = { trajectories = 256, seed = 3 }
start = { point = "minimum.left" }
goal = { basin = "minimum.right" }
evaluations = 200
grid = { intensity = [1.0, 16.0], learning_rate = [0.05, 0.1] }
[[entrant]]
name = "none"
dynamics = { name = "sgd" }
noise = { law = "none" }
[[entrant]]
name = "isotropic"
dynamics = { name = "sgd" }
noise = { law = "gaussian" }
intensity = "noise.gradient_variance"
[[entrant]]
name = "annealed"
dynamics = { name = "sgd" }
noise = { law = "gaussian" }
intensity = "noise.gradient_variance"
grid = { decay = [0.0, 0.5] }
scale = { intensity = 2.0 }
[[claim]]
sentence = "noise helps"
estimand = { success_probability = { entrant = "isotropic" } }
exceeds = "none"
by = 0.1
[[claim]]
sentence = "noise always succeeds"
estimand = { success_probability = { entrant = "isotropic" } }
exceeds = 0.999
expect = "disagree"
)";

Spec race(std::vector<std::string> const& changes = {}) {
    return load_spec({small_race, "small.toml", "small"}, changes);
}

std::string problem(std::string const& change) {
    try {
        race({change});
    } catch (InputError const& error) { return error.what(); }
    return "";
}

RunOutput run(Spec const& spec, int threads) {
    RunSettings settings;
    settings.controls.backend = Backend::cpu;
    settings.controls.threads = threads;
    return run_spec(spec, settings);
}

RaceOutcome outcome(int cell, std::uint64_t successes, std::uint64_t trials) {
    RaceOutcome o;
    o.cell = cell;
    o.success = proportion(successes, trials);
    return o;
}

/// Points of a box that ends up at another minimum than that of its cell of the Rastrigin lattice.
int misled(double tolerance) {
    auto const potential = make_potential("rastrigin", 2, {1.0});
    int wrong = 0;
    for (int i = 0; i < 23; ++i)
        for (int j = 0; j < 23; ++j) {
            Eigen::Vector2d const x(-1.437 + 0.13 * i, -1.42 + 0.13 * j);
            Quenched const q = quench(*potential, x, tolerance);
            bool same = q.converged;
            // The flow of a separable landscape keeps its order: no saddle is crossed.
            for (int c = 0; c < 2; ++c) {
                double const slope = potential->coordinate_slope(c, x[c]);
                same = same && slope * (q.point[c] - x[c]) <= 0.0;
                for (int k = 1; k < 64; ++k) {
                    double const y = x[c] + (q.point[c] - x[c]) * k / 64.0;
                    same = same && slope * potential->coordinate_slope(c, y) > 0.0;
                }
            }
            wrong += !same;
        }
    return wrong;
}

}  // namespace

TEST_CASE("Quench: it ends in the minimum of the basin it starts in") {
    CHECK(misled(1e-5) == 0);
    CHECK(misled(1e3) > 0);  // the twin: steps as long as it likes
}

TEST_CASE("Quench: it is the gradient flow after a long time") {
    auto const valley = make_potential("widening_valley", 2, {0.1, 0.5, 1.0, 1.0});
    auto const bent = make_potential("rosenbrock", 2, {1.0, 5.0});
    for (auto const& [potential, x, time] : {std::tuple{valley, Eigen::Vector2d(1.5, 2.0), 400.0},
                                             std::tuple{bent, Eigen::Vector2d(-1.0, 1.5), 200.0}}) {
        Quenched const q = quench(*potential, x);
        Eigen::VectorXd const flow = theory::gradient_flow(*potential, x, time);
        CHECK(q.converged);
        CHECK((q.point - flow).norm() < 1e-6);
        CHECK(q.curvature ==
              doctest::Approx(potential->hessian(flow).eigenvalues().real().maxCoeff())
                  .epsilon(1e-6));
        CHECK((q.point - x).norm() > 1.0);
    }
    // On a saddle the flow stays: no minimum.
    auto const wells = make_potential("flat_sharp", 1, {1.0, 5.0, 0.25, 0.25, 1.0});
    CHECK_FALSE(quench(*wells, Eigen::VectorXd::Constant(1, 0.0)).converged);
    CHECK(quench(*wells, Eigen::VectorXd::Constant(1, -0.01)).converged);
    // A floor of equal height: no point of it is special, and the flow stops on it.
    auto const floor = make_potential("widening_valley", 2, {0.0, 0.5, 1.0, 1.0});
    Eigen::Vector2d const x(0.3, 0.8);
    Quenched const q = quench(*floor, x);
    Eigen::VectorXd const flow = theory::gradient_flow(*floor, x, 200.0);
    CHECK(q.converged);
    CHECK((q.point - flow).norm() < 1e-4);
}

TEST_CASE("Race: means by group, proportions and censored medians") {
    std::vector<double> values(128);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0 ? 1.0 : 3.0;
    values[5] = std::nan("");
    Estimate const mean = *group_mean(values).estimate;
    CHECK(mean.value == doctest::Approx((64.0 + 63.0 * 3.0) / 127.0).epsilon(1e-14));
    CHECK(mean.diverged == 1);
    CHECK_FALSE(group_mean({std::nan(""), std::nan("")}).estimate);

    Estimate const half = proportion(5, 10);
    CHECK(half.lower == doctest::Approx(0.1870860284474045).epsilon(1e-9));  // clopper1934
    CHECK(half.upper == doctest::Approx(0.8129139715525955).epsilon(1e-9));

    // 100 of 400 arrived: the median is not known, nor is any end of its interval.
    std::vector<double> times(100);
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<double>(i + 1);
    CHECK(std::isinf(censored_median(times, 400).lower));
    // Of 160 the 80th is; the interval runs from rank 67 to 94: 80 ∓ 1.96·√160/2 = 80 ∓ 12.4.
    CensoredQuantile const median = censored_median(times, 160);
    CHECK(median.value == 80.0);
    CHECK(median.lower == 67.0);
    CHECK(median.upper == 94.0);
    CHECK(std::isinf(censored_median(times, 180).upper));  // rank 105 of 100
}

TEST_CASE(
    "Race: cells that may be the best are those whose intervals reach the highest lower end") {
    std::vector<RaceOutcome> const cells{outcome(3, 90, 100), outcome(4, 84, 100),
                                         outcome(7, 40, 100), outcome(9, 95, 100)};
    std::vector<RaceOutcome const*> pointers;
    for (RaceOutcome const& o : cells) pointers.push_back(&o);
    CHECK(not_worse_than_best(pointers) == std::vector<int>{3, 4, 9});
    std::vector<RaceOutcome> more = cells;  // ten times the data: 84 and 95 % can be told apart
    for (RaceOutcome& o : more) o.success = proportion(10 * o.success.arrived, 1000);
    for (std::size_t i = 0; i < more.size(); ++i) pointers[i] = &more[i];
    CHECK(not_worse_than_best(pointers) == std::vector<int>{9});
}

TEST_CASE("Race: the cells are entrants x intensities x decays x learning rates") {
    Spec const spec = race();
    REQUIRE(spec.cells.size() == 2 + 4 + 8);
    CHECK(entrants_of(spec) == std::vector<std::string>{"none", "isotropic", "annealed"});
    CHECK(std::isnan(spec.cells[0].race.intensity));
    CHECK(spec.cells[2].facts.at("gradient_variance") == 1.0);
    CHECK(spec.cells[3].learning_rate == 0.1);
    Cell const& last = spec.cells[13];
    CHECK(last.race.intensity == 32.0);
    CHECK(last.facts.at("gradient_variance") == 32.0);  // scale = { intensity = 2.0 }
    CHECK(last.race.decay == 0.5);
    CHECK(coordinate::schedule_factor(last.noise_schedule, 20.0) ==
          doctest::Approx(std::sqrt(0.5)));  // decay_steps: a tenth of the evaluations
    CHECK(coordinate::is_constant(spec.cells[6].noise_schedule));
    for (Cell const& cell : spec.cells) {
        CHECK(cell.snapshots.burn_in == 200);
        CHECK(std::get<SnapshotPlan>(make_plan(cell, 0, 0).observe).keep_final);
    }
    Spec const again = load_spec({spec.resolved, "spec.toml", "other"});
    CHECK(load_spec({again.resolved, "spec.toml", "third"}).resolved == again.resolved);
    CHECK(again.cells.size() == spec.cells.size());
}

TEST_CASE("Race: what is wrong is said") {
    CHECK(problem("goal=\"here\"").find("region") != std::string::npos);
    CHECK(problem("sweep.ensemble.seed=[1, 2]").find("sweep has no place in a race") !=
          std::string::npos);
    CHECK(problem("grid.intensity=[-1.0]").find("must be numbers >= 0") != std::string::npos);
    CHECK(problem("grid.colour=[1.0]").find("colour") != std::string::npos);
    CHECK(problem("evaluations=0").find("evaluations") != std::string::npos);
    CHECK(problem("entrant=[]").find("[[entrant]]") != std::string::npos);
    CHECK(problem("kind=\"escape\"").find("belongs to kind = \"race\"") != std::string::npos);
    std::string text = small_race;
    text.replace(text.find("exceeds = \"none\""), 16, "exceeds = \"nine\"");
    CHECK_THROWS_AS(load_spec({text, "small.toml", "small"}), InputError);
}

TEST_CASE("Race: the predicted arrival at constant noise is that of the exact mean time") {
    Spec const spec = race();
    Cell const& cell = spec.cells[5];  // variance 16, rate 0.1: T = 0.8
    RaceTheory const constant = race_theory(cell);
    theory::Query query;
    query.potential = cell.potential.get();
    query.temperature = 0.8;
    query.start = {cell.start_point[0]};
    query.regions["goal"] = cell.regions.front().region;
    double const tau =
        theory::predict("quadrature", MeanFirstPassage{"goal"}, query).prediction->value;
    REQUIRE(constant.arrival);
    CHECK(*constant.mean_time == doctest::Approx(tau / 0.1).epsilon(1e-12));
    CHECK(*constant.arrival == doctest::Approx(1.0 - std::exp(-200.0 * 0.1 / tau)).epsilon(1e-9));
    // Annealing from the same temperature arrives less often, and gradient descent has no formula.
    Cell annealed = cell;
    annealed.noise_schedule = coordinate::annealed_noise(20.0, 1.1);
    CHECK(*race_theory(annealed).arrival < *constant.arrival);
    CHECK_FALSE(race_theory(spec.cells[0]).arrival);
}

TEST_CASE("Race: a run has the same tables with any threads, and its best cells are run afresh") {
    Spec const spec = race();
    RunOutput const one = run(spec, 1), two = run(spec, 2);
    CHECK(one.files.at("race.csv") == two.files.at("race.csv"));
    CHECK(one.files.at("best.csv") == two.files.at("best.csv"));
    CHECK_FALSE(run(race({"ensemble.seed=4"}), 2).files.at("race.csv") == one.files.at("race.csv"));
    CHECK(one.passed());
    REQUIRE(one.report.claims.size() == 2);
    CHECK(one.report.claims[0].comparison.verdict == Verdict::agree);
    CHECK(one.report.claims[1].comparison.verdict == Verdict::disagree);
    // Gradient descent stays: no success, and the minimum it started in.
    std::string const& race_csv = one.files.at("race.csv");
    CHECK(race_csv.find("\n0,none,,,") != std::string::npos);
    for (int e = 0; e < 3; ++e) CHECK(fresh_cell(spec.cells[4], e).seed != spec.cells[4].seed);
}

TEST_CASE("Race: the printed summary has the best entrant first, with its cell") {
    Spec spec;
    spec.cells.resize(2);
    for (int c = 0; c < 2; ++c) spec.cells[static_cast<std::size_t>(c)].race.intensity = 2.0 + c;
    std::vector<BestCell> best(2);
    best[0].entrant = "slow";
    best[0].fresh.success = proportion(10, 100);
    best[1].entrant = "fast";
    best[1].cell = 1;
    best[1].searched = 9;
    best[1].not_worse = {1, 0};
    best[1].fresh.success = proportion(90, 100);
    best[1].naive.success = proportion(99, 100);
    best[1].fresh.median_time = {120.0, 100.0, 140.0};
    std::string const text = race_summary(spec, best);
    CHECK(text.find("fast") < text.find("slow"));
    CHECK(text.find("0.900 [") != std::string::npos);  // of the fresh ensemble,
    CHECK(text.find("0.990") == std::string::npos);    // not what it was chosen by
    CHECK(text.find(" 120 ") != std::string::npos);
    CHECK(text.find("intensity 3") != std::string::npos);
    CHECK(text.find("(9, 2)") != std::string::npos);
}

}  // namespace race_test
