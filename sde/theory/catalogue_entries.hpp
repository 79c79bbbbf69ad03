// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sde/theory/catalogue.hpp"

namespace kramers::theory::detail {

/// A line of the catalogue: what it says of itself and the function that answers. The function
/// fills value, error, in_domain and domain_note; predict() copies the rest from info.
struct Entry {
    PredictionInfo info;
    PredictionResult (*answer)(Estimand const&, Query const&);
};
std::vector<Entry> passage_entries();     // catalogue_passage.cpp
std::vector<Entry> stationary_entries();  // catalogue_stationary.cpp
std::vector<Entry> linear_entries();      // catalogue_linear.cpp

/// Averages over the bins of query.bin_edges; empty with a reason.
std::vector<double> bin_densities(std::string_view name, StationaryDensity const& estimand,
                                  Query const& query, double& error, std::string& reason);

inline PredictionResult decline(std::string reason) {
    PredictionResult result;
    result.reason = std::move(reason);
    return result;
}
inline PredictionResult answer(double value, double error) {
    Prediction p;
    p.value = value;
    p.error = error;
    PredictionResult result;
    result.prediction = std::move(p);
    return result;
}

}  // namespace kramers::theory::detail
