// SPDX-License-Identifier: Apache-2.0
#include "experiments/given.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "experiments/load_spec.hpp"
#include "experiments/names.hpp"
#include "experiments/runner.hpp"

namespace given_test {
using namespace kramers;
namespace fs = std::filesystem;

namespace {

std::string const escape = R"(kind = "escape"
landscape = { name = "double_well", half_width = 1.0, barrier = 0.25 }
dynamics  = { name = "overdamped" }
scheme    = { name = "euler_maruyama", dt = 0.02, crossing = "bridge" }
ensemble  = { trajectories = 4000, seed = 5 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
sweep."dynamics.temperature" = { barrier_over = [2, 4] }
)";

std::string const quadratic = R"(kind = "stationary"
landscape = { name = "quadratic", curvatures = [2.0, 5.0] }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { name = "exact_ou", dt = 0.5 }
ensemble  = { trajectories = 20_000, seed = 5 }
start     = { point = [0.0, 0.0] }
burn_in   = { relaxation_times = 12 }
histograms = [{ axis = 0, lower = -0.8, upper = 0.8, bins = 16 }]
regions.right = { half_space = [1.0, 0.0], offset = 0.2 }
)";

std::string claim(std::string const& estimand, std::string const& against,
                  std::string const& tolerance, std::string const& more = "") {
    return "[[claim]]\nsentence = \"s\"\nestimand = " + estimand + "\nagainst = " + against +
           "\ntolerance = " + tolerance + "\n" + more + "\n";
}

std::string const passage = "{ mean_first_passage = { to = \"other\" } }";

Spec load(std::string const& text, std::string const& folder = "") {
    return load_spec({text, "test.toml", "test", folder});
}

std::vector<std::string> problems(std::string const& text, std::string const& folder = "") {
    try {
        load(text, folder);
    } catch (InputError const& error) { return error.problems; }
    return {};
}

std::vector<std::string> verdicts(Spec const& spec) {
    std::vector<std::string> all;
    for (ClaimRow const& row : run_spec(spec, {}).report.claims)
        all.emplace_back(to_string(row.comparison.verdict));
    return all;
}

/// Kramers' formula with its first correction, which is 2 % short at barrier/T = 4.
std::string const kramers_formula =
    "2*pi/sqrt(curvature_min*abs(curvature_saddle))*exp(barrier/T)*(1+ 1.5*T)";

}  // namespace

TEST_CASE("A given formula: verdicts on a double well, its twin of half the time rejected") {
    // se 1.6 %, interval ± 5 % at most: at barrier/T = 4 the exact time is 277.05, the formula 265.3.
    Spec const spec = load(
        escape +
        claim(passage,
              "{ formula = \"" + kramers_formula +
                  "\", domain = \"barrier/T > 3\", source = \"my draft, eq. 7\", error = \"T\" }",
              "0.15") +
        claim(passage, "{ formula = \"0.5*" + kramers_formula + "\" }", "0.15",
              "where = \"barrier/T == 4\"\nexpect = \"disagree\""));
    RunOutput const output = run_spec(spec, {});
    auto const& rows = output.report.claims;
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].comparison.verdict == Verdict::out_of_domain);
    CHECK(rows[0].comparison.note == "\"barrier/T > 3\" does not hold");
    CHECK(rows[1].comparison.verdict == Verdict::agree);
    CHECK(rows[2].comparison.verdict == Verdict::disagree);
    double const T = 0.0625;
    Prediction const& p = rows[1].comparison.prediction;
    CHECK(
        p.value ==
        doctest::Approx(2 * M_PI / std::sqrt(2.0) * std::exp(4.0) * (1 + 1.5 * T)).epsilon(1e-12));
    CHECK(p.kind == PredictionKind::formula);
    CHECK(p.error == T);
    CHECK(p.sources == std::vector<std::string>{"my draft, eq. 7"});
    // In every table under its own name: the second, different one is called formula_2.
    for (char const* text : {",formula,formula,", ",formula_2,formula,", "my draft, eq. 7"})
        CHECK(output.files.at("predictions.csv").find(text) != std::string::npos);
    CHECK(output.files.at("claims.csv").find(",formula_2,given in the spec,") != std::string::npos);
    CHECK(output.files.at("curves.csv").find("\nformula,other,4,") != std::string::npos);
    CHECK(output.files.at("report.json").find("\"kind\": \"formula\"") != std::string::npos);
}

TEST_CASE("Given formulas on a quadratic: covariance, weight, density; factor 2 rejected") {
    // 20 000 normal samples: variance ± 3 %, weight (0.186) ± 4.5 %, density ± 4 % of its peak.
    std::string const variance = "{ stationary_covariance = { component = [1, 1] } }";
    std::string const weight = "{ region_weight = { region = \"right\" } }";
    std::string const density = "{ stationary_density = { axes = [0] } }";
    std::string const gauss = "exp(-curvatures_0*x^2/(2*T))/sqrt(2*pi*T/curvatures_0)";
    CHECK(verdicts(
              load(quadratic + claim(variance, "{ formula = \"T/curvature\" }", "0.06") +
                   claim(variance, "{ formula = \"2*T/curvature\" }", "0.06") +
                   claim(variance, "{ number = 0.02 }", "0.06") +
                   claim(variance, "{ number = 0.01 }", "0.06") +
                   claim(weight, "{ formula = \"0.5*erfc(0.2/sqrt(2*T/curvatures_0))\" }", "0.1") +
                   claim(weight, "{ formula = \"erfc(0.2/sqrt(2*T/curvatures_0))\" }", "0.1"))) ==
          std::vector<std::string>{"agree", "disagree", "agree", "disagree", "agree", "disagree"});
    CHECK(verdicts(
              load(quadratic + claim(density, "{ formula = \"" + gauss + "\" }", "0.1") +
                   claim(density, "{ formula = \"exp(-2*x0^2/(2*T))\", normalise = true }", "0.1") +
                   claim(density, "{ formula = \"0.5*(" + gauss + ")\" }", "0.1") +
                   claim(density, "{ formula = \"2*" + gauss + "\" }", "0.1"))) ==
          std::vector<std::string>{"agree", "agree", "disagree", "out_of_domain"});
}

TEST_CASE("A given density: bins hold the exact mass") {
    Spec const spec =
        load(quadratic + claim("{ stationary_density = { axes = [0] } }",
                               "{ formula = \"exp(-x^2/0.1)/sqrt(pi*0.1)\" }", "0.1"));
    auto const p = predict_given_density(spec.claims[0], spec.cells[0], {{-0.5, 0.0, 0.3, 2.0}});
    REQUIRE(p.density.size() == 3);
    double const w = std::sqrt(0.1);
    CHECK(p.density[0] * 0.5 == doctest::Approx(0.5 * std::erf(0.5 / w)).epsilon(1e-8));
    CHECK(p.density[1] * 0.3 == doctest::Approx(0.5 * std::erf(0.3 / w)).epsilon(1e-10));
    CHECK(p.summary.prediction->value < 1.0);
    CHECK(predict_given_density(spec.claims[0], spec.cells[0], {}).summary.reason != "");
}

TEST_CASE("A given table: interpolation on three scales, nothing outside its range") {
    GivenPrediction table;
    table.form = PredictionKind::table;
    table.points = {{1.0, 2.0}, {4.0, 32.0}};
    table.scales = "linear";
    CHECK(*interpolate(table, 2.0) == doctest::Approx(12.0));
    CHECK(*interpolate(table, 4.0) == 32.0);
    CHECK(*interpolate(table, 1.0) == 2.0);
    table.scales = "log-log";  // y = 2 x^2
    CHECK(*interpolate(table, 2.0) == doctest::Approx(8.0));
    table.scales = "log-y";  // y = 2 · 16^((x − 1)/3)
    CHECK(*interpolate(table, 2.5) == doctest::Approx(8.0));
    CHECK_FALSE(interpolate(table, 0.99).has_value());
    CHECK_FALSE(interpolate(table, 4.01).has_value());
    CHECK_FALSE(interpolate(table, std::nan("")).has_value());
}

TEST_CASE("A given table: read from its file, then part of the resolved spec") {
    fs::path const folder = fs::temp_directory_path() / "kramers_given_test";
    fs::create_directories(folder);
    std::ofstream(folder / "t.csv") << "# mine\nr, time ,note\n5,700,a\n1,20,b\n2.5,60,c\n";
    std::string const text = escape + claim(passage,
                                            "{ table = \"t.csv\", x = \"r\", y = \"time\", at = "
                                            "\"barrier/T\", interpolation = \"log-y\" }",
                                            "0.1");
    Spec const spec = load(text, folder.string());
    fs::remove_all(folder);
    auto const value = [](Spec const& s, std::size_t cell) {
        return predict_given(s.claims[0], s.cells[cell]).prediction.value();
    };
    CHECK(value(spec, 0).value == doctest::Approx(20.0 * std::pow(3.0, 2.0 / 3.0)));
    Spec const again = load(spec.resolved);  // without the file
    CHECK(*again.claims[0].given == *spec.claims[0].given);
    CHECK(again.claims[0].against == "table");
    CHECK(value(again, 1).value == value(spec, 1).value);
    CHECK(value(again, 1).kind == PredictionKind::table);

    Spec outside = spec;
    outside.claims[0].given->points.back().first = 3.0;
    Prediction const p = value(outside, 1);
    CHECK_FALSE(p.in_domain);
    CHECK(p.domain_note == "barrier/T = 4 lies outside the table, which goes from 1 to 3");
}

TEST_CASE("A given table: as a spreadsheet saves it, and what it is refused for") {
    fs::path const folder = fs::temp_directory_path() / "kramers_given_spreadsheet_test";
    fs::create_directories(folder);
    auto const refused = [&](std::string const& file) {
        std::ofstream(folder / "t.csv") << file;
        auto const all = problems(
            escape + claim(passage,
                           "{ table = \"t.csv\", x = \"r\", y = \"time\", at = \"barrier/T\" }",
                           "0.1"),
            folder.string());
        return all.empty() ? std::string() : all.front();
    };
    CHECK(refused("\xEF\xBB\xBF"
                  "r,note,time\r\n1,\"b, c\",20\r\n5,\"a\",700\r\n") == "");
    CHECK(refused("r;time\n1;20\n5;700\n").find("columns are separated by commas") !=
          std::string::npos);
    CHECK(refused("r,time\n1,\"20\n5,700\n").find("line 2: a quote is never closed") !=
          std::string::npos);
    CHECK(refused("r,time\n1,\"2\n0\"\n5,x\n").find("line 2 has no number") != std::string::npos);
    fs::remove_all(folder);
}

TEST_CASE("Given predictions: what is wrong is said with its place") {
    auto const of = [](std::string const& against) {
        auto const all = problems(escape + claim(passage, against, "0.1"));
        return all.empty() ? std::string() : all.front();
    };
    CHECK(of("{ formula = \"exp(barier/T)\" }")
              .find("test.toml:12: against.formula = \"exp(barier/T)\" at column 5: unknown name "
                    "\"barier\" "
                    "(have: ") == 0);
    CHECK(of("{ formula = \"exp(barier/T)\" }").find("Did you mean \"barrier\"?") !=
          std::string::npos);
    CHECK(of("{ formula = \"T*barrier, 2\" }").find("\"T*barrier, 2\" at column 10: a comma") !=
          std::string::npos);
    CHECK(of("{ formula = \"max(T, 2)\" }") == "");
    CHECK(of("{ formula = \"x\" }").find("unknown name \"x\"") != std::string::npos);
    CHECK(of("{ number = 1.0, domain = \"bariere > 1\" }").find("against.domain = ") !=
          std::string::npos);
    CHECK(of("{ number = 1.0, error = \"TT\" }").find("against.error = ") != std::string::npos);
    CHECK(of("{ }").find("must hold exactly one of formula") != std::string::npos);
    CHECK(of("{ formula = \"T\", number = 1.0 }").find("must hold exactly one of formula") !=
          std::string::npos);
    CHECK(of("{ formul = \"T\" }").find("must hold exactly one of") != std::string::npos);
    CHECK(of("{ formula = \"T\", sorce = \"me\" }").find("Did you mean \"source\"?") !=
          std::string::npos);
    CHECK(of("{ formula = \"T\", name = \"kramers\" }").find("name of a built-in") !=
          std::string::npos);
    CHECK(of("{ formula = \"T\", normalise = true }").find("stationary_density") !=
          std::string::npos);
    CHECK(of("{ table = \"none.csv\", x = \"T\", y = \"t\" }").find("No such file") !=
          std::string::npos);
    CHECK(of("{ points = [[1, 2], [1, 3]], x = \"T\" }").find("x = 1 is there twice") !=
          std::string::npos);
    CHECK(of("{ points = [[1, 2]], x = \"T\" }").find("at least two") != std::string::npos);
    CHECK(of("{ points = [[0, 2], [1, 3]], x = \"T\", interpolation = \"log-log\" }")
              .find("no logarithm") != std::string::npos);
    CHECK(of("{ points = [[0, 2], [1, 3]], x = \"T\", interpolation = \"cubic\" }")
              .find("unknown interpolation \"cubic\"") != std::string::npos);
    CHECK(of("{ points = [[0, 2], [1, 3]], x = \"T\" }") == "");
}

TEST_CASE("Names: what theorists call the facts, unless a parameter has the name") {
    Spec const spec = load(escape);
    Names const names = names_of(spec.cells[0]);
    for (auto const& [alias, fact] : {std::pair{"T", "temperature"},
                                      {"dV", "barrier"},
                                      {"curvature_min", "min_curvature"},
                                      {"curvature_saddle", "saddle_curvature"},
                                      {"d", "dim"}})
        CHECK(names.at(alias) == names.at(fact));
    CHECK(names.at("beta") == doctest::Approx(8.0));                 // 1/T, T = 0.25/2
    CHECK(names.at("saddle_determinant") == doctest::Approx(1.0));   // |V''(0)| of x^4/4 - x^2/2
    CHECK(names.at("minimum_determinant") == doctest::Approx(2.0));  // V''(1)
    CHECK(names.at("pi") == M_PI);
    Spec const flat = load(quadratic);
    CHECK(names_of(flat.cells[0]).at("curvatures_1") == 5.0);
    CHECK(names_of(flat.cells[0], StationaryCovariance{1, 1}).at("curvature") == 5.0);
    CHECK(names_of(flat.cells[0], Autocovariance{0, 0, 0.5}).at("lag") == 0.5);
}

}  // namespace given_test
