// SPDX-License-Identifier: Apache-2.0
// SVAG with noise that is not Gaussian: the cumulants of its steps by enumeration of all draws, and
// how fast its law becomes that of the SDE (li2021, S18).
#include "sde/optimizers/svag.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "sde/noise/shape.hpp"

namespace optimizer_svag_test {
namespace {
using namespace kramers;
using namespace kramers::coordinate;

constexpr double eta = 0.2, h = 1.5, c = 0.8;

struct Atom {
    double x, weight;
};
using Atoms = std::vector<Atom>;

/// Mean and cumulants 2, 3, 4 of atoms.
std::array<double, 5> cumulants(Atoms const& atoms) {
    double mean = 0.0, m[5] = {};
    for (Atom const& a : atoms) mean += a.weight * a.x;
    for (Atom const& a : atoms)
        for (int k = 2; k < 5; ++k) m[k] += a.weight * std::pow(a.x - mean, k);
    return {1.0, mean, m[2], m[3], m[4] - 3.0 * m[2] * m[2]};
}

/// Atoms of a shape of unit variance, through its own sampler: one uniform number inside each step
/// of its inverse distribution function.
template <NoiseShape shape>
Atoms atoms_of(ShapeData const& data, std::vector<double> const& edges) {
    Atoms atoms;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        double const u = 0.5 * (edges[i] + edges[i + 1]);
        atoms.push_back(
            {shaped<shape, double>(data, 0.0, u, 0.5, 0.5, 0.5), edges[i + 1] - edges[i]});
    }
    return atoms;
}

struct Law {
    std::string name;
    Atoms atoms;
};
/// Excess kurtosis −2, 0 and 4.1; skewness 2.7 of the last.
std::vector<Law> laws() {
    return {
        {"rademacher", atoms_of<NoiseShape::rademacher>({}, {0.0, 0.5, 1.0})},
        {"three_point", atoms_of<NoiseShape::three_point>({}, {0.0, 1.0 / 6.0, 5.0 / 6.0, 1.0})},
        {"rare", atoms_of<NoiseShape::bernoulli>(mask_shape(0.1), {0.0, 0.1, 1.0})}};
}

/// How the second batch is drawn; the twins: as the first, as another law.
enum class Second { batch, same, gaussian_points };

/// All that `steps` iterations make of x = 0 on V = hx²/2, and how likely.
Atoms after(int steps, double ell, Atoms const& law, Second second = Second::batch) {
    double const values[] = {eta, ell};
    auto const program = Iterate<Svag>::prepare(Svag::make(values), 0.0);
    double const root = std::sqrt(3.0);  // Gauss's rule: the moments of a normal up to 5
    Atoms const normal{{-root, 1.0 / 6.0}, {0.0, 2.0 / 3.0}, {root, 1.0 / 6.0}};
    Atoms const& other = second == Second::gaussian_points ? normal : law;
    Atoms reached{{0.0, 1.0}};
    for (int k = 0; k < steps; ++k) {
        Clock<double> const clock{static_cast<double>(k), 0.0, 1.0, 1.0};
        Atoms next;
        for (Atom const& at : reached)
            for (Atom const& a : law)
                for (Atom const& b : other) {
                    bool const same = second == Second::same;
                    if (same && &b != &other.front()) continue;
                    Draws<double> const draws{a.x, same ? a.x : b.x};
                    Site<double> site{};
                    Vec<double, 1> const x{at.x};
                    site.gradient = h * program.point<0>(x, &site, draws, clock);
                    site.amplitude = std::sqrt(c);
                    next.push_back({program.finish(x, &site, draws, clock)[0],
                                    at.weight * a.weight * (same ? 1.0 : b.weight)});
                }
        reached = next;
    }
    return reached;
}

/// Cumulant n of the noise of a step over that of one draw.
double growth(int n, double ell) {
    return n == 2 ? ell : n == 3 ? 0.5 * (3.0 * ell - 1.0) : 0.5 * (ell * ell + 2.0 * ell - 1.0);
}

/// Cumulant n of x after k steps from 0: those of the kicks add up, each shrunk by the later steps.
double exact(int n, int k, double ell, Atoms const& law) {
    double const kick = std::pow(-eta / ell * std::sqrt(c), n) * growth(n, ell) *
                        cumulants(law)[static_cast<std::size_t>(n)];
    double const a = std::pow(1.0 - eta * h / ell, n);
    return kick * (1.0 - std::pow(a, k)) / (1.0 - a);
}

bool has_cumulants(Atoms const& reached, int k, double ell, Atoms const& law) {
    auto const found = cumulants(reached);
    double const scale = std::sqrt(exact(2, k, ell, law));
    bool same = std::abs(found[1]) < 1e-13;
    for (int n = 2; n < 5; ++n)
        same = same && std::abs(found[static_cast<std::size_t>(n)] - exact(n, k, ell, law)) <
                           1e-12 * std::pow(scale, n);
    return same;
}

/// Slope of log(error) over log(ell) between ell and 2 ell.
template <class F>
double slope(F error, double ell) {
    return std::log2(std::abs(error(2.0 * ell) / error(ell)));
}

}  // namespace

TEST_CASE("Svag: a step amplifies cumulants 2, 3, 4 by l, (3l - 1)/2, (l^2 + 2l - 1)/2") {
    for (Law const& law : laws()) {
        CAPTURE(law.name);
        for (double const ell : {1.0, 2.0, 5.5, 64.0}) {
            CAPTURE(ell);
            for (int const steps : {1, 4})
                CHECK(has_cumulants(after(steps, ell, law.atoms), steps, ell, law.atoms));
            if (ell == 1.0) continue;  // the second batch has no weight
            CHECK_FALSE(has_cumulants(after(4, ell, law.atoms, Second::same), 4, ell, law.atoms));
            if (law.name != "three_point")  // it has these moments of a normal
                CHECK_FALSE(has_cumulants(after(4, ell, law.atoms, Second::gaussian_points), 4, ell,
                                          law.atoms));
        }
    }
}

TEST_CASE("Svag: its law tends to that of the Ito SDE as 1/l, that of sgd at this eta does not") {
    // After m iterations of sgd's clock: a normal of variance ηc/(2h) (1 − e^{−2hηm}).
    int const m = 6;
    double const ito = eta * c / (2.0 * h) * (1.0 - std::exp(-2.0 * h * eta * m));
    for (Law const& law : laws()) {
        CAPTURE(law.name);
        auto const at = [&](int n, double ell) {
            return exact(n, m * static_cast<int>(ell), ell, law.atoms);
        };
        auto const variance_error = [&](double ell) { return at(2, ell) / ito - 1.0; };
        auto const skewness = [&](double ell) { return at(3, ell) / std::pow(at(2, ell), 1.5); };
        auto const kurtosis = [&](double ell) { return at(4, ell) / (at(2, ell) * at(2, ell)); };
        CHECK(std::abs(slope(variance_error, 512) + 1.0) < 0.01);
        auto const cumulant = cumulants(law.atoms);
        if (std::abs(cumulant[3]) > 1e-9) {
            CHECK(std::abs(slope(skewness, 512) + 1.0) < 0.01);
            CHECK(std::abs(skewness(1)) > 0.5);
        }
        if (std::abs(cumulant[4]) > 1e-9) {
            CHECK(std::abs(slope(kurtosis, 512) + 1.0) < 0.01);
            CHECK(std::abs(kurtosis(1)) > 0.3);
        }
    }
    // The twin: one draw for both batches is as loud as one of sgd, in steps ℓ times shorter.
    Atoms const law = laws().front().atoms;
    for (double const ell : {2.0, 4.0}) {
        int const k = 2 * static_cast<int>(ell);
        double const quiet = cumulants(after(k, ell, law, Second::same))[2];
        CHECK(quiet == doctest::Approx(exact(2, k, ell, law) / ell).epsilon(1e-12));
    }
}

TEST_CASE("Svag: l = 1 is sgd whatever the second batch") {
    for (Law const& law : laws())
        CHECK(has_cumulants(after(4, 1.0, law.atoms, Second::same), 4, 1.0, law.atoms));
}

}  // namespace optimizer_svag_test
