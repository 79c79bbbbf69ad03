// SPDX-License-Identifier: Apache-2.0
#include "experiments/report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace report_test {
using namespace kramers;
using Json = nlohmann::json;

namespace {

Spec small_spec() {
    Spec spec;
    spec.name = "arrhenius";
    spec.title = "Arrhenius law";
    spec.figure = "arrhenius";
    spec.resolved = "kind = \"escape\"\n";
    Cell cell;
    cell.swept = {{"dynamics.temperature", 0.0625}};
    cell.landscape = "double_well";
    cell.temperature = 0.0625;
    cell.dt = {0.02, 0.04};
    cell.trajectories = 640;
    cell.facts["barrier"] = 0.25;
    spec.cells = {cell};
    return spec;
}

Report small_report(Spec const& spec) {
    Report r;
    r.spec = &spec;
    r.seed = 18446744073709551615ull;
    r.quick = true;
    Estimate e;
    e.value = 0.1;
    e.standard_error = std::nan("");
    e.arrived = 640;
    r.estimates = {{0, "mean_first_passage(to = other)", "extrapolated", e}};
    r.predictions = {{0, "mean_first_passage(to = other)", "kramers", {{}, "no saddle"}}};
    r.arrived = 640;
    r.trajectories = 640;
    RunInfo info;
    info.backend = "cpu";
    info.device = "some CPU";
    info.isa = "avx2";
    info.threads = 2;
    info.seconds = 2.0;
    info.particle_steps = 3000;
    add_run(r, info);
    add_run(r, info);
    r.arguments = {"kramers", "run", "arrhenius.toml"};
    r.started = "2026-01-31T12:34:56Z";
    return r;
}

}  // namespace

TEST_CASE("report_json: what plots and scripts rely on") {
    Spec const spec = small_spec();
    Json const json = Json::parse(report_json(small_report(spec)));
    CHECK(json["spec"]["name"] == "arrhenius");
    CHECK(json["spec"]["kind"] == "escape");
    CHECK(json["spec"]["title"] == "Arrhenius law");
    CHECK(json["spec"]["figure"] == "arrhenius");
    CHECK(json["spec"]["resolved"] == "kind = \"escape\"\n");
    CHECK(json["seed"] == 18446744073709551615ull);  // 64 bits survive
    CHECK(json["quick"] == true);
    CHECK(json["interrupted"] == false);
    CHECK(json["counts"]["arrived"] == 640);
    CHECK(json["throughput"]["particle_steps"] == 6000);  // two runs of 3000
    CHECK(json["throughput"]["seconds"] == 4.0);
    CHECK(json["throughput"]["particle_steps_per_second"] == 1500.0);
    CHECK(json["device"]["isa"] == "avx2");
    CHECK(json["run"]["arguments"].size() == 3);
    CHECK(json["kramers"]["stream_version"] == stream_version);
    CHECK_FALSE(json["kramers"]["version"].get<std::string>().empty());
    CHECK_FALSE(json["kramers"]["compiler"].get<std::string>().empty());
    CHECK(json["cells"][0]["swept"]["dynamics.temperature"] == 0.0625);
    CHECK(json["cells"][0]["label"] == "barrier/T=4");
    CHECK(json["cells"][0]["dt"] == Json({0.02, 0.04}));
    CHECK(json["estimates"][0]["value"] == 0.1);
    CHECK(json["estimates"][0]["standard_error"].is_null());
    CHECK(json["predictions"][0]["reason"] == "no saddle");
    CHECK(json["claims"].is_array());
}

TEST_CASE("result_json: provenance changes nothing in it, a result does") {
    Spec const spec = small_spec();
    Report const a = small_report(spec);
    Report b = a;
    b.device.threads = 64;
    b.device.device = "another CPU";
    b.seconds = 0.1;
    b.started = "2027-01-01T00:00:00Z";
    b.arguments.clear();
    b.build.compiler = "clang";
    CHECK(result_json(a) == result_json(b));
    CHECK(report_json(a) != report_json(b));
    b.estimates[0].estimate.value = std::nextafter(0.1, 1.0);  // the last bit shows
    CHECK(result_json(a) != result_json(b));
    Json const all = Json::parse(report_json(a));
    Json const part = Json::parse(result_json(a));
    for (auto const& item : part.items()) {
        std::string const key = item.key();
        CHECK_MESSAGE((all.contains(key) && all.at(key) == item.value()), key);
    }
}

TEST_CASE("report_json: an interrupted run says so, and odd bytes in argv do not break it") {
    Spec const spec = small_spec();
    Report r = small_report(spec);
    RunInfo stopped;
    stopped.interrupted = true;
    add_run(r, stopped);
    add_run(r, RunInfo{});
    r.arguments.push_back("\xff\xfe.toml");
    Json const json = Json::parse(report_json(r));
    CHECK(json["interrupted"] == true);
}

TEST_CASE("predictions_json: the keys of `predict --json`, and a reason where there is none") {
    Prediction p;
    p.name = "kramers";
    p.value = 2.5;
    p.kind = PredictionKind::asymptotic;
    p.error_order = "O(T/barrier)";
    p.domain = "barrier/T >= 3";
    p.in_domain = false;
    p.domain_note = "barrier/T = 2 < 3";
    p.sources = {"kramers1940", "hanggi1990"};
    Json const json = Json::parse(
        predictions_json({{0, "mean_first_passage(to = other)", "kramers", {p, ""}},
                          {1, "escape_rate(to = other)", "kramers", {{}, "no saddle"}}}));
    REQUIRE(json.size() == 2);
    for (auto const& row : json) {
        for (char const* key :
             {"estimand", "prediction", "kind", "value", "error_order", "domain", "source"}) {
            CHECK_MESSAGE(row.contains(key), key);
        }
    }
    CHECK(json[0]["prediction"] == "kramers");
    CHECK(json[0]["kind"] == "asymptotic");
    CHECK(json[0]["value"] == 2.5);
    CHECK(json[0]["source"] == "kramers1940; hanggi1990");
    CHECK(json[0]["reason"] == "barrier/T = 2 < 3");
    CHECK(json[1]["value"].is_null());
    CHECK(json[1]["reason"] == "no saddle");
}

TEST_CASE("utc_now: ISO 8601") {
    std::string const now = utc_now();
    CHECK(now.size() == 20);
    CHECK(now[10] == 'T');
    CHECK(now.back() == 'Z');
}

}  // namespace report_test
