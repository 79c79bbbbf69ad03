// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "experiments/request.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/tally_store.hpp"

namespace kramers::verbs {

/// The lasting folder of a request and the finished simulations that are in it, also those which an
/// earlier process left there, killed or interrupted.
class Workplace {
  public:
    /// `mine` is the request's identity, `text` what request.json holds. Throws InputError where the
    /// folder has an unfinished run of something else, unless the request has force.
    Workplace(Request const& request, std::filesystem::path const& target, ExistingFolder policy,
              std::string const& mine, std::string const& text);

    /// After an exception: stores what had finished and says so.
    void keep(std::filesystem::path const& target);

  private:
    bool continued_ = false;

  public:
    RunFolder folder;
    TallyStore store;
};

/// The flags of a request that decide where it runs.
Controls controls_of(Request const& request);

}  // namespace kramers::verbs
