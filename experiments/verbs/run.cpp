// SPDX-License-Identifier: Apache-2.0
#include "experiments/catalogue.hpp"
#include "experiments/run_folder.hpp"
#include "experiments/verbs/execute.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

Spec open(SpecArguments const& arguments, Common const& common) {
    std::vector<std::string> overrides = arguments.overrides;
    if (!common.precision.empty()) overrides.push_back("ensemble.precision=" + common.precision);
    return load_spec(open_spec(arguments.spec), overrides, arguments.level);
}

int run(SpecArguments const& spec_arguments, RunArguments const& arguments, Common const& common) {
    Request const request = make_request("run", spec_arguments, arguments, common);
    return execute(request, arguments.out,
                   arguments.force ? ExistingFolder::replace : ExistingFolder::refuse, common);
}

}  // namespace kramers::verbs
