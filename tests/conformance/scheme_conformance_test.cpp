// SPDX-License-Identifier: Apache-2.0
// Every compiled method against the orders that its scheme claims, through replay().
#include <doctest/doctest.h>

#include <stdexcept>

#include "gpu/dispatch.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/methods.hpp"
#include "tests/conformance/scheme_checks.hpp"

namespace scheme_conformance_test {
using namespace kramers;
using namespace kramers::checks;

namespace {

/// The orders that a method claims for additive noise; a discrete algorithm claims those of its limit.
Orders claimed(MethodKey const& key) {
    Orders found{0.0, 0.0};
    for_each_method(Methods{}, [&]<class M>() {
        if (M::dynamics != key.dynamics || M::scheme != key.scheme) return;
        using Stepper = typename M::template Stepper<double>;
        if constexpr (requires { Stepper::orders(NoiseStructure::additive); }) {
            found = Stepper::orders(NoiseStructure::additive);
        } else {
            // Strong order 1 as well: with Gaussian draws it is Euler–Maruyama of its limit.
            std::vector<double> const values(M::template Dynamics<double>::parameters().size(),
                                             1.0);
            double const weak = M::template Dynamics<double>::limit(values.data()).weak_order;
            found = {weak, weak};
        }
    });
    return found;
}

/// Parameters of a dynamics at this temperature, where a step is dt long.
std::vector<double> dynamics_at(std::string const& dynamics, double temperature, double dt) {
    if (dynamics == "overdamped") return {temperature};
    if (dynamics == "sgd") return {dt, 4.0, 4.0 * 2.0 * temperature / dt};
    FAIL("say here how the parameters of ", dynamics, " follow from temperature and dt");
    return {};
}

PathGenerator engine(MethodKey const& key) {
    return [key](PathRequest const& request) -> Eigen::VectorXd {
        Plan plan;
        plan.key = key;
        plan.landscape = request.values;
        plan.dynamics = dynamics_at(key.dynamics, request.temperature, request.dt);
        plan.dt = request.dt;
        plan.start.point.assign(request.start.begin(), request.start.end());
        plan.trajectories = 1 << 20;
        plan.seed = noise_seed();
        plan.noise_refinement = request.refinement;
        SnapshotPlan snapshots;
        snapshots.burn_in = request.steps;
        plan.observe = snapshots;
        Replay const run = replay(plan, request.trajectory, request.steps, 2);
        if (run.states.size() != 2 * plan.start.point.size())
            throw std::runtime_error("replay ended before its last step");
        return Eigen::Map<Eigen::VectorXd const>(run.states.data() + run.dim, run.dim);
    };
}

/// A landscape with parameters and a start where second derivatives stay below 1/(8 dt).
PathRequest request_for(MethodKey const& key) {
    PathRequest request;
    request.landscape = key.landscape;
    auto const dim = static_cast<Eigen::Index>(key.dim);
    request.start = Eigen::VectorXd::LinSpaced(dim, 1.5, 1.0);
    request.dt = 1.0 / 64.0;
    request.temperature = 0.3;
    if (key.landscape == "quadratic") {
        for (Eigen::Index c = 0; c < dim; ++c)
            request.values.push_back(1.0 + 0.1 * static_cast<double>(c));
    } else if (key.landscape == "rastrigin") {
        request.values = {0.1};
        request.start = Eigen::VectorXd::LinSpaced(dim, 0.4, 0.2);
        request.dt = 1.0 / 256.0;
    } else {
        request.values = default_values(*find_landscape(key.landscape), key.dim);
        request.dt = 1.0 / 256.0;
    }
    return request;
}

}  // namespace

TEST_CASE("Methods: each claims its orders") {
    for (MethodKey const& key : compiled_methods()) {
        CAPTURE(describe(key));
        CHECK(claimed(key).strong > 0.0);
        CHECK(claimed(key).weak > 0.0);
    }
}

TEST_CASE("Methods: without noise each follows the gradient flow with its order") {
    for (MethodKey const& key : compiled_methods()) {
        PathRequest request = request_for(key);
        request.dt *= 8.0;
        auto const potential = make_potential(key.landscape, key.dim, request.values);
        Verdict const verdict =
            check_gradient_flow(engine(key), *potential, request, claimed(key).weak);
        CHECK_MESSAGE(verdict, describe(key), ": ", verdict.message);
    }
}

TEST_CASE("Methods: on common noise each converges with its strong order") {
    for (MethodKey const& key : compiled_methods()) {
        PathRequest const request = request_for(key);
        Verdict const verdict = check_strong_order(engine(key), request, claimed(key).strong);
        CHECK_MESSAGE(verdict, describe(key), ": ", verdict.message);
    }
}

TEST_CASE("Methods: on a quadratic landscape each converges to the exact solution, path by path") {
    for (MethodKey const& key : compiled_methods()) {
        if (key.landscape != "quadratic") continue;
        PathRequest const request = request_for(key);
        Verdict const limit = check_ou_limit(engine(key), request, claimed(key).strong);
        CHECK_MESSAGE(limit, describe(key), ": ", limit.message);
        Verdict const weak = check_weak_order(engine(key), request, claimed(key).weak);
        CHECK_MESSAGE(weak, describe(key), ": ", weak.message);
        if (key.scheme != "euler_maruyama" && key.dynamics != "sgd") continue;
        Verdict const exact = check_euler_error(engine(key), request);
        CHECK_MESSAGE(exact, describe(key), ": ", exact.message);
    }
}

TEST_CASE("Methods: a path uses the draws of its own steps and coordinates, each once") {
    // x' − x + dt ∇V = √(2T dt) z, coordinate by coordinate, for the draws that the stream fixes.
    for (MethodKey const& key : compiled_methods()) {
        if (key.landscape != "quadratic" || key.precision != Precision::full) continue;
        if (key.scheme != "euler_maruyama" && key.dynamics != "sgd") continue;
        CAPTURE(describe(key));
        PathRequest request = request_for(key);
        request.trajectory = 77;
        auto const path = engine(key);
        Eigen::MatrixXd const z = fine_normals(key.dim, 40, request.trajectory);
        Eigen::VectorXd x = request.start;
        for (std::uint64_t k = 1; k <= 40; ++k) {
            request.steps = k;
            for (Eigen::Index c = 0; c < x.size(); ++c)
                x(c) += -request.dt * request.values[static_cast<std::size_t>(c)] * x(c) +
                        std::sqrt(2.0 * request.temperature * request.dt) *
                            z(c, static_cast<Eigen::Index>(k) - 1);
            CHECK((path(request) - x).cwiseAbs().maxCoeff() < 1e-13);
        }
    }
}

}  // namespace scheme_conformance_test
