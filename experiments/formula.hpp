// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kramers {

using Names = std::map<std::string, double>;

/// The value of an expression, or what is wrong with it: "at column 3: unknown name …". A value may
/// be infinite or no number.
struct FormulaResult {
    std::optional<double> value;
    std::string problem;
};

/// Evaluates e.g. "2*pi/sqrt(curvature_min*abs(curvature_saddle))*exp(barrier/T)".
///
///   + - * / ^ (right-associative), < <= > >= == != && || !, a ? b : c
///   exp, ln = log, log2, log10, sqrt, sin, …, tanh, abs, sign, min, max, erf, erfc, normal_cdf, tgamma
///
/// Two numbers within 1e-9 of each other (relative) are equal.
FormulaResult evaluate_formula(std::string const& expression, Names const& names);

/// One expression, to be evaluated at many values of some names.
class Formula {
  public:
    Formula(std::string const& expression, Names const& names,
            std::vector<std::string> const& variables);
    ~Formula();
    Formula(Formula&&) noexcept;
    std::string const& problem() const { return problem_; }
    /// Values of the variables, in their order. Precondition: no problem.
    double operator()(std::vector<double> const& values);

  private:
    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
    std::string problem_;
};

}  // namespace kramers
