// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gpu/bound_method.hpp"
#include "gpu/cuda_rounds.hpp"
#include "gpu/dispatch.hpp"
#include "gpu/per_thread.hpp"
#include "gpu/snapshot_thread.hpp"
#include "sde/methods.hpp"

/// Device side of the engine, compiled by nvcc in one generated unit per landscape.
/// Everything runs under Thrust's for_each_n on its CUDA system.
namespace kramers {

template <class B>
StartData<B::dim> device_start(Plan const& plan, DeviceArray<double>& table) {
    StartData<B::dim> start = B::start(plan);
    if (start.table == nullptr) return start;
    table = DeviceArray<double>(plan.start.table, "the start table");
    start.table = table.data();
    return start;
}

template <class B, Arrivals arrivals, bool fast>
class CudaPassage final : public PassageRounds<PassageThread<B, arrivals, fast>, typename B::Real> {
    using Rounds = PassageRounds<PassageThread<B, arrivals, fast>, typename B::Real>;

  public:
    explicit CudaPassage(Plan const& plan) : Rounds(plan, B::dim, "first-passage kernel") {
        PassagePlan const& passage = std::get<PassagePlan>(plan.observe);
        auto& driver = this->driver_;
        driver.landscape = B::landscape(plan);
        driver.stepper = B::stepper(plan);
        driver.targets = make_targets<typename B::Real, B::dim>(passage, plan.dt);
        driver.start = device_start<B>(plan, table_);
        driver.seed = plan.seed;
        driver.refinement = plan.noise_refinement;
        driver.word_rows = driver.targets.count <= 1 ? 1 : driver.targets.count == 2 ? 2 : 4;
        driver.bridge = passage.crossing == Crossing::bridge;
    }

    NoiseMath noise_math() const override { return fast ? NoiseMath::fast : NoiseMath::exact; }

  private:
    DeviceArray<double> table_;
};

template <class B>
class CudaSnapshots final : public SnapshotRounds<SnapshotThread<B>, typename B::Real, B::dim> {
    using Rounds = SnapshotRounds<SnapshotThread<B>, typename B::Real, B::dim>;

  public:
    explicit CudaSnapshots(Plan const& plan) : Rounds(plan, B::dim, "snapshot kernel") {
        auto& driver = this->driver_;
        driver.landscape = B::landscape(plan);
        driver.stepper = B::stepper(plan);
        driver.start = device_start<B>(plan, table_);
        driver.seed = plan.seed;
        driver.refinement = plan.noise_refinement;
        driver.layout = this->layout_;
    }

  private:
    DeviceArray<double> table_;
};

/// The kernels for a single half-space: what rates are measured with, hence specialised.
template <class B, bool fast>
std::unique_ptr<CudaRun> make_half_space_run(Plan const& plan, Crossing crossing) {
    if (crossing == Crossing::bridge)
        return std::make_unique<CudaPassage<B, Arrivals::half_space_bridge, fast>>(plan);
    return std::make_unique<CudaPassage<B, Arrivals::half_space_endpoint, fast>>(plan);
}

/// Only half-space passages have variants with fast noise, and none of them in full precision:
/// special-function units are single precision. Everything else runs exact and says so.
template <class B>
std::unique_ptr<CudaRun> make_cuda_run(Plan const& plan, NoiseMath math) {
    auto const* passage = std::get_if<PassagePlan>(&plan.observe);
    if (passage == nullptr) return std::make_unique<CudaSnapshots<B>>(plan);
    if (!is_single_half_space(*passage))
        return std::make_unique<CudaPassage<B, Arrivals::general, false>>(plan);
    if constexpr (sizeof(typename B::Noise) == sizeof(float))
        if (math == NoiseMath::fast) return make_half_space_run<B, true>(plan, passage->crossing);
    return make_half_space_run<B, false>(plan, passage->crossing);
}

template <class B, class M>
void add_cuda_method(MethodTable& table, Precision precision) {
    MethodKey const key{std::string(B::Landscape::name), B::dim, std::string(M::dynamics),
                        std::string(M::scheme), precision};
    for (MethodRow& row : table)
        if (row.key == key) row.cuda = &make_cuda_run<B>;
}

template <class LSingle, class LDouble, class... M>
void add_cuda_list(MethodTable& table, MethodList<M...>) {
    (add_cuda_method<LoopsOf<LSingle, M, float>, M>(table, Precision::single), ...);
    (add_cuda_method<LoopsOf<LDouble, M, float>, M>(table, Precision::mixed), ...);
    (add_cuda_method<LoopsOf<LDouble, M, double>, M>(table, Precision::full), ...);
}

/// Gives the rows of one landscape and dimension their CUDA entry.
template <class LSingle, class LDouble>
void add_cuda_methods(MethodTable& table) {
    add_cuda_list<LSingle, LDouble>(table, Methods{});
}

}  // namespace kramers
