// SPDX-License-Identifier: Apache-2.0
#include "experiments/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/claims_text.hpp"

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

namespace kramers {

namespace {

using Json = nlohmann::ordered_json;

/// An absent text is null, so that a reader need not know which strings may be empty.
Json text_or_null(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json estimate_object(Estimate const& e) {
    return {{"value", e.value},
            {"standard_error", e.standard_error},
            {"lower", e.lower},
            {"upper", e.upper},
            {"degrees_of_freedom", e.degrees_of_freedom},
            {"n_effective", e.n_effective},
            {"trajectories", e.trajectories},
            {"arrived", e.arrived},
            {"censored", e.censored},
            {"diverged", e.diverged},
            {"method", e.method},
            {"warning", text_or_null(e.warning)}};
}

Json claim_object(ClaimRow const& row) {
    Comparison const& c = row.comparison;
    return {{"id", c.claim.id},
            {"cell", c.cell},
            {"where", row.where},
            {"sentence", c.claim.sentence},
            {"estimand", describe(c.claim.estimand)},
            {"against", c.claim.against},
            {"source", fmt::format("{}", fmt::join(c.prediction.sources, "; "))},
            {"formula", text_or_null(c.prediction.formula)},
            {"prediction", c.prediction.value},
            {"estimate", c.estimate.value},
            {"standard_error", c.estimate.standard_error},
            {"lower", c.family_interval.lower},
            {"upper", c.family_interval.upper},
            {"level", c.family_level},
            {"lower_95", c.pointwise_interval.lower},
            {"upper_95", c.pointwise_interval.upper},
            {"tolerance", c.claim.tolerance},
            {"absolute_tolerance", c.claim.absolute_tolerance},
            {"detectable", c.detectable},
            {"verdict", to_string(c.verdict)},
            {"expect", to_string(c.claim.expect)},
            {"passed", c.passed},
            {"more_trajectories", c.more_trajectories},
            {"note", text_or_null(c.note)}};
}

Json prediction_object(tables::PredictionRow const& row) {
    Json object{{"cell", row.cell}, {"estimand", row.estimand}, {"prediction", row.name}};
    if (row.result.prediction) {
        Prediction const& p = *row.result.prediction;
        object.update({{"kind", to_string(p.kind)},
                       {"value", p.value},
                       {"error", p.error},
                       {"error_order", p.error_order},
                       {"domain", p.domain},
                       {"in_domain", p.in_domain},
                       {"source", fmt::format("{}", fmt::join(p.sources, "; "))},
                       {"formula", text_or_null(p.formula)},
                       {"reason", text_or_null(p.in_domain ? "" : p.domain_note)}});
    } else {
        object.update({{"kind", nullptr},
                       {"value", nullptr},
                       {"error", nullptr},
                       {"error_order", nullptr},
                       {"domain", nullptr},
                       {"in_domain", false},
                       {"source", nullptr},
                       {"formula", nullptr},
                       {"reason", row.result.reason}});
    }
    return object;
}

Json cell_object(Cell const& cell) {
    Json swept = Json::object();
    for (auto const& entry : cell.swept) {
        std::visit([&](auto const& v) { swept[entry.first] = v; }, entry.second);
    }
    Json facts = Json::object();
    for (auto const& [name, value] : cell.facts) facts[name] = value;
    return {{"index", cell.index},
            {"label", cell_label(cell)},
            {"swept", swept},
            {"landscape", cell.landscape},
            {"dim", cell.dim},
            {"dynamics", cell.dynamics},
            {"scheme", cell.scheme},
            {"temperature", cell.has_temperature ? Json(cell.temperature) : Json()},
            {"dt", cell.dt},
            {"trajectories", cell.trajectories},
            {"seed", cell.seed},
            {"facts", facts},
            {"notes", cell.notes}};
}

template <class Rows, class Function>
Json array_of(Rows const& rows, Function const& object) {
    Json array = Json::array();
    for (auto const& row : rows) array.push_back(object(row));
    return array;
}

Json result_object(Report const& r) {
    Json spec = nullptr;
    Json cells = Json::array();
    if (r.spec != nullptr) {
        spec = {{"name", r.spec->name},
                {"kind", to_string(r.spec->kind)},
                {"title", r.spec->title},
                {"figure", text_or_null(r.spec->figure)},
                {"claims_sha256", claims_sha256(*r.spec)},
                {"resolved", r.spec->resolved}};
        cells = array_of(r.spec->cells, cell_object);
    }
    return {{"format", 1},
            {"spec", spec},
            {"seed", r.seed},
            {"quick", r.quick},
            {"interrupted", r.interrupted},
            {"counts",
             {{"trajectories", r.trajectories},
              {"arrived", r.arrived},
              {"censored", r.censored},
              {"diverged", r.diverged},
              {"diverged_later", r.diverged_later},
              {"particle_steps", r.particle_steps}}},
            {"warnings", r.warnings},
            {"claims", array_of(r.claims, claim_object)},
            {"cells", cells},
            {"estimates", array_of(r.estimates,
                                   [](ReportedEstimate const& e) {
                                       Json object{{"cell", e.cell},
                                                   {"estimand", e.estimand},
                                                   {"level", text_or_null(e.level)}};
                                       object.update(estimate_object(e.estimate));
                                       return object;
                                   })},
            {"predictions", array_of(r.predictions, prediction_object)}};
}

}  // namespace

void add_run(Report& report, RunInfo const& info) {
    report.device = info;
    report.seconds += info.seconds;
    report.particle_steps += info.particle_steps;
    report.interrupted = report.interrupted || info.interrupted;
}

std::string result_json(Report const& report) {
    return result_object(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string report_json(Report const& r) {
    double const rate =
        r.seconds > 0.0 ? static_cast<double>(r.particle_steps) / r.seconds : std::nan("");
    Json json{{"kramers",
               {{"version", r.build.version},
                {"git_revision", text_or_null(r.build.git_revision)},
                {"compiler", r.build.compiler},
                {"flags", r.build.flags},
                {"nvcc", text_or_null(r.build.nvcc)},
                {"thrust", text_or_null(r.build.thrust)},
                {"tbb", text_or_null(r.build.tbb)},
                {"stream_version", r.build.stream_version}}},
              {"run", {{"arguments", r.arguments}, {"started", text_or_null(r.started)}}},
              {"device",
               {{"backend", r.device.backend},
                {"device", r.device.device},
                {"isa", r.device.isa},
                {"noise_math", r.device.noise_math},
                {"warnings", r.device_warnings},
                {"threads", r.device.threads}}},
              {"throughput",
               {{"particle_steps", r.particle_steps},
                {"seconds", r.seconds},
                {"particle_steps_per_second", rate}}}};
    json.update(result_object(r));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string predictions_json(std::vector<tables::PredictionRow> const& rows) {
    return array_of(rows, prediction_object).dump(2, ' ', false, Json::error_handler_t::replace) +
           "\n";
}

std::string claims_json(std::vector<ClaimRow> const& rows) {
    return array_of(rows, claim_object).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string utc_now() {
    std::time_t const now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace kramers
