// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/catalogue.hpp"

#include <algorithm>
#include <cmath>

#include "sde/theory/catalogue_entries.hpp"

namespace kramers::theory {
namespace {

std::vector<detail::Entry> const& all_entries() {
    static std::vector<detail::Entry> const all = [] {
        std::vector<detail::Entry> list = detail::passage_entries();
        for (auto const& part : {detail::stationary_entries(), detail::linear_entries()})
            list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

bool answers(PredictionInfo const& info, std::string const& kind) {
    return std::find(info.estimands.begin(), info.estimands.end(), kind) != info.estimands.end();
}

std::string join(std::vector<std::string> const& words) {
    std::string text;
    for (std::string const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

PredictionResult finish(PredictionResult result, PredictionInfo const& info,
                        Estimand const& estimand) {
    if (!result.prediction) return result;
    Prediction& p = *result.prediction;
    if (!std::isfinite(p.value)) return detail::decline("the formula gives no finite number here");
    p.name = info.name;
    p.estimand = describe(estimand);
    p.kind = info.kind;
    p.error_order = info.error_order;
    p.domain = info.domain;
    p.sources = info.sources;
    p.formula = info.label;
    return result;
}

}  // namespace

std::vector<PredictionInfo> const& predictions() {
    static std::vector<PredictionInfo> const all = [] {
        std::vector<PredictionInfo> list;
        for (detail::Entry const& entry : all_entries()) list.push_back(entry.info);
        return list;
    }();
    return all;
}

std::string kind_of(Estimand const& estimand) {
    std::string const text = describe(estimand);
    return text.substr(0, text.find('('));
}

std::vector<std::string> names_for(Estimand const& estimand) {
    std::vector<std::string> names;
    for (PredictionInfo const& info : predictions())
        if (answers(info, kind_of(estimand))) names.push_back(info.name);
    return names;
}

PredictionResult predict(std::string_view name, Estimand const& estimand, Query const& query) {
    bool known = false;
    for (detail::Entry const& entry : all_entries()) {
        if (entry.info.name != name) continue;
        known = true;
        if (!answers(entry.info, kind_of(estimand))) continue;
        if (!query.potential) return detail::decline("the query has no potential");
        return finish(entry.answer(estimand, query), entry.info, estimand);
    }
    return detail::decline((known ? "prediction \"" : "unknown prediction \"") + std::string(name) +
                           (known ? "\" does not answer " : "\" for ") + kind_of(estimand) +
                           " (have: " + join(names_for(estimand)) + ")");
}

DensityPrediction predict_density(std::string_view name, StationaryDensity const& estimand,
                                  Query const& query) {
    DensityPrediction result;
    result.summary = predict(name, estimand, query);
    if (!result.summary.prediction) return result;
    std::string reason;
    double error = 0.0;
    result.density = detail::bin_densities(name, estimand, query, error, reason);
    if (result.density.empty()) result.summary = detail::decline(reason);
    return result;
}

}  // namespace kramers::theory
