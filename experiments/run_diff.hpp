// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kramers {

/// One verdict of one run.
struct RunVerdict {
    std::string verdict;
    double estimate = 0.0, standard_error = 0.0, prediction = 0.0;
};

/// A claim in a cell, as two runs saw it; nothing where a run does not have it.
struct ClaimDifference {
    std::string id, where, sentence;
    std::optional<RunVerdict> first, second;
    bool same_verdict() const;
    /// Second minus first in joint standard errors; NaN where a number is missing. Two runs of one
    /// seed share their noise: then it is smaller than independent runs would make it.
    double joint_errors() const;
};

/// A key of the resolved spec, or of the build, that differs; empty text: absent.
struct KeyDifference {
    std::string key, first, second;
};

struct RunDifference {
    std::vector<ClaimDifference> claims;
    std::vector<KeyDifference> spec;      ///< "scheme.dt"; "claim.other_well.tolerance"
    std::vector<KeyDifference> versions;  ///< "kramers.version", "device.backend", …
    bool same_verdicts() const;
};

/// Two run folders (of `run`, or of `validate --out` with its subfolders), or their report.json.
/// Throws InputError when one is no run.
RunDifference compare_runs(std::filesystem::path const& first, std::filesystem::path const& second);

std::string difference_json(RunDifference const& difference);
std::string difference_text(RunDifference const& difference);

}  // namespace kramers
