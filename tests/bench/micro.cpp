// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include "estimators/tallies/snapshots.hpp"
#include "gpu/plan.hpp"
#include "gpu/snapshot_sums.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/random/fill.hpp"
#include "sde/random/streams.hpp"

/// Micro-benchmarks: noise per instruction set, gradients on the host, sums and merges of tallies.
/// Nanoseconds per item, median of 41 windows. Whole runs are timed by `kramers bench`.
namespace {

using namespace kramers;
using Clock = std::chrono::steady_clock;

double median_nanoseconds(double items, std::function<void()> const& work) {
    std::vector<double> windows;
    for (int w = 0; w < 41; ++w) {
        auto const begin = Clock::now();
        for (int repeat = 0; repeat < 50; ++repeat) work();
        windows.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count() /
                          (50.0 * items));
    }
    std::sort(windows.begin(), windows.end());
    return windows[windows.size() / 2];
}

void line(char const* what, char const* unit, double nanoseconds) {
    std::printf("%-34s %10.3f ns per %s\n", what, nanoseconds, unit);
}

struct Counters {
    alignas(64) std::uint32_t call_low[lane_count] = {};
    alignas(64) std::uint32_t call_high[lane_count] = {};
    alignas(64) std::uint32_t id_low[lane_count];
    alignas(64) std::uint32_t id_high[lane_count] = {};
    alignas(64) float single[20 * lane_count];
    alignas(64) double full[20 * lane_count];
    alignas(64) std::uint32_t words[20 * lane_count];
};

void noise() {
    auto const c = std::make_unique<Counters>();
    for (int i = 0; i < lane_count; ++i) c->id_low[i] = static_cast<std::uint32_t>(i);
    auto const purpose = static_cast<std::uint32_t>(Purpose::increment);
    double const items = 20.0 * lane_count;
    for (Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        if (!isa_supported(isa)) continue;
        FillTable const& fill = fill_table(isa);
        LaneCounters const lanes{c->call_low, c->call_high, c->id_low, c->id_high, false};
        std::string const name(name_of(isa));
        auto const step = [&] { c->call_low[0] += 5; };  // the work must not be the same twice
        line((name + ", words").c_str(), "word", median_nanoseconds(items, [&] {
                 step();
                 fill.words(lanes, 1, purpose, 5, 1, c->words);
             }));
        line((name + ", float normals").c_str(), "normal", median_nanoseconds(items, [&] {
                 step();
                 fill.normals_f32(lanes, 1, purpose, 5, 1, c->single);
             }));
        line((name + ", double normals").c_str(), "normal", median_nanoseconds(items, [&] {
                 step();
                 fill.normals_f64(lanes, 1, purpose, 5, 1, c->full);
             }));
    }
}

void gradients() {
    for (LandscapeInfo const& info : landscape_catalogue())
        for (int dim : info.dims) {
            auto const potential = make_potential(info.name, dim, default_values(info, dim));
            Eigen::VectorXd x = Eigen::VectorXd::Constant(dim, 0.3);
            std::string const name = std::string(info.name) + " d = " + std::to_string(dim);
            line(name.c_str(), "host gradient", median_nanoseconds(100.0, [&] {
                     for (int k = 0; k < 100; ++k) x += 1e-9 * potential->gradient(x);
                 }));
        }
}

void tallies() {
    SnapshotPlan plan;
    HistogramPlan h;
    h.lower_x = h.lower_y = -2.0;
    h.upper_x = h.upper_y = 2.0;
    h.bins_x = h.bins_y = 40;
    h.axis_y = 1;
    plan.histograms = {h};
    SnapshotLayout const layout = SnapshotLayout::make(plan, 2);
    std::vector<std::uint64_t> counters(layout.size);
    double v = 0.1;
    line("snapshot, d = 2, 40 x 40 bins", "sample", median_nanoseconds(1000.0, [&] {
             for (int k = 0; k < 1000; ++k) {
                 v = v > 1.9 ? -1.9 : v + 0.01;
                 add_snapshot<2>(layout, nullptr, counters.data(), Vec<double, 2>{{v, -v}}, 0,
                                 nullptr);
             }
         }));
    SnapshotGroup sum = layout.group(plan, counters.data());
    SnapshotGroup const other = sum;
    line("merge of a group, 1600 bins", "merge", median_nanoseconds(10.0, [&] {
             for (int k = 0; k < 10; ++k) sum.merge(other);
         }));
}

}  // namespace

int main() {
    noise();
    gradients();
    tallies();
}
