// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "estimators/tallies/passage.hpp"
#include "estimators/tallies/snapshots.hpp"
#include "gpu/plan.hpp"
#include "sde/random/isa.hpp"
#include "sde/random/streams.hpp"

/// The public face of the engine: a plan in, integer tallies out. No Thrust in this header.
namespace kramers {

enum class Backend { automatic, cpu, cuda };
enum class NoiseMath { exact, fast };  ///< fast: special-function units of a GPU, not bit-identical

struct Progress {
    std::uint64_t trajectories_done = 0;
    std::uint64_t trajectories = 0;
    std::uint64_t particle_steps = 0;
    std::uint64_t events = 0;  ///< arrivals so far
    double seconds = 0.0;
};

/// How a plan is executed; nothing here changes a bit of the tallies (but noise_math = fast).
struct Controls {
    Backend backend = Backend::automatic;
    int threads = 0;         ///< 0: all cores
    std::optional<Isa> isa;  ///< default: KRAMERS_ISA if set, else the best the CPU has
    NoiseMath noise_math = NoiseMath::exact;
    std::function<bool(Progress const&)> progress;  ///< called between rounds; false: stop early
    double round_seconds = 0.25;                    ///< target length of a round
};

struct RunInfo {
    std::string backend;  ///< "cpu" or "cuda"
    std::string device;   ///< CPU or GPU model
    std::string isa;      ///< "avx512", "avx2", "baseline" or "sm_90"
    std::string noise_math;
    int threads = 0;
    double seconds = 0.0;
    std::uint64_t particle_steps = 0;
    bool interrupted =
        false;  ///< the progress callback stopped it: unfinished trajectories are censored
};

struct Tallies {
    std::variant<PassageTally, SnapshotTally> tally;
    RunInfo info;
};

/// A device, driver or compiled-in-method problem: the call, the error text and the plan key.
struct DeviceError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs the plan. Throws DeviceError when the backend is missing or fails, std::invalid_argument
/// when no compiled method matches plan.key (the message lists the nearest ones).
Tallies simulate(Plan const& plan, Controls const& controls = {});

/// One trajectory, step by step, on the host: row k of the result is the state after k steps (row 0:
/// the start). At most max_rows rows, the first of them spaced `every` steps apart.
struct Replay {
    int dim = 0;
    std::vector<std::uint64_t> steps;
    std::vector<double> states;  ///< steps.size() × dim, row-major
    Outcome outcome = Outcome::running;
    int target = -1;
    std::uint64_t final_step = 0;
};
Replay replay(Plan const& plan, std::uint64_t trajectory, std::uint64_t every,
              std::uint64_t max_rows);

/// All compiled methods, in a fixed order.
std::vector<MethodKey> const& compiled_methods();

/// True when a usable GPU is visible and CUDA code was compiled in; otherwise says why not.
bool cuda_available(std::string* reason = nullptr);

/// Bytes of memory the engine holds for a plan (host).
std::uint64_t memory_bytes(Plan const& plan, Controls const& controls = {});

/// Version of the mapping from (seed, trajectory, step, purpose) to random words.
inline constexpr int stream_version = stream_layout_version;

}  // namespace kramers
