// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace kramers {

/// One SDE that an optimizer tends to, with the maps of parameters and clock. An optimizer may have
/// several (momentum as an effective learning rate and as friction are different predictions, E22):
/// `map` says which one this is.
struct SdeLimit {
    struct Value {
        std::string name;  ///< parameter of the SDE, or a derived number such as "temperature"
        double value;
        std::string formula;  ///< how it follows from the optimizer's: "eta c / (2 (1 - mu))"
    };
    std::string map;    ///< name of the map: "first order", "effective learning rate", "friction"
    std::string sde;    ///< name of a model that runs: "overdamped", "modified_equation", "kinetic"
    std::string latex;  ///< the SDE as one LaTeX line, without $
    std::vector<Value> parameters;  ///< of that model, in the model's names
    double time_per_step = 0.0;     ///< SDE time of one iteration
    std::string clock;              ///< "t = eta k", "t = (k + 1/2) sqrt(eta)"
    /// Iterations that the SDE is ahead: started like the optimizer and at rest, it has run for
    /// k + steps_ahead of them at iteration k.
    double steps_ahead = 0.0;
    double weak_order = 1.0;        ///< of the distance in the learning rate, as claimed
    std::string valid;              ///< where it holds
    std::string source;             ///< bib key and formula
};

}  // namespace kramers
