// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/eyring_kramers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sde/linear_algebra.hpp"
#include "sde/theory/deterministic.hpp"

namespace kramers::theory {
namespace {

std::string format(char const* pattern, double a) {
    char text[160];
    std::snprintf(text, sizeof text, pattern, a);
    return text;
}

/// The listed minimum to which the gradient flow from x leads; nothing when it ends elsewhere.
CriticalPoint const* minimum_below(Potential const& potential, Eigen::VectorXd x) {
    double slowest = INFINITY;
    for (CriticalPoint const& c : potential.critical_points())
        slowest = std::min(slowest, c.eigenvalues.cwiseAbs().minCoeff());
    for (int k = 0; k < 10; ++k) {
        x = gradient_flow(potential, x, 20.0 / slowest, {1e-8, 1e-8});
        for (CriticalPoint const& c : potential.critical_points())
            if (c.morse_index == 0 && (c.point - x).norm() < 1e-4 * (1.0 + x.norm())) return &c;
    }
    return nullptr;
}

}  // namespace

double region_distance(Region const& region, Eigen::VectorXd const& x) {
    Eigen::Map<Eigen::VectorXd const> const a(region.a.data(), x.size());
    double distance = 0.0;
    if (region.kind == RegionKind::half_space) {
        distance = region.offset - a.dot(x);
    } else if (region.kind == RegionKind::ball) {
        distance = (x - a).norm() - region.extent[0];
    } else {
        distance = -INFINITY;
        for (Eigen::Index i = 0; i < x.size(); ++i)
            distance = std::max(distance,
                                std::abs(x(i) - a(i)) - region.extent[static_cast<std::size_t>(i)]);
    }
    return region.complement ? -distance : distance;
}

Asymptotic eyring_kramers_time(Potential const& potential, double temperature,
                               std::vector<double> const& start, Region const& target) {
    Asymptotic result;
    Eigen::VectorXd const x =
        Eigen::Map<Eigen::VectorXd const>(start.data(), static_cast<Eigen::Index>(start.size()));
    CriticalPoint const* const well = minimum_below(potential, x);
    if (!well) {
        result.reason = "the start does not lie in the basin of a known minimum";
        return result;
    }
    if (region_distance(target, well->point) <= 0.0) {
        result.reason = "the target holds the start's own well";
        return result;
    }
    struct Way {
        CriticalPoint const* saddle;
        CriticalPoint const* beyond;
    };
    std::vector<Way> ways;
    result.barrier = INFINITY;
    for (CriticalPoint const& s : potential.critical_points()) {
        if (s.morse_index != 1) continue;
        Eigen::VectorXd const step =
            1e-3 * linear::symmetric_eigen(potential.hessian(s.point)).vectors.col(0);
        CriticalPoint const* const one = minimum_below(potential, s.point + step);
        CriticalPoint const* const other = minimum_below(potential, s.point - step);
        if (one == other || (one != well && other != well)) continue;
        ways.push_back({&s, one == well ? other : one});
        result.barrier = std::min(result.barrier, s.value - well->value);
    }
    double rate = 0.0;
    for (Way const& way : ways) {
        if (way.saddle->value - well->value > result.barrier + 3.0 * temperature) continue;
        if (!way.beyond || region_distance(target, way.beyond->point) > 0.0) {
            result.reason =
                "a saddle of the start's well leads to a minimum outside the target: "
                "the wells form a chain, and one rate is not its mean time";
            return result;
        }
        double const width = std::sqrt(temperature / std::abs(way.saddle->eigenvalues(0)));
        if (region_distance(target, way.saddle->point) < 3.0 * width) {
            result.reason =
                "the target's boundary is within three thermal widths of a saddle: the "
                "time depends on where exactly";
            return result;
        }
        rate += eyring_kramers_rate(*well, *way.saddle, temperature);
    }
    if (rate == 0.0) {
        result.reason = "no known index-1 saddle borders the start's well";
        return result;
    }
    result.value = 1.0 / rate;
    result.error = temperature / result.barrier;
    if (result.barrier < 2.0 * temperature) {
        result.in_domain = false;
        result.domain_note =
            format("barrier/T = %.4g (must be >= 2)", result.barrier / temperature);
    }
    return result;
}

}  // namespace kramers::theory
