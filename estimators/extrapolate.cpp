// SPDX-License-Identifier: Apache-2.0
#include "estimators/extrapolate.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "estimators/intervals.hpp"
#include "estimators/jackknife.hpp"
#include "sde/contracts.hpp"
#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

std::vector<double> to_vector(Eigen::RowVectorXd const& row) { return {row.begin(), row.end()}; }

}  // namespace

Extrapolation extrapolate(std::vector<Rung> const& rungs, std::vector<double> const& orders) {
    auto const rows = static_cast<Eigen::Index>(rungs.size());
    auto const columns = static_cast<Eigen::Index>(orders.size()) + 1;
    KRAMERS_EXPECTS(rows >= columns);
    double coarsest = 0.0;
    std::size_t finest = 0;
    std::vector<Estimate> estimates;
    for (std::size_t r = 0; r < rungs.size(); ++r) {
        coarsest = std::max(coarsest, rungs[r].dt);
        if (rungs[r].dt < rungs[finest].dt) finest = r;
        estimates.push_back(rungs[r].estimate);
    }
    // Columns in dt/coarsest, so that the fit is well conditioned whatever the unit of time.
    Eigen::MatrixXd design = Eigen::MatrixXd::Ones(rows, columns);
    for (Eigen::Index r = 0; r < rows; ++r) {
        for (Eigen::Index c = 1; c < columns; ++c) {
            design(r, c) = std::pow(rungs[static_cast<std::size_t>(r)].dt / coarsest,
                                    orders[static_cast<std::size_t>(c - 1)]);
        }
    }
    Eigen::MatrixXd const weights =
        linear::least_squares(design, Eigen::MatrixXd::Identity(rows, rows));
    bool const exact = rows == columns;
    std::string const method = (exact ? "Richardson" : "least squares") + std::string(" over ") +
                               std::to_string(rungs.size()) + " time steps, jackknife over " +
                               std::to_string(group_count) + " groups";
    Extrapolation result;
    result.limit = linear_combination(to_vector(weights.row(0)), estimates, method);
    for (Eigen::Index c = 1; c < columns; ++c) {
        double const unit = std::pow(coarsest, -orders[static_cast<std::size_t>(c - 1)]);
        result.coefficients.push_back(
            linear_combination(to_vector(unit * weights.row(c)), estimates, method));
    }
    Eigen::RowVectorXd bias = -weights.row(0);
    bias(static_cast<Eigen::Index>(finest)) += 1.0;
    result.bias = linear_combination(to_vector(bias), estimates, method);

    result.residuals.assign(rungs.size(), 0.0);
    if (exact) return result;
    // Largest |t| over the residuals; with one spare rung they are all the same contrast.
    Eigen::MatrixXd const remainder =
        Eigen::MatrixXd::Identity(rows, rows) - linear::product(design, weights);
    double smallest = 1.0;
    for (Eigen::Index r = 0; r < rows; ++r) {
        auto const e = linear_combination(to_vector(remainder.row(r)), estimates, method);
        result.residuals[static_cast<std::size_t>(r)] = e.value;
        double const t = e.standard_error > 0.0 ? e.value / e.standard_error : 0.0;
        smallest = std::min(smallest, student_p(t, e.degrees_of_freedom));
    }
    auto const contrasts = rows - columns == 1 ? 1 : rows;
    result.lack_of_fit_p = std::min(1.0, smallest * static_cast<double>(contrasts));
    return result;
}

}  // namespace kramers
