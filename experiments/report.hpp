// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/build_info.hpp"
#include "experiments/tables.hpp"
#include "experiments/validation_table.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// One estimate of a run, by the cell and rung it belongs to.
struct ReportedEstimate {
    int cell = 0;
    std::string estimand;
    std::string level;  ///< rung of the dt ladder, "extrapolated", or empty
    Estimate estimate;
};

/// Everything a run produced.
struct Report {
    // The result: a pure function of the spec on one backend and build.
    Spec const* spec = nullptr;  ///< not owned; must outlive the call of report_json
    std::uint64_t seed = 0;
    bool quick = false;
    bool interrupted = false;  ///< partial results
    std::vector<ReportedEstimate> estimates;
    std::vector<tables::PredictionRow> predictions;
    std::vector<ClaimRow> claims;
    std::uint64_t trajectories = 0;
    std::uint64_t arrived = 0;
    std::uint64_t censored = 0;
    std::uint64_t diverged = 0;
    std::uint64_t diverged_later = 0;  ///< race: of those that had arrived
    std::uint64_t particle_steps = 0;
    std::vector<std::string> warnings;

    // Provenance: how this particular run was made.
    BuildInfo build = build_info();
    RunInfo device;        ///< of the last simulation; its seconds and particle_steps are not used
    double seconds = 0.0;  ///< simulating
    std::vector<std::string> device_warnings;  ///< "runs on host threads, the GPU is idle: …"
    std::vector<std::string> arguments;        ///< argv
    std::string started;                       ///< utc_now() at the start
};

/// Adds the counts and time of one simulation.
void add_run(Report& report, RunInfo const& info);

/// report.json; keys in REPORT.md.
std::string report_json(Report const& report);

/// Only the part that the spec determines, for comparing runs.
std::string result_json(Report const& report);

/// The JSON array of `kramers predict --json`: cell, estimand, prediction (its name), kind, value,
/// error, error_order, domain, in_domain, source, formula, reason. No prediction: value is null,
/// reason says why.
std::string predictions_json(std::vector<tables::PredictionRow> const& rows);

/// Now, as "2026-01-31T12:34:56Z".
std::string utc_now();

}  // namespace kramers
