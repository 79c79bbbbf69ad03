// SPDX-License-Identifier: Apache-2.0
#include "experiments/bench.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "experiments/bench_dynamics.hpp"
#include "experiments/format_value.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

int bench(double seconds, int repeats, Common const& common) {
    kramers::bench::Options options;
    options.seconds_per_measurement = seconds;
    options.repeats = repeats;
    options.controls = common.controls;
    kramers::bench::Result const result = kramers::bench::run(options);
    if (common.json) {
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (auto const& r : result.rows)
            rows.push_back({{"name", r.name},
                            {"precision", r.precision},
                            {"backend", r.backend},
                            {"isa", r.isa},
                            {"threads", r.threads},
                            {"particle_steps_per_second", r.particle_steps_per_second},
                            {"nanoseconds_per_step", r.nanoseconds_per_step},
                            {"ratio_to_scalar", r.ratio_to_scalar},
                            {"ratio_to_naive", r.ratio_to_naive},
                            {"share_of_bound", r.share_of_bound},
                            {"efficiency", r.efficiency},
                            {"spread", r.spread},
                            {"bytes_per_trajectory", r.bytes_per_trajectory},
                            {"gigahertz", result.gigahertz},
                            {"device", result.device}});
        fmt::print("{}\n", rows.dump(2));
        return done;
    }
    fmt::print("double well, Euler-Maruyama with first-passage check; {} at {:.2f} GHz\n",
               result.device, result.gigahertz);
    fmt::print("{}; a step is one useful step of one particle\n\n",
               repeats == 1 ? std::string("one measurement each")
                            : fmt::format("medians of {} interleaved repeats", repeats));
    constexpr char const* columns =
        "{:<11} {:<9} {:<8} {:>7} {:>8} {:>7} {:>8} {:>7} {:>6} {:>6} {:>6} {:>8}\n";
    fmt::print(columns, "name", "precision", "on", "threads", "steps/s", "ns/step", "x scalar",
               "x naive", "bound", "effic.", "spread", "bytes/tr");
    for (auto const& r : result.rows) {
        auto const percent = [](double v) {
            return v > 0.0 ? fmt::format("{:.0f} %", 100.0 * v) : std::string("-");
        };
        fmt::print(columns, r.name, r.precision, r.isa.empty() ? r.backend : r.isa, r.threads,
                   format_number(r.particle_steps_per_second, 3),
                   fmt::format("{:.3f}", r.nanoseconds_per_step),
                   fmt::format("{:.1f}", r.ratio_to_scalar),
                   fmt::format("{:.1f}", r.ratio_to_naive), percent(r.share_of_bound),
                   percent(r.efficiency), percent(r.spread),
                   r.bytes_per_trajectory > 0.0 ? fmt::format("{:.0f}", r.bytes_per_trajectory)
                                                : std::string("-"));
    }
    fmt::print(
        "\nscalar: the same step with std:: maths, one trajectory per index; naive: std::mt19937 "
        "and\n"
        "std::normal_distribution in double. x scalar, x naive: times as fast as these.\n"
        "bound: share of what this instruction set can issue at this clock. effic.: rate with "
        "early\n"
        "exits over that without, or speed-up over number of threads. spread: between the "
        "repeats.\n");
    return done;
}

int bench_dynamics(BenchArguments const& arguments, Common const& common) {
    kramers::bench::PartsOptions options;
    options.dynamics = arguments.dynamics;
    options.laws = arguments.laws;
    if (options.dynamics == std::vector<std::string>{"all"} && options.laws.empty())
        options.laws = {"all"};
    options.seconds_per_row = arguments.seconds;
    options.repeats = arguments.repeats;
    options.controls = common.controls;
    kramers::bench::PartsResult const result = kramers::bench::run_parts(options);
    if (common.json) {
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (auto const& r : result.rows)
            rows.push_back({{"dynamics", r.dynamics},
                            {"scheme", r.scheme},
                            {"noise", r.law},
                            {"landscape", r.landscape},
                            {"dim", r.dim},
                            {"isa", result.isa},
                            {"passage_nanoseconds", r.passage},
                            {"snapshot_nanoseconds", r.snapshots},
                            {"draws_nanoseconds", r.draws},
                            {"arithmetic_nanoseconds", r.arithmetic},
                            {"passage_ratio", r.ratio},
                            {"snapshot_ratio", r.snapshot_ratio},
                            {"spread", r.spread},
                            {"gigahertz", result.gigahertz},
                            {"device", result.device}});
        fmt::print("{}\n", rows.dump(2));
        return done;
    }
    fmt::print(
        "composed steps and their parts, ns per particle-step, mixed precision, one core; {} "
        "({}) at {:.2f} GHz\n\n",
        result.device, result.isa, result.gigahertz);
    constexpr char const* columns =
        "{:<22} {:<19} {:<30} {:>2} {:>7} {:>7} {:>7} {:>5} {:>7} {:>5} {:>5} {:>5} {:>6}\n";
    fmt::print(columns, "dynamics", "scheme", "noise", "d", "passage", "snaps", "draws", "share",
               "arith.", "share", "ratio", "snaps", "spread");
    int above = 0;
    for (auto const& r : result.rows) {
        auto const percent = [](double v) { return fmt::format("{:.0f} %", 100.0 * v); };
        auto const ns = [](double v) { return fmt::format("{:.2f}", v); };
        fmt::print(columns, r.dynamics, r.scheme, r.law, r.dim, ns(r.passage), ns(r.snapshots),
                   ns(r.draws), percent(r.draws / r.passage), ns(r.arithmetic),
                   percent(r.arithmetic / r.passage), ns(r.ratio), ns(r.snapshot_ratio),
                   percent(r.spread));
        above += r.ratio > 1.3;
    }
    for (std::string const& reason : result.left_out) fmt::print("left out: {}\n", reason);
    fmt::print(
        "\npassage: the whole step of a first-passage run, with detection; snaps: of a snapshot "
        "run\n"
        "between snapshots. draws: its random numbers alone, shaped, mixed and remembered; "
        "arith.:\n"
        "landscape and dynamics alone, on draws that are there. ratio: whole over draws + arith.,\n"
        "measured side by side. d = 1: double well, else Rastrigin, and for noise that a\n"
        "Hessian mixes also the coupled wells. Above 1.3: {} of {}.\n",
        above, result.rows.size());
    return done;
}

}  // namespace kramers::verbs
