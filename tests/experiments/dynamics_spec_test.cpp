// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"

namespace dynamics_spec_test {
namespace {

using namespace kramers;

Spec load(std::string const& text, std::vector<std::string> const& overrides = {}) {
    return load_spec({text, "test.toml", "test"}, overrides);
}

std::string quadratic(std::string const& dynamics, std::string const& rest) {
    return "kind = \"stationary\"\nlandscape = { name = \"quadratic\", curvatures = [1.0, 4.0] }\n"
           "dynamics = " +
           dynamics + "\n" + rest +
           "\nensemble = { trajectories = 1000 }\nstart = { point = [0.0, 0.0] }\n"
           "burn_in = { steps = 100 }\n";
}
Cell cell_of(std::string const& dynamics, std::string const& rest = "",
             std::vector<std::string> const& overrides = {}) {
    return load(quadratic(dynamics, rest), overrides).cells.at(0);
}

std::string notes_of(Cell const& cell) {
    std::string text;
    for (std::string const& note : cell.notes) text += note + "\n";
    return text;
}
bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

std::string const white = "noise = { gradient_variance = 2.0, batch_size = 4 }";  // c = 0.5
std::string const heavy_ball = R"({ name = "heavy_ball", learning_rate = 0.01, momentum = 0.9 })";

}  // namespace

TEST_CASE("Spec: plain SGD and Langevin dynamics keep their compiled methods") {
    Cell const sgd = cell_of(R"({ name = "sgd", learning_rate = 0.1, batch_size = 4 })",
                             "noise = { gradient_variance = 2.0 }");
    CHECK_FALSE(make_plan(sgd, 0, 0).key.composed);
    CHECK(make_plan(sgd, 0, 0).dynamics == std::vector<double>{0.1, 4.0, 2.0});
    CHECK(is_silent(make_plan(sgd, 0, 0).composition.noise));
    Cell const langevin =
        cell_of(R"({ name = "overdamped", temperature = 0.1 })", "scheme = { dt = 0.01 }");
    CHECK_FALSE(make_plan(langevin, 0, 0).key.composed);
    // another law, scheme, schedule or drift is what they cannot do
    Cell const uniform = cell_of(R"({ name = "sgd", learning_rate = 0.1 })",
                                 R"(noise = { law = "rademacher", gradient_variance = 2.0 })");
    CHECK(make_plan(uniform, 0, 0).key.composed);
    CHECK(make_plan(uniform, 0, 0).dynamics == std::vector<double>{0.1});
    CHECK(cell_of(R"({ name = "overdamped", temperature = 0.1 })",
                  R"(scheme = { name = "stochastic_heun", dt = 0.01 })")
              .composed);
    CHECK(cell_of(R"({ name = "sgd", learning_rate = 0.1 })",
                  white + "\nschedule = { learning_rate = { kind = \"warmup\", steps = 10 } }")
              .composed);
    CHECK(cell_of(R"({ name = "overdamped", temperature = 0.1, circulation = 2 })",
                  "scheme = { dt = 0.01 }")
              .composed);
}

TEST_CASE("Spec: the batch divides the variance of the noise, wherever its size is written") {
    for (char const* dynamics : {R"({ name = "sgd", learning_rate = 0.1, batch_size = 4 })",
                                 R"({ name = "adam", learning_rate = 0.1, batch_size = 4 })"}) {
        Cell const cell =
            cell_of(dynamics, R"(noise = { law = "rademacher", gradient_variance = 2.0 })");
        CHECK(cell.noise.variances == std::vector<double>{0.5, 0.5});
        CHECK(cell.facts.at("batch_size") == 4.0);
        CHECK(cell.facts.at("noise_variance") == 0.5);
    }
    Cell const cell = cell_of(heavy_ball, white);
    CHECK(cell.noise.variances == std::vector<double>{0.5, 0.5});
    CHECK(cell.noise.variances != std::vector<double>{2.0, 2.0});  // B forgotten
    CHECK(cell_of(R"({ name = "sgd", learning_rate = 0.1 })", white).facts.at("batch_size") == 4.0);
}

TEST_CASE("Spec: momentum's temperature is eta c / (2 (1 - mu)), on the clock eta / (1 - mu)") {
    Cell const cell = cell_of(heavy_ball, white);
    // eta = 0.01, mu = 0.9, c = 0.5: T = 0.005 / 0.2
    CHECK(cell.temperature == doctest::Approx(0.025).epsilon(1e-12));
    CHECK(cell.dt.at(0) == doctest::Approx(0.1).epsilon(1e-12));
    CHECK(cell.learning_rate == 0.01);
    CHECK(cell.temperature > 0.0026);  // 0.0025: the momentum forgotten
    std::string const notes = notes_of(cell);
    CHECK(contains(notes, "used: limit \"effective learning rate\""));
    CHECK(contains(notes, "limit \"friction\": kinetic"));
    CHECK(contains(notes, "eta * max_curvature = 0.04 (stability limit 2 (1 + mu) = 3.8)"));
    CHECK(contains(notes, "sigma = 1.41421, B = 4"));
    // v' = mu v - eta g on the softest mode: |z|^2 = mu as the roots are complex, so that
    // -1/ln(sqrt(0.9)) = 18.98 steps relax by e
    Cell const by_time = cell_of(heavy_ball, white, {"burn_in.relaxation_times=10"});
    CHECK(by_time.snapshots.burn_in == 190);
}

TEST_CASE("Spec: memory counts in the temperature, not in the variance of a step") {
    Cell const cell = cell_of(R"({ name = "sgd", learning_rate = 0.1 })",
                              R"(noise = { law = "coloured", gradient_variance = 1.0, )"
                              R"(correlation = 0.5 })");
    // long run (1 + rho)/(1 - rho) = 3: T = 0.1 * 3 / 2
    CHECK(cell.facts.at("noise_variance") == 1.0);
    CHECK(cell.temperature == doctest::Approx(0.15).epsilon(1e-12));
    CHECK(cell.theory.scope == TheoryScope::continuous);
}

TEST_CASE("Spec: without constant, isotropic, finite noise there is no temperature") {
    std::string const sgd = R"({ name = "sgd", learning_rate = 0.1 })";
    for (char const* noise :
         {R"(noise = { law = "diagonal", gradient_variance = [1.0, 2.0] })",
          R"(noise = { law = "stable", scale = 1.0, alpha = 1.5 })",
          R"(noise = { law = "hessian", label_variance = 1.0 })",
          R"(noise = { law = "covariance", covariance = [[1.0, 0.2], [0.2, 2.0]] })"}) {
        Cell const cell = cell_of(sgd, noise);
        CAPTURE(noise);
        CHECK_FALSE(cell.has_temperature);
        CHECK(cell.facts.count("temperature") == 0);
        CHECK(cell.theory.scope == TheoryScope::nothing);
        CHECK_FALSE(cell.theory.reason.empty());
        CHECK(cell.dt.at(0) == 0.1);  // the clock is known all the same
    }
}

TEST_CASE("Theory: a formula answers only for the dynamics that it is about") {
    auto const answers = [](Cell const& cell, char const* name) {
        return predict(cell, name, StationaryCovariance{0, 0}, make_query(cell)).prediction;
    };
    Cell const sgd = cell_of(R"({ name = "sgd", learning_rate = 0.1 })", white);
    CHECK(answers(sgd, "sgd_discrete"));
    Cell const three = cell_of(R"({ name = "sgd", learning_rate = 0.1 })",
                               R"(noise = { law = "three_point", gradient_variance = 0.5 })");
    CHECK(answers(three, "sgd_discrete")->value == answers(sgd, "sgd_discrete")->value);
    CHECK_FALSE(answers(three, "gibbs_euler"));
    Cell const momentum = cell_of(heavy_ball, white);
    CHECK_FALSE(answers(momentum, "sgd_discrete"));
    CHECK_FALSE(answers(momentum, "gibbs_euler"));
    auto const limit = answers(momentum, "ou_limit");
    REQUIRE(limit);
    CHECK(limit->value == doctest::Approx(0.025).epsilon(1e-9));  // T/h
    CHECK(contains(limit->domain, "of heavy_ball by its limit \"effective learning rate\""));
    Cell const kinetic = cell_of(R"({ name = "kinetic", friction = 1.0, temperature = 0.1 })",
                                 R"(scheme = { name = "baoab", dt = 0.1 })");
    CHECK(answers(kinetic, "gibbs")->value == doctest::Approx(0.1));
    CHECK_FALSE(answers(kinetic, "ou_limit"));
    Cell const adam = cell_of(R"({ name = "adam", learning_rate = 0.01 })", white);
    CHECK(adam.has_temperature);  // of small displacements; Gibbs' law is not Adam's
    CHECK_FALSE(answers(adam, "gibbs"));
    CHECK(contains(predict(adam, "gibbs", StationaryCovariance{0, 0}, make_query(adam)).reason,
                   "adam tends to adam_sde"));
    Cell const turned = cell_of(R"({ name = "overdamped", temperature = 0.1, circulation = 2.0 })",
                                "scheme = { dt = 0.01 }");
    CHECK(answers(turned, "gibbs"));
    CHECK_FALSE(answers(turned, "ou_limit"));
    CHECK_FALSE(answers(turned, "euler_discrete"));
    Cell const annealed =
        cell_of(R"({ name = "sgd", learning_rate = 0.1 })",
                white + "\nschedule = { noise = { kind = \"power\", power = 0.275 } }");
    CHECK_FALSE(answers(annealed, "gibbs"));
}

TEST_CASE("Spec: a plan carries law, schedules, transform and the clock of the schedule") {
    Cell const cell =
        cell_of(R"({ name = "momentum_sde", learning_rate = 0.04, momentum = 0.9, form = 1 })",
                white +
                    "\nscheme = { dt = 0.1 }\nschedule = { learning_rate = { kind = \"step\", "
                    "steps = 50, factor = 0.1 } }");
    Plan const plan = make_plan(cell, 0, 0);
    CHECK(plan.composition.noise.variances == std::vector<double>{0.5, 0.5});
    CHECK(plan.composition.rate.kind == coordinate::ScheduleKind::step);
    CHECK(plan.composition.rate.steps == 50.0);
    // an iteration lasts sqrt(0.04) = 0.2: half of one per step
    CHECK(plan.composition.iterations_per_step == doctest::Approx(0.5));
    Cell const turned = cell_of(R"({ name = "overdamped", temperature = 0.1, circulation = 2.0 })",
                                "scheme = { dt = 0.01 }");
    CHECK(make_plan(turned, 0, 0).composition.gradient_transform ==
          std::vector<double>{1.0, -2.0, 2.0, 1.0});
    Cell const jumps =
        cell_of(R"({ name = "levy_driven", scale = 0.1, alpha = 1.5 })", "scheme = { dt = 0.01 }");
    CHECK(jumps.noise.shape == coordinate::NoiseShape::isotropic_stable);
    CHECK(jumps.noise.shape_data.alpha == 1.5);
}

TEST_CASE("Spec: a resolved spec with law, schedules and circulation repeats the run") {
    for (std::string const& text :
         {quadratic(heavy_ball, white + "\nschedule = { learning_rate = { kind = \"cosine\", "
                                        "steps = 1000, warmup = 10 }, noise = { kind = \"power\", "
                                        "power = 0.275 } }"),
          quadratic(R"({ name = "sgd", learning_rate = 0.1 })",
                    "noise = { law = \"population\", samples = [[1, 2], [0, 1], [-1, 0]], "
                    "batch_size = 2 }"),
          quadratic(R"({ name = "anisotropic_overdamped", temperature = 0.1, circulation = 0.5 })",
                    "scheme = { dt = 0.01 }\nnoise = { law = \"covariance\", covariance = "
                    "[[1.0, 0.2], [0.2, 2.0]] }"),
          quadratic(R"({ name = "sgld", learning_rate = 0.1, temperature = 0.2 })", "")}) {
        Spec const first = load(text);
        Spec const again = load(first.resolved);
        CAPTURE(first.resolved);
        Plan const a = make_plan(first.cells.at(0), 0, 0), b = make_plan(again.cells.at(0), 0, 0);
        CHECK(a.key == b.key);
        CHECK(a.dynamics == b.dynamics);
        CHECK(a.composition.noise.variances == b.composition.noise.variances);
        CHECK(a.composition.noise.factor == b.composition.noise.factor);
        CHECK(a.composition.noise.offsets == b.composition.noise.offsets);
        CHECK(a.composition.rate.kind == b.composition.rate.kind);
        CHECK(a.composition.rate.warmup == b.composition.rate.warmup);
        CHECK(a.composition.noise_schedule.power == b.composition.noise_schedule.power);
        CHECK(a.composition.gradient_transform == b.composition.gradient_transform);
    }
}

TEST_CASE("Spec: laws, schedules and momentum can be swept") {
    Spec const spec = load(quadratic(R"({ name = "heavy_ball", learning_rate = 0.01 })",
                                     white + "\nschedule = { noise = { kind = \"power\", power = "
                                             "0.1 } }") +
                           "sweep.\"dynamics.momentum\" = [0.0, 0.9]\n"
                           "sweep.\"noise.batch_size\" = [1, 2]\n"
                           "sweep.\"schedule.noise.power\" = [0.1, 0.2]\n");
    REQUIRE(spec.cells.size() == 8);
    CHECK(spec.cells.back().noise_schedule.power == 0.2);
    CHECK(spec.cells.back().noise.variances.at(0) == 1.0);
    CHECK(spec.cells.front().dynamics_values.at(1) == 0.0);
}

}  // namespace dynamics_spec_test
