// SPDX-License-Identifier: Apache-2.0
#include "experiments/bench_dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "experiments/bench_reference.hpp"
#include "experiments/components.hpp"
#include "experiments/numbers.hpp"
#include "gpu/composed/bench_parts.hpp"
#include "gpu/host_backend.hpp"
#include "sde/noise/catalogue.hpp"

namespace kramers::bench {
namespace {

using composed::ProgramEntry;
using composed::StepBench;
using composed::StepPart;

constexpr double window = 2e-4;  ///< seconds, well below a time slice of the operating system

/// A default, or a number that leaves every lane inside its landscape. A model of an optimizer with
/// memory resolves it in steps of dt only with a larger learning rate.
std::vector<double> mild_values(std::span<Parameter const> parameters, int dim, bool remembers) {
    std::vector<double> values;
    for (Parameter const& p : parameters) {
        double value = p.fallback;
        if (remembers && p.name == "epsilon") value = 0.1;
        if (std::isnan(value)) {
            value = std::clamp(0.5, p.minimum, p.maximum);
            if (p.name == "learning_rate") value = remembers ? 0.25 : 0.01;
            if (p.name == "temperature") value = 0.1;
            if (p.name == "alpha") value = 1.5;
            if (p.name == "degrees") value = 5.0;
        }
        values.insert(values.end(), p.per_coordinate ? static_cast<std::size_t>(dim) : 1u, value);
    }
    return values;
}

NoiseLaw law_of(NoiseLawEntry const& entry, int dim) {
    NoiseRequest request;
    request.dim = dim;
    request.values = mild_values(entry.parameters, dim, false);
    if (entry.table == "covariance")
        for (int i = 0; i < dim; ++i)
            for (int j = 0; j < dim; ++j) request.table.push_back(i == j ? 1.0 : 0.25);
    else if (!entry.table.empty())
        for (int n = 0; n < 32; ++n)
            for (int j = 0; j < dim; ++j) request.table.push_back(std::sin(1.0 + 3 * n + j));
    if (entry.batch_is_of_data) request.batch_size = 4.0;
    NoiseLawResult const result = entry.make(request);
    if (!result.law)
        throw std::invalid_argument(fmt::format("law {}: {}", entry.name, result.reason));
    return *result.law;
}

/// What drives a program, with its name: its own stable process, else normal draws.
std::pair<std::string_view, NoiseLaw> driving_law(ProgramEntry const& program, int dim) {
    if (find_dynamics(program.dynamics)->noise_use == NoiseUse::stable)
        return {"stable", law_of(*find_noise_law("stable"), dim)};
    NoiseLaw law;
    law.variances.assign(static_cast<std::size_t>(dim), 1.0);
    return {"gaussian", law};
}

constexpr std::string_view coupled = "coupled_double_wells";

/// From a minimum; the target is the outside of a ball that nobody leaves.
Plan plan_of(ProgramEntry const& program, NoiseLaw const& law, std::string_view landscape,
             int dim) {
    bool const well = landscape == "double_well";
    Plan plan;
    plan.key.landscape = std::string(landscape);
    plan.key.dim = dim;
    plan.key.dynamics = std::string(program.dynamics);
    plan.key.scheme = std::string(program.scheme);
    plan.key.composed = true;
    plan.landscape = well ? std::vector<double>{1.0, 0.25} : std::vector<double>{1.0};
    plan.dynamics = mild_values(program.parameters, 1, !program.discrete && program.memory > 0);
    plan.dt = well ? 0.02 : 0.004;
    plan.composition.noise = law;
    if (landscape == coupled) plan.landscape = {1.0, 0.25, 0.5};
    plan.start.point.assign(static_cast<std::size_t>(dim), landscape == "rastrigin" ? 0.0 : -1.0);
    plan.seed = 1;
    Region target;
    target.a.assign(static_cast<std::size_t>(dim), 0.0);
    if (well) {
        target.a[0] = 1.0;
        target.offset = 5e5;
    } else {
        target.kind = RegionKind::ball;
        target.extent = {5e5};
        target.complement = true;
    }
    PassagePlan passage;
    passage.targets = {target};
    plan.observe = passage;
    return plan;
}

struct Entry {
    PartsRow row;
    std::unique_ptr<StepBench> bench;
    std::array<std::vector<double>, composed::step_parts> ns;  ///< of every window
    std::vector<double> ratios, snapshot_ratios, repeats;

    double once(StepPart part, int blocks) {
        double const steps = static_cast<double>(blocks) * bench->block_steps() * lane_count;
        return 1e9 * bench->seconds(part, blocks) / steps;
    }
    /// Windows of all parts side by side, for about `seconds` in all.
    void measure(double seconds) {
        double const steps = static_cast<double>(bench->block_steps()) * lane_count;
        double const block = 1e-9 * once(StepPart::passage, 4) * steps;
        int const blocks = std::max(4, static_cast<int>(window / block));
        int const rounds = std::max(5, static_cast<int>(seconds / (3.5 * blocks * block)));
        std::vector<double> here;
        for (int r = 0; r < rounds; ++r) {
            double v[composed::step_parts];
            for (int k = 0; k < composed::step_parts; ++k) {
                v[k] = once(static_cast<StepPart>(k), blocks);
                ns[static_cast<std::size_t>(k)].push_back(v[k]);
            }
            here.push_back(v[0] / (v[2] + v[3]));
            snapshot_ratios.push_back(v[1] / (v[2] + v[3]));
        }
        ratios.insert(ratios.end(), here.begin(), here.end());
        repeats.push_back(median(here));
    }
    PartsRow result() const {
        PartsRow out = row;
        out.passage = median(ns[0]);
        out.snapshots = median(ns[1]);
        out.draws = median(ns[2]);
        out.arithmetic = median(ns[3]);
        out.ratio = median(ratios);
        out.snapshot_ratio = median(snapshot_ratios);
        auto const [low, high] = std::minmax_element(repeats.begin(), repeats.end());
        out.spread = (*high - *low) / out.ratio;
        return out;
    }
};

struct Collector {
    Isa isa;
    std::vector<Entry> entries;
    std::vector<std::string> left_out;

    void add(ProgramEntry const& program, std::string_view name, NoiseLaw const& law, int dim) {
        add(program, name, law, dim, dim == 1 ? "double_well" : "rastrigin");
    }
    void add(ProgramEntry const& program, std::string_view name, NoiseLaw const& law, int dim,
             std::string_view ground) {
        Plan const plan = plan_of(program, law, ground, dim);
        composed::LandscapeEntry const* landscape =
            composed::find_landscape(plan.key.landscape, dim);
        std::string const reason =
            landscape == nullptr
                ? fmt::format("{} is not compiled for d = {}", plan.key.landscape, dim)
                : why_not(*landscape, program, plan.composition, plan.dynamics.data());
        if (!reason.empty()) {
            left_out.push_back(fmt::format("{}, {}, {} in {} dimensions: {}", program.dynamics,
                                           program.scheme, name, dim, reason));
            return;
        }
        Entry entry;
        entry.row.dynamics = plan.key.dynamics;
        entry.row.scheme = plan.key.scheme;
        entry.row.law = std::string(name);
        entry.row.landscape = plan.key.landscape;
        entry.row.dim = dim;
        entry.bench = std::make_unique<StepBench>(plan, isa);
        entries.push_back(std::move(entry));
    }
};

bool has(std::vector<std::string> const& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The programs that "all" also measures in more than one dimension.
bool is_example(ProgramEntry const& p) {
    using Pair = std::pair<std::string_view, std::string_view>;
    for (Pair const& pair : {Pair{"sgd", "iterate"}, Pair{"adam", "iterate"},
                             Pair{"overdamped", "euler_maruyama"}, Pair{"kinetic", "baoab"}})
        if (pair == Pair{p.dynamics, p.scheme}) return true;
    return false;
}

void add_programs(Collector& to, std::vector<std::string> const& names) {
    bool const all = has(names, "all");
    for (std::string const& name : names)
        if (name != "all" &&
            std::none_of(composed::programs().begin(), composed::programs().end(),
                         [&](ProgramEntry const& p) { return p.dynamics == name; }))
            throw std::invalid_argument("no such dynamics: " + name);
    for (ProgramEntry const& p : composed::programs()) {
        bool const named = has(names, p.dynamics);
        for (int const dim : {1, 2, 8}) {
            if (!named && !(all && (dim == 1 || is_example(p)))) continue;
            auto const [name, law] = driving_law(p, dim);
            to.add(p, name, law, dim);
        }
    }
}

void add_laws(Collector& to, std::vector<std::string> const& names) {
    for (std::string const& name : names)
        if (name != "all" && find_noise_law(name) == nullptr)
            throw std::invalid_argument("no such noise law: " + name);
    ProgramEntry const* const sgd = composed::find_program("sgd", "iterate");
    for (NoiseLawEntry const& entry : noise_laws()) {
        if (!has(names, "all") && !has(names, entry.name)) continue;
        for (int const dim : {1, 2}) to.add(*sgd, entry.name, law_of(entry, dim), dim);
        if (entry.mixes_draws)
            for (int const dim : {2, 8}) to.add(*sgd, entry.name, law_of(entry, dim), dim, coupled);
    }
}

/// The instruction set that a run would use.
Isa isa_of(Controls controls) {
    controls.backend = Backend::cpu;
    Plan plan = plan_of(*composed::find_program("sgd", "iterate"), NoiseLaw{}, "double_well", 1);
    plan.trajectories = 1;
    std::get<PassagePlan>(plan.observe).max_steps = 1;
    return *parse_isa(simulate(plan, controls).info.isa);
}

}  // namespace

PartsResult run_parts(PartsOptions const& options) {
    Collector collector{isa_of(options.controls), {}, {}};
    add_programs(collector, options.dynamics);
    add_laws(collector, options.laws);
    std::vector<double> clocks;
    for (int repeat = 0; repeat < options.repeats; ++repeat) {
        clocks.push_back(clock_frequency());
        for (Entry& entry : collector.entries)
            entry.measure(options.seconds_per_row / options.repeats);
    }
    PartsResult result;
    for (Entry const& entry : collector.entries) result.rows.push_back(entry.result());
    result.left_out = std::move(collector.left_out);
    result.isa = std::string(name_of(collector.isa));
    result.device = cpu_model();
    result.gigahertz = median(clocks) / 1e9;
    return result;
}

}  // namespace kramers::bench
