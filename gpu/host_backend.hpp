// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace kramers {

/// Calls body(0) … body(workers − 1) on `threads` host threads, by Thrust's for_each_n on its TBB
/// system. Returns when all have returned.
void for_each_worker(int threads, int workers, std::function<void(int)> const& body);

/// Cores this process may use.
int available_threads();

/// CPU model as the operating system names it.
std::string cpu_model();

}  // namespace kramers
