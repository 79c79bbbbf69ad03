// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gpu/composed/rows.hpp"
#include "sde/coordinate.hpp"
#include "sde/limits.hpp"

/// A dynamics with its scheme as the composed engine sees it: one kernel per evaluation point and
/// one that finishes the step, each a loop over coordinates and lanes. Compiled once per program, for
/// any landscape and dimension.
namespace kramers::composed {

/// dim rows each.
struct SiteRows {
    double const* gradient = nullptr;
    double const* hessian_gradient = nullptr;
    double const* hessian = nullptr;
    double const* amplitude = nullptr;
    double const* variance_slope = nullptr;
};

struct ProgramArgs {
    void const* program = nullptr;
    int dim = 0;
    int lanes = 0;
    double* state = nullptr;  ///< row m·dim + c: entry m of coordinate c
    SiteRows sites[max_evaluations];
    double const* first = nullptr;   ///< dim rows
    double const* second = nullptr;  ///< dim rows; null unless used
    double const* step = nullptr;    ///< one row each
    double const* time = nullptr;
    double const* rate = nullptr;
    double const* noise = nullptr;
    double* point = nullptr;  ///< dim rows
};

using ProgramKernel = void (*)(ProgramArgs const&);

inline constexpr std::size_t max_program_bytes = 512;

/// One line of sde/methods.hpp, as names, facts and functions.
struct ProgramEntry {
    std::string_view dynamics;
    std::string_view scheme;
    std::string_view equation;
    std::span<Parameter const> parameters;
    int memory;
    int evaluations;
    unsigned needs;  ///< at most
    bool uses_second;
    bool second_batch;  ///< its second draw is of the noise law, not a normal
    bool uses_time;
    bool discrete;         ///< an optimizer: clock is the iteration, dt is ignored
    NoiseStructure noise;  ///< of a model under a law that depends on the state
    /// Claimed for a noise structure; {0, 0}: none. Null for an optimizer.
    Orders (*orders)(NoiseStructure);
    unsigned (*needs_for)(double const* values);                    ///< with these parameters
    void (*prepare)(double const* values, double dt, void* place);  ///< into max_program_bytes
    ProgramKernel (*kernel)(Isa isa, int phase);                    ///< phase = evaluations: finish
    /// Null for a model.
    std::vector<SdeLimit> (*limits)(double const* values, StepNoise const& noise);
};

template <class P, int phase>
struct ProgramPhase {
    static constexpr int entries = 1 + P::memory;
    static constexpr int known = phase;  // sites found before this phase

    KRAMERS_HD static void run(ProgramArgs const& args) {
        P const program = *static_cast<P const*>(args.program);
        for (int c = 0; c < args.dim; ++c) {
            int const row = c * lane_count;
            int const entry = args.dim * lane_count;
            double* const state = args.state + row;
            double* const point = args.point + row;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) {
                Vec<double, entries> s;
                for (int m = 0; m < entries; ++m) s[m] = state[m * entry + i];
                coordinate::Site<double> sites[P::evaluations]{};
                for (int k = 0; k < known; ++k) {
                    SiteRows const& rows = args.sites[k];
                    sites[k].gradient = rows.gradient[row + i];
                    sites[k].amplitude = rows.amplitude[row + i];
                    if constexpr ((P::needs & coordinate::needs_hessian_gradient) != 0)
                        sites[k].hessian_gradient = rows.hessian_gradient[row + i];
                    if constexpr ((P::needs & coordinate::needs_hessian) != 0)
                        sites[k].hessian = rows.hessian[row + i];
                    if constexpr ((P::needs & coordinate::needs_variance_slope) != 0)
                        sites[k].variance_slope = rows.variance_slope[row + i];
                }
                coordinate::Draws<double> draws{args.first[row + i], 0.0};
                if constexpr (P::uses_second) draws.second = args.second[row + i];
                coordinate::Clock<double> const clock{args.step[i], args.time[i], args.rate[i],
                                                      args.noise[i]};
                if constexpr (phase == P::evaluations) {
                    Vec<double, entries> const next = program.finish(s, sites, draws, clock);
                    for (int m = 0; m < entries; ++m) state[m * entry + i] = next[m];
                } else {
                    point[i] = program.template point<phase>(s, sites, draws, clock);
                }
            }
        }
    }
};

template <class P, int phase = 0>
ProgramKernel program_kernel(Isa isa, int wanted) {
    if constexpr (phase > P::evaluations) {
        return nullptr;
    } else {
        if (wanted == phase) return Clones<ProgramPhase<P, phase>, ProgramArgs>::select(isa);
        return program_kernel<P, phase + 1>(isa, wanted);
    }
}

template <class D>
inline constexpr auto parameters_of = D::parameters();

/// A model may need less for some of its parameters (needs_for), and only schemes that use the
/// correction of its drift need that of its noise.
template <class P>
unsigned needs_for(double const* values) {
    using D = typename P::Dynamics;
    unsigned needs = P::needs;
    if constexpr (requires { D::needs_for(values); }) {
        needs = D::needs_for(values);
        if constexpr (requires {
                          P::uses_correction;
                          D::correction_needs;
                      })
            needs |= D::correction_needs;
        else if constexpr (requires { P::uses_correction; })
            needs |= P::needs & coordinate::needs_variance_slope;
    }
    return needs;
}

template <class P>
ProgramEntry program_entry() {
    using D = typename P::Dynamics;
    static_assert(coordinate::Program<P>);
    static_assert(sizeof(P) <= max_program_bytes && P::evaluations <= max_evaluations);
    ProgramEntry e{};
    e.dynamics = D::name;
    e.scheme = P::name;
    e.equation = D::equation;
    e.parameters = parameters_of<D>;
    e.memory = P::memory;
    e.evaluations = P::evaluations;
    e.needs = P::needs;
    e.uses_second = P::uses_second;
    e.second_batch = coordinate::DrawsTwoBatches<D>;
    if constexpr (requires { D::uses_time; }) e.uses_time = D::uses_time;
    e.discrete = P::name == std::string_view("iterate");
    e.noise = NoiseStructure::additive;
    if constexpr (requires { D::noise; }) e.noise = D::noise;
    if constexpr (requires { P::orders(D::noise); }) e.orders = &P::orders;
    e.needs_for = &needs_for<P>;
    e.prepare = [](double const* values, double dt, void* place) {
        ::new (place) P(P::prepare(D::make(values), dt));
    };
    e.kernel = &program_kernel<P>;
    if constexpr (requires(double const* v) { D::limits(v, 1.0); }) e.limits = &D::limits;
    return e;
}

}  // namespace kramers::composed
