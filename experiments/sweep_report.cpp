// SPDX-License-Identifier: Apache-2.0
#include "experiments/sweep_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "experiments/cell_plans.hpp"
#include "experiments/csv.hpp"
#include "experiments/encode.hpp"
#include "experiments/hash.hpp"
#include "experiments/numbers.hpp"

namespace kramers {
namespace {

using Json = nlohmann::ordered_json;

/// The region in "mean_first_passage(to = other)"; empty where there is none.
std::string target_of(std::string const& estimand) {
    std::size_t const to = estimand.find("to = ");
    if (to == std::string::npos) return "";
    std::size_t const end = estimand.find_first_of(",)", to + 5);
    return estimand.substr(to + 5, end - to - 5);
}

/// Half the 95 % interval over the value; none of a value that is 0 or missing.
double relative_half_width(Estimate const& e) {
    double const width = (e.upper - e.lower) / 2.0 / std::abs(e.value);
    return std::isfinite(width) ? width : missing;
}

/// How many trajectories; nothing where nobody counted, which is not none.
CsvField count(Estimate const& e, std::uint64_t number) {
    return e.trajectories > 0 ? CsvField(number) : CsvField(missing);
}

/// Every key that some cell sweeps, in order of appearance: each entrant of a race has its own.
std::vector<std::string> swept_keys(Spec const& spec) {
    std::vector<std::string> keys;
    for (Cell const& cell : spec.cells)
        for (auto const& entry : cell.swept)
            if (std::find(keys.begin(), keys.end(), entry.first) == keys.end())
                keys.push_back(entry.first);
    return keys;
}

class SweepTable {
  public:
    explicit SweepTable(Report const& report)
        : report_(report), keys_(swept_keys(*report.spec)), table_(columns(keys_)) {
        for (ClaimRow const& row : report.claims)
            claims_[{row.comparison.cell, describe(row.comparison.claim.estimand)}].push_back(
                &row.comparison);
    }

    /// `judged`: this is the estimate that claims about the estimand are decided by.
    void add(int cell, std::string const& estimand, std::string const& level, Estimate const& e,
             bool judged) {
        std::vector<CsvField> row{cell};
        auto const& swept = report_.spec->cells[static_cast<std::size_t>(cell)].swept;
        for (std::string const& key : keys_) {
            auto const entry = std::find_if(swept.begin(), swept.end(),
                                            [&](auto const& e) { return e.first == key; });
            if (entry == swept.end()) row.emplace_back("");
            else std::visit([&](auto const& value) { row.emplace_back(value); }, entry->second);
        }
        std::string verdicts, passed;
        auto const found = claims_.find({cell, estimand});
        for (Comparison const* c :
             judged&& found != claims_.end() ? found->second : std::vector<Comparison const*>()) {
            verdicts += fmt::format("{}{}: {}", verdicts.empty() ? "" : "; ", c->claim.id,
                                    to_string(c->verdict));
            passed = c->passed && passed != "false" ? "true" : "false";
        }
        for (CsvField const& field : std::vector<CsvField>{
                 estimand, target_of(estimand), level, e.value, e.standard_error, e.lower, e.upper,
                 relative_half_width(e), count(e, e.trajectories), count(e, e.arrived),
                 count(e, e.censored), count(e, e.diverged), verdicts, passed})
            row.push_back(field);
        table_.add(row);
    }
    std::string const& text() const { return table_.text(); }

  private:
    static std::vector<std::string> columns(std::vector<std::string> const& keys) {
        std::vector<std::string> names{"cell"};
        names.insert(names.end(), keys.begin(), keys.end());
        for (char const* name : {"estimand", "target", "level", "value", "standard_error", "lower",
                                 "upper", "relative_half_width", "trajectories", "arrived",
                                 "censored", "diverged", "verdicts", "passed"})
            names.emplace_back(name);
        return names;
    }

    Report const& report_;
    std::vector<std::string> keys_;
    CsvTable table_;
    std::map<std::pair<int, std::string>, std::vector<Comparison const*>> claims_;
};

}  // namespace

std::string sweep_table(Report const& report) {
    SweepTable table(report);
    std::map<std::pair<int, std::string>, std::string> last;  // the level that claims look at
    for (ReportedEstimate const& e : report.estimates) {
        std::string& level = last[{e.cell, e.estimand}];
        if (level.empty() || level == "0") level = e.level == "extrapolated" ? e.level : "0";
    }
    for (ReportedEstimate const& e : report.estimates) {
        bool const judged = e.level.empty() || e.level == last[{e.cell, e.estimand}];
        table.add(e.cell, e.estimand, e.level, e.estimate, judged);
    }
    // Estimands that only claims ask for, such as a rate.
    std::map<std::pair<int, std::string>, bool> added;
    for (ClaimRow const& row : report.claims) {
        Comparison const& c = row.comparison;
        std::pair<int, std::string> const key{c.cell, describe(c.claim.estimand)};
        bool const scalar = !std::holds_alternative<StationaryDensity>(c.claim.estimand);
        if (c.cell < 0 || !scalar || last.contains(key) || std::exchange(added[key], true))
            continue;
        table.add(c.cell, key.second, "", c.estimate, true);
    }
    return table.text();
}

std::string sweep_json(Spec const& spec, std::string const& identity) {
    Json cells = Json::array();
    for (Cell const& cell : spec.cells) {
        Json swept = Json::object();
        for (auto const& entry : cell.swept)
            std::visit([&](auto const& v) { swept[entry.first] = v; }, entry.second);
        std::string plans;
        for (Plan const& plan : cell_plans(cell)) plans += encode(plan);
        cells.push_back({{"cell", cell.index}, {"swept", swept}, {"hash", digest(plans)}});
    }
    Json const json{{"format", 1},
                    {"name", spec.name},
                    {"identity", identity},
                    {"stream_version", stream_version},
                    {"cells", cells}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string sweep_identity(std::string const& text) {
    Json const json = Json::parse(text, nullptr, false);
    return json.is_object() && json.contains("identity") && json["identity"].is_string()
               ? json["identity"].get<std::string>()
               : "";
}

}  // namespace kramers
