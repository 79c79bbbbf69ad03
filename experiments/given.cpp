// SPDX-License-Identifier: Apache-2.0
#include "experiments/given.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "experiments/formula.hpp"
#include "experiments/names.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

/// Gauss–Legendre on [−1, 1], 8 points: exact for polynomials of degree 15.
constexpr double nodes[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                            0.9602898564975363};
constexpr double weights[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                              0.1012285362903763};

/// Positions and weights that average over [lower, upper].
std::vector<std::pair<double, double>> average_rule(double lower, double upper) {
    std::vector<std::pair<double, double>> rule;
    for (int k = 0; k < 4; ++k)
        for (double const sign : {-1.0, 1.0})
            rule.emplace_back(0.5 * (lower + upper) + 0.5 * (upper - lower) * sign * nodes[k],
                              0.5 * weights[k]);
    return rule;
}

/// Names of the positions in a density's formula, in the order of density_values().
std::vector<std::string> density_names(StationaryDensity const& e, Cell const& cell) {
    std::vector<std::string> names{"x"};
    if (e.axes.size() > 1) names.emplace_back("y");
    for (int const axis : e.axes) names.push_back(fmt::format("x{}", axis));
    if (cell.potential && e.axes.size() == static_cast<std::size_t>(cell.dim))
        names.emplace_back("V");
    return names;
}

std::vector<double> density_values(StationaryDensity const& e, Cell const& cell,
                                   std::vector<double> const& position) {
    std::vector<double> values = position;
    values.insert(values.end(), position.begin(), position.end());
    if (cell.potential && e.axes.size() == static_cast<std::size_t>(cell.dim)) {
        Eigen::VectorXd x(cell.dim);
        for (std::size_t k = 0; k < e.axes.size(); ++k) x(e.axes[k]) = position[k];
        values.push_back(cell.potential->value(x));
    }
    return values;
}

std::string described_table(GivenPrediction const& given) {
    if (given.form == PredictionKind::formula) return given.formula;
    if (given.form == PredictionKind::number) return {};
    return fmt::format("{} points{}, at {}, interpolation {}", given.points.size(),
                       given.file.empty() ? "" : " of " + given.file, given.at, given.scales);
}

Prediction framed(ClaimSpec const& claim, Cell const& cell) {
    GivenPrediction const& given = *claim.given;
    Names const names = names_of(cell, claim.estimand);
    Prediction p;
    p.name = claim.against;
    p.estimand = describe(claim.estimand);
    p.kind = given.form;
    p.error_order = given.error.empty() ? "not stated" : given.error;
    if (!given.error.empty())
        p.error = std::abs(evaluate_formula(given.error, names).value.value());
    p.domain = given.domain.empty() ? "every cell" : given.domain;
    p.sources = {given.source};
    p.formula = described_table(given);
    p.in_domain = evaluate_where(given.domain, names).holds.value_or(false);
    if (!p.in_domain) p.domain_note = fmt::format("\"{}\" does not hold", given.domain);
    return p;
}

void leave_domain(Prediction& p, std::string const& why) {
    p.in_domain = false;
    p.domain_note += (p.domain_note.empty() ? "" : "; ") + why;
}

void interpolate(Prediction& p, GivenPrediction const& given, double x) {
    auto const y = interpolate(given, x);
    p.value = y.value_or(std::numeric_limits<double>::quiet_NaN());
    if (!y)
        leave_domain(
            p, fmt::format("{} = {:.6g} lies outside the table, which goes from {:.6g} to "
                           "{:.6g}",
                           given.at, x, given.points.front().first, given.points.back().first));
}

/// The density at a position, 0 outside a table.
class Curve {
  public:
    Curve(ClaimSpec const& claim, Cell const& cell, StationaryDensity const& e)
        : given_(*claim.given),
          cell_(cell),
          e_(e),
          formula_(given_.form == PredictionKind::table ? given_.at : given_.formula,
                   names_of(cell, claim.estimand), density_names(e, cell)) {}
    double operator()(std::vector<double> const& position) {
        if (given_.form == PredictionKind::number) return given_.number;
        double const value = formula_(density_values(e_, cell_, position));
        if (given_.form == PredictionKind::formula) return value;
        return interpolate(given_, value).value_or(std::numeric_limits<double>::quiet_NaN());
    }

  private:
    GivenPrediction const& given_;
    Cell const& cell_;
    StationaryDensity const& e_;
    Formula formula_;
};

}  // namespace

std::optional<double> interpolate(GivenPrediction const& table, double x) {
    auto const& points = table.points;
    double const slack = 1e-9 * std::max(std::abs(points.front().first), std::abs(x));
    if (!(x >= points.front().first - slack && x <= points.back().first + slack))
        return std::nullopt;
    x = std::clamp(x, points.front().first, points.back().first);
    auto right = std::lower_bound(points.begin(), points.end(), x,
                                  [](auto const& p, double at) { return p.first < at; });
    if (right == points.begin()) return points.front().second;
    auto const left = right - 1;
    bool const log_x = table.scales == "log-log", log_y = table.scales != "linear";
    auto const scale = [](bool logarithmic, double v) { return logarithmic ? std::log(v) : v; };
    double const u = (scale(log_x, x) - scale(log_x, left->first)) /
                     (scale(log_x, right->first) - scale(log_x, left->first));
    double const a = scale(log_y, left->second), b = scale(log_y, right->second);
    double const y = u == 1.0 ? b : a + u * (b - a);
    return log_y ? std::exp(y) : y;
}

std::vector<std::string> problems_of(GivenPrediction const& given, Estimand const& estimand,
                                     Cell const& cell) {
    std::vector<std::string> problems;
    Names const names = names_of(cell, estimand);
    std::vector<std::string> positions;
    if (auto const* e = std::get_if<StationaryDensity>(&estimand))
        positions = density_names(*e, cell);
    auto const check = [&](char const* key, std::string const& text,
                           std::vector<std::string> const& variables) {
        if (text.empty()) return;
        Formula const formula(text, names, variables);
        if (!formula.problem().empty())
            problems.push_back(fmt::format("against.{} = \"{}\" {}", key, text, formula.problem()));
    };
    check("formula", given.formula, positions);
    check("at", given.at, positions);
    check("domain", given.domain, {});
    check("error", given.error, {});
    return problems;
}

PredictionResult predict_given(ClaimSpec const& claim, Cell const& cell) {
    GivenPrediction const& given = *claim.given;
    Names const names = names_of(cell, claim.estimand);
    Prediction p = framed(claim, cell);
    if (given.form == PredictionKind::number) p.value = given.number;
    else if (given.form == PredictionKind::formula)
        p.value = evaluate_formula(given.formula, names).value.value();
    else interpolate(p, given, evaluate_formula(given.at, names).value.value());
    return {p, {}};
}

theory::DensityPrediction predict_given_density(ClaimSpec const& claim, Cell const& cell,
                                                std::vector<std::vector<double>> const& bin_edges) {
    auto const& e = std::get<StationaryDensity>(claim.estimand);
    theory::DensityPrediction result;
    if (bin_edges.size() != e.axes.size()) {
        result.summary.reason = "no histogram over these axes";
        return result;
    }
    Prediction p = framed(claim, cell);
    Curve curve(claim, cell, e);
    bool negative = false;
    double mass = 0.0;
    auto const add = [&](double average, double volume) {
        negative = negative || average < 0.0;
        mass += average * volume;
        result.density.push_back(average);
    };
    std::vector<double> const whole{0.0, 1.0};
    auto const& ys = e.axes.size() > 1 ? bin_edges[1] : whole;
    for (std::size_t i = 0; i + 1 < bin_edges[0].size(); ++i)
        for (std::size_t j = 0; j + 1 < ys.size(); ++j) {
            double average = 0.0;
            for (auto const& [x, wx] : average_rule(bin_edges[0][i], bin_edges[0][i + 1])) {
                if (e.axes.size() == 1) average += wx * curve({x});
                else
                    for (auto const& [y, wy] : average_rule(ys[j], ys[j + 1]))
                        average += wx * wy * curve({x, y});
            }
            add(average, (bin_edges[0][i + 1] - bin_edges[0][i]) * (ys[j + 1] - ys[j]));
        }
    if (claim.given->normalise && mass > 0.0) {
        for (double& value : result.density) value /= mass;
        mass = 1.0;
    }
    p.value = mass;
    if (!std::isfinite(mass))
        leave_domain(p, "the density is no number somewhere in the histogram");
    else if (negative) leave_domain(p, "the density is negative somewhere in the histogram");
    else if (mass > 1.0 + 1e-6)
        leave_domain(p, fmt::format("the density has the mass {:.6g} > 1 in the histogram (divide "
                                    "it by its integral, or set normalise = true)",
                                    mass));
    result.summary.prediction = std::move(p);
    return result;
}

}  // namespace kramers
