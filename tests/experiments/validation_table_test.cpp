// SPDX-License-Identifier: Apache-2.0
#include "experiments/validation_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "estimators/intervals.hpp"
#include "experiments/format_value.hpp"

namespace validation_table_test {
using namespace kramers;

namespace {

Estimate estimate(double value, double standard_error) {
    Estimate e;
    e.value = value;
    e.standard_error = standard_error;
    e.degrees_of_freedom = std::numeric_limits<double>::infinity();
    e.trajectories = 1000;
    set_interval(e);
    return e;
}

Prediction prediction(char const* name, double value, char const* formula, char const* source) {
    Prediction p;
    p.name = name;
    p.value = value;
    p.formula = formula;
    p.sources = {source};
    return p;
}

ClaimSpec claim(char const* id, char const* sentence, char const* against, double tolerance,
                Verdict expect = Verdict::agree) {
    ClaimSpec c;
    c.id = id;
    c.sentence = sentence;
    c.estimand = MeanFirstPassage{"other"};
    c.against = against;
    c.tolerance = tolerance;
    c.expect = expect;
    return c;
}

/// One of everything: agreement, undecided, expected and unexpected refutation, out of domain.
std::vector<ClaimRow> fixed_rows() {
    double const level = family_level(5);
    auto const exact =
        claim("a.1", "The simulated time to the other well is the exact one", "quadrature", 0.02);
    auto const refuted = claim("a.2", "Kramers' formula is off by more than 5 % at ΔV/T = 4",
                               "kramers", 0.05, Verdict::disagree);
    auto const low = claim("b.1", "Kramers' formula holds", "kramers", 0.05);
    Prediction out = prediction("kramers", 17.1, "E13", "hanggi1990");
    out.in_domain = false;
    out.domain_note = "barrier/T = 2 < 3";
    // undecided: z(99 %) = 2.5758, half-width 4.121 against 0.02·141.2 − 1.1 = 1.724 to the
    // nearer edge:
    // 1000·((4.121/1.724)² − 1) = 4715 more
    return {{compare(exact, 0, estimate(19.09, 0.04),
                     prediction("quadrature", 19.08, "E2", "gardiner2009"), level),
             "barrier/T=2"},
            {compare(exact, 1, estimate(142.3, 1.6),
                     prediction("quadrature", 141.2, "E2", "gardiner2009"), level),
             "barrier/T=4"},
            {compare(refuted, 1, estimate(142.3, 1.6),
                     prediction("kramers", 120.7, "E13", "hanggi1990"), level),
             "barrier/T=4"},
            {compare(low, 0, estimate(19.09, 0.04), out, level), "barrier/T=2"},
            {compare(low, 2, estimate(1.234e-4, 1.2e-6),
                     prediction("kramers", 1e-4, "E13", "hanggi1990"), level),
             "eta h=0.02 batch_size=16"}};
}

/// Columns of UTF-8 text.
std::size_t columns(std::string const& line) {
    return static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

TEST_CASE(
    "format_value: the error has one digit, two when it begins with 1, and the value as many "
    "decimals") {
    CHECK(format_value(19.0912, 0.0423) == "19.09 ± 0.04");
    CHECK(format_value(19.0912, 0.0143) == "19.091 ± 0.014");
    CHECK(format_value(19.0912, 0.0996) == "19.09 ± 0.10");  // rounds up to a leading 1
    CHECK(format_value(1.2344e-7, 1.23e-9) == "(1.234 ± 0.012)e-7");
    CHECK(format_value(123456.0, 100.0) == "(1.2346 ± 0.0010)e5");
    CHECK(format_value(-5.5, 20.0) == "-6 ± 20");
    CHECK(format_value(1234.0, 56.0) == "1234 ± 56");
    CHECK(format_value(2.5, 0.0) == "2.50000");
    CHECK(format_value(0.04935853821456916, 6e-17) == "0.0493585");  // rounding is no error
    CHECK(format_value(0.04935853821456916, 6e-10) == "0.0493585382 ± 0.0000000006");
    CHECK(format_value(std::nan(""), 1.0) == "no estimate");
    CHECK(format_number(0.0) == "0");
    CHECK(format_number(19.0812) == "19.08");
    CHECK(format_number(9.99996) == "10.00");
    CHECK(format_number(3.2e-7) == "3.200e-7");
    CHECK(format_number(std::nan("")) == "-");
    CHECK(format_count(39.0) == "39");
    CHECK(format_count(99500.0) == "1.0e5");
    CHECK(format_count(4711.2) == "4800");
    CHECK(format_count(1.23e6) == "1.3e6");
}

TEST_CASE("validation_table: fixed rows give this text") {
    CHECK("\n" + validation_table(fixed_rows()) == R"(
claim                       where              prediction estimate ± s.e.    verdict       expected?
----------------------------------------------------------------------------------------------------
The simulated time to the   barrier/T=2        19.080     19.09 ± 0.04       agree         yes
other well is the exact     barrier/T=4        141.20     142.3 ± 1.6        undecided     NO
one                           about 4800 more trajectories would decide
  vs quadrature (E2,
  gardiner2009)

Kramers' formula is off by  barrier/T=4        120.70     142.3 ± 1.6        disagree      yes
more than 5 % at ΔV/T = 4
  vs kramers (E13,
  hanggi1990)

Kramers' formula holds      barrier/T=2        17.100     19.09 ± 0.04       out of domain NO
  vs kramers (E13,            barrier/T = 2 < 3
  hanggi1990)               eta h=0.02         1.0000e-4  (1.234 ± 0.012)e-4 disagree      NO
                            batch_size=16

eta h: learning rate times the largest curvature; stable below 2
5 verdicts on 3 claims: 2 as expected, 3 not; family-wise level 95 %, each interval 99 %
)");
}

TEST_CASE("validation_table: at most 100 columns, no trailing blanks, whatever the texts") {
    std::vector<ClaimRow> rows = fixed_rows();
    rows[0].comparison.claim.sentence = std::string(300, 'x') + " √η ± ΔV " + std::string(50, 'y');
    rows[1].where = "a_very_long_swept_key_of_a_user=0.123456789";
    rows[2].comparison.estimate.standard_error = 1e-9;
    rows[4].comparison.note = std::string(250, 'n');
    std::istringstream text(validation_table(rows));
    for (std::string line; std::getline(text, line);) {
        CHECK_MESSAGE(columns(line) <= 100, line);
        CHECK_MESSAGE((line.empty() || line.back() != ' '), line);
    }
}

TEST_CASE("validation_table: colour changes nothing but escapes, and only on a terminal") {
    std::string painted = validation_table(fixed_rows(), Colour::always);
    CHECK(painted.find("\x1b[32m") != std::string::npos);  // expected
    CHECK(painted.find("\x1b[31m") != std::string::npos);  // refuted against expectation
    CHECK(painted.find("\x1b[33m") != std::string::npos);  // undecided
    for (std::size_t at; (at = painted.find('\x1b')) != std::string::npos;) {
        painted.erase(at, painted.find('m', at) - at + 1);
    }
    CHECK(painted == validation_table(fixed_rows()));
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    CHECK(colour_for(file) == Colour::never);
    std::fclose(file);
}

TEST_CASE("validation_summary: counts what was expected, not what agreed") {
    CHECK(
        validation_summary(fixed_rows()) ==
        "5 verdicts on 3 claims: 2 as expected, 3 not; family-wise level 95 %, each interval 99 %");
    std::vector<ClaimRow> const one{
        {compare(claim("a", "s", "quadrature", 0.1), 0, estimate(10, 0.1),
                 prediction("quadrature", 10, "", "x"), family_level(1)),
         "-"}};
    CHECK(validation_summary(one) ==
          "1 claim: 1 as expected, 0 not; family-wise level 95 %, each interval 95 %");
    CHECK(validation_summary({}) == "no claims");
}

TEST_CASE("validation_table: a curve has a gap, not a value") {
    ClaimSpec density = claim("d", "The density is Gibbs'", "gibbs", 0.1);
    density.estimand = StationaryDensity{{0}};
    Comparison c =
        compare(density, 0, estimate(1.0, 0.1), prediction("gibbs", 1, "S43", "x"), 0.95);
    c.prediction.value = 0.0;
    c.estimate.value = 0.031;
    c.estimate.standard_error = 0.004;
    std::string const table = validation_table({{c, "-"}});
    CHECK(table.find("curve") != std::string::npos);
    CHECK(table.find("gap 0.031 ± 0.004") != std::string::npos);
    CHECK(table.find("gap: largest distance") != std::string::npos);
    CHECK(validation_table(fixed_rows()).find("gap") == std::string::npos);
}

TEST_CASE("cell_label: theorists' numbers stand for a swept temperature and learning rate") {
    Cell cell;
    CHECK(cell_label(cell) == "-");
    cell.swept = {{"dynamics.temperature", 0.0625}, {"scheme.crossing", std::string("bridge")}};
    cell.temperature = 0.0625;
    CHECK(cell_label(cell) == "temperature=0.0625 bridge");
    cell.facts["barrier"] = 0.25;
    CHECK(cell_label(cell) == "barrier/T=4 bridge");  // 0.25 / 0.0625
    cell.swept = {{"dynamics.learning_rate", 4e-4}};
    CHECK(cell_label(cell) == "learning_rate=4e-4");
    cell.facts["max_curvature"] = 50.0;
    CHECK(cell_label(cell) == "eta h=0.02");  // 4e-4 * 50
}

TEST_CASE("format_label: the shortest of four digits") {
    CHECK(format_label(0.02) == "0.02");
    CHECK(format_label(4e-4) == "4e-4");
    CHECK(format_label(-1.25e-5) == "-1.25e-5");
    CHECK(format_label(0.038) == "0.038");
    CHECK(format_label(12.0) == "12");
    CHECK(format_label(250000.0) == "2.5e5");
    CHECK(format_label(1.0 / 3.0) == "0.3333");
    CHECK(format_label(0.0) == "0");
}

TEST_CASE("wrapped: breaks between words, else after a joint, never inside a number that fits") {
    using Lines = std::vector<std::string>;
    CHECK(wrapped("one two  three", 8) == Lines{"one two", "three"});
    CHECK(wrapped("learning_rate=0.0004 b=2", 18) == Lines{"learning_rate=", "0.0004 b=2"});
    CHECK(wrapped("ΔV/T ± √η", 6) == Lines{"ΔV/T ±", "√η"});  // columns, not bytes
    CHECK(wrapped("abcdefgh", 3) == Lines{"abc", "def", "gh"});
    CHECK(wrapped("", 5).empty());
}

TEST_CASE("claims_json: the documented keys, null for what is not finite") {
    auto const json = nlohmann::json::parse(claims_json(fixed_rows()));
    REQUIRE(json.size() == 5);
    for (auto const& row : json) {
        for (char const* key : {"id",         "sentence",
                                "source",     "prediction",
                                "estimate",   "standard_error",
                                "detectable", "verdict",
                                "lower",      "upper",
                                "tolerance",  "expect",
                                "passed",     "cell",
                                "where",      "against",
                                "estimand",   "formula",
                                "level",      "lower_95",
                                "upper_95",   "more_trajectories",
                                "note"}) {
            CHECK_MESSAGE(row.contains(key), key);
        }
    }
    CHECK(json[0]["id"] == "a.1");
    CHECK(json[0]["source"] == "gardiner2009");
    CHECK(json[0]["prediction"] == 19.08);
    CHECK(json[0]["verdict"] == "agree");
    CHECK(json[1]["verdict"] == "undecided");
    CHECK(json[1]["more_trajectories"].get<double>() == doctest::Approx(4715).epsilon(0.001));
    CHECK(json[2]["verdict"] == "disagree");
    CHECK(json[2]["expect"] == "disagree");
    CHECK(json[2]["passed"] == true);
    CHECK(json[3]["verdict"] == "out_of_domain");
    CHECK(json[3]["note"] == "barrier/T = 2 < 3");
    PredictionResult const none{{}, "no saddle"};
    std::vector<ClaimRow> const missing{
        {compare(claim("a", "s", "kramers", 0.1), 0, estimate(1, 0.1), none, 0.95), "-"}};
    CHECK(nlohmann::json::parse(claims_json(missing))[0]["prediction"].is_null());
}

}  // namespace validation_table_test
