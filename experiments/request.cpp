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

}  // namespace

std::string identity(Request const& request, Spec const& spec) {
    return digest(fmt::format("{}\n{}\n{}\n{} {}\n{}", request.verb, spec.name,
                              static_cast<int>(request.level), request.target_ci, request.budget,
                              spec.resolved));
}

std::string request_json(Request const& r, Spec const& spec) {
    Json const json{{"format", 1},
                    {"verb", r.verb},
                    {"identity", identity(r, spec)},
                    {"arguments", r.argv},
                    {"text", r.source.text},
                    {"file", r.source.file},
                    {"name", r.source.name},
                    {"overrides", r.overrides},
                    {"quick", r.level == Level::quick},
                    {"force", r.force},
                    {"assert", r.assert_claims},
                    {"figures", r.figures},
                    {"threads", r.threads},
                    {"backend", static_cast<int>(r.backend)},
                    {"noise_math", static_cast<int>(r.noise_math)},
                    {"target_ci", r.target_ci},
                    {"budget", r.budget},
                    {"resolved", spec.resolved}};
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
        r.source = {json.at("text"), json.at("file"), json.at("name")};
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
