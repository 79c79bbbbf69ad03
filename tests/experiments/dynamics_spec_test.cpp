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

TEST_CASE("Spec: D is printed where there is no T, and C with its off-diagonal entries") {
    std::string const sgd = R"({ name = "sgd", learning_rate = 0.01 })";
    // D_i = eta c_i/2: 0.005 (1/4, 2/4)
    std::string const diagonal = notes_of(cell_of(
        sgd, R"(noise = { law = "diagonal", gradient_variance = [1.0, 2.0], batch_size = 4 })"));
    CHECK(contains(diagonal, "D_i = eta/2 c_i = 0.00125, 0.0025"));
    CHECK_FALSE(contains(diagonal, "D_i = eta/2 c_i = 0.0025, 0.005"));  // the half forgotten
    std::string const full =
        notes_of(cell_of(sgd, R"(noise = { law = "covariance", batch_size = 4, )"
                              R"(covariance = [[1.0, 0.5], [0.5, 2.0]] })"));
    CHECK(contains(full, "C = [[0.25, 0.125], [0.125, 0.5]]"));
    CHECK(contains(full, "D = eta/2 C = [[0.00125, 0.000625], [0.000625, 0.0025]]"));
    std::string const hessian = R"(noise = { law = "hessian", label_variance = 1.0 })";
    CHECK(contains(notes_of(cell_of(sgd, hessian)), "D(x) = eta/2 C(x) = 0.005 C(x)"));
    // eta/(1 - mu) = 0.1
    CHECK(contains(notes_of(cell_of(heavy_ball, hessian)),
                   "D(x) = (eta / (1 - mu))/2 C(x) = 0.05 C(x)"));
    CHECK_FALSE(contains(notes_of(cell_of(sgd, white)), "D_i"));  // T says it
    CHECK(contains(notes_of(cell_of(sgd, white)), "weak order 2 in eta; valid"));
    CHECK(contains(notes_of(cell_of(heavy_ball, white)),
                   "weak order 0.5 in eta, 1 in the time of an iteration"));
}

TEST_CASE("Spec: a schedule's factors are written into the rule and into the limits") {
    std::string const both =
        "\n[schedule]\nlearning_rate = { kind = \"cosine\", steps = 100 }\n"
        "noise = { kind = \"power\", steps = 10, power = 0.5 }\n";
    std::string const rate = "\n[schedule]\nlearning_rate = { kind = \"cosine\", steps = 100 }\n";
    auto const notes = [&](std::string const& dynamics, std::string const& schedule) {
        Spec const spec = load(quadratic(dynamics, white) + schedule);
        return notes_of(spec.cells.at(0));
    };
    std::string const momentum = notes(heavy_ball, both);
    CHECK(contains(momentum, "v' = mu v - eta u g, x' = x + v'"));
    CHECK(contains(momentum, "g = grad V + w xi"));
    CHECK(contains(momentum, "dX = -u grad V dt + sqrt(2T) u w dW"));
    CHECK(contains(momentum, "kappa (u grad V dt + eta^(1/4) C^(1/2) u w dW)"));
    CHECK(contains(momentum, "schedule of the learning rate, u: "));
    CHECK(contains(notes(R"({ name = "sgd", learning_rate = 0.01 })", rate),
                   "dX = -u (grad F + [order > 1] eta u/2 H grad F) dt + sqrt(eta C) u dW"));
    std::string const langevin =
        notes(R"({ name = "sgld", learning_rate = 0.01, temperature = 0.1 })", both);
    CHECK(contains(langevin, "x' = x - eta u g + sqrt(2 eta u T) w zeta"));
    CHECK(contains(langevin, "dX = -u grad V dt + w sqrt(2 u temperature + u^2 eta c) dW"));
    CHECK_FALSE(contains(notes(heavy_ball, ""), " u "));
}

TEST_CASE(
    "Spec: under stable noise the limit is driven by jumps, all others say why they are none") {
    auto const sgd = [](std::string const& law) {
        return cell_of(R"({ name = "sgd", learning_rate = 0.01 })", "noise = " + law);
    };
    std::string const stable = notes_of(sgd(R"({ law = "stable", scale = 1.0, alpha = 1.5 })"));
    // eta^(1/3) = 0.215443
    CHECK(contains(stable, "levy_driven: dX = -grad V dt + sigma dL"));
    CHECK(contains(stable, "scale = eta^(1 - 1/alpha) noise_scale = 0.215443, alpha = 1.5"));
    CHECK(contains(
        stable, "no limit here: \"first order\", overdamped: it needs a noise with a covariance"));
    CHECK_FALSE(contains(stable, "; limit \"first order\": overdamped"));
    std::string const normal = notes_of(sgd(R"({ law = "stable", scale = 1.0, alpha = 2.0 })"));
    CHECK_FALSE(contains(normal, "levy_driven"));
    CHECK(contains(normal, "T = 0.01"));  // c = 2 s^2
    std::string const student =
        notes_of(sgd(R"({ law = "student_t", scale_variance = 1.0, degrees = 1.5 })"));
    CHECK(contains(student, "jumps") == false);  // d = 2: independent coordinates
    CHECK(contains(student, "no limit here"));
    std::string const sign =
        notes_of(cell_of(R"({ name = "sign_sgd", learning_rate = 0.01 })",
                         R"(noise = { law = "rademacher", gradient_variance = 1.0 })"));
    CHECK(contains(sign, "no limit here: \"first order\", sign_sde: its drift is"));
    // the interpolant is for quadratics with eta h < 1: here 4 * 0.3
    CHECK(contains(notes_of(cell_of(R"({ name = "sgd", learning_rate = 0.3 })", white)),
                   "no limit here: \"exact interpolant\", ou_interpolant: "));
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
        // What has a covariance has linear predictions on this quadratic all the same.
        bool const stable = std::string(noise).find("stable") != std::string::npos;
        CHECK((cell.theory.scope == TheoryScope::nothing) == stable);
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
