// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>

#include "gpu/simulate.hpp"

/// Exit code 0 when a usable GPU is visible; otherwise 1, and the reason on stdout.
int main() {
    std::string reason;
    if (kramers::cuda_available(&reason)) { return 0; }
    std::puts(reason.c_str());
    return 1;
}
