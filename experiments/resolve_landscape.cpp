// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "landscapes/make_potential.hpp"

namespace kramers {
namespace {

/// Dimension: as given, else the length of a per-coordinate list, else the smallest compiled.
int read_dim(Reader& reader, Table const& table, LandscapeInfo const& info) {
    int fallback = info.dims.front();
    for (Parameter const& p : info.parameters) {
        Node const* node = table.find(p.name);
        if ((p.per_coordinate || p.per_pair) && node != nullptr && node->list() != nullptr)
            fallback = static_cast<int>(node->list()->size());
    }
    bool const written = table.find("dim") != nullptr;
    int const dim =
        static_cast<int>(reader.count("dim", 1, 64, static_cast<std::uint64_t>(fallback)));
    if (std::find(info.dims.begin(), info.dims.end(), dim) != info.dims.end()) return dim;
    reader.problem("dim", fmt::format("landscape.dim = {}{} ({} is compiled for dim {})", dim,
                                      written ? "" : ", the number of values given", info.name,
                                      fmt::join(info.dims, ", ")));
    return 0;
}

Node multiple_of_identity(double value, int dim) {
    NodeList rows;
    for (int i = 0; i < dim; ++i) {
        NodeList row;
        for (int j = 0; j < dim; ++j) row.push_back(make_node(i == j ? value : 0.0));
        rows.push_back(Node{std::move(row), {}});
    }
    return Node{std::move(rows), {}};
}

std::vector<double> read_parameters(Reader& reader, Table& table, LandscapeInfo const& info,
                                    int dim) {
    std::vector<double> values;
    for (Parameter const& p : info.parameters) {
        if (p.per_pair) {
            if (table.find(p.name) == nullptr && !std::isnan(p.fallback))
                table.set(p.name, multiple_of_identity(p.fallback, dim));
            auto const rows = read_rows(reader, p.name, dim, fmt::format("{} [{}]", p.doc, p.unit));
            values.insert(values.end(), rows.begin(), rows.end());
        } else if (p.per_coordinate) {
            if (table.find(p.name) == nullptr && !std::isnan(p.fallback))
                table.set(p.name, make_node(p.fallback));
            auto const given =
                reader.numbers(p.name, static_cast<std::size_t>(dim), range_of(p), true);
            values.insert(values.end(), given.begin(), given.end());
        } else {
            values.push_back(reader.number(p.name, range_of(p),
                                           std::isnan(p.fallback)
                                               ? std::optional<double>{}
                                               : std::optional<double>{p.fallback}));
        }
    }
    return values;
}

/// The landscape with these numbers; cells that have it in common share it, for its critical points
/// cost a search each.
std::shared_ptr<Potential const> shared_potential(std::string const& name, int dim,
                                                  std::vector<double> const& values) {
    static std::mutex mutex;
    static std::map<std::tuple<std::string, int, std::vector<double>>,
                    std::weak_ptr<Potential const>>
        known;
    std::scoped_lock const lock(mutex);
    std::weak_ptr<Potential const>& entry = known[{name, dim, values}];
    std::shared_ptr<Potential const> potential = entry.lock();
    if (!potential) entry = potential = make_potential(name, dim, values);
    return potential;
}

}  // namespace

std::optional<Reader> sub_reader(Reader& parent, std::string_view key, bool optional) {
    Table* table = parent.table(key, optional);
    if (table == nullptr) return std::nullopt;
    return Reader(*table, parent.full(key), parent.origin_of(key), parent.problems());
}

void read_landscape(Draft& draft) {
    auto reader = sub_reader(draft.top, "landscape", false);
    if (!reader) return;
    std::vector<std::string> names;
    for (LandscapeInfo const& info : landscape_catalogue()) names.emplace_back(info.name);
    std::string const name = reader->choice("name", "landscape", names);
    LandscapeInfo const* info = find_landscape(name);
    if (info == nullptr) return;
    Table& table = *draft.tree.find("landscape")->table();
    std::size_t const before = draft.problems.size();
    int const dim = read_dim(*reader, table, *info);
    if (dim > 0) draft.cell.landscape_values = read_parameters(*reader, table, *info, dim);
    for (Parameter const& p : info->parameters) reader->take(p.name);
    reader->finish();
    if (draft.problems.size() > before) return;
    draft.cell.landscape = name;
    draft.cell.dim = dim;
    try {
        draft.cell.potential = shared_potential(name, dim, draft.cell.landscape_values);
    } catch (std::invalid_argument const& error) {
        draft.problems.add(reader->where(), error.what());
    }
}

}  // namespace kramers
