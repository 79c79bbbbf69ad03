// SPDX-License-Identifier: Apache-2.0
#include "experiments/measured_orders.hpp"

#include <span>

namespace kramers {
namespace {

struct MeasuredRow {
    std::string_view scheme;
    NoiseStructure structure;
    MeasuredOrder order;
};

/// From the convergence tests (tests/sde/schemes_strong_test.cpp, schemes_weak_test.cpp, run with
/// `-s -tc="schemes:*"` to print them), on their nonlinear problems: strong on the Landau well with
/// multiplicative noise or in logarithmic form (additive), weak on the second moment of the arctan
/// problem or of the quartic well; of the kinetic schemes strong on the oscillator.
constexpr MeasuredRow measured[] = {
    {"euler_maruyama", NoiseStructure::additive, {1.03, 1.003, 0.11, 0.03}},
    {"euler_maruyama", NoiseStructure::diagonal, {0.54, 1.001, 0.1, 0.03}},
    {"milstein", NoiseStructure::diagonal, {1.05, 1.0, 0.14, 0.07}},
    {"stochastic_heun", NoiseStructure::additive, {1.01, 2.004, 0.15, 0.03}},
    {"stochastic_heun", NoiseStructure::diagonal, {0.98, 1.002, 0.16, 0.03}},
    {"platen_weak2", NoiseStructure::diagonal, {0.97, 1.999, 0.21, 0.03}},
    {"sra1", NoiseStructure::additive, {1.48, 2.004, 0.26, 0.05}},
    {"sriw1", NoiseStructure::diagonal, {1.5, 1.513, 0.14, 0.03}},
    {"exact_ou", NoiseStructure::additive, {1.003, 0.999, 0.077, 0.03}},
    {"leimkuhler_matthews", NoiseStructure::additive, {std::nullopt, 1.0, 0, 0.03}},
    {"baoab", NoiseStructure::additive, {1.00, std::nullopt, 0.03, 0}},
    {"aboba", NoiseStructure::additive, {1.00, std::nullopt, 0.03, 0}},
    {"oba", NoiseStructure::additive, {1.00, std::nullopt, 0.03, 0}},
    {"semi_implicit_euler", NoiseStructure::additive, {1.00, std::nullopt, 0.03, 0}},
};
std::span<MeasuredRow const> entries() { return measured; }

}  // namespace

std::optional<MeasuredOrder> measured_order(std::string_view scheme, NoiseStructure structure) {
    for (MeasuredRow const& e : entries())
        if (e.scheme == scheme && e.structure == structure) return e.order;
    return std::nullopt;
}

}  // namespace kramers
