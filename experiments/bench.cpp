// SPDX-License-Identifier: Apache-2.0
#include "experiments/bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>

#include "experiments/bench_reference.hpp"
#include "experiments/numbers.hpp"
#include "gpu/cuda_run.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/host_backend.hpp"

namespace kramers::bench {
namespace {

constexpr double temperature = 0.1;
constexpr double dt = 0.02;

/// Double well from the left minimum. exits: target at the other minimum (mean about 3300 steps);
/// otherwise out of reach, so every lane runs to the end.
Plan well_plan(Precision precision, bool exits, Crossing crossing, std::uint64_t trajectories,
               std::uint64_t steps) {
    Plan plan;
    plan.key = {"double_well", 1, "overdamped", "euler_maruyama", precision};
    plan.landscape = {1.0, 0.25};
    plan.dynamics = {temperature};
    plan.dt = dt;
    plan.start.point = {-1.0};
    plan.trajectories = trajectories;
    plan.seed = 1;
    PassagePlan passage;
    Region target;
    target.a = {1.0};
    target.offset = exits ? 1.0 : 50.0;
    passage.targets = {target};
    passage.crossing = crossing;
    passage.max_steps = exits ? std::uint64_t{1} << 40 : steps;
    passage.noise_amplitude = std::sqrt(2.0 * temperature);
    plan.observe = passage;
    return plan;
}

/// Issue bound in cycles per particle-step of float or mixed normals (NaN: not derived). Counts of
/// vector operations per four steps, four per cycle: see gpu/README.md.
double bound_cycles(Isa isa) {
    if (isa == Isa::avx512) return 0.81;
    if (isa == Isa::avx2) return 2.28;
    return missing;
}

struct Measurement {
    Row row;
    std::function<double()> rate;  ///< runs once, returns useful particle-steps per second
    std::vector<double> rates;
};

double simulated_rate(Plan const& plan, Controls const& controls) {
    RunInfo const info = simulate(plan, controls).info;
    return static_cast<double>(info.particle_steps) / info.seconds;
}

/// A measurement whose ensemble is sized, by a first short run, to take about `seconds`.
Measurement engine(std::string name, Precision precision, bool exits, Crossing crossing,
                   Controls controls, double seconds) {
    std::uint64_t const steps = 20'000;
    std::uint64_t const lanes = 192u * static_cast<unsigned>(controls.threads);
    bool const cuda = controls.backend == Backend::cuda;
    std::uint64_t const probe = cuda ? 1u << 20 : exits ? 40 * lanes : lanes;
    controls.round_seconds = 10.0;  // no pauses inside a measurement
    double const rate =
        simulated_rate(well_plan(precision, exits, crossing, probe, steps), controls);
    double const per_trajectory = exits ? 3300.0 : static_cast<double>(steps);
    auto blocks =
        static_cast<std::uint64_t>(rate * seconds / per_trajectory / static_cast<double>(lanes));
    std::uint64_t const count = std::max(probe, std::max<std::uint64_t>(1, blocks) * lanes);
    Plan const plan = well_plan(precision, exits, crossing, count, steps);
    Measurement m;
    m.row.name = std::move(name);
    m.row.precision = std::string(to_string(precision));
    m.row.backend = cuda ? "cuda" : "cpu";
    m.row.threads = controls.threads;
    m.row.bytes_per_trajectory =
        static_cast<double>(memory_bytes(plan, controls)) / static_cast<double>(count);
    m.rate = [plan, controls] { return simulated_rate(plan, controls); };
    return m;
}

Measurement reference(std::string name, std::string precision, double seconds,
                      std::function<void(ReferenceProblem const&)> loop) {
    ReferenceProblem problem{temperature, dt, -1.0, 50.0, 1, 20'000};
    auto const time = [loop](ReferenceProblem const& p) {
        auto const begin = std::chrono::steady_clock::now();
        loop(p);
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    problem.trajectories = 8;
    double const once = time(problem) / 8.0;
    problem.trajectories = std::max<std::uint64_t>(8, static_cast<std::uint64_t>(seconds / once));
    Measurement m;
    m.row.name = std::move(name);
    m.row.precision = std::move(precision);
    m.row.backend = "cpu";
    m.rate = [problem, time] {
        return static_cast<double>(problem.trajectories * problem.steps) / time(problem);
    };
    return m;
}

Row const* row_of(std::vector<Measurement> const& all, std::string const& name,
                  std::string const& precision, int threads, std::string const& backend) {
    for (Measurement const& m : all)
        if (m.row.name == name && m.row.threads == threads && m.row.backend == backend &&
            (precision.empty() || m.row.precision == precision))
            return &m.row;
    return nullptr;
}

void compare(std::vector<Measurement>& all, Isa isa, double hertz) {
    for (Measurement& m : all) {
        Row& row = m.row;
        double const rate = row.particle_steps_per_second;
        std::string const state = row.precision == "float" ? "float" : "double";
        if (Row const* scalar = row_of(all, "scalar", state, 1, "cpu"))
            row.ratio_to_scalar = rate / scalar->particle_steps_per_second;
        if (Row const* naive = row_of(all, "naive", "", 1, "cpu"))
            row.ratio_to_naive = rate / naive->particle_steps_per_second;
        bool const reference = row.name == "scalar" || row.name == "naive";
        if (!reference && row.backend == "cpu" && row.precision != "double" && row.name != "bridge")
            row.share_of_bound = bound_cycles(isa) * rate / (hertz * row.threads);
        if (row.threads > 1 && row.backend == "cpu") {
            if (Row const* one = row_of(all, row.name, row.precision, 1, "cpu"))
                row.efficiency = rate / (row.threads * one->particle_steps_per_second);
        } else if (std::string const exits = "early_exits"; row.name.starts_with(exits)) {
            std::string const without = "no_exits" + row.name.substr(exits.size());  // "_fast"
            if (Row const* full = row_of(all, without, row.precision, row.threads, row.backend))
                row.efficiency = rate / full->particle_steps_per_second;
        }
    }
}

}  // namespace

Result run(Options const& options) {
    Controls one = options.controls;
    one.backend = Backend::cpu;
    one.threads = 1;
    Controls all = one;
    all.threads = options.controls.threads > 0 ? options.controls.threads : available_threads();
    Tallies const probe =
        simulate(well_plan(Precision::single, false, Crossing::endpoint, 192, 20), one);
    Isa const isa = *parse_isa(probe.info.isa);
    double const seconds = options.seconds_per_measurement;

    std::vector<Measurement> list;
    list.push_back(reference("naive", "double", seconds, [](auto const& p) { naive_loop(p); }));
    list.push_back(reference("scalar", "float", seconds,
                             [isa](auto const& p) { scalar_loop<float>(p, isa); }));
    list.push_back(reference("scalar", "double", seconds,
                             [isa](auto const& p) { scalar_loop<double>(p, isa); }));
    for (Precision precision : {Precision::single, Precision::mixed, Precision::full}) {
        list.push_back(engine("no_exits", precision, false, Crossing::endpoint, one, seconds));
        list.push_back(engine("early_exits", precision, true, Crossing::endpoint, one, seconds));
        list.push_back(engine("bridge", precision, false, Crossing::bridge, one, seconds));
        if (all.threads > 1)
            list.push_back(engine("no_exits", precision, false, Crossing::endpoint, all, seconds));
    }
    if (options.controls.backend != Backend::cpu && cuda_available()) {
        Controls gpu = options.controls;
        gpu.backend = Backend::cuda;
        gpu.threads = 1;
        for (NoiseMath math : {NoiseMath::exact, NoiseMath::fast})
            for (Precision precision : {Precision::single, Precision::mixed, Precision::full}) {
                if (math == NoiseMath::fast && precision == Precision::full) continue;
                gpu.noise_math = math;
                std::string const suffix = math == NoiseMath::fast ? "_fast" : "";
                list.push_back(engine("no_exits" + suffix, precision, false, Crossing::endpoint,
                                      gpu, seconds));
                list.push_back(engine("early_exits" + suffix, precision, true, Crossing::endpoint,
                                      gpu, seconds));
            }
    }

    Result result;
    std::vector<double> clocks;
    for (int repeat = 0; repeat < options.repeats; ++repeat) {
        clocks.push_back(clock_frequency());
        for (Measurement& m : list) m.rates.push_back(m.rate());
    }
    double const hertz = median(clocks);
    for (Measurement& m : list) {
        double const rate = median(m.rates);
        auto const [low, high] = std::minmax_element(m.rates.begin(), m.rates.end());
        m.row.isa = m.row.backend == "cpu" ? probe.info.isa : "";
        m.row.particle_steps_per_second = rate;
        m.row.nanoseconds_per_step = 1e9 / rate;
        m.row.spread = (*high - *low) / rate;
    }
    compare(list, isa, hertz);
    result.gigahertz = hertz / 1e9;
    result.device = cpu_model();
    for (Measurement const& m : list) result.rows.push_back(m.row);
    return result;
}

}  // namespace kramers::bench
