// SPDX-License-Identifier: Apache-2.0
#include "tests/played_threads/played_threads.hpp"

#include <stdexcept>
#include <variant>

#include "gpu/composed/thread_passage.hpp"
#include "gpu/composed/thread_run.hpp"
#include "gpu/targets.hpp"

namespace kramers::testing {

using namespace composed;

void passage_by_threads(Plan const& plan, std::uint64_t workers, PassageSlot* slots,
                        std::vector<std::uint64_t>* steps) {
    PassagePlan const& passage = std::get<PassagePlan>(plan.observe);
    auto const run = [&]<int Dim> {
        DeviceCounters counters{};
        Passage<Dim> driver{};
        driver.method = thread_method<Dim>(plan);
        driver.targets = make_targets<double, Dim>(passage, plan.dt);
        driver.start = thread_start<Dim>(plan);
        driver.bound = plan.divergence_bound;
        driver.trajectories = plan.trajectories;
        driver.max_steps = passage.max_steps;
        driver.iterations = 64;
        std::vector<std::uint64_t> id(workers, Passage<Dim>::idle), step(workers, 0);
        std::vector<double> x(workers * static_cast<unsigned>(driver.method.rows()), 0.0);
        driver.slots = slots;
        driver.counters = &counters;
        driver.id = id.data();
        driver.step = step.data();
        driver.x = x.data();
        driver.workers = workers;
        while (counters.finished < plan.trajectories) {
            for (std::uint64_t worker = 0; worker < workers; ++worker) driver(worker);
            if (steps != nullptr) steps->push_back(counters.steps);
        }
    };
    if (!with_dim(plan.key.dim, run)) throw std::invalid_argument(why_no_threads(plan.key));
}

}  // namespace kramers::testing
