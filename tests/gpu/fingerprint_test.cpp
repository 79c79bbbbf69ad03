// SPDX-License-Identifier: Apache-2.0
// The one golden value of the repository: hashes per method, of arrivals and of the moments of the
// states. Every compiler, instruction set, thread count and GPU must reproduce them, so they pin down
// what no single machine can compare: the stream of random numbers, its use, and every rounding.
// Arrival steps rarely see a last bit (they are the same for all precisions here); the moments, summed
// in units of 2^-48, do.
//
// A hash may change only together with stream_version (gpu/simulate.hpp), or with a deliberate change
// of a landscape's or a scheme's arithmetic that the commit names. The test prints the table it found,
// ready to paste.
#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#include "gpu/dispatch.hpp"
#include "tests/gpu/plans.hpp"

namespace fingerprint_test {
using namespace kramers;
using namespace kramers::testing;

namespace {

struct Pinned {
    char const* landscape;
    int dim;
    char const* dynamics;
    Precision precision;
    Crossing crossing;
    std::uint64_t hash;
};

constexpr auto single = Precision::single, mixed = Precision::mixed, full = Precision::full;
constexpr auto endpoint = Crossing::endpoint, bridge = Crossing::bridge;

static_assert(stream_version == 1, "the hashes below are those of version 1 of the stream");
// clang-format off
constexpr Pinned arrivals[] = {
    {"double_well", 1, "overdamped", single, endpoint, 0x97d4e1a4592dbbef},
    {"double_well", 1, "overdamped", single, bridge, 0x441a188c72ccfaa2},
    {"double_well", 1, "overdamped", mixed, endpoint, 0x97d4e1a4592dbbef},
    {"double_well", 1, "overdamped", mixed, bridge, 0x441a188c72ccfaa2},
    {"double_well", 1, "overdamped", full, endpoint, 0x97d4e1a4592dbbef},
    {"double_well", 1, "overdamped", full, bridge, 0x441a188c72ccfaa2},
    {"double_well", 1, "sgd", single, endpoint, 0x97d4e1a4592dbbef},
    {"double_well", 1, "sgd", mixed, endpoint, 0x97d4e1a4592dbbef},
    {"double_well", 1, "sgd", full, endpoint, 0x97d4e1a4592dbbef},
    {"rastrigin", 2, "overdamped", single, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 2, "overdamped", single, bridge, 0x877ae7b54ebd276a},
    {"rastrigin", 2, "overdamped", mixed, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 2, "overdamped", mixed, bridge, 0x877ae7b54ebd276a},
    {"rastrigin", 2, "overdamped", full, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 2, "overdamped", full, bridge, 0x877ae7b54ebd276a},
    {"rastrigin", 2, "sgd", single, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 2, "sgd", mixed, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 2, "sgd", full, endpoint, 0xc1d7c35deff760fe},
    {"rastrigin", 8, "overdamped", single, endpoint, 0x7cd92ee0362054cc},
    {"rastrigin", 8, "overdamped", single, bridge, 0x7d4d7bb5acbfd3b1},
    {"rastrigin", 8, "overdamped", mixed, endpoint, 0x7cd92ee0362054cc},
    {"rastrigin", 8, "overdamped", mixed, bridge, 0x7d4d7bb5acbfd3b1},
    {"rastrigin", 8, "overdamped", full, endpoint, 0x7cd92ee0362054cc},
    {"rastrigin", 8, "overdamped", full, bridge, 0x7d4d7bb5acbfd3b1},
    {"rastrigin", 8, "sgd", single, endpoint, 0x7cd92ee0362054cc},
    {"rastrigin", 8, "sgd", mixed, endpoint, 0x7cd92ee0362054cc},
    {"rastrigin", 8, "sgd", full, endpoint, 0x7cd92ee0362054cc},
};
constexpr Pinned states[] = {
    {"double_well", 1, "overdamped", single, endpoint, 0x956042778f328a34},
    {"double_well", 1, "overdamped", mixed, endpoint, 0x56dd94bca15dd251},
    {"double_well", 1, "overdamped", full, endpoint, 0x4b2411bb527bf2f0},
    {"double_well", 1, "sgd", single, endpoint, 0x956042778f328a34},
    {"double_well", 1, "sgd", mixed, endpoint, 0x56dd94bca15dd251},
    {"double_well", 1, "sgd", full, endpoint, 0x4b2411bb527bf2f0},
    {"rastrigin", 2, "overdamped", single, endpoint, 0xea0a6d3d603f6d40},
    {"rastrigin", 2, "overdamped", mixed, endpoint, 0x65646bf234597cca},
    {"rastrigin", 2, "overdamped", full, endpoint, 0x47adc35ec7cce81c},
    {"rastrigin", 2, "sgd", single, endpoint, 0xea0a6d3d603f6d40},
    {"rastrigin", 2, "sgd", mixed, endpoint, 0x0603e78160952afd},
    {"rastrigin", 2, "sgd", full, endpoint, 0xf13def0533e5add2},
    {"rastrigin", 8, "overdamped", single, endpoint, 0xb37dee53b8298ca6},
    {"rastrigin", 8, "overdamped", mixed, endpoint, 0x9071b1f25c941f19},
    {"rastrigin", 8, "overdamped", full, endpoint, 0xf6582c3bf43ad97a},
    {"rastrigin", 8, "sgd", single, endpoint, 0xb37dee53b8298ca6},
    {"rastrigin", 8, "sgd", mixed, endpoint, 0x867be68aeba891c8},
    {"rastrigin", 8, "sgd", full, endpoint, 0xec43d0d3597f3766},
};
// clang-format on

Plan plan_for(Pinned const& row) {
    Plan plan = row.dim == 1 ? double_well_plan(0.2, 0.03125, 200) : rastrigin_plan(row.dim, 130);
    plan.key.precision = row.precision;
    passage(plan).crossing = row.crossing;
    if (std::string(row.dynamics) == "sgd") {
        double const temperature = plan.dynamics[0];
        plan.key.dynamics = "sgd";
        plan.key.scheme = "iterate";
        plan.dynamics = {plan.dt, 3.0, 6.0 * temperature / plan.dt};
    }
    return plan;
}

/// The same ensemble seen 3 times in mid-flight.
Plan snapshot_plan_for(Pinned const& row) {
    Plan plan = plan_for(row);
    SnapshotPlan snapshots;
    snapshots.burn_in = 96;
    snapshots.snapshots = 3;
    snapshots.stride = 7;
    snapshots.moment_scale = 0x1p-8;  // a last bit of float must show, and |x| < 4 fit
    plan.observe = snapshots;
    return plan;
}

std::uint64_t hash_of(Plan const& plan, Controls const& controls) {
    auto const result = simulate(plan, controls);
    if (auto const* passages = std::get_if<PassageTally>(&result.tally))
        return fingerprint(passages->slots);
    std::vector<PassageSlot> words;  // the same hash over other words
    for (SnapshotGroup const& group : std::get<SnapshotTally>(result.tally).groups) {
        words.push_back({group.samples});
        for (auto const* sums : {&group.first, &group.second})
            for (FixedSum const& sum : *sums) {
                auto const units = static_cast<UInt128>(sum.units());
                words.push_back({static_cast<std::uint64_t>(units)});
                words.push_back({static_cast<std::uint64_t>(units >> 64)});
            }
    }
    return fingerprint(words);
}

std::string line(Pinned const& row, std::uint64_t hash) {
    char const* const precisions[] = {"single", "mixed", "full"};
    char text[160];
    std::snprintf(text, sizeof text, "    {\"%s\", %d, \"%s\", %s, %s, 0x%016llx},\n",
                  row.landscape, row.dim, row.dynamics, precisions[static_cast<int>(row.precision)],
                  row.crossing == bridge ? "bridge" : "endpoint",
                  static_cast<unsigned long long>(hash));
    return text;
}

template <std::size_t n, class MakePlan>
void check_table(Pinned const (&table)[n], MakePlan const& make_plan) {
    std::string found;
    bool same = true;
    for (Pinned const& row : table) {
        Plan const plan = make_plan(row);
        CAPTURE(describe(plan.key));
        Controls controls;
        controls.backend = Backend::cpu;
        std::uint64_t const hash = hash_of(plan, controls);  // as KRAMERS_ISA says, or the best
        found += line(row, hash);
        same = same && hash == row.hash;
        CHECK(hash == row.hash);
        controls.isa = Isa::baseline;
        CHECK(hash_of(plan, controls) == row.hash);
        if (&row != table) continue;
        // Broken twins: another seed, one trajectory fewer.
        Plan other = plan;
        other.seed += 1;
        CHECK(hash_of(other, controls) != row.hash);
        other = plan;
        other.trajectories -= 1;
        CHECK(hash_of(other, controls) != row.hash);
    }
    if (!same) MESSAGE("the table as it is now:\n", found);
}

template <std::size_t n, class MakePlan>
void check_table_on_gpu(Pinned const (&table)[n], MakePlan const& make_plan) {
    Controls controls;
    controls.backend = Backend::cuda;
    for (Pinned const& row : table) {
        Plan const plan = make_plan(row);
        CAPTURE(describe(plan.key));
        CHECK(hash_of(plan, controls) == row.hash);
    }
}

}  // namespace

TEST_CASE("Engine: arrivals have the committed fingerprint, whatever the instruction set") {
    check_table(arrivals, plan_for);
}

TEST_CASE("Engine: states have the committed fingerprint, whatever the instruction set") {
    check_table(states, snapshot_plan_for);
}

TEST_SUITE("gpu") {
    TEST_CASE("Gpu: arrivals and states have the committed fingerprints") {
        check_table_on_gpu(arrivals, plan_for);
        check_table_on_gpu(states, snapshot_plan_for);
    }
}

}  // namespace fingerprint_test
