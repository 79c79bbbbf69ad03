// SPDX-License-Identifier: Apache-2.0
#include "sde/noise/tail.hpp"

#include <algorithm>
#include <cmath>

#include "sde/noise/covariance.hpp"

namespace kramers {

double stable_tail_constant(double alpha) {
    double const pi = 3.14159265358979323846;
    return std::tgamma(1.0 + alpha) * std::sin(0.5 * pi * alpha) / pi;
}

std::optional<StableTail> stable_tail(NoiseLaw const& law, int dim) {
    using coordinate::NoiseShape;
    if (law.variances.empty() || is_silent(law)) return std::nullopt;
    bool const same =
        std::ranges::all_of(law.variances, [&](double v) { return v == law.variances.front(); });
    if (!same || law.memory != coordinate::NoiseMemory::white) return std::nullopt;
    double const scale = std::sqrt(law.variances.front());
    if (law.shape == NoiseShape::stable || law.shape == NoiseShape::isotropic_stable) {
        double const alpha = law.shape_data.alpha;
        return alpha < 2.0 ? std::optional(StableTail{alpha, scale}) : std::nullopt;
    }
    double const nu = law.shape_data.degrees;
    // independent coordinates jump along the axes; those of a stable vector do not
    if (law.shape != NoiseShape::student_t || !(nu < 2.0) || dim > 1) return std::nullopt;
    // The density of t falls like Γ((ν+1)/2) ν^{ν/2} / (√π Γ(ν/2)) |x|^{−1−ν}, that of a stable
    // number of scale s like c_ν s^ν |x|^{−1−ν}.
    double const root_pi = 1.77245385090551602730;
    double const tail =
        std::tgamma(0.5 * (nu + 1.0)) * std::pow(nu, 0.5 * nu) / (root_pi * std::tgamma(0.5 * nu));
    return StableTail{nu, scale * std::pow(tail / stable_tail_constant(nu), 1.0 / nu)};
}

StepNoise step_noise(NoiseLaw const& law, int dim) {
    StepNoise noise;
    PerCoordinate const c = long_run_variance(law, dim);
    if (!c.values.empty() && !is_correlated(law, dim) &&
        std::ranges::all_of(c.values, [&](double v) { return v == c.values.front(); }))
        noise.variance = c.values.front();
    bool const heavy =
        !is_silent(law) && std::isinf(coordinate::shape_variance(law.shape, law.shape_data));
    if (!heavy) return noise;
    noise.no_covariance = c.reason;
    noise.tail = stable_tail(law, dim);
    return noise;
}

}  // namespace kramers
