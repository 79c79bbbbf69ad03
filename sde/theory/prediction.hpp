// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

/// How a prediction was obtained: its value is exact in closed form, exact up to quadrature error,
/// or the leading term(s) of an expansion. The last three are given by a user, not computed here.
enum class PredictionKind { exact, quadrature, asymptotic, formula, number, table };

/// Theory's answer to an estimand.
struct Prediction {
    std::string
        name;  ///< "quadrature", "kramers", "kramers_corrected", "gibbs", "ou_limit", "sgd_discrete", …
    std::string estimand;  ///< describe(estimand)
    PredictionKind kind = PredictionKind::exact;
    double value = 0.0;
    double error =
        0.0;  ///< relative size of what it leaves out (numeric envelope of the first neglected term, or quadrature error)
    std::string error_order;           ///< e.g. "O(T/barrier)", "O(eta h)", "exact"
    std::string domain;                ///< where it is valid, e.g. "barrier/T >= 3"
    bool in_domain = true;             ///< result of its own validity test at these parameters
    std::string domain_note;           ///< when not in_domain: which test failed, with the numbers
    std::vector<std::string> sources;  ///< keys of references.bib
    std::string formula;               ///< formula number in docs, e.g. "E2"
};

/// A prediction, or the reason why there is none.
struct PredictionResult {
    std::optional<Prediction> prediction;
    std::string reason;  ///< set when prediction is empty
};

std::string_view to_string(PredictionKind kind);

}  // namespace kramers
