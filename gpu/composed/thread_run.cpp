// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/thread_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gpu/composed/composition.hpp"
#include "gpu/composed/thread_lists.hpp"
#include "gpu/composed/thread_method.hpp"
#include "gpu/draw_layout.hpp"

namespace kramers::composed {
namespace {

/// Its number in the list, −1 without one.
template <class... L>
int landscape_number(Types<L...>, std::string_view name) {
    int i = 0, found = -1;
    ((found = L::name == name ? i : found, ++i), ...);
    return found;
}
template <class... P>
int program_number(Types<P...>, std::string_view dynamics, std::string_view scheme) {
    int i = 0, found = -1;
    ((found = P::Dynamics::name == dynamics && P::name == scheme ? i : found, ++i), ...);
    return found;
}

template <class... L>
constexpr std::size_t largest(Types<L...>) {
    return std::max({sizeof(L)...});
}

}  // namespace

std::string why_no_threads(MethodKey const& key) {
    int landscape = -1;
    if (!with_dim(key.dim, [&]<int Dim> {
            landscape = landscape_number(LandscapesOf<Dim>{}, key.landscape);
        }))
        return fmt::format("composed methods run on a GPU in {} dimensions only",
                           fmt::join(thread_dims, ", "));
    if (landscape < 0)
        return fmt::format("the landscape {} was added to the program later, without device code",
                           key.landscape);
    if (program_number(AllPrograms{}, key.dynamics, key.scheme) < 0)
        return fmt::format("{} with {} was compiled without device code", key.dynamics, key.scheme);
    return {};
}

template <int Dim>
ThreadMethod<Dim> thread_method(Plan const& plan) {
    static_assert(block_steps(Dim) == DrawLayout<Dim>::block_steps);
    static_assert(max_program_bytes == ThreadMethod<Dim>::program_bytes);
    static_assert(largest(LandscapesOf<Dim>{}) <= ThreadMethod<Dim>::landscape_bytes);
    if (std::string const reason = why_no_threads(plan.key); !reason.empty())
        throw std::invalid_argument(reason);
    LandscapeEntry const& landscape = *find_landscape(plan.key.landscape, Dim);
    ProgramEntry const& program = *find_program(plan.key.dynamics, plan.key.scheme);
    Composition const& composition = plan.composition;
    NoiseLaw const& law = composition.noise;
    double const* const values = plan.dynamics.data();

    ThreadMethod<Dim> m{};
    m.landscape = landscape_number(LandscapesOf<Dim>{}, plan.key.landscape);
    m.program = program_number(AllPrograms{}, plan.key.dynamics, plan.key.scheme);
    m.entries = 1 + program.memory;
    m.refinement = plan.noise_refinement;
    m.needs = needs_of(program, composition, values) &
              ~static_cast<unsigned>(coordinate::needs_variance_slope);
    m.separable = landscape.separable;
    m.full = plan.key.precision == Precision::full;
    m.uses_second = program.uses_second;
    m.second_batch = program.second_batch;
    m.slope = (program.needs_for(values) & coordinate::needs_variance_slope) != 0;
    m.keeps_clock = program.uses_time || !is_constant(composition.rate) ||
                    !is_constant(composition.noise_schedule);
    bool const constant = !depends_on_place(law.amplitude);
    m.looks_further = m.needs != 0 || !constant || !composition.gradient_transform.empty();
    m.shapes = law.shape != coordinate::NoiseShape::gaussian || !law.factor.empty() ||
               coordinate::remembers(law.memory);
    m.mixes = mixes_by_hessian(landscape, law);
    m.shape = law.shape;
    m.amplitude_kind = law.amplitude;
    m.memory = law.memory;
    m.seed = plan.seed;
    m.amplitude_data = law.amplitude_data;
    m.memory_data = law.memory_data;
    m.shape_data = law.shape_data;
    m.rate = composition.rate;
    m.noise = composition.noise_schedule;
    m.iterations_per_step = composition.iterations_per_step;
    m.dt = program.discrete ? 0.0 : plan.dt;
    m.point_shift = law.point_shift;
    for (std::size_t c = 0; c < std::min<std::size_t>(Dim, law.variances.size()); ++c) {
        m.variances[static_cast<int>(c)] = law.variances[c];
        if (constant) m.amplitude[static_cast<int>(c)] = math::sqrt(law.variances[c]);
    }
    if (!law.factor.empty()) m.factor = law.factor.data();
    if (!composition.gradient_transform.empty())
        m.transform = composition.gradient_transform.data();
    m.population = population_data(law, Dim);
    landscape.make(plan.landscape.data(), m.landscape_data);
    program.prepare(values, plan.dt, m.program_data);
    return m;
}

template ThreadMethod<thread_dims[0]> thread_method(Plan const&);
template ThreadMethod<thread_dims[1]> thread_method(Plan const&);
template ThreadMethod<thread_dims[2]> thread_method(Plan const&);

#if defined(KRAMERS_HAVE_CUDA)
// One generated unit each.
std::unique_ptr<CudaRun> make_cuda_run_1(Plan const& plan);
std::unique_ptr<CudaRun> make_cuda_run_2(Plan const& plan);
std::unique_ptr<CudaRun> make_cuda_run_8(Plan const& plan);

std::unique_ptr<CudaRun> make_cuda_run(Plan const& plan, NoiseMath) {
    if (plan.key.dim == 1) return make_cuda_run_1(plan);
    if (plan.key.dim == 2) return make_cuda_run_2(plan);
    if (plan.key.dim == 8) return make_cuda_run_8(plan);
    throw DeviceError("backend cuda: " + why_no_threads(plan.key));
}
#endif

}  // namespace kramers::composed
