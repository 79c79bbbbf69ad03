// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "landscapes/make_potential.hpp"

namespace make_potential_test {
using namespace kramers;

namespace {

std::string message_of(std::string_view name, int dim, std::vector<double> const& values) {
    try {
        make_potential(name, dim, values);
    } catch (std::invalid_argument const& error) { return error.what(); }
    return "accepted";
}

}  // namespace

TEST_CASE("Catalogue: the four landscapes, with their dimensions") {
    auto const dims = [](std::string_view name) {
        LandscapeInfo const* const info = find_landscape(name);
        return info ? info->dims : std::vector<int>{};
    };
    CHECK(dims("double_well") == std::vector<int>{1});
    CHECK(dims("tilted_double_well") == std::vector<int>{1});
    CHECK(dims("quadratic") == std::vector<int>{1, 2, 3, 8, 32});
    CHECK(dims("rastrigin") == std::vector<int>{1, 2, 8, 32});
    CHECK(find_landscape("rastrign") == nullptr);
}

TEST_CASE("Catalogue: per-coordinate parameters stand for one value per dimension") {
    LandscapeInfo const& info = *find_landscape("quadratic");
    CHECK(default_values(info, 1) == std::vector<double>{1.0});
    CHECK(default_values(info, 8) == std::vector<double>(8, 1.0));
    CHECK(default_values(*find_landscape("double_well"), 1) == std::vector<double>{1.0, 0.25});
}

TEST_CASE("Bad requests are refused with the problem, the reason and the choices") {
    std::string names;
    for (LandscapeInfo const& info : landscape_catalogue())
        names += (names.empty() ? "" : ", ") + std::string(info.name);
    CHECK(message_of("rastrign", 1, {10.0}) ==
          "unknown landscape \"rastrign\" (have: " + names + ")");
    CHECK(
        message_of("rastrigin", 3, {1.0}) ==
        "landscape rastrigin is not compiled in 3 dimensions (have: 1, 2, 8, 32; add the dimension "
        "to its line in landscapes/CMakeLists.txt)");
    CHECK(message_of("double_well", 1, {-1.0, 0.0}) ==
          "landscape double_well: half_width = -1 (must be > 0); barrier = 0 (must be > 0)");
    CHECK(message_of("quadratic", 2, {1.0, 0.0}) ==
          "landscape quadratic: curvatures[1] = 0 (must be > 0)");
    CHECK(message_of("rastrigin", 2, {10.0, 1.0}) ==
          "landscape rastrigin: rastrigin in 2 dimension(s) takes 1 parameter value(s), not 2");
    CHECK(message_of("rastrigin", 2, {-0.5}) ==
          "landscape rastrigin: amplitude = -0.5 (must be >= 0)");
    CHECK(message_of("rastrigin", 2, {0.0}) == "accepted");
}

TEST_CASE("The same request gives the same landscape") {
    auto const v = make_potential("rastrigin", 8, {10.0});
    CHECK(v->name() == "rastrigin");
    CHECK(v->dim() == 8);
    CHECK(v->separable());
}

}  // namespace make_potential_test
