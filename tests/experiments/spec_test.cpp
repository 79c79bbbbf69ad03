// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "experiments/catalogue.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/where.hpp"

namespace spec_test {
namespace {

using namespace kramers;

Spec load(std::string const& text, std::vector<std::string> const& overrides = {},
          Level level = Level::standard) {
    return load_spec({text, "test.toml", "test"}, overrides, level);
}

std::string const escape = R"(kind = "escape"
landscape = { name = "double_well", half_width = 1.0, barrier = 0.25 }
dynamics  = { name = "overdamped" }
scheme    = { name = "euler_maruyama", dt = 0.02, dt_ladder = 3, crossing = "bridge" }
ensemble  = { trajectories = 20_000, max_time = inf, seed = 7 }
start     = { point = "minimum.left" }
regions.other  = { half_space = [1.0], offset = "minimum.right" }
regions.saddle = { half_space = [1.0], offset = "saddle" }
sweep."dynamics.temperature" = { barrier_over = [2, 3, 4] }
quick."ensemble.trajectories" = 500
[[claim]]
sentence  = "s"
estimand  = { mean_first_passage = { to = "other" } }
against   = "quadrature"
tolerance = 0.02
quick     = { tolerance = 0.2 }
[[claim]]
id        = "refuted"
sentence  = "s"
estimand  = { mean_first_passage = { to = "other" } }
against   = "kramers"
tolerance = 0.05
where     = "barrier / temperature == 3"
expect    = "disagree"
)";

std::string const sgd = R"(kind = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 50.0] }
dynamics  = { name = "sgd", batch_size = 8 }
noise     = { law = "gaussian", gradient_variance = 4.0 }
ensemble  = { trajectories = 1000 }
start     = { point = [0.0, 0.0] }
burn_in   = { relaxation_times = 10 }
sweep."dynamics.learning_rate" = { over_max_curvature = [0.02, 1.9] }
[[claim]]
sentence  = "s"
estimand  = { stationary_covariance = { component = "stiffest" } }
against   = "sgd_discrete"
tolerance = 0.01
[[claim]]
sentence  = "s"
estimand  = { stationary_covariance = { component = "softest" } }
against   = "ou_limit"
tolerance = 0.01
)";

std::string region_spec(std::string const& landscape, std::string const& start,
                        std::string const& region) {
    return "kind = \"escape\"\nlandscape = " + landscape +
           "\ndynamics = { name = \"overdamped\", temperature = 0.1 }\nscheme = { dt = 0.001 }\n"
           "ensemble = { trajectories = 128 }\nstart = " +
           start + "\nregions.a = " + region + "\n";
}
Region region(std::string const& landscape, std::string const& start, std::string const& text) {
    return load(region_spec(landscape, start, text)).cells.at(0).regions.at(0).region;
}

bool same_plan(Plan const& a, Plan const& b) {
    bool same = a.key == b.key && a.landscape == b.landscape && a.dynamics == b.dynamics &&
                a.dt == b.dt && a.start == b.start && a.trajectories == b.trajectories &&
                a.seed == b.seed && a.divergence_bound == b.divergence_bound &&
                a.noise_refinement == b.noise_refinement && a.observe.index() == b.observe.index();
    if (!same) return false;
    if (auto const* p = std::get_if<PassagePlan>(&a.observe)) {
        auto const& q = std::get<PassagePlan>(b.observe);
        return p->targets == q.targets && p->crossing == q.crossing &&
               p->max_steps == q.max_steps && p->noise_amplitude == q.noise_amplitude;
    }
    auto const& p = std::get<SnapshotPlan>(a.observe);
    auto const& q = std::get<SnapshotPlan>(b.observe);
    same = p.burn_in == q.burn_in && p.snapshots == q.snapshots && p.stride == q.stride &&
           p.regions == q.regions && p.lagged == q.lagged && p.origin == q.origin &&
           p.moment_scale == q.moment_scale && p.histograms.size() == q.histograms.size();
    for (std::size_t k = 0; same && k < p.histograms.size(); ++k)
        same = p.histograms[k].axis_x == q.histograms[k].axis_x &&
               p.histograms[k].axis_y == q.histograms[k].axis_y &&
               p.histograms[k].lower_x == q.histograms[k].lower_x &&
               p.histograms[k].upper_x == q.histograms[k].upper_x &&
               p.histograms[k].cells() == q.histograms[k].cells();
    return same;
}

bool same_runs(Spec const& a, Spec const& b) {
    if (a.name != b.name || a.kind != b.kind || a.cells.size() != b.cells.size()) return false;
    for (std::size_t k = 0; k < a.cells.size(); ++k) {
        Cell const& p = a.cells[k];
        Cell const& q = b.cells[k];
        if (p.swept != q.swept || p.facts != q.facts || p.targets != q.targets || p.dt != q.dt)
            return false;
        for (int level = 0; level < static_cast<int>(p.dt.size()); ++level)
            for (int t = 0; t < std::max(1, static_cast<int>(p.targets.size())); ++t)
                if (!same_plan(make_plan(p, level, t), make_plan(q, level, t))) return false;
    }
    if (a.claims.size() != b.claims.size()) return false;
    for (std::size_t k = 0; k < a.claims.size(); ++k)
        if (a.claims[k].id != b.claims[k].id || a.claims[k].tolerance != b.claims[k].tolerance ||
            a.claims[k].where != b.claims[k].where || a.claims[k].expect != b.claims[k].expect)
            return false;
    return true;
}

}  // namespace

TEST_CASE("Spec: temperatures from a barrier, in the order written") {
    Spec const spec = load(escape);
    REQUIRE(spec.cells.size() == 3);
    // barrier/T = 2, 3, 4 with barrier 0.25
    CHECK(spec.cells[0].temperature == doctest::Approx(0.125).epsilon(1e-14));
    CHECK(spec.cells[1].temperature == doctest::Approx(0.25 / 3.0).epsilon(1e-14));
    CHECK(spec.cells[2].temperature == doctest::Approx(0.0625).epsilon(1e-14));
    CHECK(std::get<double>(spec.cells[2].swept.at(0).second) == spec.cells[2].temperature);
    CHECK(spec.cells[0].swept.at(0).first == "dynamics.temperature");
    CHECK(spec.cells[0].facts.at("barrier") == doctest::Approx(0.25).epsilon(1e-12));
}

TEST_CASE("Spec: a dt ladder starts at the given dt and doubles, on common noise") {
    Cell const cell = load(escape).cells[0];
    CHECK(cell.dt == std::vector<double>{0.02, 0.04, 0.08});
    Plan const coarse = make_plan(cell, 2, 0);
    CHECK(coarse.dt == 0.08);
    CHECK(coarse.noise_refinement == 4);
    auto const& passage = std::get<PassagePlan>(coarse.observe);
    CHECK(passage.crossing == Crossing::bridge);
    CHECK(passage.noise_amplitude == doctest::Approx(std::sqrt(2.0 * 0.125)));
    CHECK(passage.max_steps == (std::uint64_t{1} << 38));  // inf: 2^40 fine steps
}

TEST_CASE("Spec: a censoring time is as many steps as fit, on every rung") {
    Cell const cell = load(escape, {"ensemble.max_time=10"}).cells[0];
    CHECK(cell.max_steps == 500);  // 10 / 0.02
    CHECK(std::get<PassagePlan>(make_plan(cell, 0, 0).observe).max_steps == 500);
    CHECK(std::get<PassagePlan>(make_plan(cell, 2, 0).observe).max_steps == 125);
    CHECK(load(escape, {"ensemble.max_steps=300"}).cells[0].max_time == doctest::Approx(6.0));
}

TEST_CASE("Spec: only the targets that claims ask for stop a trajectory, unless named") {
    CHECK(load(escape).cells[0].targets == std::vector<std::string>{"other"});
    CHECK(load(escape, {"targets=[\"saddle\", \"other\"]"}).cells[0].targets ==
          std::vector<std::string>{"saddle", "other"});
}

TEST_CASE("Spec: SGD's temperature is eta sigma^2 / (2B) and its clock eta") {
    Spec const spec = load(sgd);
    // eta = 0.02/50 = 4e-4, sigma^2 = 4, B = 8: T = 4e-4 * 4 / 16 = 1e-4
    CHECK(spec.cells[0].learning_rate == doctest::Approx(4e-4).epsilon(1e-14));
    CHECK(spec.cells[0].temperature == doctest::Approx(1e-4).epsilon(1e-14));
    CHECK(spec.cells[0].temperature < 1.5e-4);  // 2e-4: the half forgotten
    CHECK(spec.cells[0].scheme == "iterate");
    std::string notes;
    for (std::string const& note : spec.cells[0].notes) notes += note + "\n";
    CHECK(notes.find("T = eta sigma^2/(2B) = 0.0001") != std::string::npos);
    CHECK(notes.find("t = eta k") != std::string::npos);
}

TEST_CASE("Spec: burn-in counts relaxation times of the slowest mode of the discrete map") {
    Spec const spec = load(sgd);
    // eta h: slow mode 4e-4 → -1/ln(1 - 4e-4) = 2499.5 steps; ten of them, rounded up
    CHECK(spec.cells[0].snapshots.burn_in == 24995);
    // eta h = 1.9 and 0.038: the soft mode is still the slower, -1/ln(0.962) = 25.8
    CHECK(spec.cells[1].snapshots.burn_in == 259);
}

TEST_CASE("Spec: stiffest and softest are coordinates of the landscape") {
    Spec const spec = load(sgd);
    CHECK(std::get<StationaryCovariance>(spec.claims[0].estimand).i == 1);
    CHECK(std::get<StationaryCovariance>(spec.claims[0].estimand).j == 1);
    CHECK(std::get<StationaryCovariance>(spec.claims[1].estimand).i == 0);
}

TEST_CASE("Spec: an unstable learning rate runs when it is asked for") {
    CHECK_THROWS_AS(load(sgd, {"dynamics.learning_rate=0.04"}), InputError);  // 0.04 * 50 = 2
    CHECK_NOTHROW(load(sgd, {"dynamics.learning_rate=0.0399"}));
    Spec const spec = load(
        sgd, {"dynamics.learning_rate=0.04", "dynamics.allow_unstable=true", "burn_in.steps=100"});
    CHECK(spec.cells[0].snapshots.burn_in == 100);
}

TEST_CASE("Spec: regions by numbers and by names") {
    std::string const well = R"({ name = "double_well" })", left = R"({ point = "minimum.left" })";
    CHECK(region(well, left, R"({ half_space = [2.0], offset = "minimum.right", shift = 0.5 })") ==
          Region{RegionKind::half_space, {1.0}, 1.5, {}, false});
    CHECK(region(well, left, "{ half_space = [2.0], offset = 3.0 }") ==
          Region{RegionKind::half_space, {1.0}, 1.5, {}, false});  // 2x >= 3
    CHECK(region(well, left, R"({ ball = "minimum.right", radius = 0.2 })") ==
          Region{RegionKind::ball, {1.0}, 0.0, {0.2}, false});
    CHECK(region(well, left, "{ box = [[-2.0, 0.0]], complement = true }") ==
          Region{RegionKind::box, {-1.0}, 0.0, {1.0}, true});
    CHECK(region(well, left, "{ lower = [0.0], upper = [2.0] }") ==
          Region{RegionKind::box, {1.0}, 0.0, {1.0}, false});
    Region const half_line = region(well, left, R"({ basin = "right" })");
    CHECK(half_line.kind == RegionKind::half_space);
    CHECK(half_line.offset == doctest::Approx(0.0));  // the saddle
    std::string const bumps = R"({ name = "rastrigin", dim = 2, amplitude = 10.0 })";
    Region const box =
        region(bumps, R"({ point = "minimum.x+" })", R"({ basin = "minimum.global" })");
    REQUIRE(box.kind == RegionKind::box);
    // 2x + 2 pi A sin(2 pi x) = 0 near 1/2, A = 10: x = 0.50255 (to 5 digits)
    CHECK(box.a[0] == doctest::Approx(0.0));
    CHECK(box.extent[0] == doctest::Approx(0.50255).epsilon(1e-5));
    CHECK(box.extent[1] == doctest::Approx(0.50255).epsilon(1e-5));
}

TEST_CASE("Spec: a Gibbs start in a well stays in it") {
    std::string text = escape;
    text.replace(text.find("{ point = \"minimum.left\" }"), 26, "{ gibbs = \"left\" }        ");
    Cell const cell = load(text).cells[0];
    REQUIRE(cell.start.kind == StartKind::quantile_table);
    CHECK(cell.start.table.back() <= 1e-9);  // the saddle at 0
    std::size_t const middle = cell.start.table.size() / 2;
    CHECK(cell.start.table[middle] == doctest::Approx(-0.9).epsilon(0.1));
    CHECK(cell.start_name == "gibbs in minimum.left");
}

TEST_CASE("Spec: conditions select cells up to rounding") {
    Spec const spec = load(escape);
    CHECK(spec.claims[1].id == "test.refuted");
    // T = 0.25/3 is not a binary number: == must forgive its rounding
    CHECK_FALSE(applies(spec.claims[1], spec.cells[0]));
    CHECK(applies(spec.claims[1], spec.cells[1]));
    CHECK_FALSE(applies(spec.claims[1], spec.cells[2]));
    CHECK(applies(spec.claims[0], spec.cells[2]));
}

TEST_CASE("Spec: quick changes sizes, sweeps and what a claim tolerates") {
    Spec const spec = load(escape, {}, Level::quick);
    CHECK(spec.cells[0].trajectories == 500);
    CHECK(spec.claims[0].tolerance == 0.2);
    CHECK(load(escape).claims[0].tolerance == 0.02);
    CHECK(load(escape).cells[0].trajectories == 20'000);
}

TEST_CASE("Spec: an override beats the file and quick, and ends a sweep") {
    CHECK(load(escape, {"ensemble.trajectories=900"}, Level::quick).cells[0].trajectories == 900);
    Spec const one = load(escape, {"dynamics.temperature=0.1"});
    CHECK(one.cells.size() == 1);
    CHECK(one.claims.size() == 1);  // the other one's cell is gone
    CHECK(load(escape, {"sweep.dynamics.temperature=[0.1, 0.2]"}).cells.size() == 2);
    CHECK(load(sgd, {"burn_in.time=1"}).cells[0].snapshots.burn_in == 2500);  // replaces the other
    CHECK(load(escape, {"ensemble.precision=float"}).cells[0].precision == Precision::single);
    CHECK(load(escape, {"sweep.dynamics.temperature=log(0.1,0.4,3)"}).cells[1].temperature ==
          doctest::Approx(0.2).epsilon(1e-14));
}

TEST_CASE("Spec: several swept keys are a product, the last one fastest") {
    Spec const spec = load(escape, {"sweep.scheme.crossing=[\"endpoint\", \"bridge\"]"});
    REQUIRE(spec.cells.size() == 6);
    CHECK(spec.cells[0].crossing == Crossing::endpoint);
    CHECK(spec.cells[1].crossing == Crossing::bridge);
    CHECK(spec.cells[0].temperature == spec.cells[1].temperature);
    CHECK(std::get<std::string>(spec.cells[1].swept.at(1).second) == "bridge");
}

TEST_CASE("Spec: the resolved text repeats the run") {
    for (Level const level : {Level::standard, Level::quick})
        for (CatalogueEntry const& entry : catalogue()) {
            CAPTURE(std::string(entry.name));
            Spec const spec = load_spec(open_spec(std::string(entry.name)), {}, level);
            Spec const again = load_spec({spec.resolved, "spec.toml", "another_name"});
            CHECK(same_runs(spec, again));
            Spec const third = load_spec({again.resolved, "spec.toml", "another_name"});
            CHECK(third.resolved == again.resolved);
        }
    Spec const product = load(escape, {"sweep.scheme.dt=[0.01, 0.005]", "scheme.dt_ladder=1"});
    CHECK(product.resolved.find("[[case]]") != std::string::npos);
    CHECK(same_runs(product, load_spec({product.resolved, "spec.toml", "x"})));
    CHECK_FALSE(same_runs(product, load(escape)));  // the comparison itself can fail
    CHECK_FALSE(same_runs(load(escape), load(escape, {"ensemble.seed=8"})));
    CHECK_FALSE(same_runs(load(sgd), load(sgd, {"burn_in.relaxation_times=11"})));
}

TEST_CASE("Spec: the resolved text says where its values come from") {
    std::string const text = load(escape, {"ensemble.seed=3"}, Level::quick).resolved;
    CHECK(text.find("seed = 3  # command line") != std::string::npos);
    CHECK(text.find("trajectories = 500  # quick") != std::string::npos);
    CHECK(text.find("precision = \"mixed\"  # default") != std::string::npos);
}

TEST_CASE("Spec: every catalogue experiment makes valid plans at both sizes") {
    CHECK(catalogue().size() >= 5);
    for (Level const level : {Level::standard, Level::quick})
        for (CatalogueEntry const& entry : catalogue()) {
            CAPTURE(std::string(entry.name));
            Spec const spec = load_spec(open_spec(std::string(entry.name)), {}, level);
            CHECK(spec.name == entry.name);
            CHECK_FALSE(spec.figure.empty());
            CHECK_FALSE(spec.claims.empty());
            for (Cell const& cell : spec.cells) {
                CHECK(cell.notes.size() >= 4);
                Plan const plan = make_plan(cell, 0, 0);
                CHECK(plan.trajectories >= 128);
                CHECK(plan.landscape.size() >= 1);
            }
        }
}

}  // namespace spec_test
