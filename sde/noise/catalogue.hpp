// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sde/noise/law.hpp"
#include "sde/parameters.hpp"

namespace kramers {

/// What a spec says about its noise, besides the name of the law.
struct NoiseRequest {
    int dim = 1;
    double batch_size = 1.0;
    /// In the order of the law's parameters; a per_coordinate one stands for dim values.
    std::vector<double> values;
    std::vector<double> table;  ///< row-major, of the key `table` of the law; empty if it has none
};

/// A law that a spec may name: noise = { law = "<name>", … }.
struct NoiseLawEntry {
    std::string_view name;
    std::string_view alias = {};  ///< another name of the same law, or empty
    std::string_view equation;    ///< the noise xi of one step
    std::string_view covariance;  ///< C, covariance of xi
    std::string_view source;      ///< bib key, formula
    std::span<Parameter const> parameters = {};
    std::string_view table = {};      ///< key of the table that it needs, or empty
    std::string_view table_doc = {};  ///< its rows, columns and unit
    bool mixes_draws = false;         ///< a Hessian off the diagonal: schemes with one evaluation
    bool batch_is_of_data = false;    ///< batch_size must be a whole number of samples
    NoiseLawResult (*make)(NoiseRequest const& request) = nullptr;
};

/// All laws, `none` first.
std::span<NoiseLawEntry const> noise_laws();

/// By name or alias; null if there is none.
NoiseLawEntry const* find_noise_law(std::string_view name);

}  // namespace kramers
