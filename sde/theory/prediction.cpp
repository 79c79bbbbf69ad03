// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/prediction.hpp"

namespace kramers {

std::string_view to_string(PredictionKind kind) {
    switch (kind) {
        case PredictionKind::exact: return "exact";
        case PredictionKind::quadrature: return "quadrature";
        case PredictionKind::asymptotic: return "asymptotic";
        case PredictionKind::formula: return "formula";
        case PredictionKind::number: return "number";
        case PredictionKind::table: return "table";
    }
    return "";
}

}  // namespace kramers
