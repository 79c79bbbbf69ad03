// SPDX-License-Identifier: Apache-2.0
#include "experiments/schedule_text.hpp"

#include <regex>
#include <utility>
#include <vector>

#include "experiments/suggest.hpp"

namespace kramers {
namespace {

using Rules = std::vector<std::pair<char const*, std::string>>;

std::string rewritten(std::string text, Rules const& rules) {
    for (auto const& [piece, with] : rules)
        text = std::regex_replace(text, std::regex(piece), with);
    return text;
}

Rules rules_of(Scheduled schedule, DynamicsInfo const& d) {
    std::string const u = schedule.rate ? "u " : "", eta = schedule.rate ? "eta u" : "eta";
    std::string const w = schedule.noise ? "w " : "", w2 = schedule.noise ? "w^2 " : "";
    if (d.optimizer) return {{R"(\beta\b)", eta}, {R"(\bzeta\b)", w + "zeta"}};
    if (d.name == "modified_equation")
        return {{R"(\(grad F)", u + "(grad F"},
                {R"(\beta(/2| F''))", eta + "$1"},
                {R"(\bdW)", u + w + "dW"}};
    if (d.name == "momentum_sde")
        return {{"damping H", "damping " + u + "H"},
                {"grad V", u + "grad V"},
                {R"(\bdW)", u + w + "dW"}};
    if (one_of(d.name, {"rmsprop_sde", "adam_sde"}))
        return {{R"(\(eta/)", "(" + eta + "/"}, {R"(C\^)", w + "C^"}, {R"(\(C )", "(" + w2 + "C "}};
    if (d.name == "sign_sde")
        return {{"-e dt", "-" + u + "e dt"}, {R"(\bdW)", u + "dW"}, {"2C", "2 " + w2 + "C"}};
    if (d.name == "ou_interpolant")
        return {{R"(\beta h)", eta + " h"}, {R"(\beta C)", eta + " " + w2 + "C"}};
    return {{"grad V", u + "grad V"}, {R"(\b(d[WL]))", u + w + "$1"}};  // S7
}

}  // namespace

std::string equation_under(Scheduled schedule, DynamicsInfo const& dynamics) {
    return rewritten(std::string(dynamics.equation), rules_of(schedule, dynamics));
}

std::string equation_under(Scheduled schedule, DynamicsInfo const& sde,
                           DynamicsInfo const& optimizer) {
    std::string const u = schedule.rate ? "u " : "", w = schedule.noise ? "w " : "";
    std::string const u2 = schedule.rate ? "u^2 " : "";
    // kicks of their own follow the rate in another way than the noise of the gradient
    std::string const root = sde.name != "overdamped"           ? ""
                             : optimizer.name == "sgld"         ? "2 " + u + "temperature"
                             : optimizer.name == "perturbed_gd" ? "kick_deviation^2/eta"
                                                                : "";
    if (!root.empty())
        return "dX = -" + u + "grad V dt + " + w + "sqrt(" + root + " + " + u2 + "eta c) dW";
    // here u multiplies the move along the memory, not what enters it
    bool const late = one_of(optimizer.name, {"momentum_buffer", "momentum_ema"});
    if (late && one_of(sde.name, {"kinetic", "momentum_sde"}))
        return rewritten(std::string(sde.equation),
                         {{"dX = v", "dX = " + u + "v"}, {R"(\bdW)", w + "dW"}});
    return equation_under(schedule, sde);
}

}  // namespace kramers
