// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "landscapes/make_potential.hpp"

/// What every landscape promises, as functions that return the broken promises. The conformance
/// suite runs them over the catalogue and feeds them broken twins.
namespace kramers::checks {

using Failures = std::vector<std::string>;

/// Second route to the derivative of f along coordinate i: fourth-order differences of step h.
/// Error h⁴|f⁗′|/30 + 1.5 ε|f|/h.
template <class F>
std::invoke_result_t<F, Eigen::VectorXd> difference(F const& f, Eigen::VectorXd const& x, int i,
                                                    double h) {
    auto const at = [&](double shift) {
        Eigen::VectorXd y = x;
        y[i] += shift;
        return f(y);
    };
    // Named type: an Eigen expression of temporaries must not outlive them.
    return (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
}

/// Points spread over twice the region of the critical points; none is special.
std::vector<Eigen::VectorXd> sample_points(Potential const& v);

/// gradient(), the dual-number derivative of value(), and its differences agree; so does the float
/// instance to float accuracy.
Failures check_gradient(LandscapeView const& v);
/// hessian() is symmetric and the differences of gradient().
Failures check_hessian(Potential const& v);
/// In one dimension derivatives() are value, slope, curvature, and differences of lower ones.
Failures check_derivatives(Potential const& v);
/// Named points are distinct zeros of the gradient; their value, eigenvalues and Morse index are
/// those of V, and the name says the right index (minimum 0, saddle 1, maximum dim).
Failures check_critical_points(Potential const& v);
/// In one dimension the named points are all zeros of V′ between the outermost ones, and a little
/// beyond.
Failures check_complete(Potential const& v);
/// V grows along rays with the declared power.
Failures check_growth(Potential const& v, Growth const& growth);
/// V is the sum of its coordinate values, and their slopes are the gradient.
Failures check_separable(Potential const& v);
/// The entry can be printed and cited: units, docs, dims, source; the formula names every parameter.
Failures check_entry(LandscapeInfo const& info);

/// `refuse` must reject every value outside a parameter's range, naming it, and accept the defaults.
template <class Refuse>
Failures check_ranges(LandscapeInfo const& info, int dim, Refuse const& refuse) {
    Failures failures;
    std::vector<double> const good = default_values(info, dim);
    for (std::string const& problem : refuse(good))
        failures.push_back("refuses its defaults: " + problem);
    std::size_t next = 0;
    for (Parameter const& p : info.parameters) {
        std::vector<double> bad{required, unbounded, -unbounded};
        if (p.minimum != -unbounded) bad.push_back(p.minimum - 1.0);
        if (p.open_minimum) bad.push_back(p.minimum);
        if (p.maximum != unbounded) bad.push_back(p.maximum + 1.0);
        for (double const value : bad) {
            std::vector<double> values = good;
            values[next] = value;
            Failures const problems = refuse(values);
            if (problems.size() != 1 || problems[0].find(p.name) == std::string::npos)
                failures.push_back("does not refuse " + std::string(p.name) + " = " +
                                   std::to_string(value));
        }
        next += count_of(p, dim);
    }
    std::vector<double> longer = good;
    longer.push_back(1.0);
    if (refuse(longer).empty()) failures.push_back("accepts a value too many");
    return failures;
}

}  // namespace kramers::checks
