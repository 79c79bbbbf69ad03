// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/covariance.hpp"

#include <algorithm>
#include <cmath>

namespace kramers {
namespace {

/// Σ_k row_i[k] row_j[k] over `count` numbers, `step` apart.
double product(double const* first, double const* second, int count, int step) {
    double sum = 0.0;
    for (int k = 0; k < count; ++k, first += step, second += step) sum += *first * *second;
    return sum;
}

/// C_ij / √(C_ii C_jj): the factor has unit rows, and the columns of a population are all of one
/// length (law.hpp).
double correlation(NoiseLaw const& law, int dim, int i, int j) {
    if (law.shape == coordinate::NoiseShape::population) {
        double const* const rows = law.offsets.data();
        double const own = product(rows + i, rows + i, law.samples, dim);
        return own > 0.0 ? product(rows + i, rows + j, law.samples, dim) / own : 0.0;
    }
    if (law.factor.empty()) return i == j ? 1.0 : 0.0;
    double const* const rows = law.factor.data();
    return product(rows + i * dim, rows + j * dim, std::min(i, j) + 1, 1);
}

}  // namespace

std::vector<double> covariance_per_step(NoiseLaw const& law, int dim) {
    std::vector<double> const variances = variance_per_step(law, dim).values;
    std::vector<double> matrix;
    for (int i = 0; i < static_cast<int>(variances.size()); ++i)
        for (int j = 0; j < dim; ++j) {
            double const one = variances[static_cast<std::size_t>(i)];
            double const other = variances[static_cast<std::size_t>(j)];
            matrix.push_back(i == j ? one
                                    : std::sqrt(one * other) *
                                          correlation(law, dim, std::min(i, j), std::max(i, j)));
        }
    return matrix;
}

bool is_correlated(NoiseLaw const& law, int dim) {
    std::vector<double> const variances = variance_per_step(law, dim).values;
    for (int i = 0; i < static_cast<int>(variances.size()); ++i)
        for (int j = 0; j < i; ++j) {
            bool const both = variances[static_cast<std::size_t>(i)] > 0.0 &&
                              variances[static_cast<std::size_t>(j)] > 0.0;
            if (both && std::abs(correlation(law, dim, j, i)) > 1e-12) return true;
        }
    return false;
}

}  // namespace kramers
