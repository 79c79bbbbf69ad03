// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace kramers::theory {

/// Gauss–Legendre panel quadrature with cumulative integrals.
///
///   each panel carries 16 Gauss–Legendre nodes; ∫ up to a node is the exact integral of the
///   polynomial through the 16 values of its panel
///
/// Parameters  breaks  ascending points that become panel edges (at least two); length
///             panels  number of panels, shared out over the intervals by length (≥ 1 each)
/// Valid for   integrands smooth between the breaks
/// Error       ~ (panel width)^32 for totals, ^16 inside a panel; 14–15 digits once the panels
///             resolve the integrand. Sums of positive terms only, so nothing cancels
/// Cost        16 evaluations per panel
/// Source      abramowitz1964, 25.4.29; the scheme is E66
class PanelGrid {
  public:
    static constexpr int order = 16;

    PanelGrid(std::vector<double> const& breaks, int panels);

    std::vector<double> const& nodes() const { return nodes_; }
    std::vector<double> const& edges() const { return edges_; }
    std::vector<double> const& weights() const { return weights_; }
    /// Index of the edge that stands at x. Precondition: x was one of the breaks.
    std::size_t edge_at(double x) const;

    /// Values of a function at the nodes.
    std::vector<double> sample(std::function<double(double)> const& f) const;
    /// ∫ f over the whole grid.
    double integrate(std::vector<double> const& f) const;

    struct Cumulative {
        std::vector<double> at_nodes;
        std::vector<double> at_edges;
    };
    /// ∫ from the left end to each node and edge.
    Cumulative from_left(std::vector<double> const& f) const;
    /// ∫ from each node and edge to the right end.
    Cumulative from_right(std::vector<double> const& f) const;

  private:
    std::vector<double> edges_, nodes_, weights_;
};

/// ∫_a^b f with `panels` panels of 16 nodes.
double integrate(std::function<double(double)> const& f, double a, double b, int panels);

}  // namespace kramers::theory
