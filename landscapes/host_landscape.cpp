// SPDX-License-Identifier: Apache-2.0
#include "landscapes/host_landscape.hpp"

#include <utility>

#include "sde/contracts.hpp"

namespace kramers {
namespace {

using D1 = Dual<double>;

/// x moving in the direction of coordinate j; of none when j is negative.
std::vector<D1> seeded(Eigen::VectorXd const& x, int j) {
    std::vector<D1> v(static_cast<std::size_t>(x.size()));
    for (int i = 0; i < x.size(); ++i) v[static_cast<std::size_t>(i)] = {x[i], i == j ? 1.0 : 0.0};
    return v;
}

}  // namespace

void HostLandscape::look_for(std::string_view seed, int morse_index, double const* guess,
                             double reach) {
    PolishResult result = polish(*this, {std::string(seed), morse_index,
                                         Eigen::Map<Eigen::VectorXd const>(guess, dim()), reach});
    if (result.point) points_.push_back(std::move(*result.point));
    else absent_.push_back({std::string(seed), std::move(result.reason)});
}

double HostLandscape::value(Eigen::VectorXd const& x) const {
    KRAMERS_EXPECTS(x.size() == dim());
    return evaluate(x.data());
}

Eigen::VectorXd HostLandscape::gradient(Eigen::VectorXd const& x) const {
    KRAMERS_EXPECTS(x.size() == dim());
    Eigen::VectorXd g(dim());
    differentiate(x.data(), g.data());
    return g;
}

Eigen::MatrixXd HostLandscape::hessian(Eigen::VectorXd const& x) const {
    KRAMERS_EXPECTS(x.size() == dim());
    Eigen::MatrixXd h(dim(), dim());
    std::vector<D1> g(static_cast<std::size_t>(dim()));
    for (int j = 0; j < dim(); ++j) {
        differentiate(seeded(x, j).data(), g.data());
        for (int i = 0; i < dim(); ++i) h(i, j) = g[static_cast<std::size_t>(i)].derivative;
    }
    return h;
}

std::array<double, 5> HostLandscape::derivatives(double x) const {
    KRAMERS_EXPECTS(dim() == 1);
    if (dim() != 1) return {};
    // x + ε₁ + ε₂ + ε₃: the coefficient of ε₁…ε_k is the k-th derivative of V′.
    D3 const g = slope(D3{D2{D1{x, 1.0}, D1{1.0, 0.0}}, D2{D1{1.0, 0.0}, D1{0.0, 0.0}}});
    return {evaluate(&x), g.value.value.value, g.value.value.derivative,
            g.value.derivative.derivative, g.derivative.derivative.derivative};
}

std::string HostLandscape::why_absent(std::string_view wanted) const {
    for (auto const& [name, reason] : absent_)
        if (name == wanted) return reason + existence_text();
    return Potential::why_absent(wanted);
}

double HostLandscape::coordinate_value(int i, double x) const {
    KRAMERS_EXPECTS(separable() && i >= 0 && i < dim());
    return along(i, x);
}

double HostLandscape::coordinate_slope(int i, double x) const {
    KRAMERS_EXPECTS(separable() && i >= 0 && i < dim());
    return along(i, D1{x, 1.0}).derivative;
}

std::optional<Eigen::VectorXd> HostLandscape::curvatures() const {
    double const* const row = curvature_row();
    if (row == nullptr) return std::nullopt;
    return Eigen::Map<Eigen::VectorXd const>(row, dim());
}

Eigen::VectorXd HostLandscape::gradient_of_value(Eigen::VectorXd const& x) const {
    KRAMERS_EXPECTS(x.size() == dim());
    Eigen::VectorXd g(dim());
    for (int j = 0; j < dim(); ++j) g[j] = evaluate(seeded(x, j).data()).derivative;
    return g;
}

Eigen::VectorXd HostLandscape::gradient_in_float(Eigen::VectorXd const& x) const {
    KRAMERS_EXPECTS(x.size() == dim());
    Eigen::VectorXf const single = x.cast<float>();
    Eigen::VectorXf g(dim());
    differentiate_in_float(single.data(), g.data());
    return g.cast<double>();
}

}  // namespace kramers
