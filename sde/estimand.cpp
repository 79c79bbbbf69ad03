// SPDX-License-Identifier: Apache-2.0
#include "sde/estimand.hpp"

#include <cstdio>

namespace kramers {
namespace {

std::string number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.12g", x);
    return text;
}

struct Describe {
    std::string operator()(MeanFirstPassage const& e) const {
        return "mean_first_passage(to = " + e.to + ")";
    }
    std::string operator()(EscapeRate const& e) const { return "escape_rate(to = " + e.to + ")"; }
    std::string operator()(StationaryDensity const& e) const {
        std::string axes;
        for (int axis : e.axes) axes += (axes.empty() ? "" : ", ") + std::to_string(axis);
        return "stationary_density(axes = [" + axes + "])";
    }
    std::string operator()(StationaryCovariance const& e) const {
        return "stationary_covariance(i = " + std::to_string(e.i) + ", j = " + std::to_string(e.j) +
               ")";
    }
    std::string operator()(Autocovariance const& e) const {
        return "autocovariance(i = " + std::to_string(e.i) + ", j = " + std::to_string(e.j) +
               ", lag = " + number(e.lag) + ")";
    }
    std::string operator()(RegionWeight const& e) const {
        return "region_weight(region = " + e.region + ")";
    }
    std::string operator()(PassageBias const& e) const {
        return "passage_bias(to = " + e.to + ", crossing = " + e.crossing + ")";
    }
    std::string operator()(RungBias const& e) const {
        return "rung_bias(to = " + e.to + ", rung = " + e.rung + ")";
    }
    std::string operator()(RestrictedMean const& e) const {
        return "restricted_mean(to = " + e.to + ", until = " + number(e.until) + ")";
    }
    std::string operator()(ExitShare const& e) const { return "exit_share(to = " + e.to + ")"; }
    std::string operator()(WeakError const& e) const { return "weak_error(of = " + e.of + ")"; }
    std::string operator()(SuccessProbability const& e) const {
        return "success_probability(entrant = " + e.entrant + ")";
    }
};

}  // namespace

std::string describe(Estimand const& estimand) { return std::visit(Describe{}, estimand); }

}  // namespace kramers
