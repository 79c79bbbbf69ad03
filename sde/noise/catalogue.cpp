// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/catalogue.hpp"

#include <array>
#include <cmath>

namespace kramers {
namespace {

using coordinate::NoiseAmplitude;
using coordinate::NoiseMemory;
using coordinate::NoiseShape;
using coordinate::PopulationOrder;

// ---- parameters

constexpr std::string_view variance_unit = "energy^2/length^2";
constexpr double most_correlation = 1.0 - 0x1p-20;

constexpr Parameter gradient_variance{"gradient_variance",
                                      variance_unit,
                                      required,
                                      0.0,
                                      unbounded,
                                      "sigma^2, variance of one sample's gradient, per coordinate"};
constexpr Parameter additive_variance{
    "additive_variance",
    variance_unit,
    0.0,
    0.0,
    unbounded,
    "c, the part of one sample's variance that is the same everywhere"};

constexpr std::array<Parameter, 1> isotropic{{gradient_variance}};
constexpr std::array<Parameter, 1> diagonal{
    {{"gradient_variance", variance_unit, required, 0.0, unbounded,
      "sigma_i^2, variance of one sample's gradient in each coordinate", false, true}}};
constexpr std::array<Parameter, 2> hessian{
    {{"label_variance", "energy", required, 0.0, unbounded,
      "delta^2: one sample's covariance is delta^2 H"},
     {"floor", "energy/length^2", 0.0, 0.0, unbounded, "smallest curvature that counts"}}};
constexpr std::array<Parameter, 3> loss{
    {additive_variance,
     {"loss_variance", "energy/length^2", required, 0.0, unbounded,
      "s^2: one sample's variance grows by s^2 per unit of loss"},
     {"offset", "energy", 0.0, -unbounded, unbounded, "loss at which that part vanishes"}}};
constexpr std::array<Parameter, 2> least_squares{
    {{"label_variance", "energy", required, 0.0, unbounded, "delta^2, variance of a label"},
     {"offset", "energy", 0.0, -unbounded, unbounded, "V of the best fit, half delta^2 or 0"}}};
constexpr std::array<Parameter, 2> gradient_norm{
    {additive_variance,
     {"relative_variance", "1", required, 0.0, unbounded,
      "s^2: one sample's variance is s^2 |grad V|^2"}}};
constexpr std::array<Parameter, 1> gradient_mask{
    {{"keep", "1", required, 0.0, 1.0, "p, probability that a coordinate of the gradient is kept",
      true}}};
constexpr std::array<Parameter, 1> weight{
    {{"point_deviation", "length", required, 0.0, unbounded,
      "s, standard deviation of the point at which the gradient is taken, per coordinate"}}};
constexpr std::array<Parameter, 2> multiplicative{
    {additive_variance,
     {"curvature_variance", "energy^2/length^4", required, 0.0, unbounded,
      "m, variance of one sample's curvature"}}};
constexpr std::array<Parameter, 2> anticorrelated{
    {gradient_variance,
     {"theta", "1", 1.0, 0.0, 1.0, "weight of the draw before; 1: the sum telescopes"}}};
constexpr std::array<Parameter, 2> coloured{
    {gradient_variance,
     {"correlation", "1", required, -most_correlation, most_correlation,
      "rho, correlation of two consecutive steps; exp(-1/n) for n steps"}}};
constexpr std::array<Parameter, 2> student_t{
    {{"scale_variance", variance_unit, required, 0.0, unbounded,
      "s^2; the variance is s^2 nu/(nu - 2) where nu > 2"},
     {"degrees", "1", required, 0.5, 1e4, "nu, tail exponent"}}};
constexpr std::array<Parameter, 2> stable{
    {{"scale", "energy/length", required, 0.0, unbounded,
      "s in the characteristic function exp(-|s w|^alpha); alpha = 2 has variance 2 s^2"},
     {"alpha", "1", required, coordinate::smallest_alpha, 2.0, "index; the tail exponent below 2",
      false, false, false, false, coordinate::why_smallest_alpha}}};
constexpr std::array<Parameter, 2> compound_poisson{
    {gradient_variance,
     {"jump_rate", "1", required, 0.0, coordinate::largest_jump_rate,
      "lambda, mean number of jumps per step and coordinate; excess kurtosis 3/lambda", true}}};
constexpr std::array<Parameter, 2> two_lump{
    {gradient_variance,
     {"excess_kurtosis", "1", required, -2.0, 3.0,
      "-2: two points; below 0: two lumps; above: narrow and wide"}}};

// ---- laws

std::vector<double> everywhere(NoiseRequest const& request, double value) {
    return std::vector<double>(static_cast<std::size_t>(request.dim), value);
}

/// One sample's variance is values[0].
NoiseLaw per_sample(NoiseRequest const& request) {
    NoiseLaw law;
    law.variances = everywhere(request, request.values[0] / request.batch_size);
    return law;
}

template <NoiseShape shape>
NoiseLawResult make_shape(NoiseRequest const& request) {
    NoiseLaw law = per_sample(request);
    law.shape = shape;
    if constexpr (shape == NoiseShape::student_t) {
        law.shape_data = coordinate::student_shape(request.values[1]);
    } else if constexpr (shape == NoiseShape::compound_poisson) {
        law.shape_data = coordinate::jump_shape(request.values[1]);
    } else if constexpr (shape == NoiseShape::two_lump) {
        law.shape_data = coordinate::lump_shape(request.values[1]);
    }
    return {std::move(law), ""};
}

/// The mean of B stable draws of scale s is stable of scale s B^{1/α − 1}.
NoiseLawResult make_stable(NoiseRequest const& request) {
    double const alpha = request.values[1];
    double const scale = request.values[0] * std::pow(request.batch_size, 1.0 / alpha - 1.0);
    NoiseLaw law;
    if (request.values[0] > 0.0 && !std::isnormal(scale * scale))
        return {{},
                "scale B^(1/alpha - 1) leaves the range of double precision: take a smaller "
                "batch_size or a larger alpha"};
    law.variances = everywhere(request, scale * scale);
    law.shape = request.dim == 1 ? NoiseShape::stable : NoiseShape::isotropic_stable;
    law.shape_data = coordinate::stable_shape(alpha);
    return {std::move(law), ""};
}

template <NoiseMemory memory>
NoiseLawResult make_memory(NoiseRequest const& request) {
    NoiseLaw law = per_sample(request);
    law.memory = memory;
    law.memory_data = coordinate::memory_data(memory, request.values[1]);
    return {std::move(law), ""};
}

NoiseLawResult make_none(NoiseRequest const&) { return {NoiseLaw{}, ""}; }

NoiseLawResult make_diagonal(NoiseRequest const& request) {
    NoiseLaw law;
    for (int i = 0; i < request.dim; ++i) {
        law.variances.push_back(request.values[static_cast<std::size_t>(i)] / request.batch_size);
    }
    return {std::move(law), ""};
}

NoiseLawResult make_covariance(NoiseRequest const& request) {
    std::vector<double> covariance = request.table;
    for (double& entry : covariance) entry /= request.batch_size;
    return covariance_law(covariance, request.dim);
}

NoiseLawResult make_hessian(NoiseRequest const& request) {
    NoiseLaw law;
    law.amplitude = NoiseAmplitude::hessian;
    law.amplitude_data.factor = request.values[0] / request.batch_size;
    law.amplitude_data.floor = request.values[1];
    return {std::move(law), ""};
}

/// values: additive part, factor, perhaps an offset.
template <NoiseAmplitude amplitude>
NoiseLawResult make_amplitude(NoiseRequest const& request) {
    NoiseLaw law = per_sample(request);
    law.amplitude = amplitude;
    law.amplitude_data.factor = request.values[1] / request.batch_size;
    if (request.values.size() > 2) law.amplitude_data.offset = request.values[2];
    return {std::move(law), ""};
}

NoiseLawResult make_least_squares(NoiseRequest const& request) {
    NoiseLaw law;
    law.amplitude = NoiseAmplitude::least_squares;
    law.amplitude_data.factor = 1.0 / request.batch_size;
    law.amplitude_data.floor = request.values[0];
    law.amplitude_data.offset = request.values[1];
    return {std::move(law), ""};
}

/// One mask for the whole batch: its size does not enter.
NoiseLawResult make_mask(NoiseRequest const& request) {
    NoiseLaw law;
    law.amplitude = NoiseAmplitude::gradient;
    law.amplitude_data.factor = (1.0 - request.values[0]) / request.values[0];
    law.shape = NoiseShape::bernoulli;
    law.shape_data = coordinate::mask_shape(request.values[0]);
    return {std::move(law), ""};
}

NoiseLawResult make_weight(NoiseRequest const& request) {
    NoiseLaw law;
    law.point_shift = request.values[0];
    return {std::move(law), ""};
}

template <PopulationOrder order>
NoiseLawResult make_population(NoiseRequest const& request) {
    return population_law(request.table, request.dim, request.batch_size, order);
}

// ---- the table

constexpr std::string_view samples_doc = "N rows of dim numbers: gradients of the N samples";

NoiseLawEntry const entries[] = {
    {.name = "none",
     .equation = "xi = 0",
     .covariance = "0",
     .source = "gardiner2009",
     .make = make_none},
    {.name = "gaussian",
     .alias = "isotropic",
     .equation = "xi_i = sigma/sqrt(B) z_i",
     .covariance = "sigma^2/B I",
     .source = "mandt2017, S20",
     .parameters = isotropic,
     .make = make_shape<NoiseShape::gaussian>},
    {.name = "diagonal",
     .equation = "xi_i = sigma_i/sqrt(B) z_i",
     .covariance = "diag(sigma_i^2)/B",
     .source = "mandt2017, S20",
     .parameters = diagonal,
     .make = make_diagonal},
    {.name = "covariance",
     .equation = "xi = L z/sqrt(B), L L^T = Sigma",
     .covariance = "Sigma/B",
     .source = "mandt2017, S20, S30",
     .table = "covariance",
     .table_doc = "dim x dim: covariance of one sample's gradient, energy^2/length^2",
     .make = make_covariance},
    {.name = "hessian",
     .alias = "label",
     .equation = "xi = delta sqrt(max(H, floor)/B) z, the maximum of each eigenvalue",
     .covariance = "delta^2/B max(H, floor)",
     .source = "liu2021, S20",
     .parameters = hessian,
     .mixes_draws = true,
     .make = make_hessian},
    {.name = "loss",
     .equation = "xi_i = sqrt((c + s^2 max(V - offset, 0))/B) z_i",
     .covariance = "(c + s^2 max(V - offset, 0))/B I",
     .source = "mori2022, S46",
     .parameters = loss,
     .make = make_amplitude<NoiseAmplitude::loss>},
    {.name = "least_squares",
     .equation = "xi_i = sqrt((H_ii (2 (V - offset) + delta^2) + (d_i V)^2)/B) z_i",
     .covariance = "diagonal of (H (2 (V - offset) + delta^2) + grad V grad V^T)/B: features "
                   "N(0, H), fresh in each step",
     .source = "ziyin2022, S33, S72",
     .parameters = least_squares,
     .make = make_least_squares},
    {.name = "gradient_norm",
     .equation = "xi_i = sqrt((c + s^2 |grad V|^2)/B) z_i",
     .covariance = "(c + s^2 |grad V|^2)/B I",
     .source = "bottou2018, S20, S32",
     .parameters = gradient_norm,
     .make = make_amplitude<NoiseAmplitude::gradient_norm>},
    {.name = "gradient_mask",
     .equation = "xi_i = (b_i/p - 1) d_i V, b_i = 1 with probability p, else 0",
     .covariance = "(1 - p)/p diag((d_i V)^2)",
     .source = "wangni2018, S20, S32",
     .parameters = gradient_mask,
     .make = make_mask},
    {.name = "weight",
     .equation = "g = grad V(x + s z)",
     .covariance = "s^2 H^2 to leading order in s",
     .source = "an1996, S20, S57",
     .parameters = weight,
     .make = make_weight},
    {.name = "multiplicative",
     .equation = "xi_i = sqrt((c + m x_i^2)/B) z_i",
     .covariance = "diag(c + m x_i^2)/B",
     .source = "ziyin2022, S32",
     .parameters = multiplicative,
     .make = make_amplitude<NoiseAmplitude::multiplicative>},
    {.name = "anticorrelated",
     .equation = "xi_k = sigma/sqrt(B) (z_k - theta z_(k-1))/sqrt(1 + theta^2)",
     .covariance = "sigma^2/B I; long run: (1 - theta)^2/(1 + theta^2) of it",
     .source = "orvieto2022, S19",
     .parameters = anticorrelated,
     .make = make_memory<NoiseMemory::anticorrelated>},
    {.name = "coloured",
     .equation = "xi_k = rho xi_(k-1) + sqrt(1 - rho^2) sigma/sqrt(B) z_k",
     .covariance = "sigma^2/B I; long run: (1 + rho)/(1 - rho) of it",
     .source = "uhlenbeck1930",
     .parameters = coloured,
     .make = make_memory<NoiseMemory::coloured>},
    {.name = "student_t",
     .equation = "xi_i = s/sqrt(B) t_i, t of nu degrees (the law of a batch, not a mean of B)",
     .covariance = "s^2/B nu/(nu - 2) I; none for nu <= 2",
     .source = "bailey1994, S20",
     .parameters = student_t,
     .make = make_shape<NoiseShape::student_t>},
    {.name = "stable",
     .equation = "xi = s B^(1/alpha - 1) zeta, E exp(i w.zeta) = exp(-|w|^alpha)",
     .covariance = "none for alpha < 2; 2 s^2/B I for alpha = 2",
     .source = "simsekli2019, chambers1976, S56",
     .parameters = stable,
     .make = make_stable},
    {.name = "compound_poisson",
     .equation = "xi_i = sigma/sqrt(B) sum of n_i jumps N(0, 1/lambda), n_i Poisson of mean lambda",
     .covariance = "sigma^2/B I",
     .source = "gardiner2009",
     .parameters = compound_poisson,
     .make = make_shape<NoiseShape::compound_poisson>},
    {.name = "two_lump",
     .equation = "xi_i = sigma/sqrt(B) times a mixture of two normals with variance 1",
     .covariance = "sigma^2/B I",
     .source = "gardiner2009",
     .parameters = two_lump,
     .make = make_shape<NoiseShape::two_lump>},
    {.name = "rademacher",
     .equation = "xi_i = +- sigma/sqrt(B)",
     .covariance = "sigma^2/B I",
     .source = "kloeden1992",
     .parameters = isotropic,
     .make = make_shape<NoiseShape::rademacher>},
    {.name = "three_point",
     .equation = "xi_i = sigma/sqrt(B) times 0, +-sqrt(3) with probability 2/3, 1/6, 1/6",
     .covariance = "sigma^2/B I",
     .source = "kloeden1992",
     .parameters = isotropic,
     .make = make_shape<NoiseShape::three_point>},
    {.name = "uniform",
     .equation = "xi_i = sigma/sqrt(B) times a uniform number in (-sqrt(3), sqrt(3))",
     .covariance = "sigma^2/B I",
     .source = "bennett1948",
     .parameters = isotropic,
     .make = make_shape<NoiseShape::uniform>},
    {.name = "population",
     .equation = "xi = mean over B samples, drawn with replacement, of g_n - mean g",
     .covariance = "Sigma/B",
     .source = "kuhn2023, S1",
     .table = "samples",
     .table_doc = samples_doc,
     .batch_is_of_data = true,
     .make = make_population<PopulationOrder::with_replacement>},
    {.name = "population_without_replacement",
     .equation = "xi = mean over B distinct samples, a fresh batch each step, of g_n - mean g",
     .covariance = "Sigma/B (N - B)/(N - 1)",
     .source = "kuhn2023, S1",
     .table = "samples",
     .table_doc = samples_doc,
     .batch_is_of_data = true,
     .make = make_population<PopulationOrder::without_replacement>},
    {.name = "population_reshuffled",
     .equation = "xi = mean of g_n - mean g over the next B samples of an epoch in random order",
     .covariance = "Sigma/B (N - B)/(N - 1); long run: 0",
     .source = "kuhn2023, S2",
     .table = "samples",
     .table_doc = samples_doc,
     .batch_is_of_data = true,
     .make = make_population<PopulationOrder::reshuffled>},
};

}  // namespace

std::span<NoiseLawEntry const> noise_laws() { return entries; }

NoiseLawEntry const* find_noise_law(std::string_view name) {
    for (auto const& entry : noise_laws()) {
        if (entry.name == name || (!entry.alias.empty() && entry.alias == name)) return &entry;
    }
    return nullptr;
}

}  // namespace kramers
