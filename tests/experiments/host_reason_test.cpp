// SPDX-License-Identifier: Apache-2.0
#include "experiments/host_reason.hpp"

#include <doctest/doctest.h>

namespace host_reason_test {
using namespace kramers;

namespace {

bool says(std::string const& text, char const* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("host_reason: a composed method outside dimensions 1, 2 and 8 says so beside a GPU") {
    MethodKey key{"rastrigin", 4, "heavy_ball", "iterate", Precision::mixed, true};
    Controls controls;
    CHECK(says(host_reason(key, controls, true), "1, 2, 8 dimensions only"));
    CHECK(says(host_reason(key, controls, true), "GPU is idle"));
    CHECK(host_reason(key, controls, false) == "");  // no GPU, nothing idle
    controls.backend = Backend::cpu;
    CHECK(host_reason(key, controls, true) == "");  // asked for
    controls.backend = Backend::cuda;
    CHECK(says(host_reason(key, controls, false), "--backend cuda cannot run this"));
    for (int const dim : {1, 2, 8}) {
        key.dim = dim;
        CHECK(host_reason(key, controls, true) == "");
    }
    key.dim = 4;
    key.composed = false;
    CHECK(host_reason(key, controls, true) == "");
}

}  // namespace host_reason_test
