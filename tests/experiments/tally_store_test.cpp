// SPDX-License-Identifier: Apache-2.0
#include "experiments/tally_store.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "experiments/encode.hpp"
#include "experiments/hash.hpp"
#include "experiments/run_folder.hpp"
#include "tests/support/scratch.hpp"

namespace tally_store_test {
using namespace kramers;
using kramers::test::read;
using kramers::test::Scratch;
namespace fs = std::filesystem;

namespace {

Plan passage_plan() {
    Plan plan;
    plan.key = {"double_well", 1, "overdamped", "euler_maruyama", Precision::mixed};
    plan.landscape = {1.0, 0.25};
    plan.dynamics = {0.15};
    plan.dt = 0.02;
    plan.start.point = {-1.0};
    plan.trajectories = 100;
    plan.seed = 7;
    PassagePlan passage;
    passage.targets.resize(1);
    passage.targets[0].a = {1.0};
    passage.max_steps = 1000;
    plan.observe = passage;
    return plan;
}

Tallies passage_tallies(std::uint64_t step) {
    PassageTally tally;
    tally.trajectories = 100;
    for (std::uint64_t id = 0; id < 100; ++id)
        tally.slots.push_back(PassageSlot::make(Outcome::arrived, 0, step + id));
    Tallies tallies;
    tallies.tally = tally;
    tallies.info.backend = "cpu";
    tallies.info.seconds = 0.5;
    tallies.info.particle_steps = 12345;
    return tallies;
}

Tallies snapshot_tallies() {
    SnapshotTally tally;
    tally.dim = 2;
    tally.moment_scale = 0.5;
    tally.origin = {1.0, -1.0};
    tally.groups.resize(group_count);
    for (std::size_t g = 0; g < tally.groups.size(); ++g) {
        SnapshotGroup& group = tally.groups[g];
        group.trajectories = g;
        group.samples = 2 * g;
        group.first = {FixedSum::of(-0.25 * static_cast<double>(g)), FixedSum::of(1.0)};
        group.histograms = {{1, 2, g}, {}};
        group.beyond = {3};
    }
    tally.final_states = {0.5, -0.0, 1e300, 2.0};
    Tallies tallies;
    tallies.tally = tally;
    return tallies;
}

void write(fs::path const& file, std::string const& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("xxh64: the published values") {
    CHECK(xxh64("", 0) == 0xef46db3751d8e999u);
    CHECK(xxh64("a", 0) == 0xd24ec4f1a98c6e5bu);
    CHECK(xxh64("abc", 0) == 0x44bc2cf5ad770999u);
    CHECK(xxh64("Nobody inspects the spammish repetition", 0) == 0xfbcea83c8a378bf1u);
    CHECK(digest("abc").substr(0, 16) == "44bc2cf5ad770999");
    CHECK(digest("abc").size() == 32);
    CHECK(digest("abc").substr(16) != digest("abc").substr(0, 16));
}

TEST_CASE("encode: any change of a plan changes its bytes, and nothing else does") {
    Plan const plan = passage_plan();
    CHECK(encode(plan) == encode(passage_plan()));
    using Change = std::function<void(Plan&)>;
    Change const changes[] = {
        [](Plan& p) { p.key.landscape = "double_wel"; },
        [](Plan& p) { p.key.dim = 2; },
        [](Plan& p) { p.key.precision = Precision::full; },
        [](Plan& p) { p.key.composed = true; },
        [](Plan& p) { p.landscape[1] = std::nextafter(0.25, 1.0); },
        [](Plan& p) { p.dynamics.push_back(0.0); },
        [](Plan& p) { std::swap(p.landscape, p.dynamics); },
        [](Plan& p) { p.dt = 0.01; },
        [](Plan& p) { p.composition.noise.shape_data.gone = 1.0; },
        [](Plan& p) { p.composition.noise.shape_data.more_than[1] = 0.1; },
        [](Plan& p) { p.composition.noise.memory_data.past = 0.1; },
        [](Plan& p) { p.composition.noise.point_shift = 0.1; },
        [](Plan& p) { p.composition.rate.warmup = 3.0; },
        [](Plan& p) { p.composition.noise_schedule.warmup = 3.0; },
        [](Plan& p) { p.composition.gradient_transform = {1.0}; },
        [](Plan& p) { p.start.kind = StartKind::quantile_table; },
        [](Plan& p) { p.start.point[0] = -0.0; },
        [](Plan& p) { p.trajectories = 101; },
        [](Plan& p) { p.seed = 8; },
        [](Plan& p) { p.divergence_bound = 1e5; },
        [](Plan& p) { p.noise_refinement = 2; },
        [](Plan& p) { std::get<PassagePlan>(p.observe).crossing = Crossing::bridge; },
        [](Plan& p) { std::get<PassagePlan>(p.observe).max_steps = 1001; },
        [](Plan& p) { std::get<PassagePlan>(p.observe).targets[0].complement = true; },
        [](Plan& p) { p.observe = SnapshotPlan{}; }};
    std::vector<std::string> seen{encode(plan)};
    for (Change const& change : changes) {
        Plan other = plan;
        change(other);
        std::string const bytes = encode(other);
        CAPTURE(seen.size());
        CHECK(std::find(seen.begin(), seen.end(), bytes) == seen.end());
        seen.push_back(bytes);
    }
    Plan snapshots = plan;
    snapshots.observe = SnapshotPlan{};
    Plan other = snapshots;
    std::get<SnapshotPlan>(other.observe).histograms.emplace_back().bins_y = 4;
    CHECK(encode(other) != encode(snapshots));
}

TEST_CASE("TallyStore: what was put is found again by another process, bit for bit") {
    Scratch scratch;
    Plan narrow = passage_plan(), wide = narrow, snapshots = narrow;
    wide.seed = 8;
    snapshots.observe = SnapshotPlan{};
    {
        TallyStore store(scratch.path / "t");
        CHECK_FALSE(store.find(narrow));
        store.put(narrow, passage_tallies(3));
        store.put(wide, passage_tallies(std::uint64_t{1} << 40));
        store.flush();
        store.put(snapshots, snapshot_tallies());
    }
    TallyStore store(scratch.path / "t");
    CHECK(store.size() == 3);
    auto const slots = [&](Plan const& plan) {
        return std::get<PassageTally>(store.find(plan).value().tally).slots;
    };
    CHECK(slots(narrow) == std::get<PassageTally>(passage_tallies(3).tally).slots);
    CHECK(slots(wide) ==
          std::get<PassageTally>(passage_tallies(std::uint64_t{1} << 40).tally).slots);
    Tallies const found = store.find(snapshots).value(), put = snapshot_tallies();
    CHECK(std::get<SnapshotTally>(found.tally).groups == std::get<SnapshotTally>(put.tally).groups);
    CHECK(std::get<SnapshotTally>(found.tally).origin == std::vector<double>{1.0, -1.0});
    CHECK(std::get<SnapshotTally>(found.tally).final_states ==
          std::vector<double>{0.5, -0.0, 1e300, 2.0});
    CHECK(store.find(narrow)->info.particle_steps == 12345);
    CHECK(store.damaged() == 0);
    Plan unknown = narrow;
    unknown.seed = 9;
    CHECK_FALSE(store.find(unknown));
    Controls fast;
    fast.noise_math = NoiseMath::fast;  // other bits: other entries
    CHECK_FALSE(TallyStore(scratch.path / "t", fast).find(narrow));
    adopt_tallies(scratch.path / "t", scratch.path / "u");
    CHECK(TallyStore(scratch.path / "u").size() == 3);
}

TEST_CASE("TallyStore: no single flipped bit and no cut is taken for an entry") {
    Scratch scratch;
    Plan const first = passage_plan();
    Plan second = first;
    second.seed = 8;
    std::string const one = encode(passage_tallies(3)), two = encode(passage_tallies(4));
    {
        TallyStore store(scratch.path);
        store.put(first, passage_tallies(3));
        store.put(second, passage_tallies(4));
    }
    fs::path const segment = scratch.path / "000001.tallies";
    std::string const whole = read(segment);
    auto const outcome = [&](std::string const& bytes) {
        write(segment, bytes);
        TallyStore store(scratch.path);
        auto const a = store.find(first), b = store.find(second);
        CHECK((!a || encode(*a) == one));
        CHECK((!b || encode(*b) == two));
        return (a ? 1 : 0) + (b ? 1 : 0);
    };
    CHECK(outcome(whole) == 2);
    for (std::size_t at = 0; at < whole.size(); at += 3) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
        CAPTURE(at);
        CHECK(outcome(bytes) < 2);
    }
    for (std::size_t cut = 0; cut < whole.size(); cut += 41) outcome(whole.substr(0, cut));
    // The twin without a checksum is fooled: another step is a tally as good as any.
    std::string bytes = one;
    bytes[bytes.size() - 2] = static_cast<char>(bytes[bytes.size() - 2] ^ 64);
    auto const fooled = decode_tallies(bytes);
    REQUIRE(fooled);
    CHECK(encode(*fooled) != one);
}

TEST_CASE("RunFolder: a lasting working folder survives a kill, and one process has it") {
    Scratch scratch;
    fs::path const folder = scratch.path / "a";
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        RunFolder run(folder, ExistingFolder::refuse, WorkingFolder::lasting);
        run.write(".kramers-progress/request.json", "{}");
        run.write("passage.csv", "half");
        ::_exit(9);  // no destructor
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK_FALSE(fs::exists(folder));
    RunFolder run(folder, ExistingFolder::refuse, WorkingFolder::lasting);
    CHECK(read(run.progress() / "request.json") == "{}");
    CHECK_FALSE(fs::exists(run.working_folder() / "passage.csv"));
    CHECK_THROWS_AS(RunFolder(folder, ExistingFolder::refuse, WorkingFolder::lasting),
                    RunFolderBusy);
    run.write("report.json", "{}");
    SUBCASE("complete: nothing of it stays") {
        run.commit();
        CHECK_FALSE(fs::exists(folder / ".kramers-progress"));
        CHECK(std::distance(fs::directory_iterator(scratch.path), {}) == 1);
    }
    SUBCASE("interrupted: it goes on from there") {
        run.commit_partial("interrupted");
        CHECK(fs::exists(folder / ".kramers-progress/request.json"));
        CHECK_FALSE(fs::exists(RunFolder::unfinished(folder)));
    }
}

}  // namespace tally_store_test
