// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "experiments/claims.hpp"
#include "experiments/given.hpp"
#include "experiments/names.hpp"
#include "experiments/where.hpp"

namespace kramers {
namespace {

/// The index of the stiffest or softest coordinate, from the Hessian of the start's well, which
/// must be diagonal there.
int component_index(std::string const& word, Cell const& cell, std::string& why) {
    Eigen::VectorXd origin = cell.start_point;
    if (!cell.snapshots.origin.empty())
        origin = Eigen::Map<Eigen::VectorXd const>(cell.snapshots.origin.data(), cell.dim);
    Eigen::MatrixXd const H = cell.potential->hessian(origin);
    Eigen::VectorXd const h = H.diagonal();
    if (!(H - Eigen::MatrixXd(h.asDiagonal())).isZero(1e-9 * h.cwiseAbs().maxCoeff())) {
        why = "the well is not aligned with the coordinates; give component = [i, j]";
        return 0;
    }
    Eigen::Index index = 0;
    if (word == "stiffest") h.maxCoeff(&index);
    else h.minCoeff(&index);
    return static_cast<int>(index);
}

void set_component(Estimand& estimand, int i, int j) {
    if (auto* c = std::get_if<StationaryCovariance>(&estimand)) c->i = i, c->j = j;
    if (auto* c = std::get_if<Autocovariance>(&estimand)) c->i = i, c->j = j;
}

int largest_axis(Estimand const& estimand) {
    if (auto const* c = std::get_if<StationaryCovariance>(&estimand)) return std::max(c->i, c->j);
    if (auto const* c = std::get_if<Autocovariance>(&estimand)) return std::max(c->i, c->j);
    if (auto const* d = std::get_if<StationaryDensity>(&estimand))
        return *std::max_element(d->axes.begin(), d->axes.end());
    return 0;
}

/// Of a claimed order: whether the SDE has one, or the law of the iterates itself; empty: it fits.
std::string problem_of_law(ClaimSpec const& claim, Cell const& cell) {
    auto const* weak = std::get_if<WeakError>(&claim.estimand);
    if (weak == nullptr) return {};
    for (ComparedSde const& model : cell.order.models) {
        if (model.name != weak->of) continue;
        if (model.same_law && std::isfinite(claim.order))
            return fmt::format(
                "{} has the law of the iterates and no order: claim order = {{ is = "
                "inf, detects = 0.01 }}, that no moment differs by so much",
                model.name);
        if (!model.same_law && std::isinf(claim.order))
            return fmt::format(
                "{} has a finite order, its law is not that of the iterates: claim "
                "order = {{ is = 1 }}",
                model.name);
    }
    return {};
}

}  // namespace

std::vector<ClaimSpec> settle_claims(std::vector<ClaimDraft> drafts, std::vector<Cell> const& cells,
                                     bool may_be_empty, Problems& problems) {
    std::vector<ClaimSpec> claims;
    for (ClaimDraft& draft : drafts) {
        ClaimSpec& claim = draft.claim;
        std::size_t const before = problems.size();
        bool used = false;
        for (Cell const& cell : cells) {
            if (!draft.component.empty()) {
                std::string why;
                int const k = component_index(draft.component, cell, why);
                if (!why.empty())
                    problems.add(draft.origin,
                                 fmt::format("component = \"{}\": {}", draft.component, why));
                set_component(claim.estimand, k, k);
            }
            if (largest_axis(claim.estimand) >= cell.dim)
                problems.add(draft.origin,
                             fmt::format("claim {} asks for coordinate {} (must be < dim "
                                         "= {})",
                                         claim.id, largest_axis(claim.estimand), cell.dim));
            if (cell.order.substeps > 0 && claim.order > cell.order.scheme_order &&
                std::isfinite(claim.order))
                problems.add(
                    draft.origin,
                    fmt::format("claim {}: order {} cannot be seen with {}, whose own "
                                "weak order is {} (use a scheme of order 2, such as "
                                "platen_weak2)",
                                claim.id, claim.order, cell.order.scheme, cell.order.scheme_order));
            if (std::string const problem = problem_of_law(claim, cell); !problem.empty())
                problems.add(draft.origin, fmt::format("claim {}: {}", claim.id, problem));
            WhereResult const where = evaluate_where(claim.where, names_of(cell));
            if (!where.holds)
                problems.add(draft.origin,
                             fmt::format("where = \"{}\" {}", claim.where, where.problem));
            if (claim.given)
                for (std::string const& problem : problems_of(*claim.given, claim.estimand, cell))
                    problems.add(draft.against, problem);
            used = used || applies(claim, cell);
        }
        if (!used && problems.size() == before && !may_be_empty && !cells.empty())
            problems.add(draft.origin,
                         fmt::format("claim {}: where = \"{}\" holds in no cell of the "
                                     "sweep",
                                     claim.id, claim.where));
        if (used) claims.push_back(std::move(claim));
    }
    return claims;
}

}  // namespace kramers
