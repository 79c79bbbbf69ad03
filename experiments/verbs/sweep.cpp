// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>

#include "experiments/design.hpp"
#include "experiments/input.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

/// "1%" or "0.01".
double read_share(std::string text) {
    bool const percent = text.ends_with('%');
    if (percent) text.pop_back();
    double value = 0.0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (percent) value /= 100.0;
    if (error != std::errc() || end != text.data() + text.size() || !(value > 0.0 && value < 1.0))
        throw InputError(
            {fmt::format("--target-ci {} (must be a relative half-width such as 1% or "
                         "0.01, above 0 and below 1)",
                         text + (percent ? "%" : ""))});
    return value;
}

}  // namespace

int sweep(SpecArguments const& spec, RunArguments const& arguments, SweepArguments const& sweep,
          Common const& common) {
    Request request = make_request("sweep", with_axes(spec, sweep), arguments, common);
    if (!sweep.target_ci.empty()) request.target_ci = read_share(sweep.target_ci);
    if (sweep.budget > 0.0 && request.target_ci == 0.0)
        throw InputError({"--budget without --target-ci (it limits how far that may go)"});
    request.budget = sweep.budget;
    auto const policy = request.force ? ExistingFolder::replace : ExistingFolder::refuse;
    return execute(request, arguments.out, policy, common);
}

}  // namespace kramers::verbs
