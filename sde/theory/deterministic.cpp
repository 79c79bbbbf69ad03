// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/deterministic.hpp"

#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <vector>

namespace kramers::theory {
namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

template <class Field>
void flow(Field field, State& state, double time, Tolerance tolerance) {
    if (!(time > 0.0)) return;
    odeint::integrate_adaptive(odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(
                                   tolerance.absolute, tolerance.relative),
                               field, state, 0.0, time, 1e-3 * time);
}

Eigen::Map<Eigen::VectorXd const> vector(State const& s, std::size_t from, Eigen::Index n) {
    return {s.data() + from, n};
}

}  // namespace

Eigen::VectorXd gradient_flow(Potential const& potential, Eigen::VectorXd const& start, double time,
                              Tolerance tolerance) {
    Eigen::Index const d = start.size();
    State state(start.data(), start.data() + d);
    auto const field = [&](State const& x, State& dx, double) {
        Eigen::VectorXd const slope = potential.gradient(vector(x, 0, d));
        for (Eigen::Index i = 0; i < d; ++i) dx[static_cast<std::size_t>(i)] = -slope(i);
    };
    flow(field, state, time, tolerance);
    return vector(state, 0, d);
}

Moments moment_flow(OrnsteinUhlenbeck const& process, Moments const& start, double time,
                    Tolerance tolerance) {
    Eigen::Index const d = start.mean.size();
    auto const n = static_cast<std::size_t>(d);
    Eigen::MatrixXd const& a = process.drift;
    State state(start.mean.data(), start.mean.data() + d);
    state.insert(state.end(), start.covariance.data(), start.covariance.data() + d * d);
    auto const field = [&](State const& x, State& dx, double) {
        Eigen::Map<Eigen::MatrixXd const> const s(x.data() + n, d, d);
        Eigen::Map<Eigen::VectorXd>(dx.data(), d) = -a * vector(x, 0, d);
        Eigen::Map<Eigen::MatrixXd>(dx.data() + n, d, d) =
            -a * s - s * a.transpose() + 2.0 * process.diffusion;
    };
    flow(field, state, time, tolerance);
    return {vector(state, 0, d), Eigen::Map<Eigen::MatrixXd const>(state.data() + n, d, d)};
}

}  // namespace kramers::theory
