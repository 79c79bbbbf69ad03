// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/progress.hpp"
#include "experiments/report.hpp"
#include "experiments/tally_store.hpp"
#include "experiments/two_stage.hpp"

namespace kramers {

/// How an experiment is executed; nothing here changes its results (but noise_math = fast).
struct RunSettings {
    Controls controls;   ///< backend, threads, isa; its progress callback is set here
    double level = 0.0;  ///< two-sided level of each claim's interval; 0: family of this spec
    bool quick = false;
    std::vector<std::string> arguments;  ///< argv, for the report
    std::function<bool()> interrupted;   ///< polled between rounds
    ProgressBar* progress = nullptr;
    TallyStore* store = nullptr;  ///< finished plans are kept in it and not simulated again
    TwoStage stages;              ///< by default one
    double share_before = 0.0, share = 1.0;  ///< of the bar: this experiment among several
};

/// What a run produced, not yet on disk.
struct RunOutput {
    Report report;
    std::map<std::string, std::string> files;  ///< name → contents: spec.toml, report.json, *.csv
    std::string summary;  ///< what the table of verdicts does not say, for people
    bool passed() const;  ///< every claim has the verdict it expects
};

/// Number of comparisons a spec asks for: claims × the cells they apply to.
std::size_t comparison_count(Spec const& spec);

/// Simulates every cell, computes every prediction, decides every claim. The spec must outlive the
/// output. Throws DeviceError.
RunOutput run_spec(Spec const& spec, RunSettings const& settings);

/// Every prediction for every natural and claimed estimand of a spec, without simulating.
std::vector<tables::PredictionRow> predict_spec(Spec const& spec);

}  // namespace kramers
