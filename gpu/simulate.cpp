// SPDX-License-Identifier: Apache-2.0
#include "gpu/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>

#include "gpu/composed/composition.hpp"
#include "gpu/composed/thread_run.hpp"
#include "gpu/composed/workers.hpp"
#include "gpu/cuda_run.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/host_backend.hpp"
#include "gpu/simulate_parts.hpp"
#include "gpu/snapshot_sums.hpp"
#include "sde/random/fill.hpp"

namespace kramers {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

void require(bool condition, char const* what) {
    if (!condition) throw std::invalid_argument(fmt::format("invalid plan: {}", what));
}

bool fits(Region const& region, std::size_t dim) {
    std::size_t const extents = region.kind == RegionKind::half_space ? 0
                                : region.kind == RegionKind::ball     ? 1
                                                                      : dim;
    return region.a.size() == dim && region.extent.size() >= extents;
}

/// What only composed methods can do, and what they cannot.
void check_composition(Plan const& plan) {
    Composition const& c = plan.composition;
    auto const dim = static_cast<std::size_t>(plan.key.dim);
    if (!plan.key.composed) {
        require(is_silent(c.noise) && c.gradient_transform.empty() && is_constant(c.rate) &&
                    is_constant(c.noise_schedule),
                "noise laws, schedules and gradient transforms need a composed method");
        return;
    }
    require(plan.key.precision != Precision::single,
            "a composed method keeps its state in double: precision must be mixed or double");
    require(c.gradient_transform.empty() || c.gradient_transform.size() == dim * dim,
            "the gradient transform needs dim x dim numbers");
    if (auto const* passage = std::get_if<PassagePlan>(&plan.observe))
        require(passage->crossing == Crossing::endpoint,
                "a composed method looks for arrivals at step ends: crossing must be endpoint");
    std::string const reason = composed::why_not(
        *composed::find_landscape(plan.key.landscape, plan.key.dim),
        *composed::find_program(plan.key.dynamics, plan.key.scheme), c, plan.dynamics.data());
    require(reason.empty(), reason.c_str());
}

}  // namespace

namespace detail {

void check(Plan const& plan) {
    auto const dim = static_cast<std::size_t>(plan.key.dim);
    require(plan.trajectories > 0, "trajectories must be at least 1");
    require(plan.divergence_bound > 0.0, "divergence_bound must be positive");
    check_composition(plan);
    require(plan.key.scheme == "iterate" || plan.dt > 0.0, "dt must be positive");
    int const r = plan.noise_refinement;
    require(r >= 1 && r <= (plan.key.composed ? 64 : 8) && (r & (r - 1)) == 0,
            "noise_refinement must be a power of two, at most 8 (a composed method: 64)");
    if (plan.start.kind == StartKind::point)
        require(plan.start.point.size() == dim, "the start point needs dim coordinates");
    else
        require(!plan.start.table.empty() && plan.start.table.size() % dim == 0 &&
                    plan.start.table.size() / dim >= 2,
                "the start table needs dim blocks of at least 2 quantiles");
    if (auto const* passage = std::get_if<PassagePlan>(&plan.observe)) {
        require(!passage->targets.empty() && passage->targets.size() <= max_targets,
                "first passage needs 1 to 4 targets");
        require(passage->max_steps <= (std::uint64_t{1} << 40), "max_steps must be at most 2^40");
        require(passage->crossing == Crossing::endpoint || plan.key.scheme != "iterate",
                "a discrete optimizer has no path between its iterates: crossing must be endpoint");
        for (Region const& region : passage->targets)
            require(fits(region, dim), "a target region does not have the dimension of the state");
    } else {
        auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
        require(snapshots.snapshots >= 1 && snapshots.stride >= 1,
                "snapshots and stride must be at least 1");
        require(snapshots.moment_scale > 0.0, "moment_scale must be positive");
        require(snapshots.origin.empty() || snapshots.origin.size() == dim,
                "the origin of the moments needs dim coordinates");
        require(snapshots.regions.size() <= 32 && snapshots.histograms.size() <= 40,
                "at most 32 regions and 40 histograms");
        for (Region const& region : snapshots.regions)
            require(fits(region, dim), "a region does not have the dimension of the state");
        require(snapshots.observables.size() <= max_observables, "at most 8 observables");
        for (Observable const& o : snapshots.observables)
            require(o.axis >= 0 && o.axis < plan.key.dim && o.exponent >= 1 && o.exponent <= 8,
                    "an observable has no such axis, or an exponent beyond 1 to 8");
        for (HistogramPlan const& h : snapshots.histograms)
            require(h.bins_x >= 1 && h.bins_y >= 0 && h.upper_x > h.lower_x && h.axis_x >= 0 &&
                        h.axis_x < plan.key.dim && h.axis_y >= 0 && h.axis_y < plan.key.dim &&
                        (h.bins_y == 0 || h.upper_y > h.lower_y),
                    "a histogram has no bins, an empty range or no such axis");
    }
}

Isa chosen_isa(Controls const& controls) {
    std::optional<Isa> isa = controls.isa;
    if (char const* text = std::getenv("KRAMERS_ISA"); !isa && text != nullptr && *text != '\0') {
        isa = parse_isa(text);
        if (!isa)
            throw std::invalid_argument(
                fmt::format("KRAMERS_ISA = \"{}\" (must be avx512, avx2 or baseline)", text));
    }
    if (!isa) return best_isa();
    if (!isa_supported(*isa))
        throw DeviceError(fmt::format("this CPU ({}) has no {}; unset KRAMERS_ISA to use {}",
                                      cpu_model(), name_of(*isa), name_of(best_isa())));
    return *isa;
}

void finish(Plan const& plan, Tallies& tallies) {
    auto* tally = std::get_if<SnapshotTally>(&tallies.tally);
    if (tally == nullptr) return;
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    tally->dim = plan.key.dim;
    tally->moment_scale = snapshots.moment_scale;
    tally->origin = snapshots.origin;
    if (tally->origin.empty()) tally->origin.assign(static_cast<std::size_t>(plan.key.dim), 0.0);
    tally->snapshots_per_trajectory = snapshots.snapshots;
    for (int g = 0; g < group_count; ++g)
        tally->groups[static_cast<std::size_t>(g)].trajectories =
            group_begin(g + 1, plan.trajectories) - group_begin(g, plan.trajectories);
}

bool keeps_final(Plan const& plan) {
    auto const* snapshots = std::get_if<SnapshotPlan>(&plan.observe);
    return snapshots != nullptr && snapshots->keep_final;
}

bool runs_on_cuda(Plan const& plan, MethodRow const& row, Controls const& controls) {
    return controls.backend == Backend::cuda ||
           (controls.backend == Backend::automatic && row.cuda != nullptr && !keeps_final(plan) &&
            cuda_available());
}

HostSlots::HostSlots(Plan const& plan, WorkQueue& queue) {
    if (std::holds_alternative<PassagePlan>(plan.observe)) {
        passage.trajectories = plan.trajectories;
        passage.slots.resize(plan.trajectories);
        queue.slots = passage.slots.data();
    }
    if (keeps_final(plan)) {
        final_states.assign(plan.trajectories * static_cast<unsigned>(plan.key.dim),
                            std::numeric_limits<double>::quiet_NaN());
        queue.final_states = final_states.data();
    }
}

Tallies collect_host(Plan const& plan, HostSlots slots,
                     std::vector<std::unique_ptr<HostWorker>> const& workers) {
    Tallies tallies;
    if (std::holds_alternative<PassagePlan>(plan.observe)) {
        for (PassageSlot& slot : slots.passage.slots)
            if (slot.outcome() == Outcome::running)
                slot = PassageSlot::make(Outcome::censored, 0, 0);
        tallies.tally = std::move(slots.passage);
        return tallies;
    }
    SnapshotTally tally;
    auto const& snapshots = std::get<SnapshotPlan>(plan.observe);
    auto const layout = SnapshotLayout::make(snapshots, plan.key.dim);
    std::vector<std::uint64_t> const zeros(layout.size, 0);
    tally.groups.assign(group_count, layout.group(snapshots, zeros.data()));
    for (auto const& worker : workers) worker->collect(tally.groups);
    tally.final_states = std::move(slots.final_states);
    tallies.tally = std::move(tally);
    return tallies;
}

}  // namespace detail

namespace {

/// Reports and asks whether to go on.
bool go_on(Controls const& controls, Progress& progress, Clock::time_point begin) {
    progress.seconds = seconds_since(begin);
    return !controls.progress || controls.progress(progress);
}

Tallies run_on_host(Plan const& plan, Controls const& controls, MethodRow const& row) {
    bool const passage = std::holds_alternative<PassagePlan>(plan.observe);
    Isa const isa = detail::chosen_isa(controls);
    int const threads = controls.threads > 0 ? controls.threads : available_threads();
    auto const lane_blocks = (plan.trajectories + lane_count - 1) / lane_count;
    int const count =
        static_cast<int>(std::min<std::uint64_t>(static_cast<unsigned>(threads), lane_blocks));

    WorkQueue queue;
    detail::HostSlots slots(plan, queue);
    std::vector<std::unique_ptr<HostWorker>> workers;
    for (int w = 0; w < count; ++w)
        workers.push_back((passage ? row.passage : row.snapshots)(plan, queue, isa));

    Clock::time_point const begin = Clock::now();
    Progress progress;
    progress.trajectories = plan.trajectories;
    std::atomic<int> busy{count};
    std::vector<char> idle(static_cast<std::size_t>(count), 0);
    // A worker makes quanta of steps until the round's time is over; small enough to stop promptly.
    constexpr std::uint64_t quantum = 1u << 20;
    bool interrupted = false;
    while (busy > 0 && !interrupted) {
        Clock::time_point const round = Clock::now();
        for_each_worker(threads, count, [&](int w) {
            auto const index = static_cast<std::size_t>(w);
            while (!idle[index] && seconds_since(round) < controls.round_seconds)
                if (!workers[index]->work(quantum)) {
                    idle[index] = 1;
                    --busy;
                }
        });
        progress.trajectories_done = queue.finished;
        progress.particle_steps = queue.steps;
        progress.events = queue.events;
        interrupted = !go_on(controls, progress, begin) && busy > 0;
    }

    if (interrupted)
        for (auto& worker : workers) worker->abandon();
    Tallies tallies = detail::collect_host(plan, std::move(slots), workers);
    tallies.info.seconds = seconds_since(begin);
    tallies.info.backend = "cpu";
    tallies.info.device = cpu_model();
    tallies.info.isa = std::string(name_of(isa));
    tallies.info.threads = threads;
    tallies.info.particle_steps = queue.steps;
    tallies.info.interrupted = interrupted;
    tallies.info.noise_math = "exact";
    return tallies;
}

Tallies run_on_cuda(Plan const& plan, Controls const& controls, MethodRow const& row) {
    CudaDevice device;
    std::string reason;
    if (!find_cuda_device(device, reason))
        throw DeviceError(fmt::format("backend cuda: {} ({})", reason, describe(plan.key)));
    if (row.cuda == nullptr)
        throw DeviceError(fmt::format(
            "backend cuda: no device code for {}{}", describe(plan.key),
            plan.key.composed ? "; " + composed::why_no_threads(plan.key) : std::string()));
    if (detail::keeps_final(plan))
        throw DeviceError(
            fmt::format("backend cuda: it sums snapshots and keeps no final states, which host "
                        "threads do ({})",
                        describe(plan.key)));
    std::unique_ptr<CudaRun> const run = row.cuda(plan, controls.noise_math);
    Clock::time_point const begin = Clock::now();
    Progress progress;
    progress.trajectories = plan.trajectories;
    bool interrupted = false;
    for (bool more = true; more && !interrupted;) {
        more = run->round(controls.round_seconds);
        run->report(progress);
        interrupted = !go_on(controls, progress, begin) && more;
    }
    Tallies tallies;
    tallies.info.seconds = seconds_since(begin);
    tallies.info.backend = "cuda";
    tallies.info.device = device.name;
    tallies.info.isa = device.architecture;
    tallies.info.threads = device.multiprocessors * device.threads_per_multiprocessor;
    tallies.info.particle_steps = progress.particle_steps;
    tallies.info.interrupted = interrupted;
    tallies.info.noise_math = run->noise_math() == NoiseMath::fast ? "fast" : "exact";
    run->collect(tallies);
    if (auto* slots = std::get_if<PassageTally>(&tallies.tally))
        for (PassageSlot& slot : slots->slots)
            if (slot.outcome() == Outcome::running)
                slot = PassageSlot::make(Outcome::censored, 0, 0);
    return tallies;
}

}  // namespace

Tallies simulate(Plan const& plan, Controls const& controls) {
    MethodRow const& row = find_method(plan.key);
    detail::check(plan);
    Tallies tallies = detail::runs_on_cuda(plan, row, controls) ? run_on_cuda(plan, controls, row)
                                                                : run_on_host(plan, controls, row);
    detail::finish(plan, tallies);
    return tallies;
}

Replay replay(Plan const& plan, std::uint64_t trajectory, std::uint64_t every,
              std::uint64_t max_rows) {
    detail::check(plan);
    require(trajectory < plan.trajectories, "no such trajectory");
    return find_method(plan.key).replay(plan, trajectory, every, max_rows);
}

bool cuda_available(std::string* reason) {
    CudaDevice device;
    std::string why;
    bool const found = find_cuda_device(device, why);
    if (reason != nullptr) *reason = why;
    return found;
}

std::uint64_t memory_bytes(Plan const& plan, Controls const& controls) {
    std::uint64_t const worker_bytes =
        plan.key.composed ? composed::worker_bytes(plan) : find_method(plan.key).worker_bytes;
    auto const threads =
        static_cast<std::uint64_t>(controls.threads > 0 ? controls.threads : available_threads());
    if (std::holds_alternative<PassagePlan>(plan.observe))
        return plan.trajectories * sizeof(PassageSlot) + threads * worker_bytes;
    auto const layout = SnapshotLayout::make(std::get<SnapshotPlan>(plan.observe), plan.key.dim);
    std::uint64_t const kept =
        detail::keeps_final(plan) ? plan.trajectories * static_cast<unsigned>(plan.key.dim) : 0;
    return kept * sizeof(double) +
           (threads + 1) * std::uint64_t{layout.size} * sizeof(std::uint64_t) * group_count +
           threads * worker_bytes;
}

}  // namespace kramers
