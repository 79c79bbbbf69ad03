// SPDX-License-Identifier: Apache-2.0
#include "experiments/components.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "gpu/simulate.hpp"
#include "sde/methods.hpp"
#include "sde/noise/catalogue.hpp"

namespace kramers {
namespace {

template <class D>
inline constexpr auto parameters_of = D::parameters();

/// Some values to probe a model with: the defaults, 1 where there is none.
template <class M>
M probe() {
    std::vector<double> values;
    for (Parameter const& p : M::parameters())
        values.push_back(std::isnan(p.fallback) ? 1.0 : p.fallback);
    return M::make(values.data());
}

template <class M>
auto probed(M const& model, coordinate::Site<double> const& site,
            coordinate::Clock<double> const& clock) {
    Vec<double, 1 + M::memory> state{};
    for (int i = 0; i <= M::memory; ++i) state[i] = 0.25 * (i + 1);
    return model.evaluate(state, site, clock);
}

template <int K>
bool same(coordinate::Flow<double, K> const& a, coordinate::Flow<double, K> const& b) {
    for (int i = 0; i < K; ++i)
        if (a.drift[i] != b.drift[i] || a.noise[i] != b.noise[i]) return false;
    return true;
}

/// What an SDE reads is found by asking it: its flow changes with what it reads.
template <class M>
void describe_model(DynamicsInfo& info) {
    M const model = probe<M>();
    coordinate::Site<double> const site{0.5, 0.25, 0.5, 1.0, 0.0};
    coordinate::Site<double> const louder{0.5, 0.25, 0.5, 2.0, 0.0};
    coordinate::Clock<double> const clock{1.0, 1.0, 1.0, 1.0};
    auto const flow = probed(model, site, clock);
    bool const reads_law = !same(flow, probed(model, louder, clock));
    bool const wiener = model.increment_scale(4.0) == 2.0 * model.increment_scale(1.0);
    info.noise_use = reads_law ? NoiseUse::needed : wiener ? NoiseUse::own : NoiseUse::stable;
    info.follows_rate = !same(flow, probed(model, site, {1.0, 1.0, 0.5, 1.0}));
    info.follows_noise = !same(flow, probed(model, site, {1.0, 1.0, 1.0, 0.5}));
    info.gradient_flow = M::memory == 0 && flow.drift[0] == -site.gradient && !info.follows_rate;
    info.noise = M::noise;
    if constexpr (requires { M::latex; }) info.latex = M::latex;
}

/// An iteration of O without noise on V = h x²/2, long after the start.
template <class O>
Vec<double, 1 + O::memory> quiet_step(O const& optimizer, double h,
                                      Vec<double, 1 + O::memory> const& state) {
    auto const program = coordinate::Iterate<O>::prepare(optimizer, 0.0);
    coordinate::Clock<double> const clock{1e6, 0.0, 1.0, 1.0};
    coordinate::Draws<double> const draws{};
    coordinate::Site<double> site{};
    site.gradient = h * program.template point<0>(state, &site, draws, clock);
    return program.finish(state, &site, draws, clock);
}

/// Spectral radius of that map, where it is linear.
template <class O>
std::optional<double> decay_of(double const* values, double h) {
    O const optimizer = O::make(values);
    if constexpr (O::memory == 0) {
        double const one = quiet_step(optimizer, h, {1.0})[0];
        double const three = quiet_step(optimizer, h, {3.0})[0];
        if (!(std::abs(three - 3.0 * one) <= 1e-9 * (1.0 + std::abs(one)))) return std::nullopt;
        return std::abs(one);
    } else if constexpr (O::memory == 1) {
        auto const a = quiet_step(optimizer, h, {1.0, 0.0});
        auto const b = quiet_step(optimizer, h, {0.0, 1.0});
        auto const both = quiet_step(optimizer, h, {3.0, -2.0});
        for (int i = 0; i < 2; ++i)
            if (!(std::abs(both[i] - (3.0 * a[i] - 2.0 * b[i])) <=
                  1e-9 * (1.0 + std::abs(a[i]) + std::abs(b[i]))))
                return std::nullopt;
        double const half = 0.5 * (a[0] + b[1]), determinant = a[0] * b[1] - a[1] * b[0];
        double const square = half * half - determinant;
        return square < 0.0 ? std::sqrt(determinant) : std::abs(half) + std::sqrt(square);
    } else {
        return std::nullopt;
    }
}

template <class P>
void add_program(std::vector<DynamicsInfo>& found, std::vector<SchemeInfo>& schemes) {
    using D = typename P::Dynamics;
    auto at = std::find_if(found.begin(), found.end(),
                           [](DynamicsInfo const& d) { return d.name == D::name; });
    if (at == found.end()) {
        DynamicsInfo info;
        info.name = D::name;
        info.equation = D::equation;
        info.parameters = parameters_of<D>;
        info.memory = D::memory;
        if constexpr (coordinate::Optimizer<D>) {
            info.optimizer = true;
            info.limits = [](double const* values, StepNoise const& noise) {
                auto all = D::limits(values, noise);
                refuse_without_covariance(all, noise);
                return all;
            };
            if constexpr (requires(double const* v) { D::stability(v); })
                info.stability = &D::stability;
            info.decay = &decay_of<D>;
            info.second_batch = coordinate::DrawsTwoBatches<D>;
            if (D::uses_second && !info.second_batch) info.noise_use = NoiseUse::possible;
        } else {
            describe_model<D>(info);
        }
        found.push_back(info);
        at = found.end() - 1;
    }
    at->schemes.emplace_back(P::name);
    SchemeInfo scheme{P::name, D::name, {}, false, {}, {}, {}, nullptr};
    if constexpr (requires { P::orders(NoiseStructure::additive); }) {
        scheme.claims_orders = true;
        scheme.valid_for = P::valid_for;
        scheme.additive = P::orders(NoiseStructure::additive);
        scheme.diagonal = P::orders(NoiseStructure::diagonal);
        scheme.general = P::orders(NoiseStructure::general);
        scheme.measured = &P::measured;
    }
    schemes.push_back(scheme);
}

template <class... P>
void add_all(coordinate::ProgramList<P...>, std::vector<DynamicsInfo>& found,
             std::vector<SchemeInfo>& schemes) {
    (add_program<P>(found, schemes), ...);
}

/// A scheme for another dynamics than its own.
template <class P>
struct Family;
template <template <coordinate::Model> class S, coordinate::Model M>
struct Family<S<M>> {
    template <class D>
    using For = S<D>;
};

template <class S>
std::string_view twin_of() {
    if constexpr (requires { S::same_as; }) return S::same_as;
    return {};
}

void note_unlisted(DynamicsInfo& info, bool valid, std::string_view name, std::string_view twin) {
    if (!valid) return;
    for (std::string const& listed : info.schemes)
        if (listed == name) return;
    for (UnlistedScheme const& noted : info.unlisted)
        if (noted.name == name) return;
    info.unlisted.push_back({name, twin});
}

/// Notes the schemes of the programs P that D could use and is not listed with.
template <class D, class... P>
void find_unlisted(coordinate::ProgramList<P...>, DynamicsInfo& info) {
    (note_unlisted(info, Family<P>::template For<D>::valid, P::name,
                   twin_of<typename Family<P>::template For<D>>()),
     ...);
}

template <class... P>
void find_all_unlisted(coordinate::ProgramList<P...>, std::vector<DynamicsInfo>& found) {
    auto const visit = [&]<class D>(D*) {
        auto const at = std::find_if(found.begin(), found.end(),
                                     [](DynamicsInfo const& d) { return d.name == D::name; });
        if (!at->unlisted.empty()) return;
        find_unlisted<D>(coordinate::OverdampedPrograms{}, *at);
        find_unlisted<D>(coordinate::KineticPrograms{}, *at);
        find_unlisted<D>(coordinate::ModelPrograms{}, *at);
    };
    (visit(static_cast<typename P::Dynamics*>(nullptr)), ...);
}

struct Components {
    std::vector<DynamicsInfo> dynamics;
    std::vector<SchemeInfo> schemes;
};

Components const& components() {
    static Components const all = [] {
        Components c;
        add_all(coordinate::OverdampedPrograms{}, c.dynamics, c.schemes);
        add_all(coordinate::KineticPrograms{}, c.dynamics, c.schemes);
        add_all(coordinate::ModelPrograms{}, c.dynamics, c.schemes);
        add_all(coordinate::OptimizerPrograms{}, c.dynamics, c.schemes);
        find_all_unlisted(coordinate::OverdampedPrograms{}, c.dynamics);
        find_all_unlisted(coordinate::KineticPrograms{}, c.dynamics);
        find_all_unlisted(coordinate::ModelPrograms{}, c.dynamics);
        return c;
    }();
    return all;
}

}  // namespace

Orders SchemeInfo::for_noise(NoiseStructure structure) const {
    return structure == NoiseStructure::additive   ? additive
           : structure == NoiseStructure::diagonal ? diagonal
                                                   : general;
}

int DynamicsInfo::index_of(std::string_view parameter) const {
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (parameters[i].name == parameter) return static_cast<int>(i);
    return -1;
}

double DynamicsInfo::value_of(std::string_view parameter, std::vector<double> const& values) const {
    int const i = index_of(parameter);
    return i < 0 ? 0.0 : values[static_cast<std::size_t>(i)];
}

std::vector<DynamicsInfo> const& dynamics_components() { return components().dynamics; }
std::vector<SchemeInfo> const& scheme_components() { return components().schemes; }

DynamicsInfo const* find_dynamics(std::string_view name) {
    for (DynamicsInfo const& d : dynamics_components())
        if (d.name == name) return &d;
    return nullptr;
}

std::vector<std::string> dynamics_names() {
    std::vector<std::string> names;
    for (DynamicsInfo const& d : dynamics_components()) names.emplace_back(d.name);
    return names;
}

std::vector<std::string> noise_law_names() {
    std::vector<std::string> names;
    for (NoiseLawEntry const& law : noise_laws()) {
        names.emplace_back(law.name);
        if (!law.alias.empty()) names.emplace_back(law.alias);
    }
    return names;
}

std::optional<double> default_of(Parameter const& parameter) {
    if (std::isnan(parameter.fallback)) return std::nullopt;
    return parameter.fallback;
}

bool is_compiled(std::string_view landscape, int dim, std::string_view dynamics,
                 std::string_view scheme) {
    auto const& all = compiled_methods();
    return std::any_of(all.begin(), all.end(), [&](MethodKey const& key) {
        return !key.composed && key.landscape == landscape && key.dim == dim &&
               key.dynamics == dynamics && key.scheme == scheme;
    });
}

std::vector<int> bridge_dims(std::string_view landscape) {
    std::vector<int> dims;
    for (MethodKey const& key : compiled_methods()) {
        bool const euler = key.dynamics == "overdamped" && key.scheme == "euler_maruyama";
        bool const known = std::find(dims.begin(), dims.end(), key.dim) != dims.end();
        if (!key.composed && euler && key.landscape == landscape && !known) dims.push_back(key.dim);
    }
    std::sort(dims.begin(), dims.end());
    return dims;
}

}  // namespace kramers
