// SPDX-License-Identifier: Apache-2.0
#include "experiments/csv.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>

#include "experiments/tables.hpp"

namespace csv_test {
using namespace kramers;

namespace {

/// Reads RFC 4180 text: records of fields.
std::vector<std::vector<std::string>> parse(std::string const& text) {
    std::vector<std::vector<std::string>> records(1, std::vector<std::string>(1));
    bool quoted = false;
    for (std::size_t k = 0; k < text.size(); ++k) {
        char const c = text[k];
        if (quoted) {
            if (c != '"') records.back().back() += c;
            else if (k + 1 < text.size() && text[k + 1] == '"') records.back().back() += text[++k];
            else quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            records.back().emplace_back();
        } else if (c == '\n') {
            records.emplace_back(1);
        } else {
            records.back().back() += c;
        }
    }
    records.pop_back();
    return records;
}

std::string header(CsvTable const& table) {
    return table.text().substr(0, table.text().find('\n'));
}

}  // namespace

TEST_CASE("CsvTable: every double reads back to the same bits") {
    std::mt19937_64 bits(3);
    CsvTable table({"x"});
    std::vector<double> values{0.1, -0.0, 5e-324, std::numeric_limits<double>::max(), 1.0 / 3.0};
    while (values.size() < 5000) {
        double const x = std::bit_cast<double>(bits());
        if (std::isfinite(x)) values.push_back(x);
    }
    for (double x : values) table.add({x});
    auto const records = parse(table.text());
    REQUIRE(records.size() == values.size() + 1);
    int wrong = 0, wrong_with_15_digits = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
        double const back = std::strtod(records[k + 1][0].c_str(), nullptr);
        wrong +=
            std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(values[k]) ? 0 : 1;
        char twin[40];
        std::snprintf(twin, sizeof twin, "%.15g", values[k]);
        wrong_with_15_digits += std::strtod(twin, nullptr) == values[k] ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(wrong_with_15_digits > 1000);  // the check can see a lost digit
}

TEST_CASE("CsvTable: text with commas, quotes and line ends is quoted and comes back") {
    std::string const awkward = "a \"b\", c\nd";
    CsvTable table({"name", "with, comma"});
    table.add({awkward, 1});
    CHECK(table.text() == "name,\"with, comma\"\n\"a \"\"b\"\", c\nd\",1\n");
    auto const records = parse(table.text());
    REQUIRE(records.size() == 2);
    CHECK(records[0][1] == "with, comma");
    CHECK(records[1][0] == awkward);
}

TEST_CASE("parse_csv: reads back what tables write, as a second reader does") {
    CsvTable table({"name", "with, comma"});
    for (char const* text : {"a \"b\", c\nd", "plain", "\"", "two\n\nlines", "#no comment, quoted"})
        table.add({text, 0.1});
    auto const records = parse(table.text());
    CsvText const read = parse_csv(table.text());
    CHECK(read.problem == "");
    REQUIRE(read.records.size() == records.size());
    for (std::size_t k = 0; k < records.size(); ++k) CHECK(read.records[k].fields == records[k]);
    CHECK(read.records[2].line == 4);  // the record before it holds a line end
}

TEST_CASE("parse_csv: what spreadsheets and hands write") {
    CsvText const read =
        parse_csv("\xEF\xBB\xBF# mine\r\n\"dV, T\" , tau\r\n\r\n 2,41\r\n3,\"a \"\"b\"\"\"");
    CHECK(read.problem == "");
    REQUIRE(read.records.size() == 3);
    CHECK(read.records[0].fields == std::vector<std::string>{"dV, T", "tau"});
    CHECK(read.records[1].fields == std::vector<std::string>{"2", "41"});
    CHECK(read.records[2].fields == std::vector<std::string>{"3", "a \"b\""});
    CHECK(read.records[1].line == 4);
    CHECK(parse_csv("a,b,\n").records.front().fields.size() == 3);
    CHECK(parse_csv("a\n\"b\nc\n").problem == "line 2: a quote is never closed");
    CHECK(parse_csv("\"a\"b,c\n").problem == "line 1: text follows a quoted field");
    CHECK(parse_csv("").records.empty());
}

TEST_CASE("CsvTable: NaN is an empty field, integers and flags are exact") {
    CsvTable table({"a", "b", "c", "d"});
    table.add({std::nan(""), std::numeric_limits<std::uint64_t>::max(), -3, true});
    CHECK(table.text() == "a,b,c,d\n,18446744073709551615,-3,true\n");
    CHECK(table.rows() == 1);
}

TEST_CASE("CsvTable: a row of the wrong length or a repeated column is a broken promise") {
    CsvTable table({"a", "b"});
    CHECK_THROWS_AS(table.add({1.0}), std::logic_error);
    CHECK(table.rows() == 0);
    CHECK_THROWS_AS(CsvTable({"a", "a"}), std::logic_error);
    CHECK_THROWS_AS(CsvTable({""}), std::logic_error);
}

TEST_CASE("tables: column names are the contract with plots") {
    CHECK(
        header(tables::passage()) ==
        "cell,target,crossing,level,dt,temperature,barrier,barrier_over_temperature,value,"
        "standard_error,lower,upper,trajectories,arrived,censored,diverged,rate,rate_lower,rate_"
        "upper,"
        "shape,shape_lower,shape_upper,exponential_p,exit_share,exit_share_lower,exit_share_upper,"
        "restricted_mean,restricted_lower,restricted_upper,restricted_until");
    CHECK(header(tables::survival()) == "cell,target,level,time,survival,lower,upper");
    CHECK(header(tables::density()) ==
          "cell,axis,lower,upper,density,standard_error,band_lower,band_upper,prediction,gibbs_"
          "euler");
    CHECK(header(tables::density2d()) ==
          "cell,axis_x,axis_y,x_lower,x_upper,y_lower,y_upper,density,standard_error,prediction,"
          "gibbs_euler");
    CHECK(header(tables::regions()) == "cell,region,value,standard_error,lower,upper,prediction");
    CHECK(header(tables::covariance({"sgd_discrete", "ou_limit"})) ==
          "cell,i,j,learning_rate,learning_rate_times_curvature,value,standard_error,lower,upper,"
          "sgd_discrete,ou_limit");
}

TEST_CASE("tables::cells: swept keys are columns, a missing barrier is empty") {
    Cell cell;
    cell.swept = {{"dynamics.temperature", 0.25}, {"landscape.name", std::string("double_well")}};
    cell.temperature = 0.25;
    cell.dt = {0.125, 0.25};
    cell.trajectories = 64;
    cell.seed = 1;
    cell.facts["barrier"] = 1.0;
    Cell flat = cell;
    flat.index = 1;
    flat.swept.pop_back();
    flat.facts.clear();
    CHECK(tables::cells({cell, flat}).text() ==
          "cell,dynamics.temperature,landscape.name,temperature,learning_rate,dt,barrier,"
          "barrier_over_temperature,trajectories,seed\n"
          "0,0.25,double_well,0.25,,0.125,1,4,64,1\n"
          "1,0.25,,0.25,,0.125,,,64,1\n");
}

TEST_CASE("tables::predictions: a prediction that declines keeps its row") {
    Prediction p;
    p.value = 2.0;
    p.error = 0.5;
    p.kind = PredictionKind::asymptotic;
    p.error_order = "O(T/barrier)";
    p.sources = {"kramers1940", "hanggi1990"};
    CHECK(tables::predictions(
              {{0, "rate", "kramers", {p, ""}}, {1, "rate", "kramers", {{}, "no saddle"}}})
              .text() ==
          "cell,estimand,name,kind,value,error,error_order,in_domain,sources\n"
          "0,rate,kramers,asymptotic,2,0.5,O(T/barrier),true,kramers1940; hanggi1990\n"
          "1,rate,kramers,,,,,false,\n");
}

}  // namespace csv_test
