// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "gpu/composed/thread_passage.hpp"
#include "gpu/instantiate_cuda.hpp"

/// Device side of composed methods, compiled by nvcc in one generated unit per dimension: two
/// kernels, in which every landscape, law and program is a function of its own.
namespace kramers::composed {

/// A method whose tables lie in the memory of the GPU for as long as this lives.
template <int Dim>
class DeviceMethod {
  public:
    explicit DeviceMethod(Plan const& plan)
        : method(thread_method<Dim>(plan)), start(thread_start<Dim>(plan)) {
        NoiseLaw const& law = plan.composition.noise;
        move(method.factor, law.factor, "the factor of the covariance");
        move(method.transform, plan.composition.gradient_transform, "the gradient transform");
        if (method.population.offsets != nullptr)
            move(method.population.offsets, law.offsets, "the population");
        if (start.table != nullptr) move(start.table, plan.start.table, "the start table");
    }

    ThreadMethod<Dim> method;
    StartData<Dim> start;

  private:
    void move(double const*& pointer, std::vector<double> const& values, char const* what) {
        if (values.empty()) return;
        tables_.emplace_back(values, what);
        pointer = tables_.back().data();
    }
    std::vector<DeviceArray<double>> tables_;
};

template <int Dim>
class CudaPassage final : public PassageRounds<Passage<Dim>, double> {
  public:
    explicit CudaPassage(Plan const& plan)
        : PassageRounds<Passage<Dim>, double>(plan, thread_method<Dim>(plan).rows(),
                                              "first-passage kernel of composed methods"),
          device_(plan) {
        this->driver_.method = device_.method;
        this->driver_.targets =
            make_targets<double, Dim>(std::get<PassagePlan>(plan.observe), plan.dt);
        this->driver_.start = device_.start;
    }

    NoiseMath noise_math() const override { return NoiseMath::exact; }

  private:
    DeviceMethod<Dim> device_;
};

template <int Dim>
class CudaSnapshots final : public SnapshotRounds<Snapshots<Dim>, double, Dim> {
  public:
    explicit CudaSnapshots(Plan const& plan)
        : SnapshotRounds<Snapshots<Dim>, double, Dim>(plan, thread_method<Dim>(plan).rows(),
                                                      "snapshot kernel of composed methods"),
          device_(plan),
          device_layout_(std::vector<SnapshotLayout>{this->layout_}, "layout") {
        this->driver_.method = device_.method;
        this->driver_.start = device_.start;
        this->driver_.layout = device_layout_.data();
    }

  private:
    DeviceMethod<Dim> device_;
    DeviceArray<SnapshotLayout> device_layout_;
};

static_assert(sizeof(Passage<8>) < 4096 && sizeof(Snapshots<8>) < 4096);

template <int Dim>
std::unique_ptr<CudaRun> make_cuda_run_of_dim(Plan const& plan) {
    if (std::holds_alternative<PassagePlan>(plan.observe))
        return std::make_unique<CudaPassage<Dim>>(plan);
    return std::make_unique<CudaSnapshots<Dim>>(plan);
}

}  // namespace kramers::composed
