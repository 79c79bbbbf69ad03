// SPDX-License-Identifier: Apache-2.0
#include "experiments/components.hpp"

#include <algorithm>

#include "sde/methods.hpp"

namespace kramers {
namespace {

template <class D>
DynamicsInfo describe_dynamics() {
    DynamicsInfo info;
    info.name = D::name;
    info.equation = D::equation;
    for (Parameter const& p : D::parameters()) info.parameters.push_back(p);
    if constexpr (requires(double const* values) { D::limit(values); }) {
        info.optimizer = true;
        info.clock = [](double const* values) {
            auto const limit = D::limit(values);
            return DynamicsInfo::Clock{limit.temperature.value, limit.time_per_step};
        };
    } else {
        info.clock = [](double const* values) {
            auto const parameters = D::parameters();
            for (std::size_t i = 0; i < parameters.size(); ++i)
                if (parameters[i].name == "temperature") return DynamicsInfo::Clock{values[i], 0.0};
            return DynamicsInfo::Clock{};
        };
    }
    return info;
}

struct Collect {
    std::vector<DynamicsInfo>& found;
    template <class M>
    void operator()() const {
        auto at = std::find_if(found.begin(), found.end(),
                               [](DynamicsInfo const& d) { return d.name == M::dynamics; });
        if (at == found.end()) {
            found.push_back(describe_dynamics<typename M::template Dynamics<double>>());
            at = found.end() - 1;
        }
        at->schemes.emplace_back(M::scheme);
    }
};

}  // namespace

std::vector<DynamicsInfo> const& dynamics_components() {
    static std::vector<DynamicsInfo> const all = [] {
        std::vector<DynamicsInfo> found;
        for_each_method(Methods{}, Collect{found});
        return found;
    }();
    return all;
}

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

}  // namespace kramers
