// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "sde/linear_algebra.hpp"
#include "sde/theory/catalogue_entries.hpp"
#include "sde/theory/ornstein_uhlenbeck.hpp"
#include "sde/theory/sgd_quadratic.hpp"

namespace kramers::theory::detail {
namespace {

/// A quadratic: Hessian, D of the limit, the step of the algorithm.
struct Linear {
    Eigen::MatrixXd h, diffusion;
    double step = 0.0;  ///< η of SGD, dt of a scheme, 0 in continuous time
    int i = 0, j = 0;
    double lag = 0.0;
    double stiffest = 0.0;  ///< largest eigenvalue of H
    bool aligned = true;    ///< H is diagonal
    std::string reason;
};

Linear read(Estimand const& estimand, Query const& q) {
    Linear r;
    if (auto const* e = std::get_if<StationaryCovariance>(&estimand)) {
        r.i = e->i;
        r.j = e->j;
    } else if (auto const* e2 = std::get_if<Autocovariance>(&estimand)) {
        r.i = e2->i;
        r.j = e2->j;
        r.lag = e2->lag;
    }
    int const d = q.potential->dim();
    bool const isotropic = q.diffusion.size() == 0;
    r.step = q.learning_rate > 0.0 ? q.learning_rate : q.dt;
    if (q.hessian.size() > 0) r.h = q.hessian;
    else if (auto const curvatures = q.potential->curvatures()) r.h = curvatures->asDiagonal();
    if (r.h.size() == 0) {
        r.reason = "the potential is not quadratic";
        return r;
    }
    Eigen::VectorXd const curvatures = linear::symmetric_eigen(r.h).values;
    r.diffusion = isotropic ? q.temperature * Eigen::MatrixXd::Identity(d, d) : q.diffusion;
    if (curvatures.minCoeff() <= 0.0) {
        r.reason = "a curvature is not positive: no stationary law";
    } else if (!(r.diffusion.trace() > 0.0)) {
        r.reason = isotropic ? "no noise: temperature = 0" : "no noise: C = 0";
    } else if (r.i < 0 || r.j < 0 || r.i >= d || r.j >= d) {
        r.reason = "no such component";
    } else if (r.step * curvatures.maxCoeff() >= 2.0) {
        r.reason = "step * max curvature = " + std::to_string(r.step * curvatures.maxCoeff()) +
                   " is not below 2: the iteration is unstable and has no stationary law";
    }
    r.stiffest = curvatures.maxCoeff();
    r.aligned = r.h.isDiagonal(1e-12);
    return r;
}

/// What the continuum misses of a second moment, relative: of mode i alone ηh_i/2.
double missing(Linear const& r) {
    if (!r.aligned) return 0.5 * r.step * r.stiffest * (1.0 + r.stiffest * r.lag);
    double const hi = r.h(r.i, r.i), hj = r.h(r.j, r.j);
    double const z = r.i == r.j ? 0.5 * r.step * hi : r.step * hi * hj / (hi + hj);
    return z * (1.0 + (r.step > 0.0 ? hi * r.lag : 0.0));
}

PredictionResult ou_limit(Estimand const& estimand, Query const& q) {
    Linear const r = read(estimand, q);
    if (!r.reason.empty()) return decline(r.reason);
    OrnsteinUhlenbeck const process{r.h, r.diffusion};
    // The continuum misses the factor 1/(1 − ηh/2) and, in a lag, has e^{−hτ} for (1 − ηh)^k.
    return answer(process.autocovariance(r.lag)(r.i, r.j), missing(r));
}

PredictionResult discrete(Estimand const& estimand, Query const& q, double step) {
    Linear r = read(estimand, q);
    if (!r.reason.empty()) return decline(r.reason);
    r.step = step;
    double const steps = r.lag / r.step;
    if (std::abs(steps - std::round(steps)) > 1e-6)
        return decline("the lag is not a whole number of steps of " + std::to_string(r.step));
    SgdQuadratic const sgd(r.h, 2.0 * r.diffusion / r.step, r.step);
    return answer(sgd.autocovariance(std::lround(steps))(r.i, r.j), 0.0);
}

PredictionResult sgd_discrete(Estimand const& estimand, Query const& q) {
    if (!(q.learning_rate > 0.0)) return decline("the dynamics is not SGD (no learning rate)");
    return discrete(estimand, q, q.learning_rate);
}

PredictionResult euler_discrete(Estimand const& estimand, Query const& q) {
    if (q.learning_rate > 0.0 || !(q.dt > 0.0)) return decline("no time step of a scheme");
    if (q.scheme != "euler_maruyama") return decline("S54 here is for the Euler step");
    return discrete(estimand, q, q.dt);
}

PredictionResult modified_2(Estimand const& estimand, Query const& q) {
    if (!(q.learning_rate > 0.0)) return decline("the dynamics is not SGD (no learning rate)");
    Linear const r = read(estimand, q);
    if (!r.reason.empty()) return decline(r.reason);
    if (q.diffusion.size() > 0) {
        OrnsteinUhlenbeck const process{r.h + 0.5 * r.step * linear::product(r.h, r.h),
                                        r.diffusion};
        return answer(process.stationary_covariance()(r.i, r.j), 2.0 * missing(r));
    }
    double const h = r.h(r.i, r.i), noise = 2.0 * q.temperature / q.learning_rate;
    double const value = r.i == r.j ? second_order_variance(q.learning_rate, h, noise) : 0.0;
    return answer(value, q.learning_rate * h);
}

}  // namespace

std::vector<Entry> linear_entries() {
    std::vector<std::string> const kinds{"stationary_covariance", "autocovariance"};
    return {
        {{"sgd_discrete",
          kinds,
          "H S + S H - eta H S H = eta C; lag k: (1 - eta H)^k S; scalar eta c / (h (2 - eta h))",
          "S22",
          PredictionKind::exact,
          "exact",
          "quadratic V of any constant H, any constant C, 0 < eta h < 2",
          {"liu2021"}},
         sgd_discrete},
        {{"euler_discrete",
          kinds,
          "S = T / (h (1 - h dt / 2)); lag k: (1 - h dt)^k S",
          "S54",
          PredictionKind::exact,
          "exact",
          "quadratic V, 0 < h dt < 2",
          {"leimkuhler2013", "liu2021"}},
         euler_discrete},
        {{"ou_limit",
          kinds,
          "A S + S A^T = 2 D, A = H, D = eta C / 2 = T; lag: exp(-A tau) S",
          "S4, S29",
          PredictionKind::asymptotic,
          "O(eta h); exact in continuous time",
          "quadratic V, any constant C, stable step; accurate for eta h << 1",
          {"li2017", "mandt2017", "uhlenbeck1930"}},
         ou_limit},
        {{"modified_2",
          {"stationary_covariance"},
          "S = eta c / (2 h (1 + eta h / 2))",
          "S5",
          PredictionKind::asymptotic,
          "O(eta h), twice that of ou_limit",
          "quadratic V, stable step; made for finite times, not for stationarity",
          {"li2017"}},
         modified_2},
    };
}

}  // namespace kramers::theory::detail
