// SPDX-License-Identifier: Apache-2.0
#include "experiments/run_diff.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiments/input.hpp"

namespace run_diff_test {
using namespace kramers;
namespace fs = std::filesystem;

namespace {

/// A folder that goes when the test ends.
struct Folder {
    fs::path path = fs::temp_directory_path() / "kramers_run_diff_test";
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
};

/// A run folder with two claims, as report.json has them.
void write_run(fs::path const& folder, std::string const& verdict, double estimate,
               std::string const& dt, std::string const& version, bool second_claim = true) {
    nlohmann::ordered_json report;
    report["kramers"] = {{"version", version}, {"stream_version", 1}};
    report["device"] = {{"backend", "cpu"}};
    report["spec"] = {{"name", "a"},
                      {"resolved", "kind = \"escape\"\n[scheme]\ndt = " + dt +
                                       "\n[[claim]]\nid = \"one\"\ntolerance = 0.1\n"}};
    report["claims"] = {{{"id", "a.one"},
                         {"where", "T=1"},
                         {"sentence", "s"},
                         {"verdict", verdict},
                         {"estimate", estimate},
                         {"standard_error", 0.3},
                         {"prediction", 10.0}}};
    if (second_claim)
        report["claims"].push_back({{"id", "a.two"},
                                    {"where", "-"},
                                    {"verdict", "out_of_domain"},
                                    {"estimate", nullptr},
                                    {"standard_error", nullptr},
                                    {"prediction", nullptr}});
    fs::create_directories(folder);
    std::ofstream(folder / "report.json") << report.dump(2);
}

}  // namespace

TEST_CASE("diff: the same run twice has no difference") {
    Folder const folder;
    write_run(folder.path / "a", "agree", 10.0, "0.1", "1.0");
    RunDifference const d = compare_runs(folder.path / "a", folder.path / "a" / "report.json");
    CHECK(d.same_verdicts());
    REQUIRE(d.claims.size() == 2);
    CHECK(d.claims[0].joint_errors() == 0.0);
    CHECK(std::isnan(d.claims[1].joint_errors()));
    CHECK(d.spec.empty());
    CHECK(d.versions.empty());
}

TEST_CASE("diff: verdicts, estimates in joint standard errors, keys and versions") {
    Folder const folder;
    write_run(folder.path / "a", "agree", 10.0, "0.1", "1.0");
    write_run(folder.path / "b", "disagree", 11.5, "0.05", "1.1", false);
    RunDifference const d = compare_runs(folder.path / "a", folder.path / "b");
    CHECK_FALSE(d.same_verdicts());
    CHECK_FALSE(d.claims[0].same_verdict());
    CHECK(d.claims[0].joint_errors() == doctest::Approx(1.5 / std::hypot(0.3, 0.3)));
    CHECK_FALSE(d.claims[1].same_verdict());  // only the first run has it
    CHECK_FALSE(d.claims[1].second.has_value());
    REQUIRE(d.spec.size() == 1);
    CHECK(d.spec[0].key == "scheme.dt");
    CHECK(d.spec[0].first == "0.1");
    CHECK(d.spec[0].second == "0.05");
    REQUIRE(d.versions.size() == 1);
    CHECK(d.versions[0].key == "kramers.version");
    auto const json = nlohmann::json::parse(difference_json(d));
    CHECK(json["same_verdicts"] == false);
    CHECK(json["claims"][1]["second"].is_null());
    CHECK(json["claims"][0]["first"]["verdict"] == "agree");
    std::string const text = difference_text(d);
    for (char const* part : {"agree -> disagree", "+3.5 s.e.", "out_of_domain -> absent",
                             "scheme.dt: 0.1 -> 0.05", "2 verdicts, 2 of them not the same"})
        CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("diff: a validation's subfolders, and what is no run") {
    Folder const folder;
    write_run(folder.path / "v" / "a", "agree", 10.0, "0.1", "1.0");
    write_run(folder.path / "v" / "b", "agree", 10.0, "0.1", "1.0");
    CHECK(compare_runs(folder.path / "v", folder.path / "v").claims.size() == 4);
    CHECK_THROWS_AS(compare_runs(folder.path / "none", folder.path / "v"), InputError);
    fs::create_directories(folder.path / "empty");
    CHECK_THROWS_AS(compare_runs(folder.path / "v", folder.path / "empty"), InputError);
    std::ofstream(folder.path / "empty" / "report.json") << "{ torn";
    CHECK_THROWS_AS(compare_runs(folder.path / "empty", folder.path / "v"), InputError);
}

}  // namespace run_diff_test
