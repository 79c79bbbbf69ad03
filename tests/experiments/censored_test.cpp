// SPDX-License-Identifier: Apache-2.0
// What a run says of passages that a cap leaves without a mean: rate, share of the exits, restricted
// mean. Seeds are fixed; with fresh ones an interval that decides is wrong once in 20 runs.
#include "experiments/kinds/censored.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/load_spec.hpp"
#include "experiments/query.hpp"
#include "experiments/runner.hpp"
#include "sde/theory/line_diffusion.hpp"

namespace censored_test {
using namespace kramers;

namespace {

constexpr double temperature = 0.1, cap = 30.0;

/// V = (x² − 1)²/4 from −0.3: over the centre to 0.9, or back to −0.95 and then over it late.
std::string text(std::string const& more, std::string const& ensemble) {
    return "kind = \"escape\"\nlandscape = { name = \"double_well\" }\n"
           "dynamics = { name = \"overdamped\", temperature = 0.1 }\n"
           "scheme = { name = \"euler_maruyama\", dt = 0.005, crossing = \"bridge\" }\n"
           "ensemble = { trajectories = 20_000, seed = 8, " +
           ensemble +
           " }\nstart = { point = [-0.3] }\n"
           "regions.left = { half_space = [-1.0], offset = 0.95 }\n"
           "regions.right = { half_space = [1.0], offset = 0.9 }\n" +
           more;
}

std::string claim(std::string const& estimand, std::string const& against) {
    return "[[claim]]\nsentence = \"s\"\nestimand = { " + estimand + " }\nagainst = " + against +
           "\ntolerance = 0.06\n";
}

RunOutput run(std::string const& spec) {
    return run_spec(load_spec({spec, "t.toml", "t"}, {}), {});
}

std::vector<std::string> verdicts(RunOutput const& output) {
    std::vector<std::string> all;
    for (ClaimRow const& row : output.report.claims)
        all.emplace_back(to_string(row.comparison.verdict));
    return all;
}

/// E min(τ, cap) to 0.9 from the Fokker–Planck equation.
double restricted_exactly() {
    theory::LineMotion motion;
    motion.drift = [](double x) { return x - x * x * x; };
    motion.start = -0.3;
    motion.lower = -2.2;
    motion.upper = 0.9;
    motion.absorbs_upper = true;
    constexpr std::uint64_t steps = 4000;
    constexpr double dt = cap / steps;
    auto const step = [](std::uint64_t) { return theory::LineStep{dt, temperature}; };
    return theory::evolve(motion, steps, step, 800).mean_steps * dt;
}

Estimate find(RunOutput const& output, std::string const& estimand) {
    auto const& all = output.report.estimates;
    auto const found =
        std::find_if(all.begin(), all.end(), [&](auto const& e) { return e.estimand == estimand; });
    REQUIRE_MESSAGE(found != all.end(), estimand);
    return found->estimate;
}

}  // namespace

TEST_CASE("Censored: the restricted mean is E min(tau, until), whatever the cap beyond it") {
    double const exact = restricted_exactly();
    std::string const estimand = "restricted_mean = { to = \"right\", until = 30 }";
    auto const number = [](double x) { return "{ number = " + std::to_string(x) + " }"; };
    std::string const claims = "targets = [\"right\"]\n" + claim(estimand, number(exact)) +
                               claim(estimand, number(0.5 * exact));  // the broken twin
    std::vector<std::string> const expected{"agree", "disagree"};
    CHECK(verdicts(run(text(claims, "max_time = 30"))) == expected);
    CHECK(verdicts(run(text(claims, "max_time = 60"))) == expected);
    // A horizon that nobody was followed to has no estimate but a reason.
    RunOutput const early = run(text(claims, "max_time = 20"));
    CHECK(early.report.claims.at(0).comparison.note.find("choose at most 20") != std::string::npos);
    // Without a claim the cap is the horizon.
    Estimate const own = find(run(text("targets = [\"right\"]\n", "max_time = 30")),
                              "restricted_mean(to = right, until = 30)");
    CHECK(std::abs(own.value / exact - 1.0) < 0.03);
    CHECK(own.warning.empty());
}

TEST_CASE("Censored: the share of exits is the committor") {
    std::string const first = "stop_at_first = true\n";
    RunOutput const output =
        run(text(first + claim("exit_share = { to = \"right\" }", "\"committor\"") +
                     claim("exit_share = { to = \"left\" }", "\"committor\"") +
                     claim("exit_share = { to = \"right\" }", "{ number = 0.5 }"),
                 "max_time = inf"));
    CHECK(verdicts(output) == std::vector<std::string>{"agree", "agree", "disagree"});
    auto const& claims = output.report.claims;
    CHECK(claims[0].comparison.prediction.value + claims[1].comparison.prediction.value ==
          doctest::Approx(1.0).epsilon(1e-12));
    CHECK(find(output, "exit_share(to = left)").value +
              find(output, "exit_share(to = right)").value ==
          doctest::Approx(1.0).epsilon(1e-12));
    // One target per run has no share.
    RunOutput const alone =
        run(text(claim("exit_share = { to = \"right\" }", "\"committor\""), "max_time = inf"));
    CHECK(alone.report.claims.at(0).comparison.note.find("stop_at_first = true") !=
          std::string::npos);
}

TEST_CASE("Censored: a run that stops at the first target reports rate and share of each") {
    RunOutput const output = run(text("stop_at_first = true\n", "max_time = 2"));
    std::string const& table = output.files.at("passage.csv");
    for (char const* target : {"left", "right"}) {
        std::string const why = std::string("no escape_rate(to = ") + target + "): no trajectory";
        CHECK(std::any_of(output.report.warnings.begin(), output.report.warnings.end(),
                          [&](std::string const& warning) { return warning.starts_with(why); }));
    }
    for (char const* target : {"left", "right"}) {
        std::string const to = std::string("(to = ") + target + ")";
        Estimate const share = find(output, "exit_share" + to);
        CHECK(share.lower < share.value);
        CHECK(share.value < share.upper);
        CHECK(share.warning.find("did not arrive") != std::string::npos);
    }
    CHECK(table.find("exit_share_lower") != std::string::npos);
    // The rate is of the time after t0 = 10: here nobody is left to see it, at a later cap some are.
    RunOutput const later = run(text("targets = [\"right\"]\n", "max_time = 40"));
    Estimate const rate = find(later, "escape_rate(to = right)");
    CHECK(rate.lower < rate.value);
    CHECK(rate.value < rate.upper);
    CHECK(std::none_of(later.report.estimates.begin(), later.report.estimates.end(),
                       [](auto const& e) {
                           return e.estimand.starts_with("mean_") && !std::isnan(e.estimate.value);
                       }));
}

}  // namespace censored_test
