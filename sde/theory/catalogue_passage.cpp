// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sde/theory/absorbing.hpp"
#include "sde/theory/catalogue_entries.hpp"
#include "sde/theory/discrete_passage.hpp"
#include "sde/theory/eyring_kramers.hpp"
#include "sde/theory/kramers.hpp"
#include "sde/theory/mean_first_passage.hpp"

namespace kramers::theory::detail {
namespace {

std::string target_name(Estimand const& estimand) {
    if (auto const* e = std::get_if<MeanFirstPassage>(&estimand)) return e->to;
    if (auto const* e = std::get_if<EscapeRate>(&estimand)) return e->to;
    if (auto const* e = std::get_if<PassageBias>(&estimand)) return e->to;
    if (auto const* e = std::get_if<RungBias>(&estimand)) return e->to;
    if (auto const* e = std::get_if<ExitShare>(&estimand)) return e->to;
    return {};
}

/// A region that ends trajectories beside the one that is asked for; empty: none does.
std::string other_stop(std::string const& target, Query const& q) {
    for (std::string const& name : q.other_stops)
        if (name != target) return name;
    return {};
}

/// What an estimand asks, as one-dimensional problems: one per coordinate that can end the passage.
struct Ways {
    std::vector<Passage> passages;
    std::string reason;
};

Ways ways_out(Estimand const& estimand, Query const& q) {
    Ways ways;
    std::string const name = target_name(estimand);
    auto const region = q.regions.find(name);
    if (region == q.regions.end()) {
        ways.reason = "the query has no region \"" + name + "\"";
    } else if (!(q.temperature > 0.0)) {
        ways.reason = "no noise: temperature = 0";
    } else if (q.start.size() != static_cast<std::size_t>(q.potential->dim())) {
        ways.reason = "the start is not a point";
    } else if (std::string const other = other_stop(name, q); !other.empty()) {
        ways.reason = "region \"" + other +
                      "\" also ends trajectories: the mean "
                      "time to \"" +
                      name + "\" alone is not what is simulated";
    } else if (q.potential->dim() > 1 && !q.potential->separable()) {
        ways.reason = "the potential is not a sum over coordinates";
    }
    if (!ways.reason.empty()) return ways;
    AxisTargets const targets = axis_targets(region->second, q.start);
    ways.reason = targets.reason;
    if (!ways.reason.empty()) return ways;
    for (AxisTarget const& t : targets.axes)
        ways.passages.push_back({profile_of(*q.potential, t.axis), q.temperature,
                                 q.start[static_cast<std::size_t>(t.axis)], t.ends.lower,
                                 t.ends.upper});
    return ways;
}

/// The only passage, for formulas that cannot combine coordinates.
Ways single_way(Estimand const& estimand, Query const& q) {
    Ways ways = ways_out(estimand, q);
    if (ways.reason.empty() && ways.passages.size() != 1)
        ways.reason = "several coordinates can end the passage: no one-dimensional solution";
    return ways;
}

PredictionResult from(Quadrature const& quadrature) {
    if (!quadrature.reason.empty()) return decline(quadrature.reason);
    return answer(quadrature.value, quadrature.error);
}

PredictionResult from(Asymptotic const& a, bool as_rate) {
    if (!a.reason.empty()) return decline(a.reason);
    PredictionResult result = answer(as_rate ? 1.0 / a.value : a.value, a.error);
    result.prediction->in_domain = a.in_domain;
    result.prediction->domain_note = a.domain_note;
    return result;
}

bool is_rate(Estimand const& e) { return std::holds_alternative<EscapeRate>(e); }

/// The end of a line that a region stands at, of the two between which a motion is caught (E4).
PredictionResult committor(Estimand const& e, Query const& q) {
    std::string const to = target_name(e);
    auto const region = q.regions.find(to);
    if (region == q.regions.end()) return decline("the query has no region \"" + to + "\"");
    if (!(q.temperature > 0.0)) return decline("no noise: temperature = 0");
    if (q.potential->dim() != 1) return decline("more than one dimension");
    if (q.start.size() != 1) return decline("the start is not a point");
    std::vector<Region> stops{region->second};
    for (std::string const& name : q.other_stops)
        if (auto const other = q.regions.find(name); other != q.regions.end())
            stops.push_back(other->second);
    AbsorbingEnds const all = absorbing_ends(stops, q.start[0]);
    AbsorbingEnds const own = absorbing_ends({region->second}, q.start[0]);
    for (AbsorbingEnds const* ends : {&all, &own})
        if (!ends->reason.empty()) return decline(ends->reason);
    bool const above = own.upper && own.upper == all.upper;
    bool const below = own.lower && own.lower == all.lower;
    if (above == below || !all.lower || !all.upper)
        return answer(above || below ? 1.0 : 0.0, 0.0);  // both ends, the only one, or neither
    Quadrature result =
        exit_above({profile_of(*q.potential), q.temperature, q.start[0], all.lower, all.upper});
    if (below) result.value = 1.0 - result.value;
    return from(result);
}

PredictionResult quadrature(Estimand const& e, Query const& q) {
    Ways const ways = is_rate(e) ? ways_out(e, q) : single_way(e, q);
    if (!ways.reason.empty()) return decline(ways.reason);
    if (!is_rate(e)) return from(mean_first_passage(ways.passages.front()));
    // Independent coordinates: the hazards of their quasi-stationary laws add.
    Quadrature sum;
    for (Passage const& p : ways.passages) {
        Quadrature const rate = quasi_stationary_rate(p);
        if (!rate.reason.empty()) return decline(rate.reason);
        sum.value += rate.value;
        sum.error = std::max(sum.error, rate.error);
    }
    return from(sum);
}

PredictionResult kramers_like(Estimand const& e, Query const& q,
                              Asymptotic (*formula)(Passage const&)) {
    Ways const ways = ways_out(e, q);
    if (!ways.reason.empty()) return decline(ways.reason);
    std::vector<Asymptotic> each;
    for (Passage const& p : ways.passages) each.push_back(formula(p));
    return from(competing(each), is_rate(e));
}
PredictionResult leading(Estimand const& e, Query const& q) {
    return kramers_like(e, q, kramers_time);
}
PredictionResult corrected(Estimand const& e, Query const& q) {
    return kramers_like(e, q, kramers_time_corrected);
}

PredictionResult many_dimensions(Estimand const& e, Query const& q) {
    if (q.potential->separable()) return leading(e, q);
    auto const region = q.regions.find(target_name(e));
    if (region == q.regions.end())
        return decline("the query has no region \"" + target_name(e) + "\"");
    if (q.start.size() != static_cast<std::size_t>(q.potential->dim()))
        return decline("the start is not a point");
    if (std::string const other = other_stop(target_name(e), q); !other.empty())
        return decline("region \"" + other + "\" also ends trajectories");
    return from(eyring_kramers_time(*q.potential, q.temperature, q.start, region->second),
                is_rate(e));
}

PredictionResult chain(Estimand const& e, Query const& q) {
    auto const* rung = std::get_if<RungBias>(&e);
    double const dt = rung != nullptr && rung->rung == "coarsest" ? q.coarsest_dt : q.dt;
    if (!(dt > 0.0)) return decline("no time step");
    Ways const ways = single_way(e, q);
    if (!ways.reason.empty()) return decline(ways.reason);
    bool const bridge = q.crossing == "bridge";
    Quadrature result = discrete_passage(ways.passages.front(), dt,
                                         bridge ? Detection::bridge : Detection::endpoint);
    // A bridge arrival happens inside its step: its stamp is the middle (E49).
    if (bridge) result.value -= 0.5 * dt;
    if (rung == nullptr || !result.reason.empty()) return from(result);
    Quadrature const limit = mean_first_passage(ways.passages.front());
    if (!limit.reason.empty()) return decline(limit.reason);
    double const ratio = result.value / limit.value;
    return answer(ratio - 1.0, ratio * (result.error + limit.error) / std::abs(ratio - 1.0));
}

PredictionResult bias(Estimand const& e, Query const& q) {
    if (std::get<PassageBias>(e).crossing == "bridge") return answer(0.0, 0.0);
    Ways const ways = single_way(e, q);
    if (!ways.reason.empty()) return decline(ways.reason);
    return from(grid_detection(ways.passages.front()));
}

PredictionResult bias_at_saddle(Estimand const& e, Query const& q) {
    Ways const ways = single_way(e, q);
    if (!ways.reason.empty()) return decline(ways.reason);
    Passage const& p = ways.passages.front();
    if (p.lower && p.upper) return decline("two absorbing ends: not the time to one saddle");
    double const target = p.upper ? *p.upper : *p.lower;
    auto const d = p.profile.derivatives(target);
    if (d[2] >= 0.0 || std::abs(d[1]) > 0.1 * std::sqrt(-d[2] * p.temperature))
        return decline("the target does not stand at a saddle");
    if (std::get<PassageBias>(e).crossing == "bridge") return answer(0.0, 0.0);
    double const width = std::pow(-d[2], 1.5);
    double const error = std::abs(d[3]) * std::sqrt(p.temperature) / width +
                         std::abs(d[4]) * p.temperature / (d[2] * d[2]);
    return answer(grid_detection_at_saddle(d[2]), error);
}

}  // namespace

std::vector<Entry> passage_entries() {
    std::vector<std::string> const times{"mean_first_passage", "escape_rate"};
    return {
        {{"quadrature",
          times,
          "tau(x) = (1/T) int_x^c exp(V(y)/T) int_-inf^y exp(-V(z)/T) dz dy; rate: smallest "
          "eigenvalue with absorption at c",
          "E2, E3, E63",
          PredictionKind::quadrature,
          "exact",
          "one dimension, or a coordinate of a separable potential; V confining",
          {"gardiner2009"}},
         quadrature},
        {{"kramers",
          times,
          "tau = 2 pi / sqrt(V''(a) |V''(s)|) exp(dV/T) Phi(y sqrt(|V''(s)|/T)), y = target - s",
          "E12, E13",
          PredictionKind::asymptotic,
          "O(T) beyond the saddle, O(sqrt(T)) at it unless V'''(s) = 0",
          "barrier/T >= 2",
          {"kramers1940", "berglund2013"}},
         leading},
        {{"kramers_corrected",
          times,
          "kramers * [1 + (c_a + c_s) T], c_a = 5 V'''^2/(24 V''^3) - V''''/(8 V''^2) at a, "
          "c_s = 5 V'''^2/(24 |V''|^3) + V''''/(8 V''^2) at s",
          "E14",
          PredictionKind::asymptotic,
          "O(T^2) beyond the saddle, O(T^(3/2)) at it",
          "barrier/T >= 2 and |first correction| <= 0.5",
          {"berglund2013", "bender1999"}},
         corrected},
        {{"eyring_kramers",
          times,
          "1/tau = sum over saddles of |lambda_-|/(2 pi) sqrt(det H_a / |det H_s|) exp(-dV/T)",
          "E15, E16",
          PredictionKind::asymptotic,
          "O(T)",
          "barrier/T >= 2; every lowest saddle of the start's well leads into the target",
          {"bovier2004", "berglund2013"}},
         many_dimensions},
        {{"discrete_chain",
          {"mean_first_passage", "rung_bias"},
          "dt E[N] of the Euler chain: u = 1 + int K u, K the killed one-step kernel (bridge: "
          "stamped at mid-step); bias: over the quadrature, less 1",
          "E47, E49, E69",
          PredictionKind::quadrature,
          "exact at this dt",
          "one dimension; dt max|V''| < 2",
          {"gobet2010", "atkinson1997"}},
         chain},
        {{"committor",
          {"exit_share"},
          "q(x) = int_l^x exp(V/T) / int_l^r exp(V/T): the upper of two ends before the lower",
          "E4",
          PredictionKind::quadrature,
          "exact",
          "one dimension; every trajectory followed to its end",
          {"gardiner2009"}},
         committor},
        {{"grid_detection",
          {"passage_bias"},
          "tau_dt = tau (1 + a sqrt(dt)), a = 0.5826 sqrt(2T) (d tau/d c)/tau; 0 with the bridge "
          "test",
          "E47",
          PredictionKind::quadrature,
          "exact coefficient; next order dt in tau_dt",
          "one dimension; sqrt(2 T dt) small against the scale of V",
          {"broadie1997", "gobet2010"}},
         bias},
        {{"grid_detection_at_saddle",
          {"passage_bias"},
          "a = 0.5826 sqrt(4 |V''(s)| / pi) for a target at the saddle",
          "E47",
          PredictionKind::asymptotic,
          "O(sqrt(T)), O(T) if V'''(s) = 0",
          "target at a saddle",
          {"broadie1997", "gobet2010"}},
         bias_at_saddle},
    };
}

}  // namespace kramers::theory::detail
