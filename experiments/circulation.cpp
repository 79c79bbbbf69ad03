// SPDX-License-Identifier: Apache-2.0
#include "experiments/circulation.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/numbers.hpp"
#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

Eigen::MatrixXd turned(Draft const& draft) {
    int const d = draft.cell.dim;
    return Eigen::Map<Eigen::MatrixXd const>(draft.cell.gradient_transform.data(), d, d)
        .transpose();
}

/// I + J from J by rows.
void read_matrix(Draft& draft, Reader& reader) {
    Cell& cell = draft.cell;
    auto const d = static_cast<std::size_t>(cell.dim);
    std::vector<double> matrix =
        read_rows(reader, "circulation", cell.dim, "an antisymmetric matrix J of dim rows");
    if (matrix.empty()) return;
    if (matrix.size() != d * d)
        return reader.problem("circulation",
                              fmt::format("dynamics.circulation has {} rows (must be {}, the "
                                          "dimension of the landscape)",
                                          matrix.size() / d, d));
    double largest = 0.0;
    for (double const value : matrix) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < d; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double const here = matrix[i * d + j], there = matrix[j * d + i];
            if (std::abs(here + there) <= 1e-12 * largest) continue;
            return reader.problem(
                "circulation",
                fmt::format("dynamics.circulation: J[{}][{}] = {:.6g} and J[{}][{}] = {:.6g} (must "
                            "be opposite: only an antisymmetric J can leave the stationary law "
                            "as it is)",
                            j, i, there, i, j, here));
        }
    if (largest == 0.0) return;
    for (std::size_t i = 0; i < d; ++i) matrix[i * d + i] = 1.0;
    draft.circulates = true;
    cell.gradient_transform = std::move(matrix);
}

}  // namespace

void read_circulation(Draft& draft, Reader& reader) {
    Node const* const node = reader.take("circulation");
    if (node == nullptr) return;
    int const dim = draft.has_landscape() ? draft.cell.dim : 0;
    if (!draft.dynamics->gradient_flow)
        return reader.problem("circulation",
                              fmt::format("dynamics.circulation turns the gradient of first-order "
                                          "SDEs (overdamped and the like); {} is none",
                                          draft.dynamics->name));
    if (node->list() != nullptr) {
        if (dim > 0) read_matrix(draft, reader);
        return;
    }
    double const alpha = reader.number("circulation", {-infinite, infinite, false, "1"});
    if (dim > 0 && dim != 2)
        return reader.problem("circulation",
                              fmt::format("dynamics.circulation = {} needs a landscape in 2 "
                                          "dimensions, this one has {}{}",
                                          alpha, dim,
                                          dim > 2 ? "; there give an antisymmetric matrix J of "
                                                    "dim rows, for the drift -(I + J) grad V"
                                                  : ""));
    draft.circulation = alpha;
    draft.circulates = alpha != 0.0;
    if (draft.circulates) draft.cell.gradient_transform = {1.0, -alpha, alpha, 1.0};
}

void note_circulation(Draft& draft) {
    if (!draft.circulates) return;
    std::string const law =
        draft.cell.has_temperature
            ? "the stationary law is the same (E23)"
            : "the stationary law changes with it: only that of constant isotropic normal noise "
              "does not (E23)";
    draft.cell.notes.push_back(
        draft.circulation != 0.0
            ? fmt::format("circulation {:.6g}: -(I + alpha J) grad V for -grad V, J = [[0, -1], "
                          "[1, 0]]; {}",
                          draft.circulation, law)
            : fmt::format("circulation: -(I + J) grad V for -grad V, J the given matrix; {}", law));
}

double circulating_rate(Draft const& draft) {
    if (!(draft.max_curvature > 0.0)) return 0.0;
    if (draft.circulation == 0.0)
        return linear::smallest_real_part(
            linear::product(turned(draft), draft.cell.potential->hessian(draft.well->point)));
    double const mean = 0.5 * (draft.min_curvature + draft.max_curvature);
    double const half = 0.5 * (draft.max_curvature - draft.min_curvature);
    double const turn =
        draft.circulation * draft.circulation * draft.min_curvature * draft.max_curvature;
    return mean - std::sqrt(std::max(half * half - turn, 0.0));
}

}  // namespace kramers
