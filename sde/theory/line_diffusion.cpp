// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/line_diffusion.hpp"

#include <algorithm>
#include <cmath>

namespace kramers::theory {
namespace {

/// z/(e^z − 1)
double bernoulli(double z) {
    if (std::abs(z) < 1e-8) return 1.0 - 0.5 * z;
    return z > 700.0 ? 0.0 : z / std::expm1(z);
}

struct Hops {
    std::vector<double> up, down;  ///< rates i → i + 1 and i → i − 1

    void set(std::vector<double> const& rise, double h, double temperature, LineMotion const& m) {
        std::size_t const n = rise.size() + 1;
        up.assign(n, 0.0);
        down.assign(n, 0.0);
        double const unit = temperature / (h * h);
        for (std::size_t i = 0; i + 1 < n; ++i) {
            double const z = rise[i] / temperature;
            up[i] = unit * bernoulli(z);
            down[i + 1] = unit * bernoulli(-z);
        }
        // A node at the end of the line stands for half a cell; an absorbing one is never left.
        up.front() *= m.absorbs_lower ? 0.0 : 2.0;
        down.back() *= m.absorbs_upper ? 0.0 : 2.0;
    }
    /// p ← p + dt Q p
    void explicit_step(std::vector<double>& p, double dt) const {
        std::vector<double> const q = p;
        for (std::size_t i = 0; i < p.size(); ++i) {
            double change = -(up[i] + down[i]) * q[i];
            if (i > 0) change += up[i - 1] * q[i - 1];
            if (i + 1 < p.size()) change += down[i + 1] * q[i + 1];
            p[i] += dt * change;
        }
    }
    /// p ← (1 − dt Q)⁻¹ p by elimination; the matrix is an M-matrix, no pivots are needed
    void implicit_step(std::vector<double>& p, double dt, std::vector<double>& work) const {
        std::size_t const n = p.size();
        work.resize(n);
        double pivot = 1.0 + dt * (up[0] + down[0]);
        work[0] = -dt * down[1] / pivot;
        p[0] /= pivot;
        for (std::size_t i = 1; i < n; ++i) {
            double const below = -dt * up[i - 1];
            pivot = 1.0 + dt * (up[i] + down[i]) - below * work[i - 1];
            work[i] = i + 1 < n ? -dt * down[i + 1] / pivot : 0.0;
            p[i] = (p[i] - below * p[i - 1]) / pivot;
        }
        for (std::size_t i = n - 1; i-- > 0;) p[i] -= work[i] * p[i + 1];
    }
};

}  // namespace

double LineLaw::weight(Interval1D const& interval) const {
    double const h = position[1] - position[0], first = position.front(), last = position.back();
    double sum = 0.0;
    for (std::size_t i = 0; i < position.size(); ++i) {
        double const low = std::max(first, position[i] - 0.5 * h);
        double const high = std::min(last, position[i] + 0.5 * h);
        double const inside = std::min(high, interval.upper) - std::max(low, interval.lower);
        sum += mass[i] * std::clamp(inside / (high - low), 0.0, 1.0);
    }
    return sum;
}

LineLaw evolve(LineMotion const& motion, std::uint64_t steps,
               std::function<LineStep(std::uint64_t)> const& step, int nodes) {
    auto const n = static_cast<std::size_t>(nodes);
    double const h = (motion.upper - motion.lower) / static_cast<double>(n - 1);
    LineLaw law;
    std::vector<double> rise;  // of V = −∫b from node to node, Simpson's rule
    for (std::size_t i = 0; i < n; ++i) {
        double const x = motion.lower + h * static_cast<double>(i);
        law.position.push_back(x);
        if (i + 1 < n)
            rise.push_back(
                -h / 6.0 *
                (motion.drift(x) + 4.0 * motion.drift(x + 0.5 * h) + motion.drift(x + h)));
    }
    law.mass.assign(n, 0.0);  // a point between two nodes: its mean is kept
    double const place =
        std::clamp((motion.start - motion.lower) / h, 0.0, static_cast<double>(n - 1) - 1e-9);
    auto const left = static_cast<std::size_t>(place);
    law.mass[left + 1] = place - std::floor(place);
    law.mass[left] = 1.0 - law.mass[left + 1];

    Hops hops;
    std::vector<double> work;
    double temperature = -1.0;
    auto const absorbed = [&] {
        return (motion.absorbs_lower ? law.mass.front() : 0.0) +
               (motion.absorbs_upper ? law.mass.back() : 0.0);
    };
    double alive = 1.0 - absorbed();
    for (std::uint64_t k = 0; k < steps; ++k) {
        LineStep const s = step(k);
        if (s.temperature != temperature) hops.set(rise, h, temperature = s.temperature, motion);
        bool const smooth = k < 4;
        if (!smooth) hops.explicit_step(law.mass, 0.5 * s.dt);
        hops.implicit_step(law.mass, smooth ? s.dt : 0.5 * s.dt, work);
        double const left_over = 1.0 - absorbed();
        law.mean_steps += 0.5 * (alive + left_over);
        alive = left_over;
    }
    law.arrived = 1.0 - alive;
    if (motion.absorbs_lower) law.mass.front() = 0.0;
    if (motion.absorbs_upper) law.mass.back() = 0.0;
    return law;
}

}  // namespace kramers::theory
