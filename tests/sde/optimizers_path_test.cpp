// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "sde/optimizers/adam.hpp"
#include "sde/optimizers/adamw.hpp"
#include "sde/optimizers/anti_pgd.hpp"
#include "sde/optimizers/heavy_ball.hpp"
#include "sde/optimizers/momentum_buffer.hpp"
#include "sde/optimizers/momentum_ema.hpp"
#include "sde/optimizers/nesterov.hpp"
#include "sde/optimizers/perturbed_gd.hpp"
#include "sde/optimizers/rmsprop.hpp"
#include "sde/optimizers/rmsprop_w.hpp"
#include "sde/optimizers/sgd.hpp"
#include "sde/optimizers/sgld.hpp"
#include "sde/optimizers/sign_sgd.hpp"
#include "sde/optimizers/svag.hpp"
#include "tests/support/random.hpp"

namespace optimizers_path_test {
/// Every optimizer against the pseudo-code of its publication, written down here once more: vectors,
/// std:: functions, long double.
namespace {
using namespace kramers;
using namespace kramers::coordinate;
using Real = long double;
using Point = std::array<Real, 2>;

constexpr int steps = 300;

/// V = 0.6x² + 0.3xy + 0.9y² + |·|⁴/40: curvatures between 1 and about 3 on these paths.
template <class T>
std::array<T, 2> gradient(std::array<T, 2> const& x) {
    T const r = T(0.1) * (x[0] * x[0] + x[1] * x[1]);
    return {T(1.2) * x[0] + T(0.3) * x[1] + r * x[0], T(0.3) * x[0] + T(1.8) * x[1] + r * x[1]};
}
/// Deviation of the gradient noise in one coordinate: depends on the state.
template <class T>
T amplitude(T x) {
    return T(0.5) + T(0.1) * x * x;
}

struct Step {
    std::array<double, 2> first, second;
    double rate, noise;
};
/// Normals, with constant factors or with a schedule of both.
std::vector<Step> draws(bool schedule) {
    test::Random random(7);
    std::vector<Step> all;
    for (int k = 0; k < steps; ++k) {
        Step s{};
        s.first = {random.normal(), random.normal()};
        s.second = {random.normal(), random.normal()};
        s.rate = schedule ? 0.5 + 1.0 / (1.0 + 0.02 * k) : 1.0;
        s.noise = schedule ? 1.0 - 0.002 * k : 1.0;
        all.push_back(s);
    }
    return all;
}

/// The path of a program, coordinate by coordinate as the engine runs it.
template <class O>
std::vector<Point> path(std::vector<double> const& values, bool schedule) {
    auto const program = Iterate<O>::prepare(O::make(values.data()), 0.0);
    Vec<double, 1 + O::memory> state[2]{};
    state[0][0] = 1.5;
    state[1][0] = -1.0;
    std::vector<Point> points;
    double k = 0.0;
    for (Step const& step : draws(schedule)) {
        Clock<double> const clock{k, 0.0, step.rate, step.noise};
        std::array<double, 2> y{};
        Site<double> site[2]{};
        Draws<double> const now[2] = {{step.first[0], step.second[0]},
                                      {step.first[1], step.second[1]}};
        for (int i = 0; i < 2; ++i)
            y[i] = program.template point<0>(state[i], &site[i], now[i], clock);
        for (int i = 0; i < 2; ++i) {
            site[i].gradient = gradient(y)[i];
            site[i].amplitude = amplitude(y[i]);
            state[i] = program.finish(state[i], &site[i], now[i], clock);
        }
        points.push_back({state[0][0], state[1][0]});
        k += 1.0;
    }
    return points;
}

/// What a publication's pseudo-code may use in step k: a stochastic gradient, the factors, normals.
struct Now {
    int k;
    Step step;
    Point g(Point const& y) const { return draw(y, step.first); }
    Point second_g(Point const& y) const { return draw(y, step.second); }
    Point draw(Point const& y, std::array<double, 2> const& z) const {
        Point r = gradient(y);
        for (int i = 0; i < 2; ++i) r[i] += Real(step.noise) * amplitude(y[i]) * Real(z[i]);
        return r;
    }
};
using Memory = std::array<Point, 2>;
using PseudoCode = std::function<void(Point& x, Memory& m, Now const& now)>;

std::vector<Point> published(PseudoCode const& update, bool schedule) {
    Point x{1.5L, -1.0L};
    Memory m{};
    std::vector<Point> points;
    int k = 0;
    for (Step const& step : draws(schedule)) {
        update(x, m, Now{k++, step});
        points.push_back(x);
    }
    return points;
}

double gap(std::vector<Point> const& a, std::vector<Point> const& b) {
    double worst = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        for (int i = 0; i < 2; ++i) {
            double const e = static_cast<double>(std::fabs(a[k][i] - b[k][i]));
            if (!(e <= worst)) worst = e;
        }
    }
    return worst;
}

/// A step rounds at most 8 numbers of size at most 4: 8·4·1.1e-16 = 3.6e-15. The maps contract: the
/// sum of their powers is at most 1/(η h) = 10 without, about 40 with momentum, so the paths stay
/// within 1.5e-13. (SignSgd does not contract; it rounds 300 numbers below 2 once: 7e-14.)
constexpr double rounding = 1.5e-13;
/// What the twins must miss by.
constexpr double visible = 1e-3;

constexpr Real eta = 0.1, mu = 0.9, b1 = 0.9, b2 = 0.99, eps = 0.01, lambda = 0.3, s = 0.2,
               T = 0.05;

Real rate(Now const& now) { return eta * Real(now.step.rate); }

template <class F>
PseudoCode each(F f) {
    return [f](Point& x, Memory& m, Now const& now) {
        Point const g = now.g(x);
        for (int i = 0; i < 2; ++i) f(x[i], g[i], m[0][i], m[1][i], now, i);
    };
}
PseudoCode const sgd =
    each([](Real& x, Real g, Real&, Real&, Now const& now, int) { x -= rate(now) * g; });
PseudoCode const heavy_ball = each([](Real& x, Real g, Real& v, Real&, Now const& now, int) {
    v = mu * v - rate(now) * g;
    x += v;
});
PseudoCode const buffer = each([](Real& x, Real g, Real& p, Real&, Now const& now, int) {
    p = mu * p + g;
    x -= rate(now) * p;
});
PseudoCode const ema = each([](Real& x, Real g, Real& m, Real&, Now const& now, int) {
    m = b1 * m + (1 - b1) * g;
    x -= rate(now) * m;
});
PseudoCode const nesterov = [](Point& x, Memory& m, Now const& now) {
    Point& v = m[0];
    Point const g = now.g({x[0] + mu * v[0], x[1] + mu * v[1]});
    for (int i = 0; i < 2; ++i) {
        v[i] = mu * v[i] - rate(now) * g[i];
        x[i] += v[i];
    }
};
PseudoCode rmsprop(bool delayed, Real decay, Real start, bool inside = false) {
    return each([=](Real& x, Real g, Real& v, Real&, Now const& now, int) {
        if (now.k == 0) v = start;
        Real const before = v;
        v = b2 * v + (1 - b2) * g * g;
        Real const used = delayed ? before : v;
        Real const root = inside ? std::sqrt(used + eps) : std::sqrt(used) + eps;
        x -= rate(now) * (g / root + decay * x);
    });
}
PseudoCode adam(Real decoupled, Real coupled = 0, bool corrected = true) {
    return each([=](Real& x, Real g, Real& m, Real& v, Now const& now, int) {
        Real const n = now.k + 1;
        g += coupled * x;
        m = b1 * m + (1 - b1) * g;
        v = b2 * v + (1 - b2) * g * g;
        Real const mean = corrected ? m / (1 - std::pow(b1, n)) : m;
        Real const square = corrected ? v / (1 - std::pow(b2, n)) : v;
        x -= rate(now) * (mean / (std::sqrt(square) + eps) + decoupled * x);
    });
}
PseudoCode const sign = each([](Real& x, Real g, Real&, Real&, Now const& now, int) {
    if (g != 0) x -= std::copysign(rate(now), g);
});
PseudoCode const sgld = each([](Real& x, Real g, Real&, Real&, Now const& now, int i) {
    x += -rate(now) * g + Real(now.step.noise) * std::sqrt(2 * rate(now) * T) * now.step.second[i];
});
PseudoCode kicked(Real taken_back) {
    return each([=](Real& x, Real g, Real& last, Real&, Now const& now, int i) {
        Real const kick = Real(now.step.noise) * s * now.step.second[i];
        x += -rate(now) * g + kick - taken_back * last;
        last = kick;
    });
}
PseudoCode svag(Real ell) {
    return [=](Point& x, Memory&, Now const& now) {
        Real const root = std::sqrt(2 * ell - 1);
        Point const g1 = now.g(x);
        Point const g2 = now.second_g(x);
        for (int i = 0; i < 2; ++i)
            x[i] -= rate(now) / ell * ((1 + root) / 2 * g1[i] + (1 - root) / 2 * g2[i]);
    };
}

template <class O>
void check_published(std::vector<double> const& values, PseudoCode const& update) {
    CAPTURE(O::name);
    for (bool const schedule : {false, true}) {
        CAPTURE(schedule);
        CHECK(gap(path<O>(values, schedule), published(update, schedule)) < rounding);
    }
}
template <class O>
void check_rejected(std::vector<double> const& values, PseudoCode const& twin, bool schedule) {
    CAPTURE(O::name);
    CHECK(gap(path<O>(values, schedule), published(twin, schedule)) > visible);
}

TEST_CASE("optimizers: 300 steps follow the published pseudo-code, with and without schedules") {
    check_published<coordinate::Sgd>({0.1}, sgd);
    check_published<HeavyBall>({0.1, 0.9}, heavy_ball);
    check_published<MomentumBuffer>({0.1, 0.9}, buffer);
    check_published<MomentumEma>({0.1, 0.9}, ema);
    check_published<Nesterov>({0.1, 0.9}, nesterov);
    check_published<Rmsprop>({0.1, 0.99, 0.01, 0.0, 0.0}, rmsprop(false, 0, 0));
    check_published<Rmsprop>({0.1, 0.99, 0.01, 0.0, 0.5}, rmsprop(false, 0, 0.5L));
    check_published<Rmsprop>({0.1, 0.99, 0.01, 1.0, 0.5}, rmsprop(true, 0, 0.5L));
    check_published<RmspropW>({0.1, 0.99, 0.01, 1.0, 0.5, 0.3}, rmsprop(true, lambda, 0.5L));
    check_published<Adam>({0.1, 0.9, 0.99, 0.01}, adam(0));
    check_published<AdamW>({0.1, 0.9, 0.99, 0.01, 0.3}, adam(lambda));
    check_published<SignSgd>({0.1}, sign);
    check_published<Sgld>({0.1, 0.05}, sgld);
    check_published<PerturbedGd>({0.1, 0.2}, kicked(0));
    check_published<AntiPgd>({0.1, 0.2}, kicked(1));
    check_published<Svag>({0.1, 4.0}, svag(4));
}

TEST_CASE("teeth: the pseudo-code of a neighbouring algorithm is rejected") {
    check_rejected<MomentumEma>({0.1, 0.9}, heavy_ball, false);
    check_rejected<MomentumBuffer>({0.1, 0.9}, heavy_ball, true);
    check_rejected<Nesterov>({0.1, 0.9}, heavy_ball, false);
    check_rejected<Rmsprop>({0.1, 0.99, 0.01, 0.0, 0.5}, rmsprop(true, 0, 0.5L), false);
    check_rejected<Rmsprop>({0.1, 0.99, 0.01, 0.0, 0.0}, rmsprop(false, 0, 0, true), false);
    check_rejected<Adam>({0.1, 0.9, 0.99, 0.01}, adam(0, 0, false), false);
    check_rejected<AdamW>({0.1, 0.9, 0.99, 0.01, 0.3}, adam(0, lambda), false);
    check_rejected<AntiPgd>({0.1, 0.2}, kicked(0), false);
    check_rejected<AntiPgd>({0.1, 0.2}, kicked(-1), false);
    check_rejected<Svag>({0.1, 4.0}, svag(1), false);
}

TEST_CASE("optimizers: momentum conventions are one another where theory says so") {
    CHECK(gap(path<MomentumEma>({0.1, 0.9}, false),
              path<HeavyBall>({0.1 * (1.0 - 0.9), 0.9}, false)) < rounding);
    CHECK(gap(path<MomentumBuffer>({0.1, 0.9}, false), path<HeavyBall>({0.1, 0.9}, false)) <
          rounding);
    CHECK(gap(path<MomentumBuffer>({0.1, 0.9}, true), path<HeavyBall>({0.1, 0.9}, true)) > visible);
    CHECK(gap(path<PerturbedGd>({0.1, std::sqrt(2.0 * 0.1 * 0.05)}, false),
              path<Sgld>({0.1, 0.05}, false)) < rounding);
    // A shortest memory leaves only the sign of the gradient.
    CHECK(gap(path<Rmsprop>({0.1, 0.0, 0.0, 0.0, 0.0}, true), path<SignSgd>({0.1}, true)) <
          rounding);
    CHECK(gap(path<Adam>({0.1, 0.0, 0.0, 0.0}, true), path<SignSgd>({0.1}, true)) < rounding);
}

TEST_CASE("optimizers: special cases are the simpler optimizer, bit for bit") {
    std::vector<Point> const plain = path<coordinate::Sgd>({0.1}, true);
    CHECK(gap(path<HeavyBall>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<MomentumBuffer>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<MomentumEma>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<Nesterov>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<Svag>({0.1, 1.0}, true), plain) == 0.0);
    CHECK(gap(path<Sgld>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<PerturbedGd>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<AntiPgd>({0.1, 0.0}, true), plain) == 0.0);
    CHECK(gap(path<AdamW>({0.1, 0.9, 0.99, 0.01, 0.0}, true),
              path<Adam>({0.1, 0.9, 0.99, 0.01}, true)) == 0.0);
    CHECK(gap(path<RmspropW>({0.1, 0.99, 0.01, 1.0, 0.5, 0.0}, true),
              path<Rmsprop>({0.1, 0.99, 0.01, 1.0, 0.5}, true)) == 0.0);
}

}  // namespace

}  // namespace optimizers_path_test
