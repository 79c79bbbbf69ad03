// SPDX-License-Identifier: Apache-2.0
#include "experiments/curves.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/query.hpp"

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

}  // namespace kramers
