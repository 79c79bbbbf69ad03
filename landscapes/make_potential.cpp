// SPDX-License-Identifier: Apache-2.0
#include "landscapes/make_potential.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "landscapes/potential_adapter.hpp"
#include "sde/linear_algebra.hpp"

// Generated from landscapes/CMakeLists.txt: the headers, and KRAMERS_LANDSCAPE(stem, Class, dim)
// for every landscape and dimension.
#include "landscapes/landscape_headers.inc"

namespace kramers {
namespace {

using Maker = std::shared_ptr<LandscapeView const> (*)(std::vector<double> const&);

struct Row {
    LandscapeInfo info;
    int dim;
    Maker make;
};

template <class L>
inline constexpr auto parameters_of = L::parameters();

template <template <class, int> class L, int Dim>
Row make_row() {
    using D = L<double, Dim>;
    return {{D::name, {Dim}, parameters_of<D>, D::formula, D::growth, D::separable, D::source},
            Dim,
            [](std::vector<double> const& values) -> std::shared_ptr<LandscapeView const> {
                return std::make_shared<PotentialAdapter<L, Dim> const>(values);
            }};
}

std::vector<Row> const& rows() {
    static std::vector<Row> const table{
#define KRAMERS_LANDSCAPE(stem, Class, dim) make_row<Class, dim>(),
#include "landscapes/landscape_list.inc"
#undef KRAMERS_LANDSCAPE
    };
    return table;
}

std::string names() {
    std::string text;
    for (LandscapeInfo const& info : landscape_catalogue())
        text += fmt::format("{}{}", text.empty() ? "" : ", ", info.name);
    return text;
}

std::string range_text(Parameter const& p) {
    bool const below = p.minimum != -unbounded, above = p.maximum != unbounded;
    std::string const low = fmt::format("{} {:.6g}", p.open_minimum ? ">" : ">=", p.minimum);
    std::string const high = fmt::format("<= {:.6g}", p.maximum);
    if (below && above) return fmt::format("{} and {}", low, high);
    return below ? low : above ? high : "finite";
}

bool in_range(Parameter const& p, double value) {
    return std::isfinite(value) && value <= p.maximum &&
           (p.open_minimum ? value > p.minimum : value >= p.minimum);
}

/// "[2]" of a list, "[0][1]" of a matrix.
std::string place_text(Parameter const& p, std::size_t i, int dim) {
    auto const d = static_cast<std::size_t>(dim);
    if (p.per_pair) return fmt::format("[{}][{}]", i / d, i % d);
    return p.per_coordinate ? fmt::format("[{}]", i) : "";
}

/// Why finite numbers are no symmetric positive definite matrix; empty: they are one.
std::string matrix_problem(Parameter const& p, double const* values, int dim) {
    Eigen::MatrixXd const m = Eigen::Map<Eigen::MatrixXd const>(values, dim, dim);
    double const size = m.cwiseAbs().maxCoeff();
    for (int i = 0; i < dim; ++i)
        for (int j = 0; j < i; ++j)
            if (std::abs(m(i, j) - m(j, i)) > 1e-12 * size)
                return fmt::format(
                    "{}[{}][{}] = {:.6g} and {}[{}][{}] = {:.6g} (must be equal: the "
                    "matrix is symmetric)",
                    p.name, j, i, m(i, j), p.name, i, j, m(j, i));
    double const least = linear::symmetric_eigen(m).values.minCoeff();
    if (least > 1e-12 * size) return {};
    return fmt::format("{} has the eigenvalue {:.6g} (must be positive definite: each > 0)", p.name,
                       std::abs(least) <= 1e-12 * size ? 0.0 : least);
}

}  // namespace

std::vector<LandscapeInfo> const& landscape_catalogue() {
    static std::vector<LandscapeInfo> const catalogue = [] {
        std::vector<LandscapeInfo> list;
        for (Row const& row : rows()) {
            if (!list.empty() && list.back().name == row.info.name)
                list.back().dims.push_back(row.dim);
            else list.push_back(row.info);
        }
        return list;
    }();
    return catalogue;
}

LandscapeInfo const* find_landscape(std::string_view name) {
    for (LandscapeInfo const& info : landscape_catalogue())
        if (info.name == name) return &info;
    return nullptr;
}

std::vector<double> default_values(LandscapeInfo const& info, int dim) {
    std::vector<double> values;
    for (Parameter const& p : info.parameters)
        for (std::size_t i = 0; i < count_of(p, dim); ++i) {
            bool const diagonal = i % (static_cast<std::size_t>(dim) + 1) == 0;
            values.push_back(p.per_pair && !diagonal ? 0.0 : p.fallback);
        }
    return values;
}

std::vector<std::string> check_values(LandscapeInfo const& info, int dim,
                                      std::vector<double> const& values) {
    std::size_t const expected = default_values(info, dim).size();
    if (values.size() != expected)
        return {fmt::format("{} in {} dimension(s) takes {} parameter value(s), not {}", info.name,
                            dim, expected, values.size())};
    std::vector<std::string> problems;
    std::size_t next = 0;
    for (Parameter const& p : info.parameters) {
        std::size_t const count = count_of(p, dim), before = problems.size();
        for (std::size_t i = 0; i < count; ++i)
            if (double const value = values[next + i]; !in_range(p, value))
                problems.push_back(fmt::format("{}{} = {:.6g} (must be {})", p.name,
                                               place_text(p, i, dim), value, range_text(p)));
        if (p.per_pair && problems.size() == before)
            if (std::string text = matrix_problem(p, &values[next], dim); !text.empty())
                problems.push_back(std::move(text));
        next += count;
    }
    return problems;
}

std::shared_ptr<LandscapeView const> make_landscape(std::string_view name, int dim,
                                                    std::vector<double> const& values) {
    LandscapeInfo const* const info = find_landscape(name);
    if (!info)
        throw std::invalid_argument(
            fmt::format("unknown landscape \"{}\" (have: {})", name, names()));
    for (Row const& row : rows()) {
        if (row.info.name != name || row.dim != dim) continue;
        std::string problems;
        for (std::string const& problem : check_values(*info, dim, values))
            problems += (problems.empty() ? "" : "; ") + problem;
        if (!problems.empty())
            throw std::invalid_argument(fmt::format("landscape {}: {}", name, problems));
        return row.make(values);
    }
    std::string dims;
    for (int const d : info->dims) dims += fmt::format("{}{}", dims.empty() ? "" : ", ", d);
    throw std::invalid_argument(fmt::format(
        "landscape {} is not compiled in {} dimensions (have: {}; add the dimension to its line in "
        "landscapes/CMakeLists.txt)",
        name, dim, dims));
}

std::shared_ptr<Potential const> make_potential(std::string_view name, int dim,
                                                std::vector<double> const& values) {
    return make_landscape(name, dim, values);
}

}  // namespace kramers
