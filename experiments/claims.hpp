// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/resolve.hpp"

namespace kramers {

/// A claim as read, before the cells are known: "stiffest" and "softest" are still words.
struct ClaimDraft {
    ClaimSpec claim;
    std::string component;  ///< "stiffest", "softest" or "" (claim.estimand has the numbers)
    Origin origin;
    Origin against;  ///< of what it is held against
};

/// Reads the [[claim]] list; gives every claim its id "<spec name>.<id or position>". `folder`:
/// where files that claims name are looked for.
std::vector<ClaimDraft> read_claims(Table& root, std::string const& spec_name, ExperimentKind kind,
                                    std::string const& folder, Problems& problems);

/// What the claims ask of every cell.
Asked asked_by(std::vector<ClaimDraft> const& drafts);

/// Puts numbers for component words, checks every `where` on every cell. A claim that applies to no
/// cell is a problem, or (when `may_be_empty`: the sweep was changed from outside) left out.
std::vector<ClaimSpec> settle_claims(std::vector<ClaimDraft> drafts, std::vector<Cell> const& cells,
                                     bool may_be_empty, Problems& problems);

}  // namespace kramers
