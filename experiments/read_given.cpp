// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/csv.hpp"
#include "experiments/given.hpp"
#include "experiments/suggest.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers {
namespace {

constexpr std::size_t most_points = 10'000;

bool read_number(std::string const& text, double& value) {
    char* end = nullptr;
    value = std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0' && std::isfinite(value);
}

/// Two columns of a CSV file with a header.
class TwoColumns {
  public:
    TwoColumns(Reader& reader, std::string const& path) : reader_(reader), path_(path) {}

    std::vector<std::pair<double, double>> read(std::string const& x, std::string const& y) {
        std::ifstream file(path_);
        int reason = file ? 0 : errno;
        std::error_code unreadable;
        if (std::filesystem::is_directory(path_, unreadable)) reason = EISDIR;
        if (reason != 0)
            return refuse(fmt::format("cannot be read: {} (a CSV file, relative to the spec)",
                                      std::strerror(reason)));
        std::string const contents{std::istreambuf_iterator<char>(file), {}};
        CsvText const text = parse_csv(contents);
        if (!text.problem.empty()) return refuse(text.problem);
        std::vector<std::pair<double, double>> points;
        if (text.records.empty()) return points;
        std::vector<std::string> const& header = text.records.front().fields;
        if (header.size() == 1 && header.front().find_first_of(";\t") != std::string::npos)
            return refuse(fmt::format("has one column, \"{}\" (columns are separated by commas)",
                                      header.front()));
        column_x_ = column(header, "x", x);
        column_y_ = column(header, "y", y);
        if (!good_) return {};
        if (text.records.size() - 1 > most_points)
            return refuse(fmt::format("has more than {} rows", most_points));
        for (auto record = text.records.begin() + 1; record != text.records.end(); ++record) {
            auto const& fields = record->fields;
            std::pair<double, double> point;
            if (fields.size() != header.size() || !read_number(fields[column_x_], point.first) ||
                !read_number(fields[column_y_], point.second))
                return refuse(
                    fmt::format("line {} has no number in column {} or {}", record->line, x, y));
            points.push_back(point);
        }
        return points;
    }

  private:
    std::vector<std::pair<double, double>> refuse(std::string const& why) {
        reader_.problem("table", fmt::format("{} = \"{}\" {}", reader_.full("table"),
                                             *reader_.take("table")->text(), why));
        return {};
    }
    std::size_t column(std::vector<std::string> const& header, char const* key,
                       std::string const& name) {
        auto const found = std::find(header.begin(), header.end(), name);
        if (found == header.end()) {
            good_ = false;
            reader_.problem(key, fmt::format("{}: {}", reader_.full(key),
                                             unknown_word("column", name, header)));
        }
        return static_cast<std::size_t>(found - header.begin());
    }

    Reader& reader_;
    std::string path_;
    std::size_t column_x_ = 0, column_y_ = 0;
    bool good_ = true;
};

std::vector<std::pair<double, double>> inline_points(Reader& reader) {
    std::vector<std::pair<double, double>> points;
    Node const* node = reader.take("points");
    for (Node const& item : node->list() != nullptr ? *node->list() : NodeList{}) {
        NodeList const* pair = item.list();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_number() ||
            !(*pair)[1].is_number()) {
            points.clear();
            break;
        }
        points.emplace_back((*pair)[0].number(), (*pair)[1].number());
    }
    if (points.empty())
        reader.problem("points", fmt::format("{} must be a list of pairs, [[x, y], ...]",
                                             reader.full("points")));
    return points;
}

void check_points(Reader& reader, GivenPrediction& given, std::string const& key) {
    auto& points = given.points;
    if (points.empty()) return;
    std::sort(points.begin(), points.end());
    auto const wrong = [&](std::string const& what) {
        reader.problem(key, fmt::format("{}: {}", reader.full(key), what));
    };
    for (std::size_t k = 0; k + 1 < points.size(); ++k)
        if (points[k].first == points[k + 1].first)
            return wrong(fmt::format("x = {} is there twice", points[k].first));
    if (points.size() < 2) return wrong("at least two points are needed");
    bool const log_x = given.scales == "log-log", log_y = given.scales != "linear";
    for (auto const& [x, y] : points)
        if ((log_x && !(x > 0.0)) || (log_y && !(y > 0.0)))
            return wrong(
                fmt::format("the point ({}, {}) has no logarithm, which interpolation = "
                            "\"{}\" needs",
                            x, y, given.scales));
}

void read_table(Reader& reader, Table& table, std::string const& folder, GivenPrediction& given) {
    given.form = PredictionKind::table;
    bool const has_points = reader.has("points");
    std::string const file = reader.text("table", "");
    std::string const x = reader.text("x");
    std::string const y = reader.text(
        "y", has_points ? std::optional<std::string>("y") : std::optional<std::string>());
    given.scales =
        reader.choice("interpolation", "interpolation", {"linear", "log-log", "log-y"}, "linear");
    given.at = reader.text("at", x);
    given.file = file;
    if (has_points) {
        given.points = inline_points(reader);
    } else if (!x.empty() && !y.empty()) {
        std::filesystem::path const path(file);
        TwoColumns columns(reader, (path.is_absolute() ? path : folder / path).string());
        std::size_t const before = reader.problems().size();
        given.points = columns.read(x, y);
        if (given.points.empty() && reader.problems().size() == before)
            reader.problem("table",
                           fmt::format("{} = \"{}\" has no rows", reader.full("table"), file));
    }
    check_points(reader, given, has_points ? "points" : "table");
    if (has_points) return;
    NodeList list;  // the file's content travels with the resolved spec
    for (auto const& point : given.points)
        list.push_back(Node{NodeList{make_node(point.first), make_node(point.second)}, {}});
    table.set("points", Node{std::move(list), {}});
}

std::string read_name(Reader& reader, GivenPrediction const& given) {
    std::string const name = reader.text("name", std::string(to_string(given.form)));
    for (theory::PredictionInfo const& p : theory::predictions())
        if (p.name == name)
            reader.problem("name", fmt::format("{} = \"{}\" is the name of a built-in prediction",
                                               reader.full("name"), name));
    bool const plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    if (!plain)
        reader.problem("name", fmt::format("{} = \"{}\" (must be letters, digits, _ and -)",
                                           reader.full("name"), name));
    return name;
}

}  // namespace

GivenPrediction read_given(Reader& claim, Table& against, std::string const& folder,
                           std::string& name) {
    GivenPrediction given;
    Reader reader(against, claim.full("against"), claim.origin_of("against"), claim.problems());
    bool const formula = reader.has("formula"), number = reader.has("number");
    bool const table = reader.has("table") || reader.has("points");
    if (formula + number + table != 1) {
        claim.problem("against",
                      fmt::format("{} must hold exactly one of formula = \"2*pi*exp(barrier/T)\", "
                                  "number = 12.3, table = \"file.csv\", points = [[x, y], ...]",
                                  claim.full("against")));
        name = "formula";
        return given;
    }
    if (formula) {
        given.form = PredictionKind::formula;
        given.formula = reader.text("formula");
        if (given.formula.empty()) reader.problem("formula", reader.full("formula") + " is empty");
    }
    if (number) given.number = reader.number("number", {});
    if (table) read_table(reader, against, folder, given);
    if (reader.has("normalise")) given.normalise = reader.flag("normalise", false);
    given.domain = reader.text("domain", "");
    if (Node const* error = reader.take("error"); error != nullptr && error->is_number())
        given.error = fmt::format("{}", error->number());
    else given.error = reader.text("error", "");
    given.source = reader.text("source", "given in the spec");
    name = read_name(reader, given);
    reader.finish();
    return given;
}

}  // namespace kramers
