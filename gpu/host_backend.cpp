// SPDX-License-Identifier: Apache-2.0
#include "gpu/host_backend.hpp"

#include <sched.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/tbb/execution_policy.h>

#include <fstream>

namespace kramers {

void for_each_worker(int threads, int workers, std::function<void(int)> const& body) {
    tbb::global_control const limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    arena.execute([&] {
        thrust::for_each_n(thrust::tbb::par, thrust::counting_iterator<int>(0), workers,
                           [&](int worker) { body(worker); });
    });
}

int available_threads() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int const count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

std::string cpu_model() {
    std::ifstream info("/proc/cpuinfo");
    std::string line;
    while (std::getline(info, line))
        if (line.rfind("model name", 0) == 0) {
            auto const at = line.find(": ");
            if (at != std::string::npos) return line.substr(at + 2);
        }
    return "unknown CPU";
}

}  // namespace kramers
