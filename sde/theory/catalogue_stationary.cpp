// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "sde/theory/catalogue_entries.hpp"
#include "sde/theory/gibbs.hpp"

namespace kramers::theory::detail {
namespace {

constexpr double line_error = 1e-12, plane_error = 1e-9;  // relative, of the quadratures

double step_of(Query const& q) { return q.learning_rate > 0.0 ? q.learning_rate : q.dt; }

std::string check(Estimand const& estimand, Query const& q) {
    if (!(q.temperature > 0.0)) return "no noise: temperature = 0";
    int const d = q.potential->dim();
    auto const outside = [d](int axis) { return axis < 0 || axis >= d; };
    if (auto const* e = std::get_if<StationaryDensity>(&estimand)) {
        if (e->axes.empty() || e->axes.size() > 2) return "a density needs one or two axes";
        for (int axis : e->axes)
            if (outside(axis)) return "no axis " + std::to_string(axis);
        if (e->axes.size() == 2 && e->axes[0] == e->axes[1]) return "the two axes are the same";
        if (q.bin_edges.size() != e->axes.size()) return "bin_edges must be given per axis";
        for (auto const& edges : q.bin_edges)
            if (edges.size() < 2) return "an axis needs at least two bin edges";
    }
    if (auto const* e = std::get_if<StationaryCovariance>(&estimand))
        if (outside(e->i) || outside(e->j)) return "no such component";
    if (auto const* e = std::get_if<RegionWeight>(&estimand))
        if (q.regions.count(e->region) == 0) return "the query has no region \"" + e->region + "\"";
    return {};
}

/// The number an estimand asks of a law; nothing for a region it cannot integrate over.
std::optional<double> value_of(Gibbs const& law, Estimand const& estimand, Query const& q) {
    if (auto const* e = std::get_if<StationaryCovariance>(&estimand))
        return law.covariance(e->i, e->j);
    if (auto const* e = std::get_if<RegionWeight>(&estimand))
        return law.weight(q.regions.at(e->region));
    auto const& density = std::get<StationaryDensity>(estimand);
    std::vector<double> lower, upper;
    double volume = 1.0;
    for (auto const& edges : q.bin_edges) {
        lower.push_back(edges.front());
        upper.push_back(edges.back());
        volume *= edges.back() - edges.front();
    }
    return law.bin(density.axes, lower, upper) * volume;
}

PredictionResult gibbs(Estimand const& estimand, Query const& q) {
    if (std::string const reason = check(estimand, q); !reason.empty()) return decline(reason);
    auto const curvatures = q.potential->curvatures();
    if (auto const* e = std::get_if<StationaryCovariance>(&estimand); e && curvatures) {
        if ((curvatures->array() <= 0.0).any()) return decline("the quadratic does not confine");
        return answer(e->i == e->j ? q.temperature / (*curvatures)(e->i) : 0.0, 0.0);
    }
    std::string reason;
    auto const law = Gibbs::make(*q.potential, q.temperature, 0.0, &reason);
    if (!law) return decline(reason);
    auto const value = value_of(*law, estimand, q);
    if (!value) return decline("this kind of region has no quadrature in several dimensions");
    return answer(*value, law->line(0) ? line_error : plane_error);
}

/// The laws at steps 0, dt/2 and dt: their second difference sizes the O(dt²) that S52 leaves out.
struct Ladder {
    std::vector<Gibbs> laws;
    double stiffness = 0.0;  ///< largest step · E|V″| over the coordinates
    std::string reason;
};
Ladder ladder(Query const& q) {
    Ladder result;
    double const step = step_of(q);
    if (!(step > 0.0)) {
        result.reason = "no time step";
        return result;
    }
    if (q.scheme != "euler_maruyama" && q.scheme != "iterate") {
        result.reason = "S52 is the bias of the Euler step, not of " + q.scheme;
        return result;
    }
    for (double factor : {0.0, 0.5, 1.0}) {
        auto const law = Gibbs::make(*q.potential, q.temperature, factor * step, &result.reason);
        if (!law) return result;
        result.laws.push_back(*law);
    }
    for (int i = 0; i < q.potential->dim(); ++i) {
        Profile const profile = profile_of(*q.potential, i);
        result.stiffness =
            std::max(result.stiffness, step * result.laws[0].line(i)->mean([&](double x) {
                return std::abs(profile.curvature(x));
            }));
    }
    return result;
}

PredictionResult gibbs_euler(Estimand const& estimand, Query const& q) {
    if (std::string const reason = check(estimand, q); !reason.empty()) return decline(reason);
    Ladder const l = ladder(q);
    if (!l.reason.empty()) return decline(l.reason);
    auto const none = value_of(l.laws[0], estimand, q);
    auto const half = value_of(l.laws[1], estimand, q);
    auto const full = value_of(l.laws[2], estimand, q);
    if (!full) return decline("this kind of region has no quadrature in several dimensions");
    double const remainder = 2.0 * std::abs(*full - 2.0 * *half + *none);
    PredictionResult result =
        answer(*full, line_error + (*full != 0.0 ? remainder / std::abs(*full) : 0.0));
    if (l.stiffness > 0.5) {
        result.prediction->in_domain = false;
        result.prediction->domain_note =
            "step * E|V''| = " + std::to_string(l.stiffness) + " (must be <= 0.5)";
    }
    return result;
}

}  // namespace

std::vector<double> bin_densities(std::string_view name, StationaryDensity const& estimand,
                                  Query const& q, double& error, std::string& reason) {
    if (name == "gibbs_euler") {
        Ladder const l = ladder(q);
        reason = l.reason;
        if (!reason.empty()) return {};
        std::vector<double> const none = l.laws[0].bins(estimand.axes, q.bin_edges);
        std::vector<double> const half = l.laws[1].bins(estimand.axes, q.bin_edges);
        std::vector<double> full = l.laws[2].bins(estimand.axes, q.bin_edges);
        double peak = 0.0;
        for (std::size_t k = 0; k < full.size(); ++k) {
            peak = std::max(peak, full[k]);
            error = std::max(error, 2.0 * std::abs(full[k] - 2.0 * half[k] + none[k]));
        }
        error /= peak;
        return full;
    }
    auto const law = Gibbs::make(*q.potential, q.temperature, 0.0, &reason);
    if (!law) return {};
    error = law->line(0) ? line_error : plane_error;
    return law->bins(estimand.axes, q.bin_edges);
}

std::vector<Entry> stationary_entries() {
    std::vector<std::string> const kinds{"stationary_density", "stationary_covariance",
                                         "region_weight"};
    return {
        {{"gibbs",
          kinds,
          "p = exp(-V/T) / Z",
          "S43, S44",
          PredictionKind::quadrature,
          "exact for the SDE; a step adds O(dt)",
          "V confining; one or two dimensions, or separable",
          {"gibbs1902", "gardiner2009"}},
         gibbs},
        {{"gibbs_euler",
          kinds,
          "p = exp(-[V + dt (T lap V / 2 - |grad V|^2 / 4)]/T) / Z",
          "S52",
          PredictionKind::asymptotic,
          "O(dt^2)",
          "Euler-Maruyama (dt) or SGD with Gaussian noise (dt = eta); separable V; dt E|V''| <= "
          "0.5",
          {"talay1990", "leimkuhler2013"}},
         gibbs_euler},
    };
}

}  // namespace kramers::theory::detail
