// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/scheme_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "estimators/intervals.hpp"
#include "gpu/thread_noise.hpp"
#include "sde/theory/deterministic.hpp"
#include "tests/support/seed.hpp"

namespace kramers::checks {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double significance = 1e-6;
constexpr std::uint64_t fine_steps = 128;
constexpr std::array<int, 3> coarse = {8, 4, 2};  // rungs; the reference is made of fine steps

template <int M>
MatrixXd normals(std::uint64_t steps, std::uint64_t trajectory) {
    using Layout = DrawLayout<M>;
    MatrixXd z(M, static_cast<Index>(steps));
    Vec<double, M> call[Layout::steps_per_call];
    for (std::uint64_t k = 0; k < steps; ++k) {
        auto const j = k % Layout::steps_per_call;
        if (j == 0) thread_normals<double, Layout, false>(noise_seed(), k, trajectory, 1, call);
        for (int c = 0; c < M; ++c) z(c, static_cast<Index>(k)) = call[j][c];
    }
    return z;
}

/// Least-squares slope of log errors over log dt, rungs from `first` on.
double slope(VectorXd const& log_error, VectorXd const& log_dt, Index first) {
    Index const n = log_dt.size() - first;
    VectorXd const x = log_dt.tail(n).array() - log_dt.tail(n).mean();
    return x.dot(log_error.tail(n)) / x.squaredNorm();
}

/// Sums over one path of the control variate, per coordinate.
struct Control {
    VectorXd weight;             // of ΔW_k, k = 0 … n − 1
    double decay;                // e^{−λt}
    double second_moment_short;  // E Y² − E X_exact²

    Control(double lambda, double temperature, double h, std::uint64_t steps) {
        auto const n = static_cast<Index>(steps);
        double const t = h * static_cast<double>(steps);
        double const mean_factor = -std::expm1(-lambda * h) / (lambda * h);
        weight.resize(n);
        for (Index k = 0; k < n; ++k)
            weight(k) = std::sqrt(2.0 * temperature) * mean_factor *
                        std::exp(-lambda * h * static_cast<double>(n - 1 - k));
        decay = std::exp(-lambda * t);
        second_moment_short =
            weight.squaredNorm() * h + temperature / lambda * std::expm1(-2.0 * lambda * t);
    }
};

/// X and Y at the end of every rung, batch by batch.
struct Pairs {
    std::vector<double> dt;                // descending
    std::vector<std::vector<VectorXd>> x;  // [rung][path]
    std::vector<VectorXd> y;               // [path]
    VectorXd second_moment_short;          // per coordinate
};

Pairs run_pairs(PathGenerator const& path, PathRequest request, Index paths) {
    auto const dim = request.start.size();
    double const h = request.dt;
    std::vector<Control> controls;
    Pairs pairs;
    pairs.second_moment_short.resize(dim);
    for (Index c = 0; c < dim; ++c) {
        controls.emplace_back(request.values[static_cast<std::size_t>(c)], request.temperature, h,
                              fine_steps);
        pairs.second_moment_short(c) = controls.back().second_moment_short;
    }
    for (Index p = 0; p < paths; ++p) {
        auto const id = static_cast<std::uint64_t>(p);
        MatrixXd const z = fine_normals(static_cast<int>(dim), fine_steps, id);
        VectorXd y(dim);
        for (Index c = 0; c < dim; ++c) {
            Control const& control = controls[static_cast<std::size_t>(c)];
            y(c) = control.decay * request.start(c) +
                   std::sqrt(h) * z.row(c).dot(control.weight.transpose());
        }
        pairs.y.push_back(y);
    }
    for (int const r : coarse) {
        request.refinement = r;
        request.dt = h * r;
        request.steps = fine_steps / static_cast<std::uint64_t>(r);
        pairs.dt.push_back(request.dt);
        pairs.x.emplace_back();
        for (Index p = 0; p < paths; ++p) {
            request.trajectory = static_cast<std::uint64_t>(p);
            pairs.x.back().push_back(path(request));
        }
    }
    return pairs;
}

/// Mean over the paths of each batch of f(rung, path).
template <class F>
MatrixXd batch_means(Index batches, Index rungs, Index per_batch, F const& f) {
    MatrixXd means = MatrixXd::Zero(batches, rungs);
    for (Index r = 0; r < rungs; ++r)
        for (Index p = 0; p < batches * per_batch; ++p)
            means(p / per_batch, r) += f(static_cast<std::size_t>(r), static_cast<std::size_t>(p)) /
                                       static_cast<double>(per_batch);
    return means;
}

}  // namespace

std::uint64_t noise_seed() { return test::seed(300); }

MatrixXd fine_normals(int dim, std::uint64_t steps, std::uint64_t trajectory) {
    switch (dim) {
        case 1: return normals<1>(steps, trajectory);
        case 2: return normals<2>(steps, trajectory);
        case 8: return normals<8>(steps, trajectory);
        default: throw std::invalid_argument("fine_normals knows dim 1, 2 and 8: add this one");
    }
}

Order fit_order(MatrixXd const& errors, std::vector<double> const& dt) {
    VectorXd const log_dt =
        Eigen::Map<VectorXd const>(dt.data(), static_cast<Index>(dt.size())).array().log();
    Index const batches = errors.rows();
    VectorXd without(batches), with(batches);
    for (Index b = 0; b < batches; ++b) {
        VectorXd const log_error = errors.row(b).array().max(1e-300).log().transpose();
        with(b) = slope(log_error, log_dt, 0);
        without(b) = slope(log_error, log_dt, 1);
    }
    auto const n = static_cast<double>(batches);
    double const mean = with.mean();
    double const curvature = 4.0 * std::abs(without.mean() - mean);
    if (batches == 1) return {mean, curvature};
    double const spread = std::sqrt((with.array() - mean).square().sum() / (n - 1.0) / n);
    return {mean, curvature + student_quantile(1.0 - 0.5 * significance, n - 1.0) * spread};
}

Verdict judge_order(Order const& order, double claimed) {
    double const off = std::abs(order.value - claimed);
    bool const holds = off <= order.half_width + 1e-3;
    bool const sharp = order.half_width + off < 0.5;
    return {holds && sharp,
            fmt::format("order {:.3f} ± {:.3f} against {}{}{}", order.value, order.half_width,
                        claimed, holds ? "" : "; the interval excludes it",
                        sharp || !holds ? "" : "; too wide to exclude its neighbours")};
}

Verdict check_gradient_flow(PathGenerator const& path, Potential const& potential,
                            PathRequest request, double claimed) {
    constexpr Index starts = 8;
    double const coarsest = request.dt;
    std::vector<double> dt;
    // Pooled over the starts: from some of them the first-order error happens to cancel.
    MatrixXd square = MatrixXd::Zero(1, 5);
    VectorXd const centre = request.start;
    request.temperature = 0.0;
    request.refinement = 1;
    for (Index b = 0; b < starts; ++b) {
        request.start = centre * (0.8 + 0.05 * static_cast<double>(b));
        VectorXd const exact = theory::gradient_flow(potential, request.start, 16.0 * coarsest);
        for (Index rung = 0; rung < 5; ++rung) {
            request.dt = std::ldexp(coarsest, -static_cast<int>(rung));
            request.steps = std::uint64_t{16} << rung;
            if (b == 0) dt.push_back(request.dt);
            square(0, rung) += (path(request) - exact).squaredNorm();
        }
    }
    return judge_order(fit_order(square.array().sqrt(), dt), claimed);
}

Verdict check_strong_order(PathGenerator const& path, PathRequest request, double claimed) {
    constexpr Index batches = 16;
    Index const per_batch = std::max<Index>(40, 200 / request.start.size());
    double const h = request.dt;
    std::array<int, 4> const rungs = {8, 4, 2, 1};
    std::vector<double> dt;
    MatrixXd square = MatrixXd::Zero(batches, 3);
    for (Index p = 0; p < batches * per_batch; ++p) {
        request.trajectory = static_cast<std::uint64_t>(p);
        VectorXd coarser;
        for (std::size_t k = 0; k < rungs.size(); ++k) {
            request.refinement = rungs[k];
            request.dt = h * rungs[k];
            request.steps = fine_steps / static_cast<std::uint64_t>(rungs[k]);
            VectorXd const end = path(request);
            if (k > 0)
                square(p / per_batch, static_cast<Index>(k - 1)) += (end - coarser).squaredNorm();
            if (k > 0 && p == 0) dt.push_back(request.dt);
            coarser = end;
        }
    }
    return judge_order(fit_order(square.array().sqrt(), dt), claimed);
}

Verdict check_ou_limit(PathGenerator const& path, PathRequest request, double claimed) {
    constexpr Index batches = 16, per_batch = 50;
    Pairs const pairs = run_pairs(path, std::move(request), batches * per_batch);
    MatrixXd const square =
        batch_means(batches, static_cast<Index>(pairs.dt.size()), per_batch,
                    [&](auto r, auto p) { return (pairs.x[r][p] - pairs.y[p]).squaredNorm(); });
    return judge_order(fit_order(square.array().sqrt(), pairs.dt), claimed);
}

Verdict check_euler_error(PathGenerator const& path, PathRequest request) {
    constexpr Index batches = 64;
    Index const per_batch = std::max<Index>(8, 50 / request.start.size());
    double const h = request.dt, amplitude = std::sqrt(2.0 * request.temperature);
    Pairs const pairs = run_pairs(path, request, batches * per_batch);
    auto const rungs = static_cast<Index>(pairs.dt.size());
    MatrixXd const square = batch_means(batches, rungs, per_batch, [&](auto r, auto p) {
        return (pairs.x[r][p] - pairs.y[p]).squaredNorm();
    });
    Verdict verdict{true, ""};
    for (Index r = 0; r < rungs; ++r) {
        // Euler's weight of ΔW_k is a^m, a = 1 − λ dt, m the steps after the one that holds it.
        auto const per_step = static_cast<Index>(coarse[static_cast<std::size_t>(r)]);
        auto const n = static_cast<Index>(fine_steps) / per_step;
        double expected = 0.0;
        for (Index c = 0; c < request.start.size(); ++c) {
            double const lambda = request.values[static_cast<std::size_t>(c)];
            Control const control(lambda, request.temperature, h, fine_steps);
            double const a = 1.0 - lambda * pairs.dt[static_cast<std::size_t>(r)];
            double const drift = control.decay - std::pow(a, static_cast<double>(n));
            expected += drift * drift * request.start(c) * request.start(c);
            for (Index k = 0; k < static_cast<Index>(fine_steps); ++k) {
                double const w = amplitude * std::pow(a, static_cast<double>(n - 1 - k / per_step));
                expected += (control.weight(k) - w) * (control.weight(k) - w) * h;
            }
        }
        double const mean = square.col(r).mean();
        double const error =
            std::sqrt((square.col(r).array() - mean).square().sum() /
                      static_cast<double>(batches - 1) / static_cast<double>(batches));
        double const p = student_p((mean - expected) / error, static_cast<double>(batches - 1));
        verdict.passed = verdict.passed && p > significance && 7.8 * error < 0.3 * expected;
        verdict.message +=
            fmt::format("dt {}: mean square {:.4g} ± {:.2g} against {:.4g}, p = {:.2g}; ",
                        pairs.dt[static_cast<std::size_t>(r)], mean, error, expected, p);
    }
    return verdict;
}

Verdict check_weak_order(PathGenerator const& path, PathRequest request, double claimed) {
    constexpr Index batches = 16;
    Index const per_batch = 200 / std::min<Index>(request.start.size(), 4);
    request.start.setZero();  // a start elsewhere has an error of the other sign: they could cancel
    Pairs const pairs = run_pairs(path, std::move(request), batches * per_batch);
    double const exact_short = pairs.second_moment_short.sum();
    MatrixXd const difference = batch_means(
        batches, static_cast<Index>(pairs.dt.size()), per_batch,
        [&](auto r, auto p) { return pairs.x[r][p].squaredNorm() - pairs.y[p].squaredNorm(); });
    MatrixXd const error = (difference.array() + exact_short).abs();
    return judge_order(fit_order(error, pairs.dt), claimed);
}

}  // namespace kramers::checks
