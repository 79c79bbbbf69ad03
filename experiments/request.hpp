// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/load_spec.hpp"
#include "gpu/simulate.hpp"

namespace kramers {

/// What was asked for, complete: with it another process continues a run that was killed.
struct Request {
    std::string verb = "run";         ///< or "sweep" or "validate"
    SpecText source;                  ///< the text itself: the file may have changed since
    std::vector<SpecText> validated;  ///< in place of it, what validate holds against theory
    std::vector<std::string> overrides;
    Level level = Level::standard;
    bool force = false, assert_claims = false, figures = true;
    std::vector<std::string> argv;  ///< for the report
    int threads = 0;
    Backend backend = Backend::automatic;
    NoiseMath noise_math = NoiseMath::exact;
    double target_ci = 0.0;  ///< sweep: relative half-width asked of each cell; 0: one stage
    double budget = 0.0;     ///< sweep: particle-steps, 0: no limit
};

/// A hash of what decides the results of a request: two with the same one may share a folder.
std::string identity(Request const& request, Spec const& spec);
std::string identity(Request const& request, std::vector<Spec> const& specs);

/// As kept in the progress folder; the specs are resolved from it.
std::string request_json(Request const& request, std::string const& identity);

struct StoredRequest {
    Request request;
    std::string identity;
};
/// The request of a progress folder; nothing when it has none. Throws InputError when it is damaged.
std::optional<StoredRequest> read_request(std::filesystem::path const& progress);

inline constexpr char const* request_file = "request.json";

}  // namespace kramers
