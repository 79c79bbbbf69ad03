// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "sde/models/adam_sde.hpp"
#include "sde/models/anisotropic_overdamped.hpp"
#include "sde/models/kinetic.hpp"
#include "sde/models/levy_driven.hpp"
#include "sde/models/modified_equation.hpp"
#include "sde/models/momentum_sde.hpp"
#include "sde/models/ou_interpolant.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/models/rmsprop_sde.hpp"
#include "sde/models/sign_sde.hpp"
#include "sde/models/state_dependent.hpp"
#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/adamw.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_buffer.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/perturbed_gd.hpp"
#include "sde/optimizers/qhm.hpp"
#include "sde/optimizers/rmsprop.hpp"
#include "sde/optimizers/rmsprop_w.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/sgld.hpp"
#include "sde/optimizers/sign_sgd.hpp"
#include "sde/optimizers/svag.hpp"
#include "sde/schemes/aboba.hpp"
#include "sde/schemes/baoab.hpp"
#include "sde/schemes/euler_maruyama.hpp"
#include "sde/schemes/exact_ou.hpp"
#include "sde/schemes/gradient_kick.hpp"
#include "sde/schemes/iterate.hpp"
#include "sde/schemes/leimkuhler_matthews.hpp"
#include "sde/schemes/milstein.hpp"
#include "sde/schemes/oba.hpp"
#include "sde/schemes/obabo.hpp"
#include "sde/schemes/platen_weak2.hpp"
#include "sde/schemes/semi_implicit_euler.hpp"
#include "sde/schemes/sra1.hpp"
#include "sde/schemes/sriw1.hpp"
#include "sde/schemes/stochastic_heun.hpp"
#include "sde/schemes/tamed_euler.hpp"

namespace kramers {

/// What the engine's loops run in the place of a stepper: itself, unless an overload says that it is
/// a GradientKick.
template <class Stepper>
Stepper loop_step(Stepper const& stepper) {
    return stepper;
}
template <class Real>
GradientKick<Real> loop_step(EulerMaruyama<Overdamped<Real>> const& em) {
    return {em.dt, em.kicked.amplitude};
}
template <class Real>
GradientKick<Real> loop_step(Iterate<Sgd<Real>> const& sgd) {
    return {sgd.optimizer.learning_rate, sgd.optimizer.kick};
}

/// A dynamics together with a scheme that is valid for it.
template <template <class> class Dynamics_, template <class> class Scheme_>
struct Method {
    template <class Real>
    using Dynamics = Dynamics_<Real>;
    /// One step of a trajectory: coefficients only.
    template <class Real>
    using Stepper = Scheme_<Dynamics_<Real>>;
    /// What the engine's loops run for it, the same type for methods with the same arithmetic.
    template <class Real>
    using LoopStep = decltype(loop_step(std::declval<Stepper<Real>>()));
    static constexpr std::string_view dynamics = Dynamics_<double>::name;
    static constexpr std::string_view scheme = Stepper<double>::name;

    /// Coefficients from parameter values (in the order of parameters()) and the time step.
    template <class Real>
    static LoopStep<Real> prepare(double const* values, double dt) {
        return loop_step(Stepper<Real>::prepare(Dynamics<Real>::make(values), dt));
    }
};

template <class... M>
struct MethodList {};

/// Every valid pair. A relation, not a product: a scheme appears once per dynamics it is valid for.
using Methods = MethodList<Method<Overdamped, EulerMaruyama>, Method<Sgd, Iterate>>;

/// Calls visit.template operator()<M>() for each method.
template <class Visit, class... M>
void for_each_method(MethodList<M...>, Visit&& visit) {
    (visit.template operator()<M>(), ...);
}

/// Methods that are put together at run time (sde/coordinate.hpp), in lists that are compiled side by
/// side. A scheme appears once per dynamics it is valid for.
namespace coordinate {

template <class... P>
struct ProgramList {};

using OptimizerPrograms =
    ProgramList<Iterate<Sgd>, Iterate<HeavyBall>, Iterate<MomentumBuffer>, Iterate<MomentumEma>,
                Iterate<Nesterov>, Iterate<Rmsprop>, Iterate<RmspropW>, Iterate<Adam>,
                Iterate<AdamW>, Iterate<SignSgd>, Iterate<Sgld>, Iterate<Svag>,
                Iterate<PerturbedGd>, Iterate<AntiPgd>, Iterate<Qhm>>;

using OverdampedPrograms =
    ProgramList<EulerMaruyama<Overdamped>, LeimkuhlerMatthews<Overdamped>,
                StochasticHeun<Overdamped>, PlatenWeak2<Overdamped>, Sra1<Overdamped>,
                ExactOu<Overdamped>, TamedEuler<Overdamped>, EulerMaruyama<AnisotropicOverdamped>,
                LeimkuhlerMatthews<AnisotropicOverdamped>, StochasticHeun<AnisotropicOverdamped>,
                PlatenWeak2<AnisotropicOverdamped>, Sra1<AnisotropicOverdamped>,
                EulerMaruyama<LevyDriven>, EulerMaruyama<OuInterpolant>, ExactOu<OuInterpolant>>;

using ModelPrograms =
    ProgramList<EulerMaruyama<ModifiedEquation>, Milstein<ModifiedEquation>,
                StochasticHeun<ModifiedEquation>, PlatenWeak2<ModifiedEquation>,
                Sriw1<ModifiedEquation>, EulerMaruyama<StateDependent>, Milstein<StateDependent>,
                StochasticHeun<StateDependent>, PlatenWeak2<StateDependent>, Sriw1<StateDependent>,
                EulerMaruyama<SignSde>, Milstein<SignSde>, PlatenWeak2<SignSde>,
                EulerMaruyama<RmspropSde>, PlatenWeak2<RmspropSde>, EulerMaruyama<AdamSde>,
                PlatenWeak2<AdamSde>, TamedEuler<StateDependent>>;

using KineticPrograms = ProgramList<Baoab<Kinetic>, Aboba<Kinetic>, Obabo<Kinetic>, Oba<Kinetic>,
                                    SemiImplicitEuler<Kinetic>, EulerMaruyama<Kinetic>,
                                    Sra1<Kinetic>, PlatenWeak2<Kinetic>, EulerMaruyama<MomentumSde>,
                                    StochasticHeun<MomentumSde>, PlatenWeak2<MomentumSde>>;

}  // namespace coordinate

}  // namespace kramers
