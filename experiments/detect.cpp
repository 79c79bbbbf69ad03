// SPDX-License-Identifier: Apache-2.0
#include "experiments/detect.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "estimators/intervals.hpp"
#include "experiments/comparison.hpp"
#include "experiments/given.hpp"
#include "experiments/kinds/escape.hpp"
#include "experiments/kinds/stationary.hpp"
#include "experiments/numbers.hpp"
#include "experiments/query.hpp"
#include "experiments/runner.hpp"
#include "experiments/settling.hpp"
#include "experiments/validation_table.hpp"
#include "experiments/where.hpp"
#include "sde/theory/absorbing.hpp"
#include "sde/theory/mean_first_passage.hpp"

namespace kramers {
namespace {

constexpr std::uint64_t detect_pilot = 640;
constexpr double most_pilot_steps = 3e8;

/// Relative variance of the estimate from one trajectory, and what it rests on.
struct Scatter {
    double variance = missing;
    double degrees_of_freedom = static_cast<double>(group_count - 1);
    double bins = 1.0;  ///< intervals that share the level
    std::string basis, reason;
};

Scatter unknown(std::string reason) {
    Scatter s;
    s.reason = std::move(reason);
    return s;
}

double value_of(ClaimSpec const& claim, Cell const& cell, Estimand const& estimand) {
    ClaimSpec asked = claim;
    asked.estimand = estimand;
    PredictionResult const result = claim.given
                                        ? predict_given(asked, cell)
                                        : predict(cell, claim.against, estimand, make_query(cell));
    return result.prediction ? result.prediction->value : missing;
}

/// Squared coefficient of variation of a passage time, exactly, where it is one-dimensional.
double passage_variation(Cell const& cell, std::string const& to) {
    if (cell.dim != 1 || cell.theory.scope == TheoryScope::nothing || cell.stop_at_first ||
        cell.theory.scope == TheoryScope::gibbs || !cell.has_temperature ||
        cell.start_point.size() != 1)
        return missing;
    for (NamedRegion const& r : cell.regions) {
        if (r.name != to) continue;
        auto const ends = theory::absorbing_ends({r.region}, cell.start_point(0));
        if (!ends.reason.empty()) return missing;
        theory::Passage const passage{theory::profile_of(*cell.potential, 0), cell.temperature,
                                      cell.start_point(0), ends.lower, ends.upper};
        auto const mean = theory::mean_first_passage(passage);
        auto const square = theory::second_moment(passage);
        if (!mean.reason.empty() || !square.reason.empty()) return missing;
        return square.value / (mean.value * mean.value) - 1.0;
    }
    return missing;
}

/// Error of the extrapolated mean in units of that of the finest rung, from a small ensemble.
double ladder_amplification(Cell const& cell, std::string const& to) {
    Cell pilot = cell;
    pilot.trajectories = std::min(cell.trajectories, detect_pilot);
    double steps = 0.0;
    for (std::size_t level = 0; level < pilot.dt.size(); ++level)
        steps += expected_steps(pilot, static_cast<int>(level), 0);
    if (!(steps > 0.0) || steps > most_pilot_steps) return missing;
    CellTables tables{tables::passage(),
                      tables::survival(),
                      tables::density(),
                      tables::density2d(),
                      tables::regions(),
                      tables::covariance({}),
                      tables::weak_error(),
                      {},
                      nullptr};
    run_escape(
        pilot, [](Plan const& plan, std::string const&) { return simulate(plan); }, tables);
    double finest = missing, limit = missing;
    std::string const estimand = describe(MeanFirstPassage{to});
    for (LabelledEstimate const& e : tables.estimates) {
        if (e.estimand != estimand) continue;
        if (e.level == "0") finest = e.estimate.standard_error;
        if (e.level == "extrapolated") limit = e.estimate.standard_error;
    }
    return limit / finest;
}

Scatter mean_scatter(Cell const& cell, std::string const& to) {
    Scatter s;
    double const exact = passage_variation(cell, to);
    s.variance = std::isfinite(exact) ? exact : 1.0;
    s.basis = std::isfinite(exact)
                  ? fmt::format("exact E tau^2: s.d. {:.4g} of the mean", std::sqrt(exact))
                  : std::string("exponential law: s.d. = mean");
    if (cell.dt.size() == 1) return s;
    double const amplification = ladder_amplification(cell, to);
    if (!std::isfinite(amplification))
        return unknown("the error of the extrapolation is not known: a pilot run is needed");
    s.variance *= amplification * amplification;
    s.basis += fmt::format("; extrapolation to dt = 0 multiplies the error by {:.2f} (pilot of {})",
                           amplification, std::min(cell.trajectories, detect_pilot));
    return s;
}

Scatter rate_scatter(ClaimSpec const& claim, Cell const& cell) {
    double const settled = settling_time(cell);
    double const rate = value_of(claim, cell, claim.estimand);
    if (!(rate > 0.0)) return unknown("the rate has no prediction");
    Scatter s;
    s.variance = std::exp(rate * settled);
    s.degrees_of_freedom = std::numeric_limits<double>::infinity();
    s.basis = "Poisson number of arrivals after the well has relaxed";
    return s;
}

/// Independent samples that the snapshots of one trajectory are worth for a variance.
double worth(Cell const& cell, int i) {
    auto const count = static_cast<double>(cell.snapshots.snapshots);
    auto const curvatures = cell.potential->curvatures();
    bool const known = curvatures && cell.theory.scope == TheoryScope::itself;
    if (!known || cell.snapshots.snapshots < 2) return 1.0;
    double const step = cell.learning_rate > 0.0 ? cell.learning_rate : cell.dt.front();
    double const r = std::pow(std::abs(1.0 - (*curvatures)(i)*step),
                              2.0 * static_cast<double>(cell.snapshots.stride));
    double sum = 1.0;
    for (double m = 1.0; m < count; ++m) sum += 2.0 * (1.0 - m / count) * std::pow(r, m);
    return count / sum;
}

Scatter covariance_scatter(ClaimSpec const& claim, Cell const& cell, int i, int j, double lag) {
    bool const lagged = std::holds_alternative<Autocovariance>(claim.estimand);
    auto const at = [&](int a, int b, double t) {
        return lagged ? value_of(claim, cell, Autocovariance{a, b, t})
                      : value_of(claim, cell, StationaryCovariance{a, b});
    };
    double const c = at(i, j, lag);
    if (c == 0.0) return unknown("the prediction is 0: no discrepancy is relative to it");
    Scatter s;
    if (!lagged && i == j) s.variance = 2.0;
    else s.variance = 1.0 + at(i, i, 0.0) * at(j, j, 0.0) / (c * c);
    if (!std::isfinite(s.variance)) return unknown("no prediction of this covariance");
    double const samples = i == j && !lagged ? worth(cell, i) : 1.0;
    s.variance /= samples;
    s.basis = "normal theory of a covariance, 64 groups";
    if (cell.snapshots.snapshots > 1)
        s.basis += samples > 1.0 ? fmt::format("; {} snapshots are worth {:.3g}",
                                               cell.snapshots.snapshots, samples)
                                 : std::string("; at most: more snapshots are counted as one");
    return s;
}

Scatter weight_scatter(ClaimSpec const& claim, Cell const& cell) {
    double const p = value_of(claim, cell, claim.estimand);
    if (!(p > 0.0 && p < 1.0)) return unknown("the weight has no prediction between 0 and 1");
    Scatter s;
    s.variance = (1.0 - p) / p;
    s.basis = "binomial number of trajectories in the region";
    return s;
}

Scatter density_scatter(ClaimSpec const& claim, Cell const& cell) {
    auto const& e = std::get<StationaryDensity>(claim.estimand);
    theory::Query const query = with_bins(make_query(cell), cell, claim.estimand);
    auto const predicted = claim.given ? predict_given_density(claim, cell, query.bin_edges)
                                       : predict_density(cell, claim.against, e, query);
    HistogramPlan const* const h = find_histogram(cell, e.axes);
    if (predicted.density.empty() || h == nullptr) return unknown("the density has no prediction");
    double const volume = (h->upper_x - h->lower_x) / h->bins_x *
                          (h->bins_y > 0 ? (h->upper_y - h->lower_y) / h->bins_y : 1.0);
    double const peak = *std::max_element(predicted.density.begin(), predicted.density.end());
    Scatter s;
    s.variance = 0.0;
    for (double const density : predicted.density) {
        double const p = density * volume;
        s.variance = std::max(s.variance, p * (1.0 - p) / (peak * volume * peak * volume));
    }
    s.bins = static_cast<double>(predicted.density.size());
    s.degrees_of_freedom = std::numeric_limits<double>::infinity();
    s.basis = "binomial numbers in the bins; relative to the peak";
    return s;
}

Scatter scatter_of(ClaimSpec const& claim, Cell const& cell) {
    if (auto const* e = std::get_if<MeanFirstPassage>(&claim.estimand))
        return mean_scatter(cell, e->to);
    if (std::holds_alternative<EscapeRate>(claim.estimand)) return rate_scatter(claim, cell);
    if (auto const* e = std::get_if<StationaryCovariance>(&claim.estimand))
        return covariance_scatter(claim, cell, e->i, e->j, 0.0);
    if (auto const* e = std::get_if<Autocovariance>(&claim.estimand))
        return covariance_scatter(claim, cell, e->i, e->j, e->lag);
    if (std::holds_alternative<RegionWeight>(claim.estimand)) return weight_scatter(claim, cell);
    if (std::holds_alternative<StationaryDensity>(claim.estimand))
        return density_scatter(claim, cell);
    return unknown("its scatter has no theory: a pilot run is needed, whose interval says");
}

/// The step whose bias of a mean passage time is `share`, and how it was found.
double passage_step(Cell const& cell, std::string const& to, double share, std::string& basis) {
    theory::Query const query = make_query(cell);
    PredictionResult const chain = predict(cell, "discrete_chain", MeanFirstPassage{to}, query);
    PredictionResult const exact = predict(cell, "quadrature", MeanFirstPassage{to}, query);
    if (!chain.prediction || !exact.prediction) return missing;
    double const bias = std::abs(chain.prediction->value / exact.prediction->value - 1.0);
    double const order = cell.crossing == Crossing::bridge ? 1.0 : 0.5;
    basis = fmt::format("bias {:.2g} % at dt = {:.3g}, exact chain, order {} in dt", 100.0 * bias,
                        cell.dt.front(), order);
    return bias <= share ? cell.dt.front() : cell.dt.front() * std::pow(share / bias, 1.0 / order);
}

double step_for(ClaimSpec const& claim, Cell const& cell, double discrepancy, std::string& basis) {
    if (cell.learning_rate > 0.0) return missing;  // part of the dynamics
    if (claim.against == "discrete_chain" || claim.against == "gibbs_euler" || cell.dt.size() > 1)
        return cell.dt.front();
    double const share = 0.25 * discrepancy;
    if (auto const* e = std::get_if<MeanFirstPassage>(&claim.estimand))
        return passage_step(cell, e->to, share, basis);
    auto const curvature = cell.facts.find("max_curvature");
    bool const covariance = std::holds_alternative<StationaryCovariance>(claim.estimand);
    if (!covariance || cell.scheme != "euler_maruyama" || curvature == cell.facts.end())
        return missing;
    basis = "bias h dt/2 of an Euler variance";
    return std::min(cell.dt.front(), 2.0 * share / curvature->second);
}

double cell_steps(Cell const& cell) {
    double sum = 0.0;
    std::size_t const runs = cell.targets.empty() || cell.stop_at_first ? 1 : cell.targets.size();
    for (std::size_t run = 0; run < runs; ++run)
        for (std::size_t level = 0; level < cell.dt.size(); ++level) {
            double const steps =
                expected_steps(cell, static_cast<int>(level), static_cast<int>(run));
            if (steps < 0.0) return missing;
            sum += steps;
        }
    return sum;
}

}  // namespace

double needed_error(double discrepancy, double level, double degrees_of_freedom) {
    double const q = student_quantile(0.5 + 0.5 * level, degrees_of_freedom);
    double const scatter =
        std::isfinite(degrees_of_freedom) ? q * q / (2.0 * degrees_of_freedom) : 0.0;
    return discrepancy / (q + one_sided_99 * std::sqrt(1.0 + scatter));
}

DetectionNeed detection_need(Spec const& spec, ClaimSpec const& claim, Cell const& cell,
                             double discrepancy, Cost const& cost) {
    DetectionNeed need;
    need.claim = claim.id;
    need.cell = cell.index;
    need.where = cell_label(cell);
    need.estimand = describe(claim.estimand);
    need.level = family_level(std::max<std::size_t>(1, comparison_count(spec)));
    need.trajectories = need.half_width = need.dt = need.seconds = missing;
    Scatter const scatter = scatter_of(claim, cell);
    need.reason = scatter.reason;
    need.basis = scatter.basis;
    if (!scatter.reason.empty()) return need;
    double const level = 1.0 - (1.0 - need.level) / scatter.bins;
    double const error = needed_error(discrepancy, level, scatter.degrees_of_freedom);
    need.trajectories = std::max(128.0, std::ceil(scatter.variance / (error * error)));
    need.half_width = std::sqrt(scatter.variance / need.trajectories) *
                      student_quantile(0.5 + 0.5 * level, scatter.degrees_of_freedom);
    std::string step_basis;
    need.dt = step_for(claim, cell, discrepancy, step_basis);
    if (!step_basis.empty()) need.basis += "; " + step_basis;
    if (cost.known && cost.particle_steps > 0.0)
        need.seconds = cell_steps(cell) * cost.busy_seconds / cost.particle_steps *
                       need.trajectories / static_cast<double>(cell.trajectories) *
                       (std::isfinite(need.dt) ? cell.dt.front() / need.dt : 1.0);
    return need;
}

std::vector<DetectionNeed> detection_needs(Spec const& spec, double discrepancy, Cost const& cost) {
    std::vector<DetectionNeed> needs;
    if (spec.kind == ExperimentKind::race) {
        for (ClaimSpec const& claim : spec.claims)
            needs.push_back(race_detection_need(spec, claim, discrepancy, cost));
        return needs;
    }
    for (ClaimSpec const& claim : spec.claims)
        for (Cell const& cell : spec.cells)
            if (applies(claim, cell))
                needs.push_back(detection_need(spec, claim, cell, discrepancy, cost));
    return needs;
}

}  // namespace kramers
