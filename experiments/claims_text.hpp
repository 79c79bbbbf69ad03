// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiments/spec.hpp"

namespace kramers {

/// What a spec claims, in one canonical text: every claim with its estimand, its prediction (a given
/// one in full, points of a table included), tolerance, cells and expected verdict; nothing else of
/// the spec. It is the same for a spec and for the resolved spec of its run folder, whatever their
/// layout, comments and defaults.
std::string claims_text(Spec const& spec);

/// SHA-256 of that text: fixed before a run, in its report, printed by `check`.
std::string claims_sha256(Spec const& spec);

}  // namespace kramers
