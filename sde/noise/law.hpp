// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sde/concepts.hpp"
#include "sde/noise/amplitude.hpp"
#include "sde/noise/memory.hpp"
#include "sde/noise/population.hpp"
#include "sde/noise/shape.hpp"

namespace kramers {

/// The noise of a gradient, on the host: how large it is at a point, the law of one draw, and how
/// steps depend on each other.
///
///   g_i = ∂_iV(x) + √C_ii(x) ξ_i,   ξ_k from ζ_k, ζ_{k−1}, …;   ζ of a given shape
///
/// The defaults are no noise. C is the covariance of one *step*: a per-sample covariance over B.
struct NoiseLaw {
    coordinate::NoiseAmplitude amplitude = coordinate::NoiseAmplitude::constant;
    coordinate::NoiseShape shape = coordinate::NoiseShape::gaussian;
    coordinate::NoiseMemory memory = coordinate::NoiseMemory::white;
    coordinate::AmplitudeData amplitude_data;
    coordinate::ShapeData shape_data;
    coordinate::MemoryData memory_data;
    /// v_i of the amplitude, dim values, (energy/length)²; empty: all 0. For shapes of another
    /// variance than 1, the square of the scale.
    std::vector<double> variances;
    /// Lower triangular, row-major dim × dim: the vector of draws is multiplied by it (unit rows,
    /// R Rᵀ = correlations). Empty unless amplitude is covariance.
    std::vector<double> factor;
    /// Row-major N × dim, in units of √variances. Empty unless shape is population.
    std::vector<double> offsets;
    coordinate::PopulationOrder order = coordinate::PopulationOrder::with_replacement;
    int samples = 0;  ///< N
    int batch = 1;    ///< B of a population
    /// s > 0: the gradient is taken at x + s ζ, and nothing is added to it (length).
    double point_shift = 0.0;
};

/// True: the gradient is exact.
bool is_silent(NoiseLaw const& law);

/// A number per coordinate, or the reason why there is none.
struct PerCoordinate {
    std::vector<double> values;
    std::string reason;  ///< set when values is empty
};

/// c_i: variance of the noise of one step, where it is the same everywhere and finite.
PerCoordinate variance_per_step(NoiseLaw const& law, int dim);

/// Σ_j R_j over all lags: the c of T = η c/2, since a slow motion averages over the memory.
PerCoordinate long_run_variance(NoiseLaw const& law, int dim);

/// Structure of the limit SDE's noise: general where C_ii depends on other coordinates than x_i and
/// the landscape is not known to be separable.
NoiseStructure noise_structure(NoiseLaw const& law, int dim, bool separable);

/// What the loops read of a population; `law` must outlive it.
coordinate::PopulationData population_data(NoiseLaw const& law, int dim,
                                           Purpose stream = Purpose::minibatch);

/// Lower L with L Lᵀ = matrix (row-major, dim × dim), a zero column for a zero pivot; empty when the
/// matrix is not symmetric positive semidefinite to 1e-12 of its diagonal.
std::vector<double> cholesky(std::vector<double> const& matrix, int dim);

/// A law, or what is wrong with the request.
struct NoiseLawResult {
    std::optional<NoiseLaw> law;
    std::string reason;  ///< set when law is empty
};

/// Gaussian with this covariance of one step.
NoiseLawResult covariance_law(std::vector<double> const& covariance, int dim);

/// Batches of B from a population of per-sample gradients (row-major N × dim; only their offsets
/// from the mean matter).
NoiseLawResult population_law(std::vector<double> const& gradients, int dim, double batch_size,
                              coordinate::PopulationOrder order);

}  // namespace kramers
