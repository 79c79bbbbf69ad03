// SPDX-License-Identifier: Apache-2.0
#include "estimators/sort_times.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>

#include "tests/support/random.hpp"

namespace sort_times_test {
using namespace kramers;

namespace {

/// Exits as survival_curve packs them: a step, and whether it is an event.
std::vector<std::uint64_t> exits(std::size_t count, std::function<double(double)> const& time) {
    std::vector<std::uint64_t> all;
    test::Random random(7);
    for (std::size_t i = 0; i < count; ++i) {
        auto const step = static_cast<std::uint64_t>(time(random.uniform()));
        all.push_back((step << 1) | (i % 5 == 0 ? 1U : 0U));
    }
    return all;
}

std::uint64_t step_of(std::uint64_t exit) { return exit >> 1; }

}  // namespace

TEST_CASE("sort_times: the order of std::sort, whatever the law of the times") {
    struct {
        char const* law;
        std::function<double(double)> time;
    } const laws[] = {{"exponential", [](double u) { return -1e4 * std::log1p(-u); }},
                      {"uniform", [](double u) { return 1e6 * u; }},
                      {"few steps, many ties", [](double u) { return 3.0 * u; }},
                      {"all at zero", [](double) { return 0.0; }},
                      {"censored at one time", [](double u) { return u < 0.1 ? 50.0 * u : 1e15; }},
                      {"heavy tail", [](double u) { return std::pow(u + 1e-5, -3.0); }}};
    for (auto const& entry : laws)
        for (std::size_t const count : {0, 1, 2, 1000}) {
            CAPTURE(entry.law);
            CAPTURE(count);
            std::vector<std::uint64_t> const given = exits(count, entry.time);
            std::vector<std::uint64_t> dealt = given, sorted = given;
            sort_times(dealt, step_of, std::less<>());
            std::sort(sorted.begin(), sorted.end());
            CHECK(dealt == sorted);
        }
}

TEST_CASE("sort_times: ties are settled by the order given, a twin that settles them not is seen") {
    std::vector<std::uint64_t> const given = exits(1000, [](double u) { return 20.0 * u; });
    std::vector<std::uint64_t> sorted = given, dealt = given, by_step = given;
    std::sort(sorted.begin(), sorted.end());
    sort_times(dealt, step_of, std::less<>());
    sort_times(by_step, step_of,
               [](std::uint64_t a, std::uint64_t b) { return (a >> 1) < (b >> 1); });
    CHECK(dealt == sorted);
    CHECK(by_step != sorted);
}

}  // namespace sort_times_test
