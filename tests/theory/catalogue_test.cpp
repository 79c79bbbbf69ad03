// SPDX-License-Identifier: Apache-2.0
#include "sde/theory/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sde/theory/gibbs.hpp"
#include "sde/theory/mean_first_passage.hpp"
#include "sde/theory/references.hpp"
#include "tests/theory/potentials.hpp"

namespace catalogue_test {
using namespace kramers;
using namespace kramers::theory;
using namespace kramers::theory::testing;

namespace {

Region half_space(double offset) { return {RegionKind::half_space, {1.0}, offset, {}, false}; }

Query well_query(Potential const& v, double T) {
    Query q;
    q.potential = &v;
    q.temperature = T;
    q.start = {-1.0};
    q.regions = {{"other", half_space(1.0)}, {"saddle", half_space(0.0)}};
    return q;
}

double value(std::string_view name, Estimand const& e, Query const& q) {
    PredictionResult const r = predict(name, e, q);
    REQUIRE_MESSAGE(r.prediction.has_value(), r.reason);
    return r.prediction->value;
}

std::vector<Estimand> const one_of_each{
    MeanFirstPassage{"other"},        EscapeRate{"other"},       StationaryDensity{{0}},
    StationaryCovariance{0, 0},       Autocovariance{0, 0, 0.5}, RegionWeight{"other"},
    PassageBias{"saddle", "endpoint"}};

}  // namespace

TEST_CASE("describe: estimands print with their arguments") {
    CHECK(describe(MeanFirstPassage{"other"}) == "mean_first_passage(to = other)");
    CHECK(describe(EscapeRate{"other"}) == "escape_rate(to = other)");
    CHECK(describe(StationaryDensity{{0, 1}}) == "stationary_density(axes = [0, 1])");
    CHECK(describe(StationaryCovariance{1, 0}) == "stationary_covariance(i = 1, j = 0)");
    CHECK(describe(Autocovariance{0, 0, 0.1}) == "autocovariance(i = 0, j = 0, lag = 0.1)");
    CHECK(describe(RegionWeight{"left"}) == "region_weight(region = left)");
    CHECK(describe(PassageBias{"saddle", "bridge"}) ==
          "passage_bias(to = saddle, crossing = bridge)");
}

TEST_CASE(
    "catalogue: every kind of estimand has a prediction, every prediction its facts and sources") {
    for (Estimand const& e : one_of_each) CHECK_FALSE(names_for(e).empty());
    std::set<std::string> names;
    for (PredictionInfo const& info : predictions()) {
        INFO(info.name);
        CHECK(names.insert(info.name).second);
        for (std::string const& text : {info.formula, info.label, info.error_order, info.domain})
            CHECK_FALSE(text.empty());
        CHECK_FALSE(info.sources.empty());
        for (std::string const& key : info.sources) CHECK(bibtex(key).has_value());
    }
    std::vector<std::string> const expected{"quadrature", "kramers", "kramers_corrected",
                                            "eyring_kramers", "discrete_chain"};
    CHECK(names_for(MeanFirstPassage{"x"}) == expected);
}

TEST_CASE("catalogue: a prediction carries its name, estimand, kind, domain and sources") {
    Polynomial const v = quartic();
    PredictionResult const r = predict("kramers", MeanFirstPassage{"other"}, well_query(v, 0.05));
    REQUIRE(r.prediction.has_value());
    Prediction const& p = *r.prediction;
    CHECK(p.name == "kramers");
    CHECK(p.estimand == "mean_first_passage(to = other)");
    CHECK(p.kind == PredictionKind::asymptotic);
    CHECK(to_string(p.kind) == "asymptotic");
    CHECK(p.formula == "E12, E13");
    CHECK(p.domain == "barrier/T >= 2");
    CHECK(p.in_domain);
    CHECK(p.sources == std::vector<std::string>{"kramers1940", "berglund2013"});
    CHECK(p.value == doctest::Approx(2.0 * std::acos(-1.0) / std::sqrt(2.0) * std::exp(5.0)));
    Prediction const hot =
        *predict("kramers", MeanFirstPassage{"other"}, well_query(v, 0.2)).prediction;
    CHECK_FALSE(hot.in_domain);
    CHECK(hot.domain_note.find("barrier/T = 1.25") != std::string::npos);
}

TEST_CASE("catalogue: passage predictions of one estimand agree with each other") {
    Polynomial const v = quartic();
    Query q = well_query(v, 0.02);
    for (std::string target : {"other", "saddle"}) {
        double const exact = value("quadrature", MeanFirstPassage{target}, q);
        CHECK(deviation(value("kramers", MeanFirstPassage{target}, q), exact) < 0.04);
        CHECK(deviation(value("kramers_corrected", MeanFirstPassage{target}, q), exact) < 0.004);
        // the settled hazard is the inverse mean up to the relaxation inside the well
        CHECK(deviation(value("quadrature", EscapeRate{target}, q), 1.0 / exact) < 1e-4);
        CHECK(value("kramers", EscapeRate{target}, q) ==
              doctest::Approx(1.0 / value("kramers", MeanFirstPassage{target}, q)));
    }
    q.temperature = 0.1;
    q.dt = 0.005;
    double const chain = value("discrete_chain", MeanFirstPassage{"saddle"}, q);
    double const exact = value("quadrature", MeanFirstPassage{"saddle"}, q);
    double const a = value("grid_detection", PassageBias{"saddle", "endpoint"}, q);
    CHECK(chain / exact - 1.0 == doctest::Approx(a * std::sqrt(q.dt)).epsilon(0.05));
    CHECK(value("grid_detection", PassageBias{"saddle", "bridge"}, q) == 0.0);
    CHECK(value("grid_detection_at_saddle", PassageBias{"saddle", "endpoint"}, q) ==
          doctest::Approx(a).epsilon(0.2));
    q.crossing = "bridge";
    CHECK(deviation(value("discrete_chain", MeanFirstPassage{"saddle"}, q), exact) < 0.005);
}

TEST_CASE("catalogue: separable potentials in several dimensions reduce to their coordinates") {
    Rastrigin const v(2, 10.0), line(1, 10.0);
    double const top = 0.5025460365546747;
    Query q;
    q.potential = &v;
    q.temperature = 2.0;
    q.start = {0.0, 0.0};
    q.regions["slab"] = {RegionKind::half_space, {0.0, -1.0}, 1.0, {}, false};  // y <= -1
    q.regions["outside"] = {RegionKind::box, {0.0, 0.0}, 0.0, {top, top}, true};
    q.regions["oblique"] = {RegionKind::half_space, {0.6, 0.8}, 1.0, {}, false};
    Passage const p{profile_of(line), 2.0, 0.0, -1.0, std::nullopt};
    CHECK(deviation(value("quadrature", MeanFirstPassage{"slab"}, q), mean_first_passage(p).value) <
          1e-12);
    CHECK(
        predict("quadrature", MeanFirstPassage{"outside"}, q).reason.find("several coordinates") !=
        std::string::npos);
    CHECK(predict("quadrature", MeanFirstPassage{"oblique"}, q).reason.find("parallel") !=
          std::string::npos);
    // exit of the central square: 52.46655943061144 from a tensor eigen-expansion
    double const corrected = value("kramers_corrected", MeanFirstPassage{"outside"}, q);
    CHECK(deviation(corrected, 52.46655943061144) < 0.01);
    CHECK(deviation(1.0 / value("quadrature", EscapeRate{"outside"}, q), 52.46655943061144) < 1e-3);
    CHECK(deviation(value("eyring_kramers", MeanFirstPassage{"outside"}, q),
                    value("kramers", MeanFirstPassage{"outside"}, q)) < 1e-12);
}

TEST_CASE("catalogue: stationary predictions agree with each other on a quadratic") {
    Quadratic const v({1.0, 20.0});
    Query q;
    q.potential = &v;
    q.temperature = 0.3;
    CHECK(value("gibbs", StationaryCovariance{1, 1}, q) == doctest::Approx(0.015));
    CHECK(value("ou_limit", StationaryCovariance{1, 1}, q) == doctest::Approx(0.015));
    CHECK(value("ou_limit", Autocovariance{0, 0, 0.7}, q) == doctest::Approx(0.3 * std::exp(-0.7)));
    CHECK(predict("ou_limit", StationaryCovariance{0, 0}, q).prediction->error == 0.0);
    q.dt = 0.02;
    CHECK(deviation(value("gibbs_euler", StationaryCovariance{1, 1}, q),
                    value("euler_discrete", StationaryCovariance{1, 1}, q)) < 1e-11);
    q.dt = 0.0;
    q.learning_rate = 0.05;  // eta h = 1: exact/limit = 1/(1 - 1/2)
    CHECK(value("sgd_discrete", StationaryCovariance{1, 1}, q) == doctest::Approx(0.03));
    CHECK(predict("ou_limit", StationaryCovariance{1, 1}, q).prediction->error ==
          doctest::Approx(0.5));
    CHECK(predict("ou_limit", StationaryCovariance{1, 1}, q).prediction->in_domain);
    CHECK(value("modified_2", StationaryCovariance{1, 1}, q) == doctest::Approx(0.01));
    CHECK(value("sgd_discrete", Autocovariance{0, 0, 0.1}, q) ==
          doctest::Approx(0.3 / 0.975 * 0.95 * 0.95));
    CHECK(predict("sgd_discrete", Autocovariance{0, 0, 0.12}, q).reason.find("whole number") !=
          std::string::npos);
    q.learning_rate = 0.11;
    CHECK(predict("sgd_discrete", StationaryCovariance{0, 0}, q).reason.find("unstable") !=
          std::string::npos);
}

TEST_CASE(
    "catalogue: a density comes as bins whose sum is the predicted probability of the range") {
    Polynomial const v = quartic(0.1);
    Query q = well_query(v, 0.1);
    q.dt = 0.01;
    q.bin_edges.emplace_back();
    for (int k = 0; k <= 40; ++k) q.bin_edges[0].push_back(-2.0 + 0.1 * k);
    for (std::string name : {"gibbs", "gibbs_euler"}) {
        DensityPrediction const d = predict_density(name, StationaryDensity{{0}}, q);
        REQUIRE(d.summary.prediction.has_value());
        REQUIRE(d.density.size() == 40);
        double sum = 0.0;
        for (double density : d.density) sum += 0.1 * density;
        CHECK(sum == doctest::Approx(d.summary.prediction->value).epsilon(1e-12));
        CHECK(d.summary.prediction->in_domain);
    }
    double const bias = deviation(value("gibbs_euler", RegionWeight{"other"}, q),
                                  value("gibbs", RegionWeight{"other"}, q));
    CHECK(bias > 1e-3);
    CHECK(predict("gibbs_euler", RegionWeight{"other"}, q).prediction->error < 0.2 * bias);
    q.dt = 0.4;
    CHECK_FALSE(predict("gibbs_euler", RegionWeight{"other"}, q).prediction->in_domain);
    q.scheme = "baoab";
    CHECK(predict("gibbs_euler", RegionWeight{"other"}, q).reason.find("baoab") !=
          std::string::npos);
}

TEST_CASE("catalogue: what is missing or unknown is a reason, not an exception") {
    Polynomial const v = quartic();
    Query q = well_query(v, 0.05);
    CHECK(
        predict("kramer", MeanFirstPassage{"other"}, q).reason.find("have: quadrature, kramers") !=
        std::string::npos);
    CHECK(predict("gibbs", MeanFirstPassage{"other"}, q).reason.find("does not answer") !=
          std::string::npos);
    CHECK(predict("quadrature", MeanFirstPassage{"nowhere"}, q)
              .reason.find("no region \"nowhere\"") != std::string::npos);
    q.other_stops = {"saddle"};
    CHECK(predict("quadrature", MeanFirstPassage{"other"}, q).reason.find("also ends") !=
          std::string::npos);
    q.other_stops = {"other"};  // where the target itself is all that stops, nothing else does
    for (char const* name : {"quadrature", "kramers", "eyring_kramers"})
        CHECK(value(name, MeanFirstPassage{"other"}, q) ==
              value(name, MeanFirstPassage{"other"}, well_query(v, 0.05)));
    q.other_stops = {"other", "saddle"};
    CHECK(predict("quadrature", MeanFirstPassage{"other"}, q).reason.find("region \"saddle\"") !=
          std::string::npos);
    for (Estimand const& e : one_of_each)
        for (PredictionInfo const& info : predictions()) {
            PredictionResult const empty = predict(info.name, e, Query{});
            CHECK_FALSE(empty.prediction.has_value());
            CHECK_FALSE(empty.reason.empty());
            Query bare;
            bare.potential = &v;
            PredictionResult const r = predict(info.name, e, bare);
            bool const exempt = info.name == "grid_detection" && r.prediction.has_value();
            CHECK((exempt || !r.reason.empty()));
        }
}

TEST_CASE("references: entries come back verbatim by key") {
    auto const entry = bibtex("kramers1940");
    REQUIRE(entry.has_value());
    CHECK(entry->rfind("@article{kramers1940,", 0) == 0);
    CHECK(entry->find("284--304") != std::string::npos);
    CHECK(entry->substr(entry->size() - 2) == "}\n");
    CHECK_FALSE(bibtex("nobody1900").has_value());
    std::vector<std::string> keys = bibtex_keys();
    CHECK(keys.size() > 25);
    std::sort(keys.begin(), keys.end());
    CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
    for (std::string const& key : keys) {
        std::string const text = *bibtex(key);
        CHECK(std::count(text.begin(), text.end(), '{') ==
              std::count(text.begin(), text.end(), '}'));
        CHECK(text.find("year = {") != std::string::npos);
        CHECK(text.find("author = {") != std::string::npos);
    }
}

}  // namespace catalogue_test
