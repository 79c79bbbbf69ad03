// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_theory.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "experiments/query.hpp"
#include "experiments/race_line.hpp"
#include "sde/theory/hopping.hpp"

namespace kramers {
namespace {

bool tends_to_overdamped(Cell const& cell) {
    using enum TheoryScope;
    TheoryScope const scope = cell.race.scope;
    auto const curvature = cell.facts.find("max_curvature");
    return cell.has_temperature && cell.temperature > 0.0 &&
           (scope == itself || scope == second_moments || scope == continuous) &&
           (curvature == cell.facts.end() || cell.dt.front() * curvature->second <= 1.0) &&
           coordinate::is_constant(cell.rate_schedule);
}

/// The mean time to the goal at a temperature, in the clock of the limit; nothing where unknown.
using MeanTime = std::function<std::optional<double>(double)>;

std::optional<double> exact_time(Cell const& cell, double temperature) {
    theory::Query query = make_query(cell);
    query.dt = query.learning_rate = 0.0;
    query.temperature = temperature;
    auto const result = theory::predict("quadrature", MeanFirstPassage{cell.race.goal}, query);
    if (!result.prediction || !(result.prediction->value > 0.0) ||
        !std::isfinite(result.prediction->value))
        return std::nullopt;  // so cold that nothing escapes
    return result.prediction->value;
}

/// Hops from well to well until every coordinate is in its own of the goal.
std::optional<double> hopping_time(Cell const& cell, GoalIntervals const& goal,
                                   double temperature) {
    std::vector<theory::WellChain> chains;
    std::vector<int> from, to;
    for (int i = 0; i < cell.dim; ++i) {
        auto const& [lower, upper] = goal.axes[static_cast<std::size_t>(i)];
        double const x = cell.start_point[i], middle = 0.5 * (lower + upper);
        double const reach = 2.0 * std::max(std::abs(x - middle), upper - lower);
        chains.push_back(theory::find_wells(*cell.potential, i, std::min(x, lower) - reach,
                                            std::max(x, upper) + reach, temperature));
        theory::WellChain const& chain = chains.back();
        if (chain.minima.empty() || chain.lowest_barrier < 2.0 * temperature) return std::nullopt;
        from.push_back(chain.well_of(x));
        to.push_back(chain.well_of(middle));
    }
    double const time = theory::hopping_time(chains, from, to, true);
    return std::isfinite(time) && time > 0.0 ? std::optional(time) : std::nullopt;
}

/// 1/τ(T) from a table in 1/T, in which log τ is nearly a straight line (Arrhenius).
class Rates {
  public:
    Rates(MeanTime const& time, double coldest, double hottest) {
        constexpr int nodes = 17;
        for (int i = 0; i < nodes; ++i) {
            double const beta = 1.0 / hottest + (1.0 / coldest - 1.0 / hottest) * i / (nodes - 1.0);
            auto const tau = time(1.0 / beta);
            if (!tau) break;
            betas_.push_back(beta);
            logs_.push_back(std::log(*tau));
            if (hottest == coldest) break;
        }
    }
    bool known() const { return !betas_.empty(); }
    double hottest_time() const { return std::exp(logs_.front()); }
    double operator()(double temperature) const {
        double const beta = 1.0 / temperature;
        if (betas_.size() == 1) return std::exp(-logs_.front());
        if (beta > betas_.back() * (1.0 + 1e-12)) return 0.0;
        auto const above = std::lower_bound(betas_.begin() + 1, betas_.end() - 1, beta);
        auto const i = static_cast<std::size_t>(above - betas_.begin());
        double const u = (beta - betas_[i - 1]) / (betas_[i] - betas_[i - 1]);
        return std::exp(-(logs_[i - 1] + u * (logs_[i] - logs_[i - 1])));
    }

  private:
    std::vector<double> betas_, logs_;
};

}  // namespace

RaceTheory race_theory(Cell const& cell) {
    RaceTheory out = valley_theory(cell);
    if (auto const smoothed = smoothed_arrival(cell)) out.arrival = smoothed;
    if (!tends_to_overdamped(cell)) return out;
    bool const annealed = !coordinate::is_constant(cell.noise_schedule);
    if (!annealed) {
        theory::Query query = make_query(cell);
        auto const weight = theory::predict("gibbs", RegionWeight{cell.race.goal}, query);
        if (weight.prediction && weight.prediction->in_domain)
            out.weight = weight.prediction->value;
    }
    out.success = fokker_planck_success(cell);
    auto const goal = goal_intervals(cell);
    if (cell.dim != 1 && (!goal || !goal->basin)) return out;
    MeanTime const time = [&](double T) {
        return cell.dim == 1 ? exact_time(cell, T) : hopping_time(cell, *goal, T);
    };
    std::uint64_t const steps = cell.snapshots.burn_in;
    auto const temperature_at = [&](std::uint64_t k) {
        double const u = coordinate::schedule_factor(cell.noise_schedule, static_cast<double>(k));
        return cell.temperature * u * u;
    };
    Rates const rate(time, temperature_at(steps), cell.temperature);
    if (!rate.known()) return out;
    double const dt = cell.dt.front();
    out.mean_time = rate.hottest_time() / dt * cell.race.evaluations_per_step;
    double sum = 0.0, alive = 0.0;
    for (std::uint64_t k = 0; k < steps; ++k) {
        double const hops = dt * rate(temperature_at(k));
        alive += std::exp(-sum - 0.5 * hops);
        sum += hops;
    }
    out.arrival = -std::expm1(-sum);
    out.restricted_time = alive * cell.race.evaluations_per_step;
    return out;
}

}  // namespace kramers
