// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "sde/theory/catalogue_entries.hpp"
#include "sde/theory/ornstein_uhlenbeck.hpp"
#include "sde/theory/sgd_quadratic.hpp"

namespace kramers::theory::detail {
namespace {

/// A quadratic with isotropic noise: curvatures, T and the step of the algorithm.
struct Linear {
    Eigen::VectorXd h;
    double temperature = 0.0;
    double step = 0.0;  ///< η of SGD, dt of a scheme, 0 in continuous time
    int i = 0, j = 0;
    double lag = 0.0;
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
    auto const h = q.potential->curvatures();
    int const d = q.potential->dim();
    r.temperature = q.temperature;
    r.step = q.learning_rate > 0.0 ? q.learning_rate : q.dt;
    if (!h) {
        r.reason = "the potential is not quadratic";
    } else if ((h->array() <= 0.0).any()) {
        r.reason = "a curvature is not positive: no stationary law";
    } else if (!(r.temperature > 0.0)) {
        r.reason = "no noise: temperature = 0";
    } else if (r.i < 0 || r.j < 0 || r.i >= d || r.j >= d) {
        r.reason = "no such component";
    } else if (r.step * h->maxCoeff() >= 2.0) {
        r.reason = "step * max curvature = " + std::to_string(r.step * h->maxCoeff()) +
                   " is not below 2: the iteration is unstable and has no stationary law";
    }
    if (h) r.h = *h;
    return r;
}

PredictionResult ou_limit(Estimand const& estimand, Query const& q) {
    Linear const r = read(estimand, q);
    if (!r.reason.empty()) return decline(r.reason);
    auto const d = r.h.size();
    OrnsteinUhlenbeck const process{r.h.asDiagonal(),
                                    r.temperature * Eigen::MatrixXd::Identity(d, d)};
    // The continuum misses the factor 1/(1 − ηh/2) and, in a lag, has e^{−hτ} for (1 − ηh)^k.
    double const z = r.step * r.h(r.i);
    double const missing = 0.5 * z * (1.0 + (r.step > 0.0 ? r.h(r.i) * r.lag : 0.0));
    return answer(process.autocovariance(r.lag)(r.i, r.j), missing);
}

PredictionResult discrete(Estimand const& estimand, Query const& q, double step) {
    Linear r = read(estimand, q);
    if (!r.reason.empty()) return decline(r.reason);
    r.step = step;
    double const steps = r.lag / r.step;
    if (std::abs(steps - std::round(steps)) > 1e-6)
        return decline("the lag is not a whole number of steps of " + std::to_string(r.step));
    auto const d = r.h.size();
    SgdQuadratic const sgd(r.h.asDiagonal(),
                           2.0 * r.temperature / r.step * Eigen::MatrixXd::Identity(d, d), r.step);
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
    double const noise = 2.0 * r.temperature / q.learning_rate;
    double const value = r.i == r.j ? second_order_variance(q.learning_rate, r.h(r.i), noise) : 0.0;
    return answer(value, q.learning_rate * r.h(r.i));
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
          "quadratic V, 0 < eta h < 2",
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
          "quadratic V, stable step; accurate for eta h << 1",
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
