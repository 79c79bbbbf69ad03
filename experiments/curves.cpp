// SPDX-License-Identifier: Apache-2.0
#include "experiments/curves.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/given.hpp"
#include "experiments/query.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

constexpr int points = 80;

bool sweeps(Spec const& spec, std::string const& key) {
    return std::any_of(spec.cells[0].swept.begin(), spec.cells[0].swept.end(),
                       [&](auto const& s) { return s.first == key; });
}

void add_value(CsvTable& table, Cell const& cell, std::string const& name,
               std::string const& target, double x, Estimand const& estimand,
               theory::Query const& query) {
    PredictionResult const result = predict(cell, name, estimand, query);
    if (result.prediction) table.add({name, target, x, result.prediction->value});
}

/// The formulas of the claims along a copy of the cell in which one number changes.
void add_given_curve(CsvTable& table, Spec const& spec, Cell const& cell, Estimand const& estimand,
                     std::string const& target, double x) {
    std::vector<std::string> done;
    for (ClaimSpec const& claim : spec.claims) {
        if (!claim.given || describe(claim.estimand) != describe(estimand) ||
            std::find(done.begin(), done.end(), claim.against) != done.end())
            continue;
        done.push_back(claim.against);
        Prediction const p = predict_given(claim, cell).prediction.value();
        if (p.in_domain && std::isfinite(p.value)) table.add({claim.against, target, x, p.value});
    }
}

void passage_curves(Spec const& spec, CsvTable& table) {
    Cell const& cell = spec.cells[0];
    auto const fact = cell.facts.find("barrier");
    if (fact == cell.facts.end() || cell.dim != 1 || !cell.has_temperature) return;
    double const barrier = fact->second;
    double low = barrier / cell.temperature, high = low;
    for (Cell const& c : spec.cells) {
        low = std::min(low, barrier / c.temperature);
        high = std::max(high, barrier / c.temperature);
    }
    for (std::string const& to : cell.targets)
        for (int k = 0; k < points; ++k) {
            double const x = low + (high - low) * k / (points - 1);
            Cell here = cell;
            here.facts["temperature"] = here.temperature = barrier / x;
            add_given_curve(table, spec, here, MeanFirstPassage{to}, to, x);
        }
    for (std::string const& to : cell.targets)
        for (char const* name : {"quadrature", "kramers", "kramers_corrected"})
            for (int k = 0; k < points; ++k) {
                double const x = low + (high - low) * k / (points - 1);
                theory::Query query = make_query(cell);
                query.temperature = barrier / x;
                add_value(table, cell, name, to, x, MeanFirstPassage{to}, query);
            }
}

void variance_curves(Spec const& spec, CsvTable& table) {
    Cell const& cell = spec.cells[0];
    auto const curvatures = cell.potential->curvatures();
    if (!curvatures || cell.theory.scope != TheoryScope::itself) return;
    double low = cell.learning_rate, high = low;
    for (Cell const& c : spec.cells) {
        low = std::min(low, c.learning_rate);
        high = std::max(high, c.learning_rate);
    }
    // close to the stability limit if the cells come near it
    double const limit = 2.0 / curvatures->maxCoeff();
    if (high > 0.5 * limit && high < limit) high = std::max(high, 0.985 * limit);
    for (int i = 0; i < cell.dim; ++i)
        for (int k = 0; k < points; ++k) {
            double const eta = low + (high - low) * k / (points - 1);
            Cell here = cell;
            here.facts["temperature"] = here.temperature =
                cell.temperature * eta / cell.learning_rate;
            here.facts["learning_rate"] = here.facts["dt"] = here.learning_rate = eta;
            add_given_curve(table, spec, here, StationaryCovariance{i, i}, std::to_string(i),
                            eta * (*curvatures)(i));
        }
    for (int i = 0; i < cell.dim; ++i)
        for (char const* name : {"sgd_discrete", "ou_limit"})
            for (int k = 0; k < points; ++k) {
                double const eta = low + (high - low) * k / (points - 1);
                theory::Query query = make_query(cell);
                query.temperature = cell.temperature * eta / cell.learning_rate;
                query.learning_rate = eta;
                query.dt = eta;
                add_value(table, cell, name, std::to_string(i), eta * (*curvatures)(i),
                          StationaryCovariance{i, i}, query);
            }
}

}  // namespace

CsvTable theory_curves(Spec const& spec) {
    CsvTable table({"name", "target", "x", "value"});
    if (spec.kind == ExperimentKind::escape && sweeps(spec, "dynamics.temperature"))
        passage_curves(spec, table);
    if (spec.kind == ExperimentKind::stationary && sweeps(spec, "dynamics.learning_rate"))
        variance_curves(spec, table);
    return table;
}

CsvTable given_densities(Spec const& spec) {
    CsvTable table({"cell", "axis", "name", "lower", "upper", "density"});
    for (Cell const& cell : spec.cells)
        for (ClaimSpec const& claim : spec.claims) {
            auto const* e = std::get_if<StationaryDensity>(&claim.estimand);
            if (e == nullptr || !claim.given || e->axes.size() != 1 || !applies(claim, cell))
                continue;
            auto const bins = with_bins(make_query(cell), cell, claim.estimand).bin_edges;
            auto const predicted = predict_given_density(claim, cell, bins);
            for (std::size_t b = 0; b < predicted.density.size(); ++b)
                table.add({cell.index, e->axes[0], claim.against, bins[0][b], bins[0][b + 1],
                           predicted.density[b]});
        }
    return table;
}

}  // namespace kramers
