// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "experiments/run_diff.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

int diff(std::string const& first, std::string const& second, Common const& common) {
    RunDifference const difference = compare_runs(first, second);
    fmt::print("{}", common.json ? difference_json(difference) : difference_text(difference));
    return difference.same_verdicts() ? done : unexpected_verdict;
}

}  // namespace kramers::verbs
