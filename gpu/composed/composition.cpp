// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/composition.hpp"

#include <fmt/format.h>

namespace kramers::composed {

#define KRAMERS_LANDSCAPE_STEM(stem) void add_##stem##_landscape(std::vector<LandscapeEntry>&);
#include "gpu/composed/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
#define KRAMERS_PROGRAM_LIST(list) void add_##list(std::vector<ProgramEntry>&);
#include "gpu/composed/program_lists.inc"
#undef KRAMERS_PROGRAM_LIST

namespace {

std::vector<LandscapeEntry>& landscape_table() {
    static std::vector<LandscapeEntry> table = [] {
        std::vector<LandscapeEntry> list;
#define KRAMERS_LANDSCAPE_STEM(stem) add_##stem##_landscape(list);
#include "gpu/composed/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
        return list;
    }();
    return table;
}

}  // namespace

std::vector<LandscapeEntry> const& landscapes() { return landscape_table(); }

void register_landscapes(void (*add)(std::vector<LandscapeEntry>&)) { add(landscape_table()); }

std::vector<ProgramEntry> const& programs() {
    static std::vector<ProgramEntry> const table = [] {
        std::vector<ProgramEntry> list;
#define KRAMERS_PROGRAM_LIST(name) add_##name(list);
#include "gpu/composed/program_lists.inc"
#undef KRAMERS_PROGRAM_LIST
        return list;
    }();
    return table;
}

LandscapeEntry const* find_landscape(std::string_view name, int dim) {
    for (LandscapeEntry const& entry : landscapes())
        if (entry.name == name && entry.dim == dim) return &entry;
    return nullptr;
}

ProgramEntry const* find_program(std::string_view dynamics, std::string_view scheme) {
    for (ProgramEntry const& entry : programs())
        if (entry.dynamics == dynamics && entry.scheme == scheme) return &entry;
    return nullptr;
}

unsigned needs_of(ProgramEntry const& program, Composition const& composition,
                  double const* values) {
    unsigned const own = values == nullptr ? program.needs : program.needs_for(values);
    unsigned needs = own | coordinate::needs_of(composition.noise.amplitude);
    if (own & coordinate::needs_variance_slope)
        needs |= coordinate::slope_needs_of(composition.noise.amplitude);
    return needs;
}

bool mixes_by_hessian(LandscapeEntry const& landscape, NoiseLaw const& law) {
    return law.amplitude == coordinate::NoiseAmplitude::hessian && !landscape.separable;
}

std::string why_not(LandscapeEntry const& landscape, ProgramEntry const& program,
                    Composition const& composition, double const* values) {
    unsigned const needs = needs_of(program, composition, values);
    unsigned const own = values == nullptr ? program.needs : program.needs_for(values);
    NoiseLaw const& law = composition.noise;
    bool const mixes = mixes_by_hessian(landscape, law);
    if (mixes && program.evaluations > 1)
        return fmt::format(
            "{} needs noise that is independent between coordinates, and the Hessian of {} has "
            "off-diagonal entries; euler_maruyama takes it",
            program.scheme, landscape.name);
    if (!landscape.separable) {
        if (needs & coordinate::needs_third)
            return fmt::format(
                "the noise-induced drift needs third derivatives, which only "
                "separable landscapes give; {} is not one",
                landscape.name);
        if (own & coordinate::needs_hessian)
            return fmt::format(
                "{} with {} needs a diagonal Hessian, and that of {} in {} dimensions "
                "is not",
                program.dynamics, program.scheme, landscape.name, landscape.dim);
    }
    bool const epochs =
        draw_needs(law.shape).population && law.order == coordinate::PopulationOrder::reshuffled;
    if (program.second_batch) {
        if (remembers(law.memory) || epochs)
            return fmt::format(
                "{} sees two independent batches in each step, and this noise remembers the steps "
                "before: one batch would follow from the other",
                program.dynamics);
        if (law.point_shift != 0.0)
            return fmt::format(
                "{} takes both batches at one point, and this noise moves the point of each",
                program.dynamics);
        if (mixes)
            return fmt::format(
                "{} needs noise that is independent between coordinates, and the Hessian of {} has "
                "off-diagonal entries",
                program.dynamics, landscape.name);
    }
    if (program.orders != nullptr && program.noise == NoiseStructure::additive &&
        depends_on_place(law.amplitude))
        return fmt::format(
            "the noise of {} is the same everywhere, and this law depends on the "
            "state; state_dependent and modified_equation take it",
            program.dynamics);
    if (program.orders != nullptr && program.noise != NoiseStructure::additive) {
        NoiseStructure const structure = noise_structure(law, landscape.dim, landscape.separable);
        Orders const orders = program.orders(structure);
        if (orders.strong == 0.0 && orders.weak == 0.0)
            return fmt::format("{} converges for no noise of this kind: it depends on the state",
                               program.scheme);
    }
    if (!program.discrete && program.scheme != std::string_view("euler_maruyama") &&
        !has_normal_moments(law.shape))
        return fmt::format(
            "{} assumes Gaussian increments (or the three-point ones that share their "
            "moments); other laws of the noise run with euler_maruyama",
            program.scheme);
    if (!program.discrete && (remembers(law.memory) || epochs))
        return fmt::format(
            "noise with memory belongs to an optimizer: the increments of {} are "
            "independent",
            program.dynamics);
    return {};
}

}  // namespace kramers::composed
