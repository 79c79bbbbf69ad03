// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "experiments/components.hpp"
#include "experiments/load_spec.hpp"

namespace scheme_reason_test {
namespace {

using namespace kramers;

/// What is said about this scheme for this dynamics.
std::string refusal(std::string const& dynamics, std::string const& scheme) {
    DynamicsInfo const& d = *find_dynamics(dynamics);
    std::string table = "name = \"" + dynamics + "\"";
    for (Parameter const& p : d.parameters)
        if (!default_of(p)) table += ", " + std::string(p.name) + " = 0.5";
    try {
        load_spec(
            {"kind = \"stationary\"\nlandscape = { name = \"quadratic\", curvatures = [1.0] }\n"
             "dynamics = { " +
                 table + " }\nscheme = { name = \"" + scheme + "\", dt = 0.01 }\n" +
                 (d.noise_use == NoiseUse::needed ? "noise = { gradient_variance = 1.0 }\n" : "") +
                 "ensemble = { trajectories = 1000 }\nstart = { point = [0.0] }\n"
                 "burn_in = { steps = 10 }\n",
             "test.toml", "test"},
            {});
    } catch (InputError const& error) { return error.what(); }
    return "";
}
bool says(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Schemes: one that would take another's step is refused with the other's name") {
    CHECK(says(refusal("kinetic", "stochastic_heun"),
               "stochastic_heun is not compiled for kinetic, whose noise is additive: its step "
               "would be that of platen_weak2 (have: baoab, "));
    CHECK(says(refusal("overdamped", "milstein"), "would be that of euler_maruyama"));
    CHECK(says(refusal("overdamped", "sriw1"), "would be that of sra1"));
}

TEST_CASE("Schemes: one that is valid but not listed is refused as that") {
    CHECK(says(refusal("sign_sde", "stochastic_heun"),
               "stochastic_heun would be valid for sign_sde but is not compiled for it"));
    CHECK(says(refusal("anisotropic_overdamped", "exact_ou"), "not compiled"));
}

TEST_CASE("Schemes: one that is not valid is refused with what it is for") {
    CHECK(says(refusal("overdamped", "baoab"),
               "baoab is no scheme for overdamped: it is for models (position, velocity)"));
    CHECK(says(refusal("levy_driven", "milstein"), "no Levy noise"));
    CHECK(says(refusal("state_dependent", "sra1"), "models with additive noise"));
    CHECK(says(refusal("kinetic", "tamed_euler"), "models without memory"));
    CHECK(says(refusal("rmsprop_sde", "milstein"), "that know their whole noise-induced drift"));
}

TEST_CASE("Schemes: each is listed for a dynamics, unlisted, or not valid, and runs if listed") {
    int listed = 0, unlisted = 0, invalid = 0;
    for (DynamicsInfo const& d : dynamics_components()) {
        if (d.optimizer) continue;
        for (SchemeInfo const& s : scheme_components()) {
            if (!s.claims_orders) continue;
            CAPTURE(d.name);
            CAPTURE(s.name);
            bool const in = std::count(d.schemes.begin(), d.schemes.end(), s.name) > 0;
            auto const out = std::count_if(d.unlisted.begin(), d.unlisted.end(),
                                           [&](auto const& u) { return u.name == s.name; });
            CHECK(out + in <= 1);
            (in ? listed : out ? unlisted : invalid) += 1;
            if (s.dynamics != d.name) continue;
            CHECK(in);
            CHECK_FALSE(says(refusal(std::string(d.name), std::string(s.name)), "scheme"));
        }
    }
    CHECK(listed > 40);
    CHECK(unlisted > 20);
    CHECK(invalid > 40);
}

}  // namespace scheme_reason_test
