// SPDX-License-Identifier: Apache-2.0
#include "experiments/bench.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

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
    fmt::print("medians of {} interleaved repeats; a step is one useful step of one particle\n\n",
               repeats);
    fmt::print("{:<18} {:<9} {:<5} {:>7} {:>12} {:>9} {:>9} {:>8} {:>7} {:>10} {:>7} {:>9}\n",
               "name", "precision", "on", "threads", "steps/s", "ns/step", "x scalar", "x naive",
               "bound", "efficiency", "spread", "bytes/tr.");
    for (auto const& r : result.rows) {
        auto const percent = [](double v) {
            return v > 0.0 ? fmt::format("{:.0f} %", 100.0 * v) : std::string("-");
        };
        fmt::print(
            "{:<18} {:<9} {:<5} {:>7} {:>12.3e} {:>9.3f} {:>9.1f} {:>8.1f} {:>7} {:>10} {:>7} "
            "{:>9.0f}\n",
            r.name, r.precision, r.isa.empty() ? r.backend : r.isa.substr(0, 6), r.threads,
            r.particle_steps_per_second, r.nanoseconds_per_step, r.ratio_to_scalar,
            r.ratio_to_naive, percent(r.share_of_bound), percent(r.efficiency), percent(r.spread),
            r.bytes_per_trajectory);
    }
    fmt::print(
        "\nbound: share of the issue bound of this instruction set; efficiency: early exits over "
        "no\n"
        "exits, or speed-up over threads\n");
    return done;
}

}  // namespace kramers::verbs
