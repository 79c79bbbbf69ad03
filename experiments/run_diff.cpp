// SPDX-License-Identifier: Apache-2.0
#include "experiments/run_diff.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiments/parse_toml.hpp"

namespace kramers {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Keys = std::vector<std::pair<std::string, std::string>>;

Json read_report(fs::path const& file) {
    std::ifstream stream(file);
    Json report = Json::parse(stream, nullptr, false);
    bool const good = report.is_object() && report.contains("claims") &&
                      report["claims"].is_array() && report.contains("spec") &&
                      report["spec"].is_object();
    if (!good)
        throw InputError(
            {fmt::format("{}: not the report of a run (must be the report.json that "
                         "kramers run wrote)",
                         file.string())});
    return report;
}

std::vector<Json> read_reports(fs::path const& run) {
    if (fs::is_regular_file(run)) return {read_report(run)};
    if (fs::is_regular_file(run / "report.json")) return {read_report(run / "report.json")};
    std::vector<fs::path> files;
    if (fs::is_directory(run))
        for (auto const& entry : fs::directory_iterator(run))
            if (fs::is_regular_file(entry.path() / "report.json"))
                files.push_back(entry.path() / "report.json");
    std::sort(files.begin(), files.end());
    if (files.empty())
        throw InputError({fmt::format(
            "{}: {} (must be a folder that kramers run, or validate --out, wrote)", run.string(),
            fs::exists(run) ? "no run folder, it has no report.json" : "no such folder")});
    std::vector<Json> reports;
    for (fs::path const& file : files) reports.push_back(read_report(file));
    return reports;
}

double number_of(Json const& object, char const* key) {
    return object.contains(key) && object[key].is_number()
               ? object[key].get<double>()
               : std::numeric_limits<double>::quiet_NaN();
}

std::string text_of(Json const& object, char const* key) {
    return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

void add_claims(std::vector<ClaimDifference>& all, std::vector<Json> const& reports,
                std::optional<RunVerdict> ClaimDifference::*side) {
    for (Json const& report : reports)
        for (Json const& claim : report["claims"]) {
            std::string const id = text_of(claim, "id"), where = text_of(claim, "where");
            auto found = std::find_if(all.begin(), all.end(), [&](ClaimDifference const& c) {
                return c.id == id && c.where == where && !(c.*side);
            });
            if (found == all.end())
                found = all.insert(all.end(), {id, where, text_of(claim, "sentence"), {}, {}});
            (*found).*side =
                RunVerdict{text_of(claim, "verdict"), number_of(claim, "estimate"),
                           number_of(claim, "standard_error"), number_of(claim, "prediction")};
        }
}

/// Every key of the resolved specs; of several specs with their names in front.
Keys keys_of_reports(std::vector<Json> const& reports) {
    Keys keys;
    for (Json const& report : reports) {
        std::string const name = text_of(report["spec"], "name");
        std::string const prefix = reports.size() > 1 ? name + ": " : "";
        Problems problems;
        Table root = parse_toml(text_of(report["spec"], "resolved"), name, problems);
        Node const claims = root.find("claim") != nullptr ? *root.find("claim") : Node{};
        root.erase("claim");
        for (auto const& [key, value] : settings_of(root))
            keys.emplace_back(prefix + key, to_toml(value));
        for (Node const& claim : claims.list() != nullptr ? *claims.list() : NodeList{}) {
            if (claim.table() == nullptr) continue;
            Node const* id = claim.table()->find("id");
            std::string const which = id != nullptr && id->text() != nullptr ? *id->text() : "?";
            for (auto const& [key, value] : settings_of(*claim.table()))
                keys.emplace_back(fmt::format("{}claim.{}.{}", prefix, which, key), to_toml(value));
        }
    }
    return keys;
}

Keys version_keys(std::vector<Json> const& reports) {
    Keys keys;
    for (char const* table : {"kramers", "device"})
        if (Json const& first = reports.front(); first.contains(table) && first[table].is_object())
            for (auto const& [key, value] : first[table].items())
                keys.emplace_back(fmt::format("{}.{}", table, key),
                                  value.is_string() ? value.get<std::string>() : value.dump());
    return keys;
}

std::vector<KeyDifference> difference_of(Keys const& first, Keys const& second) {
    std::vector<KeyDifference> all;
    std::map<std::string, std::string> const a(first.begin(), first.end());
    std::map<std::string, std::string> const b(second.begin(), second.end());
    for (auto const& [key, value] : first) {
        auto const other = b.find(key);
        if (other == b.end() || other->second != value)
            all.push_back({key, value, other == b.end() ? "" : other->second});
    }
    for (auto const& [key, value] : second)
        if (a.count(key) == 0) all.push_back({key, "", value});
    return all;
}

}  // namespace

bool ClaimDifference::same_verdict() const {
    return first && second && first->verdict == second->verdict;
}

double ClaimDifference::joint_errors() const {
    if (!first || !second) return std::numeric_limits<double>::quiet_NaN();
    double const difference = second->estimate - first->estimate;
    if (difference == 0.0) return 0.0;
    return difference / std::hypot(first->standard_error, second->standard_error);
}

bool RunDifference::same_verdicts() const {
    return std::all_of(claims.begin(), claims.end(),
                       [](ClaimDifference const& c) { return c.same_verdict(); });
}

RunDifference compare_runs(fs::path const& first, fs::path const& second) {
    auto const a = read_reports(first), b = read_reports(second);
    RunDifference difference;
    add_claims(difference.claims, a, &ClaimDifference::first);
    add_claims(difference.claims, b, &ClaimDifference::second);
    difference.spec = difference_of(keys_of_reports(a), keys_of_reports(b));
    difference.versions = difference_of(version_keys(a), version_keys(b));
    return difference;
}

}  // namespace kramers
