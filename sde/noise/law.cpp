// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/law.hpp"

#include <algorithm>
#include <cmath>

namespace kramers {
namespace {

using coordinate::NoiseAmplitude;
using coordinate::NoiseShape;
using coordinate::PopulationOrder;

std::size_t at(int row, int column, int columns) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(column);
}

bool depends_on_state(NoiseLaw const& law) {
    return law.point_shift != 0.0 ||
           (depends_on_place(law.amplitude) && law.amplitude_data.factor != 0.0);
}

NoiseLawResult refused(std::string reason) { return {std::nullopt, std::move(reason)}; }

/// Variance of the mean of a batch over that of one sample (S1; S2 for an epoch's average).
double batch_factor(int samples, int batch, PopulationOrder order) {
    double const n = samples;
    double const b = batch;
    if (order == PopulationOrder::with_replacement || samples == 1) return 1.0 / b;
    return (n - b) / (b * (n - 1.0));
}

std::string batch_problem(std::size_t samples, double batch, PopulationOrder order) {
    auto const whole = [](double x) { return std::to_string(static_cast<long>(x)); };
    bool const replaced = order == PopulationOrder::with_replacement;
    int const most = replaced ? coordinate::largest_population : coordinate::largest_shuffle;
    if (samples > static_cast<std::size_t>(most)) {
        return "population of " + whole(static_cast<double>(samples)) + " samples (at most " +
               whole(most) + (replaced ? ")" : " without replacement)");
    }
    if (!(batch >= 1.0) || batch > coordinate::largest_batch || batch != std::floor(batch)) {
        return "batch_size of a population must be a whole number from 1 to " +
               whole(coordinate::largest_batch);
    }
    if (!replaced && batch > static_cast<double>(samples)) {
        return "batch_size exceeds the population: draw with replacement";
    }
    if (order == PopulationOrder::reshuffled && samples % static_cast<std::size_t>(batch) != 0) {
        return "an epoch must be a whole number of batches: batch_size must divide the population";
    }
    return "";
}

}  // namespace

bool is_silent(NoiseLaw const& law) {
    return !depends_on_state(law) &&
           std::ranges::all_of(law.variances, [](double v) { return v == 0.0; });
}

PerCoordinate variance_per_step(NoiseLaw const& law, int dim) {
    if (law.point_shift != 0.0) return {{}, "weight noise depends on the curvature at the point"};
    if (depends_on_state(law)) return {{}, "the variance of this noise depends on the state"};
    double const shape = coordinate::shape_variance(law.shape, law.shape_data);
    if (!is_silent(law) && std::isinf(shape)) return {{}, "this noise has no finite variance"};
    PerCoordinate result{std::vector<double>(static_cast<std::size_t>(dim), 0.0), ""};
    for (std::size_t i = 0; i < law.variances.size(); ++i) {
        result.values[i] = law.variances[i] > 0.0 ? law.variances[i] * shape : 0.0;
    }
    return result;
}

PerCoordinate long_run_variance(NoiseLaw const& law, int dim) {
    PerCoordinate result = variance_per_step(law, dim);
    double factor = coordinate::long_run_factor(law.memory, law.memory_data);
    if (law.shape == NoiseShape::population && law.order == PopulationOrder::reshuffled) {
        factor = 0.0;
    }
    for (double& value : result.values) value *= factor;
    return result;
}

NoiseStructure noise_structure(NoiseLaw const& law, int dim, bool separable) {
    if (!depends_on_state(law)) return NoiseStructure::additive;
    bool const own_coordinate = law.amplitude == NoiseAmplitude::multiplicative;
    bool const diagonal =
        dim == 1 || own_coordinate || (separable && !sees_all_coordinates(law.amplitude));
    return diagonal ? NoiseStructure::diagonal : NoiseStructure::general;
}

coordinate::PopulationData population_data(NoiseLaw const& law, int dim, Purpose stream) {
    return {law.offsets.data(), law.samples, law.batch, dim, law.order, stream};
}

std::vector<double> cholesky(std::vector<double> const& matrix, int dim) {
    std::vector<double> factor(matrix.size(), 0.0);
    if (matrix.size() != at(dim, 0, dim)) return {};
    double largest = 0.0;
    for (int i = 0; i < dim; ++i) largest = std::max(largest, matrix[at(i, i, dim)]);
    double const slack = 1e-12 * largest;
    for (int j = 0; j < dim; ++j) {
        for (int i = j; i < dim; ++i) {
            double rest = matrix[at(i, j, dim)];
            if (!(std::abs(rest - matrix[at(j, i, dim)]) <= slack)) return {};
            for (int k = 0; k < j; ++k) rest -= factor[at(i, k, dim)] * factor[at(j, k, dim)];
            double const pivot = factor[at(j, j, dim)];
            if (i == j && rest < -slack) return {};
            if (i == j) factor[at(i, j, dim)] = rest > slack ? std::sqrt(rest) : 0.0;
            if (i > j && pivot == 0.0 && std::abs(rest) > std::sqrt(slack * largest)) return {};
            if (i > j) factor[at(i, j, dim)] = pivot > 0.0 ? rest / pivot : 0.0;
        }
    }
    return factor;
}

NoiseLawResult covariance_law(std::vector<double> const& covariance, int dim) {
    std::vector<double> factor = cholesky(covariance, dim);
    if (factor.empty()) {
        return refused("covariance must be a symmetric positive semidefinite matrix of dim rows");
    }
    NoiseLaw law;
    law.amplitude = NoiseAmplitude::covariance;
    for (int i = 0; i < dim; ++i) {
        double const variance = std::max(covariance[at(i, i, dim)], 0.0);
        law.variances.push_back(variance);
        for (int j = 0; j <= i; ++j) {
            double& entry = factor[at(i, j, dim)];
            entry = variance > 0.0 ? entry / std::sqrt(variance) : i == j ? 1.0 : 0.0;
        }
    }
    law.factor = std::move(factor);
    return {std::move(law), ""};
}

NoiseLawResult population_law(std::vector<double> const& gradients, int dim, double batch_size,
                              PopulationOrder order) {
    auto const columns = static_cast<std::size_t>(dim);
    if (gradients.empty() || gradients.size() % columns != 0) {
        return refused("samples must be rows of dim numbers, one per sample");
    }
    std::size_t const rows = gradients.size() / columns;
    if (auto problem = batch_problem(rows, batch_size, order); !problem.empty()) {
        return refused(std::move(problem));
    }
    NoiseLaw law;
    law.shape = NoiseShape::population;
    law.order = order;
    law.samples = static_cast<int>(rows);
    law.batch = static_cast<int>(batch_size);
    law.offsets = gradients;
    double const share = batch_factor(law.samples, law.batch, order);
    for (std::size_t i = 0; i < columns; ++i) {
        double mean = 0.0;
        double square = 0.0;
        for (std::size_t n = 0; n < rows; ++n) mean += gradients[n * columns + i];
        mean /= static_cast<double>(rows);
        for (std::size_t n = 0; n < rows; ++n) {
            double& offset = law.offsets[n * columns + i];
            offset -= mean;
            square += offset * offset;
        }
        double const variance = share * square / static_cast<double>(rows);
        law.variances.push_back(variance);
        double const scale = variance > 0.0 ? 1.0 / std::sqrt(variance) : 0.0;
        for (std::size_t n = 0; n < rows; ++n) law.offsets[n * columns + i] *= scale;
    }
    return {std::move(law), ""};
}

}  // namespace kramers
