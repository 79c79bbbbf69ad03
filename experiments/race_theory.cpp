// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_theory.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "experiments/query.hpp"

namespace kramers {
namespace {

bool tends_to_overdamped(Cell const& cell) {
    using enum TheoryScope;
    TheoryScope const scope = cell.race.scope;
    return cell.has_temperature && cell.temperature > 0.0 &&
           (scope == itself || scope == second_moments || scope == continuous) &&
           coordinate::is_constant(cell.rate_schedule);
}

/// 1/τ(T) from a table in 1/T, in which log τ is nearly a straight line (Arrhenius).
class Rates {
  public:
    Rates(Cell const& cell, double coldest, double hottest) {
        theory::Query query = make_query(cell);
        query.dt = query.learning_rate = 0.0;
        constexpr int nodes = 17;
        for (int i = 0; i < nodes; ++i) {
            double const beta = 1.0 / hottest + (1.0 / coldest - 1.0 / hottest) * i / (nodes - 1.0);
            query.temperature = 1.0 / beta;
            auto const result =
                theory::predict("quadrature", MeanFirstPassage{cell.race.goal}, query);
            if (!result.prediction || !(result.prediction->value > 0.0) ||
                !std::isfinite(result.prediction->value))
                break;  // so cold that nothing escapes
            betas_.push_back(beta);
            logs_.push_back(std::log(result.prediction->value));
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
    RaceTheory out;
    if (!tends_to_overdamped(cell)) return out;
    bool const annealed = !coordinate::is_constant(cell.noise_schedule);
    if (!annealed) {
        theory::Query query = make_query(cell);
        auto const weight = theory::predict("gibbs", RegionWeight{cell.race.goal}, query);
        if (weight.prediction && weight.prediction->in_domain)
            out.weight = weight.prediction->value;
    }
    if (cell.dim != 1) return out;
    std::uint64_t const steps = cell.snapshots.burn_in;
    auto const temperature_at = [&](std::uint64_t k) {
        double const u = coordinate::schedule_factor(cell.noise_schedule, static_cast<double>(k));
        return cell.temperature * u * u;
    };
    Rates const rate(cell, temperature_at(steps), cell.temperature);
    if (!rate.known()) return out;
    double const dt = cell.dt.front();
    out.mean_time = rate.hottest_time() / dt * cell.race.evaluations_per_step;
    double sum = 0.0;
    for (std::uint64_t k = 0; k < steps; ++k) sum += dt * rate(temperature_at(k));
    out.arrival = -std::expm1(-sum);
    return out;
}

}  // namespace kramers
