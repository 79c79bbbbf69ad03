// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sde/estimand.hpp"
#include "sde/regions.hpp"
#include "sde/theory/potential.hpp"
#include "sde/theory/prediction.hpp"

namespace kramers::theory {

/// The numbers behind an estimand. Fill what is known; a prediction that misses something declines
/// and says what. All times are times of the SDE; for an optimizer those of its limit, t = η k.
struct Query {
    Potential const* potential = nullptr;
    double temperature = 0.0;               ///< T; of the limit SDE for an optimizer
    double dt = 0.0;                        ///< time step of the scheme; 0: continuous time
    double coarsest_dt = 0.0;               ///< of a ladder of dt, whose finest rung `dt` is
    std::string scheme = "euler_maruyama";  ///< of the step bias; "iterate" for an optimizer
    std::string crossing = "endpoint";      ///< how arrivals are detected: "endpoint" or "bridge"
    double learning_rate = 0.0;  ///< η > 0: the dynamics is SGD, whose noise per step is c = 2T/η
    std::vector<double> start;   ///< dim values
    /// Of a linear SDE whose noise has no one temperature: D in dX = −H X dt + √(2D) dW, of SGD
    /// ηC/2, and H. Empty: D = T·1.
    Eigen::MatrixXd diffusion{}, hessian{};
    std::map<std::string, Region> regions;  ///< by the names that estimands use
    std::vector<std::string> other_stops;  ///< regions that end a trajectory; the target may be one
    std::vector<std::vector<double>> bin_edges;  ///< densities: ascending edges, per axis
};

/// What `kramers list predictions` prints about one prediction.
struct PredictionInfo {
    std::string name;
    std::vector<std::string> estimands;  ///< kinds it answers, e.g. "mean_first_passage"
    std::string formula;                 ///< readable plain text
    std::string label;                   ///< its entry in sde/theory/README.md, e.g. "E13"
    PredictionKind kind = PredictionKind::exact;
    std::string error_order;
    std::string domain;
    std::vector<std::string> sources;  ///< keys of references.bib
};
std::vector<PredictionInfo> const& predictions();

/// "mean_first_passage", "stationary_density", …: the word before the arguments of describe().
std::string kind_of(Estimand const& estimand);

/// Names of the predictions that answer this kind of estimand, in the order to try them.
std::vector<std::string> names_for(Estimand const& estimand);

/// The prediction of that name, or the reason why there is none. Never throws for physics. Of a
/// density: `value` is the probability of the whole range of bin_edges; the curve itself is
/// predict_density's.
PredictionResult predict(std::string_view name, Estimand const& estimand, Query const& query);

/// A predicted histogram: the average density of every bin of query.bin_edges, last axis fastest.
struct DensityPrediction {
    PredictionResult summary;     ///< as predict() returns it
    std::vector<double> density;  ///< empty when summary has none
};
DensityPrediction predict_density(std::string_view name, StationaryDensity const& estimand,
                                  Query const& query);

}  // namespace kramers::theory
