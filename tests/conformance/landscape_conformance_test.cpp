// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/conformance/landscape_checks.hpp"

namespace landscape_conformance_test {
using namespace kramers;
using namespace kramers::checks;

namespace {

void expect_none(Failures const& failures) {
    for (std::string const& failure : failures) FAIL_CHECK(failure);
    CHECK(failures.empty());
}

/// Calls visit(info, view) for every landscape and dimension, at the defaults and at other values
/// (all different, so that no coordinate or parameter can stand in for another).
template <class Visit>
void for_each_landscape(Visit const& visit) {
    for (LandscapeInfo const& info : landscape_catalogue())
        for (int const dim : info.dims)
            for (double const spread : {0.0, 0.37}) {
                std::vector<double> values = default_values(info, dim);
                for (std::size_t k = 0; k < values.size(); ++k)
                    values[k] *= 1.0 + spread * static_cast<double>(k + 1);
                CAPTURE(info.name);
                CAPTURE(dim);
                CAPTURE(spread);
                visit(info, *make_landscape(info.name, dim, values));
            }
}

}  // namespace

TEST_CASE("Every landscape: the catalogue is not empty and its entries can be printed and cited") {
    CHECK(landscape_catalogue().size() >= 4);
    for (LandscapeInfo const& info : landscape_catalogue()) {
        CAPTURE(info.name);
        expect_none(check_entry(info));
    }
}

TEST_CASE(
    "Every landscape: gradient is the derivative of the value, by dual numbers and differences") {
    for_each_landscape([](auto const&, auto const& v) { expect_none(check_gradient(v)); });
}

TEST_CASE("Every landscape: Hessian is symmetric and the derivative of the gradient") {
    for_each_landscape([](auto const&, auto const& v) { expect_none(check_hessian(v)); });
}

TEST_CASE("Every landscape: higher derivatives in one dimension agree with differences") {
    for_each_landscape([](auto const&, auto const& v) { expect_none(check_derivatives(v)); });
}

TEST_CASE(
    "Every landscape: critical points are zeros of the gradient with the stated Morse index") {
    for_each_landscape([](auto const&, auto const& v) { expect_none(check_critical_points(v)); });
}

TEST_CASE("Every landscape: in one dimension no critical point is left out") {
    for_each_landscape([](auto const&, auto const& v) { expect_none(check_complete(v)); });
}

TEST_CASE("Every landscape: growth at infinity is the declared one") {
    for_each_landscape(
        [](auto const& info, auto const& v) { expect_none(check_growth(v, info.growth)); });
}

TEST_CASE("Every landscape: separable means the sum of its coordinates") {
    for_each_landscape([](auto const& info, auto const& v) {
        CHECK(v.separable() == info.separable);
        expect_none(check_separable(v));
    });
}

TEST_CASE("Every landscape: values outside a parameter's range are refused by name") {
    for (LandscapeInfo const& info : landscape_catalogue())
        for (int const dim : info.dims) {
            CAPTURE(info.name);
            CAPTURE(dim);
            expect_none(check_ranges(info, dim, [&](std::vector<double> const& values) {
                return check_values(info, dim, values);
            }));
        }
}

}  // namespace landscape_conformance_test
