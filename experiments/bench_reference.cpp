// SPDX-License-Identifier: Apache-2.0
#include "experiments/bench_reference.hpp"

#include <tbb/global_control.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/tbb/execution_policy.h>

#include <chrono>
#include <cmath>
#include <random>
#include <vector>

#include "gpu/isa_clones.hpp"
#include "landscapes/double_well.hpp"
#include "sde/models/overdamped.hpp"
#include "sde/random/philox.hpp"
#include "sde/random/streams.hpp"
#include "sde/schemes/euler_maruyama.hpp"

namespace kramers::bench {

std::uint64_t naive_loop(ReferenceProblem const& problem) {
    std::mt19937 generator(42);
    std::normal_distribution<double> normal(0.0, 1.0);
    double const kick = std::sqrt(2.0 * problem.temperature * problem.dt);
    std::uint64_t arrivals = 0;
    for (std::uint64_t i = 0; i < problem.trajectories; ++i) {
        double x = problem.start;
        for (std::uint64_t k = 0; k < problem.steps; ++k) {
            x += -(x * x * x - x) * problem.dt + kick * normal(generator);
            if (x >= problem.target) {
                ++arrivals;
                break;
            }
        }
    }
    return arrivals;
}

namespace {

template <class Real>
struct Scalar {
    DoubleWell<Real, 1> landscape;
    EulerMaruyama<Overdamped<Real>> scheme;
    Real start;
    Real target;
    std::uint64_t steps;

    KRAMERS_HD std::uint32_t run(std::uint64_t id) const {
        Vec<Real, 1> x{{start}};
        for (std::uint64_t k = 0; k < steps; k += 4) {
            Words4 const words = words4(42, k / 4, 0, Purpose::increment, id);
            std::uint32_t const* const w = words.w;
            Real z[4];
            for (int pair = 0; pair < 4; pair += 2) {
                Real const u = (static_cast<Real>(w[pair]) + Real(0.5)) * Real(0x1p-32);
                Real const angle = static_cast<Real>(w[pair + 1]) * Real(1.4629180792671596e-9);
                Real const radius = std::sqrt(Real(-2) * std::log(u));
                z[pair] = radius * std::cos(angle);
                z[pair + 1] = radius * std::sin(angle);
            }
            for (int j = 0; j < 4; ++j) {
                x = scheme.step(landscape, x, Vec<Real, 1>{{z[j]}});
                if (x[0] >= target) return 1;
            }
        }
        return 0;
    }
    KRAMERS_TARGET_AVX512 static std::uint32_t avx512(Scalar const& s, std::uint64_t id) {
        return s.run(id);
    }
    KRAMERS_TARGET_AVX2 static std::uint32_t avx2(Scalar const& s, std::uint64_t id) {
        return s.run(id);
    }
    static std::uint32_t baseline(Scalar const& s, std::uint64_t id) { return s.run(id); }
};

}  // namespace

template <class Real>
std::uint64_t scalar_loop(ReferenceProblem const& problem, Isa isa) {
    double const parameters[2] = {1.0, 0.25};
    Scalar<Real> const scalar{DoubleWell<Real, 1>::make(parameters),
                              EulerMaruyama<Overdamped<Real>>::prepare(
                                  Overdamped<Real>::make(&problem.temperature), problem.dt),
                              static_cast<Real>(problem.start), static_cast<Real>(problem.target),
                              problem.steps};
    auto const run = isa == Isa::avx512 ? &Scalar<Real>::avx512
                     : isa == Isa::avx2 ? &Scalar<Real>::avx2
                                        : &Scalar<Real>::baseline;
    std::vector<std::uint32_t> arrived(problem.trajectories);
    tbb::global_control const one(tbb::global_control::max_allowed_parallelism, 1);
    std::uint32_t* const out = arrived.data();
    thrust::for_each_n(thrust::tbb::par, thrust::counting_iterator<std::uint64_t>(0),
                       problem.trajectories, [=](std::uint64_t id) { out[id] = run(scalar, id); });
    std::uint64_t total = 0;
    for (std::uint32_t a : arrived) total += a;
    return total;
}

template std::uint64_t scalar_loop<float>(ReferenceProblem const&, Isa);
template std::uint64_t scalar_loop<double>(ReferenceProblem const&, Isa);

double clock_frequency() {
    auto const begin = std::chrono::steady_clock::now();
    std::uint64_t x = 1;
    constexpr std::uint64_t additions = 40'000'000;
    for (std::uint64_t i = 0; i < additions / 8; ++i) {
        // eight additions, each waiting for the one before: one cycle apiece
        asm volatile(
            "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\t"
            "add %1, %0\n\tadd %1, %0\n\tadd %1, %0\n\tadd %1, %0"
            : "+r"(x)
            : "r"(i));
    }
    double const seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return static_cast<double>(additions) / seconds;
}

}  // namespace kramers::bench
