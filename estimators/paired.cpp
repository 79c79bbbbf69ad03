// SPDX-License-Identifier: Apache-2.0
#include "estimators/paired.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>

#include "estimators/intervals.hpp"
#include "estimators/jackknife.hpp"
#include "estimators/snapshot_sums.hpp"
#include "sde/contracts.hpp"
#include "sde/linear_algebra.hpp"

namespace kramers {
namespace {

constexpr double misfit = 1e-3;

/// A significant error of one ladder at one step.
struct Point {
    std::size_t ladder;
    double step;
    Estimate const* error;
};

double relative_error(Point const& p) { return p.error->standard_error / std::abs(p.error->value); }

/// True where two consecutive log-log slopes differ by more than ¼ and than their noise.
bool bends(Point const& a, Point const& b, Point const& c) {
    auto const slope = [](Point const& p, Point const& q) {
        return std::log(q.error->value / p.error->value) / std::log(q.step / p.step);
    };
    double const noise = (relative_error(a) + 2.0 * relative_error(b) + relative_error(c)) /
                         std::min(std::log(b.step / a.step), std::log(c.step / b.step));
    return std::abs(slope(b, c) - slope(a, b)) > std::max(0.25, 4.0 * noise);
}

/// Significant points, of one sign per ladder: that of its finest significant point.
std::vector<Point> usable_points(std::vector<ErrorLadder> const& ladders, double significant) {
    std::vector<Point> points;
    for (std::size_t j = 0; j < ladders.size(); ++j) {
        ErrorLadder const& ladder = ladders[j];
        KRAMERS_EXPECTS(ladder.steps.size() == ladder.errors.size());
        std::vector<Point> own;
        for (std::size_t i = 0; i < ladder.steps.size(); ++i) {
            Estimate const& e = ladder.errors[i];
            if (std::abs(e.value) > significant * e.standard_error)
                own.push_back({j, ladder.steps[i], &e});
        }
        std::sort(own.begin(), own.end(),
                  [](Point const& a, Point const& b) { return a.step < b.step; });
        std::vector<Point> kept;
        for (Point const& p : own) {
            if ((p.error->value > 0.0) != (own.front().error->value > 0.0)) break;
            if (kept.size() >= 2 && bends(kept[kept.size() - 2], kept.back(), p)) break;
            kept.push_back(p);
        }
        points.insert(points.end(), kept.begin(), kept.end());
    }
    return points;
}

std::vector<double> steps_of(std::vector<Point> const& points) {
    std::vector<double> steps;
    for (Point const& p : points)
        if (std::find(steps.begin(), steps.end(), p.step) == steps.end()) steps.push_back(p.step);
    std::sort(steps.begin(), steps.end(), std::greater<>());
    return steps;
}

/// The regression on one set of points: p is coefficients(0).
class Regression {
  public:
    Regression(std::vector<Point> const& points, bool next_term) : points_(points) {
        std::vector<std::size_t> ladders;
        for (Point const& p : points)
            if (std::find(ladders.begin(), ladders.end(), p.ladder) == ladders.end())
                ladders.push_back(p.ladder);
        Eigen::Index const own = next_term ? 2 : 1;
        auto const rows = static_cast<Eigen::Index>(points.size());
        auto const columns = 1 + own * static_cast<Eigen::Index>(ladders.size());
        design_ = Eigen::MatrixXd::Zero(rows, columns);
        root_weight_ = Eigen::VectorXd(rows);
        double const coarsest = points.empty() ? 1.0 : steps_of(points).front();
        for (Eigen::Index r = 0; r < rows; ++r) {
            Point const& p = points[static_cast<std::size_t>(r)];
            auto const j = static_cast<Eigen::Index>(
                std::find(ladders.begin(), ladders.end(), p.ladder) - ladders.begin());
            design_(r, 0) = std::log(p.step / coarsest);
            design_(r, 1 + own * j) = 1.0;
            if (next_term) design_(r, 2 + own * j) = p.step / coarsest;
            // exact errors, as in a test, count alike
            root_weight_(r) = p.error->standard_error > 0.0
                                  ? std::abs(p.error->value) / p.error->standard_error
                                  : 1.0;
        }
        weighted_ = root_weight_.asDiagonal() * design_;
        rank_ = linear::rank(weighted_);
    }

    /// True where the points determine p.
    bool determines_order() const {
        if (points_.empty()) return false;
        return rank_ > linear::rank(weighted_.rightCols(weighted_.cols() - 1));
    }

    double order(Eigen::VectorXd const& logs) const { return solve(logs)(0); }

    /// ln |e| with all groups (g < 0) or without group g.
    Eigen::VectorXd logs(int g) const {
        Eigen::VectorXd y(static_cast<Eigen::Index>(points_.size()));
        for (std::size_t r = 0; r < points_.size(); ++r) {
            Estimate const& e = *points_[r].error;
            double const value = g < 0 ? e.value : e.leave_one_out[static_cast<std::size_t>(g)];
            y(static_cast<Eigen::Index>(r)) = std::log(std::abs(value));
        }
        return y;
    }

    /// p-value of the residuals: Hotelling's T² of their contrasts.
    double lack_of_fit() const {
        Eigen::Index const rows = design_.rows();
        Eigen::Index const spare = rows - rank_;
        int const freedom = group_count - 1;
        if (spare <= 0 || spare >= freedom) return 1.0;
        Eigen::MatrixXd const contrasts =
            linear::left_null_space(weighted_).transpose() * root_weight_.asDiagonal();
        Eigen::VectorXd const z = linear::product(contrasts, logs(-1));
        Eigen::MatrixXd without(spare, group_count);
        for (int g = 0; g < group_count; ++g) without.col(g) = linear::product(contrasts, logs(g));
        without.colwise() -= without.rowwise().mean().eval();
        Eigen::MatrixXd const covariance = linear::product(without, without.transpose()) *
                                           (static_cast<double>(freedom) / group_count);
        double const t2 = z.dot(linear::least_squares(covariance, z).col(0));
        if (!(t2 > 0.0)) return 1.0;
        double const f = t2 * static_cast<double>(freedom - spare + 1) /
                         (static_cast<double>(freedom) * static_cast<double>(spare));
        return fisher_p(f, static_cast<double>(spare), static_cast<double>(freedom - spare + 1));
    }

  private:
    Eigen::VectorXd solve(Eigen::VectorXd const& logs) const {
        return linear::least_squares(weighted_, root_weight_.asDiagonal() * logs);
    }

    std::vector<Point> const& points_;
    Eigen::MatrixXd design_;
    Eigen::VectorXd root_weight_;
    Eigen::MatrixXd weighted_;  // rows of the design times the roots of their weights
    Eigen::Index rank_ = 0;
};

/// How far apart two fits of p may well be: their distance and its standard error.
double likely_distance(Regression const& a, Regression const& b) {
    auto const distance = [&](int g) { return a.order(a.logs(g)) - b.order(b.logs(g)); };
    std::vector<double> without;
    for (int g = 0; g < group_count; ++g) without.push_back(distance(g));
    Estimate const e =
        jackknife_estimate(distance(-1), std::move(without), group_count, "distance of two fits");
    return std::abs(e.value) + e.standard_error;
}

/// C_p of e = C_p h^p (+ C_{p+1} h^{p+1}) with weights 1/(standard error)², a linear combination.
Estimate leading_coefficient(ErrorLadder const& ladder, OrderModel const& model,
                             std::vector<double> const& steps) {
    std::vector<Estimate> errors;
    std::vector<double> kept;
    for (std::size_t i = 0; i < ladder.steps.size(); ++i)
        if (std::find(steps.begin(), steps.end(), ladder.steps[i]) != steps.end()) {
            errors.push_back(ladder.errors[i]);
            kept.push_back(ladder.steps[i]);
        }
    auto const rows = static_cast<Eigen::Index>(kept.size());
    Eigen::Index const columns = model.next_term && rows > 1 ? 2 : 1;
    double const coarsest = *std::max_element(kept.begin(), kept.end());
    Eigen::MatrixXd design(rows, columns);
    Eigen::VectorXd root_weight(rows);
    for (Eigen::Index r = 0; r < rows; ++r) {
        Estimate const& e = errors[static_cast<std::size_t>(r)];
        double const h = kept[static_cast<std::size_t>(r)] / coarsest;
        root_weight(r) = e.standard_error > 0.0 ? 1.0 / e.standard_error : 1.0;
        for (Eigen::Index c = 0; c < columns; ++c)
            design(r, c) = std::pow(h, model.claimed + static_cast<double>(c));
    }
    Eigen::MatrixXd const weights =
        linear::least_squares(root_weight.asDiagonal() * design, root_weight.asDiagonal());
    Eigen::RowVectorXd const row = weights.row(0) * std::pow(coarsest, -model.claimed);
    return linear_combination({row.begin(), row.end()}, errors,
                              "weighted least squares, jackknife over 64 groups");
}

}  // namespace

EstimateResult observable_mean(SnapshotTally const& tally, std::size_t index) {
    Int128 const samples =
        detail::total(detail::per_group(tally, [](SnapshotGroup const& g) { return g.samples; }));
    std::uint64_t diverged = 0, beyond = 0;
    for (SnapshotGroup const& g : tally.groups) {
        if (index >= g.observables.size()) return {{}, "no such observable was summed"};
        diverged += g.diverged;
        beyond += g.beyond[index];
    }
    if (diverged > 0)
        return {{}, std::to_string(diverged) + " trajectories diverged: their mean is not known"};
    if (beyond > 0) return {{}, std::to_string(beyond) + " samples were too large for the sum"};
    auto const counts = detail::per_group(tally, [](SnapshotGroup const& g) { return g.samples; });
    if (samples == 0 || detail::informative(counts) < 2)
        return {{}, "fewer than two groups have samples"};
    auto const sums = detail::per_group(
        tally, [index](SnapshotGroup const& g) { return g.observables[index].units(); });
    Estimate e =
        jackknife_ratio(sums, counts, 1.0 / FixedSum::scale, "mean, jackknife over 64 groups");
    detail::describe_sample(e, tally);
    return {e, {}};
}

EstimateResult paired_difference(SnapshotTally const& a, SnapshotTally const& b,
                                 std::size_t index) {
    EstimateResult const first = observable_mean(a, index);
    EstimateResult const second = observable_mean(b, index);
    if (!first.estimate) return first;
    if (!second.estimate) return second;
    return {linear_combination({1.0, -1.0}, {*first.estimate, *second.estimate},
                               "paired difference, jackknife over 64 groups"),
            {}};
}

OrderFit fit_order(std::vector<ErrorLadder> const& ladders, OrderModel const& model) {
    OrderFit fit;
    std::vector<Point> points = usable_points(ladders, model.significant);
    std::optional<double> on_coarser;  // p before the last step was dropped
    for (;;) {
        Regression const regression(points, model.next_term);
        fit.steps = steps_of(points);
        if (!regression.determines_order()) {
            fit.order.reason =
                "too few errors are significant (above " +
                std::to_string(static_cast<int>(model.significant)) +
                " standard errors) to tell the order: more trajectories or larger learning rates";
            break;
        }
        fit.lack_of_fit_p = regression.lack_of_fit();
        if (fit.lack_of_fit_p < misfit && fit.steps.size() > 3) {
            double const coarsest = fit.steps.front();
            on_coarser = regression.order(regression.logs(-1));
            std::erase_if(points, [&](Point const& p) { return p.step == coarsest; });
            continue;
        }
        if (Regression const other(points, !model.next_term);
            fit.lack_of_fit_p < misfit && other.determines_order())
            fit.systematic =
                std::abs(regression.order(regression.logs(-1)) - other.order(other.logs(-1)));
        std::vector<Point> finer = points;
        std::erase_if(finer, [&](Point const& p) { return p.step == fit.steps.front(); });
        // The bias of the term p + 2 falls by four where the steps halve: of the distance to p on
        // coarser steps it is a third, of that on finer steps four thirds, twice where terms compete.
        Regression const on_finer(finer, model.next_term);
        fit.systematic_known = on_coarser || on_finer.determines_order();
        if (on_coarser)
            fit.systematic = std::max(
                fit.systematic, std::abs(regression.order(regression.logs(-1)) - *on_coarser));
        else if (fit.systematic_known)
            fit.systematic = std::max(fit.systematic, 2.0 * likely_distance(regression, on_finer));
        std::vector<double> without(static_cast<std::size_t>(group_count));
        for (int g = 0; g < group_count; ++g)
            without[static_cast<std::size_t>(g)] = regression.order(regression.logs(g));
        Estimate order =
            jackknife_estimate(regression.order(regression.logs(-1)), std::move(without),
                               group_count, "joint log-log regression, jackknife over 64 groups");
        for (Point const& p : points) {
            order.trajectories = std::max(order.trajectories, p.error->trajectories);
            order.n_effective = std::max(order.n_effective, p.error->n_effective);
        }
        fit.order.estimate = order;
        break;
    }
    fit.points = points.size();
    for (Point const& p : points)
        if (std::find(fit.ladders.begin(), fit.ladders.end(), p.ladder) == fit.ladders.end())
            fit.ladders.push_back(p.ladder);
    if (!fit.steps.empty())
        for (ErrorLadder const& ladder : ladders)
            fit.leading.push_back(leading_coefficient(ladder, model, fit.steps));
    return fit;
}

}  // namespace kramers
