// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/laplace.hpp"

#include <cmath>
#include <cstddef>

namespace kramers::theory {

double normal_cdf(double u) { return 0.5 * std::erfc(-u / std::sqrt(2.0)); }

std::array<double, 5> laplace_terms(std::array<double, 4> const& g, double h, double temperature,
                                    double U) {
    bool const whole = std::isinf(U);
    double const phi = whole ? 0.0 : 0.3989422804014327 * std::exp(-0.5 * U * U);
    std::array<double, 13> A{};
    A[0] = normal_cdf(U);
    A[1] = -phi;
    double power = whole ? 0.0 : U;
    for (std::size_t n = 2; n < A.size(); ++n) {
        A[n] = static_cast<double>(n - 1) * A[n - 2] - power * phi;
        power *= whole ? 0.0 : U;
    }
    double const r = temperature / h;
    double const e3 = -g[0] / 6.0 * std::sqrt(r) / h;
    double const e4 = -g[1] / 24.0 * r / h;
    double const e5 = -g[2] / 120.0 * r * std::sqrt(r) / h;
    double const e6 = -g[3] / 720.0 * r * r / h;
    return {A[0], e3 * A[3], e4 * A[4] + 0.5 * e3 * e3 * A[6],
            e5 * A[5] + e3 * e4 * A[7] + e3 * e3 * e3 * A[9] / 6.0,
            e6 * A[6] + e3 * e5 * A[8] + 0.5 * e4 * e4 * A[8] + 0.5 * e3 * e3 * e4 * A[10] +
                e3 * e3 * e3 * e3 * A[12] / 24.0};
}

}  // namespace kramers::theory
