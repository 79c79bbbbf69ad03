// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "landscapes/host_landscape.hpp"

namespace kramers {

/// The host view of the landscape L<double, Dim>.
template <template <class, int> class L, int Dim>
    requires DescribedLandscape<L<double, Dim>> && DescribedLandscape<L<float, Dim>>
class PotentialAdapter final : public HostLandscape {
  public:
    explicit PotentialAdapter(std::vector<double> const& values)
        : landscape_(L<double, Dim>::make(values.data())),
          single_(L<float, Dim>::make(values.data())) {
        landscape_.critical_seeds([&](CriticalSeed<Dim> const& s) {
            look_for(s.name, s.morse_index, &s.guess[0], s.reach);
        });
    }

    std::string_view name() const override { return L<double, Dim>::name; }
    int dim() const override { return Dim; }
    bool separable() const override { return L<double, Dim>::separable; }

  private:
    template <class T>
    static Vec<T, Dim> load(T const* x) {
        Vec<T, Dim> v{};
        for (int i = 0; i < Dim; ++i) v[i] = x[i];
        return v;
    }
    template <class T>
    static void store(Vec<T, Dim> const& v, T* x) {
        for (int i = 0; i < Dim; ++i) x[i] = v[i];
    }

    double evaluate(double const* x) const override { return landscape_.value(load(x)); }
    D1 evaluate(D1 const* x) const override { return landscape_.value(load(x)); }
    void differentiate(double const* x, double* g) const override {
        store(landscape_.gradient(load(x)), g);
    }
    void differentiate(D1 const* x, D1* g) const override {
        store(landscape_.gradient(load(x)), g);
    }
    void differentiate_in_float(float const* x, float* g) const override {
        store(single_.gradient(load(x)), g);
    }
    D3 slope(D3 const& x) const override {
        if constexpr (Dim == 1) return landscape_.gradient(Vec<D3, 1>{{x}})[0];
        else return x;
    }
    D1 along(int i, D1 const& x) const override { return coordinate(i, x); }
    double along(int i, double x) const override { return coordinate(i, x); }
    double const* curvature_row() const override {
        if constexpr (requires { landscape_.curvatures; }) return &landscape_.curvatures[0];
        else return nullptr;
    }
    std::string existence_text() const override {
        if constexpr (requires { landscape_.existence(); })
            return "; " + describe(landscape_.existence());
        else return {};
    }

    template <class T>
    T coordinate(int i, T const& x) const {
        if constexpr (requires { landscape_.coordinate_value(i, x); })
            return landscape_.coordinate_value(i, x);
        else if constexpr (Dim == 1) return landscape_.value(Vec<T, 1>{{x}});
        else return T(std::numeric_limits<double>::quiet_NaN());
    }

    L<double, Dim> landscape_;
    L<float, Dim> single_;
};

}  // namespace kramers
