// SPDX-License-Identifier: Apache-2.0
#include "experiments/request.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "experiments/hash.hpp"
#include "experiments/input.hpp"

namespace kramers {
namespace {

using Json = nlohmann::ordered_json;

/// Where files are that the text names, from wherever it is continued.
std::string from_anywhere(std::string const& folder) {
    return folder.empty() ? folder : std::filesystem::absolute(folder).string();
}

}  // namespace

std::string identity(Request const& request, Spec const& spec) {
    return digest(fmt::format("{}\n{}\n{}\n{} {}\n{}", request.verb, spec.name,
                              static_cast<int>(request.level), request.target_ci, request.budget,
                              spec.resolved));
}

std::string identity(Request const& request, std::vector<Spec> const& specs) {
    std::string all;
    for (Spec const& spec : specs) all += identity(request, spec) + "\n";
    return digest(all);
}

std::string request_json(Request const& r, std::string const& identity) {
    Json validated = Json::array();
    for (SpecText const& s : r.validated)
        validated.push_back({{"text", s.text},
                             {"file", s.file},
                             {"name", s.name},
                             {"folder", from_anywhere(s.folder)}});
    Json const json{{"format", 1},
                    {"verb", r.verb},
                    {"identity", identity},
                    {"arguments", r.argv},
                    {"text", r.source.text},
                    {"file", r.source.file},
                    {"name", r.source.name},
                    {"folder", from_anywhere(r.source.folder)},
                    {"validated", validated},
                    {"overrides", r.overrides},
                    {"quick", r.level == Level::quick},
                    {"force", r.force},
                    {"assert", r.assert_claims},
                    {"figures", r.figures},
                    {"threads", r.threads},
                    {"backend", static_cast<int>(r.backend)},
                    {"noise_math", static_cast<int>(r.noise_math)},
                    {"target_ci", r.target_ci},
                    {"budget", r.budget}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<StoredRequest> read_request(std::filesystem::path const& progress) {
    std::filesystem::path const path = progress / request_file;
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    try {
        Json const json = Json::parse(text);
        StoredRequest stored;
        stored.identity = json.at("identity");
        Request& r = stored.request;
        r.verb = json.at("verb");
        r.source = {json.at("text"), json.at("file"), json.at("name"), json.at("folder")};
        for (Json const& s : json.at("validated"))
            r.validated.push_back({s.at("text"), s.at("file"), s.at("name"), s.at("folder")});
        r.overrides = json.at("overrides").get<std::vector<std::string>>();
        r.level = json.at("quick").get<bool>() ? Level::quick : Level::standard;
        r.force = json.at("force");
        r.assert_claims = json.at("assert");
        r.figures = json.at("figures");
        r.argv = json.at("arguments").get<std::vector<std::string>>();
        r.threads = json.at("threads");
        r.backend = static_cast<Backend>(json.at("backend").get<int>());
        r.noise_math = static_cast<NoiseMath>(json.at("noise_math").get<int>());
        r.target_ci = json.at("target_ci");
        r.budget = json.at("budget");
        return stored;
    } catch (Json::exception const& error) {
        throw InputError(
            {fmt::format("{} is damaged ({}): run the spec again with --force, which "
                         "discards what had finished",
                         path.string(), error.what())});
    }
}

}  // namespace kramers
