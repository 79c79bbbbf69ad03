// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>

#include "sde/dual.hpp"

namespace dual_test {
namespace {
using namespace kramers;
using D1 = Dual<double>;
using D2 = Dual<D1>;
using D3 = Dual<D2>;

/// Relative to the size of the expected number; these formulas condition no worse than 10.
bool close(double a, double b) { return std::abs(a - b) <= 1e-14 * (1.0 + std::abs(b)); }

D1 at(double x) { return {x, 1.0}; }
D2 at2(double x) { return {at(x), D1(1.0)}; }

TEST_CASE("Dual: arithmetic follows the product and quotient rules") {
    D1 const x = at(3.0);
    CHECK((x * x * x).derivative == 27.0);  // 3x²
    CHECK((2.0 * x + 1.0).derivative == 2.0);
    CHECK((1.0 - x).derivative == -1.0);
    CHECK(close((1.0 / x).derivative, -1.0 / 9.0));               // −1/x²
    CHECK(close(((x * x) / (x + 1.0)).derivative, 15.0 / 16.0));  // (x² + 2x)/(x + 1)²
    D1 y = x;
    y += x;
    y *= x;
    y -= 2.0;
    y /= 2.0;
    CHECK(y.value == 8.0);       // (2x² − 2)/2
    CHECK(y.derivative == 6.0);  // 2x
    CHECK(x > 2.0);
    CHECK(x <= 3.0);
}

TEST_CASE("Dual: functions carry their derivatives") {
    double const x = 0.7;
    double const pi2 = 6.283185307179586;
    CHECK(close(math::exp(at(x)).derivative, std::exp(x)));
    CHECK(close(math::log(at(x)).derivative, 1.0 / x));
    CHECK(close(math::sqrt(at(x)).derivative, 0.5 / std::sqrt(x)));
    CHECK(close(math::sin(at(x)).derivative, std::cos(x)));
    CHECK(close(math::cos(at(x)).derivative, -std::sin(x)));
    CHECK(close(math::sin2pi(at(x)).derivative, pi2 * std::cos(pi2 * x)));
    CHECK(close(math::cos2pi(at(x)).derivative, -pi2 * std::sin(pi2 * x)));
    CHECK(close(math::erf(at(x)).derivative, 1.1283791670955126 * std::exp(-x * x)));
    CHECK(math::square(at(x)).derivative == 2.0 * x);
    CHECK(math::abs(at(-x)).derivative == -1.0);
    CHECK(math::abs(at(x)).derivative == 1.0);
    CHECK(math::fma(at(x), at(x), D1(1.0)).derivative == 2.0 * x);
    CHECK(math::min(at(x), D1(1.0)).derivative == 1.0);
    CHECK(math::max(at(x), D1(1.0)).derivative == 0.0);
    CHECK(math::select(true, at(x), D1(1.0)).derivative == 1.0);
}

TEST_CASE("Dual: nesting gives second and third derivatives") {
    double const x = 0.3;
    // f = exp(x²): f″ = (2 + 4x²) f
    D2 const f = math::exp(at2(x) * at2(x));
    CHECK(close(f.derivative.derivative, (2.0 + 4.0 * x * x) * std::exp(x * x)));
    CHECK(close(f.value.derivative, 2.0 * x * std::exp(x * x)));
    // g = sin(x)/x at 2: g″ = −sin(x)/x − 2cos(x)/x² + 2 sin(x)/x³
    D2 const g = math::sin(at2(2.0)) / at2(2.0);
    CHECK(close(g.derivative.derivative,
                -std::sin(2.0) / 2.0 - std::cos(2.0) / 2.0 + std::sin(2.0) / 4.0));
    D3 const t{at2(2.0), D2(1.0)};
    CHECK((t * t * t * t).derivative.derivative.derivative == 48.0);  // 24x
}

TEST_CASE("Dual: several directions at once give a gradient") {
    using G = Dual<double, 2>;
    G const x{2.0, {{1.0, 0.0}}};
    G const y{3.0, {{0.0, 1.0}}};
    G const f = x * x * y + math::log(y);
    CHECK(f.derivative[0] == 12.0);                  // 2xy
    CHECK(close(f.derivative[1], 4.0 + 1.0 / 3.0));  // x² + 1/y
}

TEST_CASE("Jet: four derivatives of the elementary functions") {
    double const x = 0.4;
    double const w = 6.283185307179586;
    auto const v = Jet<4>::variable(x);
    auto const e = math::exp(2.0 * v);
    auto const l = math::log(v);
    auto const r = math::sqrt(v);
    auto const s = math::sin(v);
    auto const c = math::cos2pi(v);
    auto const s2 = math::sin2pi(v);
    auto const q = 1.0 / v;
    auto const p = math::erf(v);
    // erf⁽ᵏ⁾ = 2/√π e^{−x²} (1, −2x, 4x² − 2, 12x − 8x³) for k = 1 … 4
    double const hermite[] = {1.0, -2.0 * x, 4.0 * x * x - 2.0, (12.0 - 8.0 * x * x) * x};
    for (int k = 0; k <= 4; ++k) {
        double const sign = k % 2 == 0 ? 1.0 : -1.0;
        double const factorial[] = {1.0, 1.0, 2.0, 6.0, 24.0};
        CHECK(close(e.derivative(k), std::pow(2.0, k) * std::exp(2.0 * x)));
        CHECK(close(s.derivative(k), std::sin(x + k * w / 4.0)));
        CHECK(close(c.derivative(k), std::pow(w, k) * std::cos(w * x + k * w / 4.0)));
        CHECK(close(s2.derivative(k), std::pow(w, k) * std::sin(w * x + k * w / 4.0)));
        CHECK(close(q.derivative(k), sign * factorial[k] / std::pow(x, k + 1)));
        double const bell = 1.1283791670955126 * std::exp(-x * x);
        CHECK(close(p.derivative(k), k == 0 ? std::erf(x) : bell * hermite[k - 1]));
        if (k > 0) CHECK(close(l.derivative(k), -sign * factorial[k - 1] / std::pow(x, k)));
    }
    double const root[] = {1.0, 0.5, -0.25, 0.375, -0.9375};
    for (int k = 0; k <= 4; ++k) CHECK(close(r.derivative(k), root[k] * std::pow(x, 0.5 - k)));
}

TEST_CASE("Jet and nested Dual agree on a double well") {
    auto const well = [](auto x) {
        auto const w = math::square(x / 1.5) - decltype(x)(1);
        return 0.8 * w * w;
    };
    auto const jet = well(Jet<4>::variable(0.9));
    auto const dual = well(D3{at2(0.9), D2(1.0)});
    CHECK(close(jet.derivative(0), dual.value.value.value));
    CHECK(close(jet.derivative(1), dual.derivative.value.value));
    CHECK(close(jet.derivative(2), dual.derivative.derivative.value));
    CHECK(close(jet.derivative(3), dual.derivative.derivative.derivative));
    CHECK(close(jet.derivative(4), 24.0 * 0.8 / (1.5 * 1.5 * 1.5 * 1.5)));
}

TEST_CASE("teeth: a product rule that forgets one term is noticed") {
    D1 const x = at(3.0);
    D1 const broken{x.value * x.value, x.value * x.derivative};
    CHECK(broken.derivative != (x * x).derivative);
}

}  // namespace

}  // namespace dual_test
