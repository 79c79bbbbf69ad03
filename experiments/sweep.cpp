// SPDX-License-Identifier: Apache-2.0
#include "experiments/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "experiments/design.hpp"
#include "experiments/key_hints.hpp"

namespace kramers {
namespace {

/// "log(0.01, 1, 5)" or "lin(0, 1, 11)": n values from a to b, both included; without n a range.
struct Span {
    bool logarithmic = false;
    double a = 0.0, b = 0.0;
    int n = 0;  ///< 0: not given
    double at(double u) const { return logarithmic ? a * std::pow(b / a, u) : a + (b - a) * u; }
};

std::optional<Span> parse_range(std::string const& text) {
    Span r;
    int end = 0;
    r.logarithmic = text.starts_with("log");
    if (!r.logarithmic && !text.starts_with("lin")) return std::nullopt;
    char const* const rest = text.c_str() + 3;
    auto const whole = [&] { return end > 0 && static_cast<std::size_t>(end) + 3 == text.size(); };
    bool good = std::sscanf(rest, " ( %lf , %lf , %d ) %n", &r.a, &r.b, &r.n, &end) == 3 &&
                whole() && r.n >= 2 && static_cast<std::size_t>(r.n) <= most_cells;
    if (!good && r.n == 0) {
        end = 0;
        good = std::sscanf(rest, " ( %lf , %lf ) %n", &r.a, &r.b, &end) == 2 && whole();
    }
    good = good && std::isfinite(r.a) && std::isfinite(r.b) &&
           (!r.logarithmic || (r.a > 0.0 && r.b > 0.0));
    return good ? std::optional(r) : std::nullopt;
}

Node relative_to(std::string const& word, Node value) {
    Table relative;
    Origin const origin = value.origin;
    relative.set(word, std::move(value));
    return {std::move(relative), origin};
}

/// What one swept key goes through.
struct Axis {
    std::string key;
    Origin origin;
    std::optional<Span> range;
    std::string relative;       ///< barrier_over, over_max_curvature or empty
    std::vector<Node> choices;  ///< of a list

    Node made(double value) const {
        Node node = make_node(value, origin);
        return relative.empty() ? node : relative_to(relative, std::move(node));
    }
    /// In order; empty for a range without a number of values.
    std::vector<Node> values() const {
        if (!range) return choices;
        std::vector<Node> all;
        for (int i = 0; i < range->n; ++i) {
            double const u = static_cast<double>(i) / (range->n - 1);
            all.push_back(made(i == range->n - 1 ? range->b : range->at(u)));
        }
        return all;
    }
    /// The value at u in [0, 1) of its range, or of its list, all equally likely.
    Node sample(double u) const {
        if (range) return made(range->at(u));
        auto const i = static_cast<std::size_t>(u * static_cast<double>(choices.size()));
        return choices[std::min(i, choices.size() - 1)];
    }
};

/// Without its key. `name` is the key as messages show it.
std::optional<Axis> read_axis(std::string const& name, Node const& node, Design const& design,
                              Problems& problems) {
    if (is_relative(node)) {
        auto const& [word, inner] = node.table()->entries.front();
        std::optional<Axis> axis = read_axis(name, inner, design, problems);
        if (!axis) return axis;
        axis->relative = word;
        for (Node& choice : axis->choices) choice = relative_to(word, std::move(choice));
        return axis;
    }
    Axis axis{{}, node.origin, {}, {}, {}};
    if (node.text() != nullptr) {
        axis.range = parse_range(*node.text());
        if (axis.range && (axis.range->n >= 2 || design.samples())) return axis;
        problems.add(node.origin,
                     fmt::format("{} = \"{}\" (must be a list, \"log(a, b, n)\" with "
                                 "a, b > 0, or \"lin(a, b, n)\", 2 <= n <= {}{})",
                                 name, *node.text(), most_cells,
                                 axis.range ? "; n may be left out where sweep_design is "
                                              "\"random:N\" or \"halton:N\""
                                            : ""));
        return std::nullopt;
    }
    NodeList const* list = node.list();
    if (list == nullptr || list->empty()) {
        problems.add(node.origin, fmt::format("{} = {} (must be a list, \"log(a, b, n)\", "
                                              "\"lin(a, b, n)\", {{ barrier_over = [...] }} or "
                                              "{{ over_max_curvature = [...] }})",
                                              name, to_toml(node)));
        return std::nullopt;
    }
    axis.choices = *list;
    return axis;
}

}  // namespace

std::vector<Node> listed_values(std::string const& key, Node const& node, Problems& problems) {
    std::optional<Axis> const axis = read_axis(key, node, Design{}, problems);
    return axis ? axis->values() : std::vector<Node>{};
}

namespace {

bool may_be_swept(std::string const& key, Origin const& origin, Problems& problems) {
    bool const inside = key.find('.') != std::string::npos;
    bool const name = key.ends_with(".name") || key.ends_with(".law") || key.ends_with(".kind");
    for (char const* table :
         {"landscape.", "dynamics.", "noise.", "schedule.", "scheme.", "ensemble."})
        if (inside && key.starts_with(table) && !name) return true;
    problems.add(
        origin,
        fmt::format("sweep.\"{}\" (a swept key is a value in landscape, dynamics, "
                    "noise, schedule, scheme or ensemble, e.g. sweep.\"dynamics.temperature\"){}",
                    key, inside ? "" : key_hint(key, {})));
    return false;
}

void add_key(std::vector<std::string>& keys, std::string const& key) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

void expand_cases(Node const& node, Sweep& sweep, Problems& problems) {
    NodeList const* list = node.list();
    std::vector<Table> cells;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if ((*list)[i].table() == nullptr) {
            list = nullptr;
            break;
        }
        auto const settings = settings_of(*(*list)[i].table());
        Table cell = sweep.cells.front();
        for (auto const& [key, value] : settings) {
            if (!may_be_swept(key, value.origin, problems)) continue;
            add_key(sweep.keys, key);
            set_at(cell, key, value);
        }
        if (i > 0 && settings.size() != sweep.keys.size())
            problems.add((*list)[i].origin,
                         fmt::format("case[{}] must set the same {} key(s) as the "
                                     "other cases",
                                     i, sweep.keys.size()));
        cells.push_back(std::move(cell));
    }
    if (list == nullptr) problems.add(node.origin, "case must be a list of tables, [[case]]");
    else sweep.cells = std::move(cells);
}

Design read_design(Table const& root, Problems& problems) {
    Design design;
    if (Node const* node = root.find("sweep_design")) {
        std::optional<Design> const read =
            node->text() != nullptr ? parse_design(*node->text()) : std::nullopt;
        if (read && read->points <= most_cells) design = *read;
        else
            problems.add(
                node->origin,
                fmt::format("sweep_design = {} (must be \"grid\", \"zip\", \"random:N\" or "
                            "\"halton:N\", 1 <= N <= {})",
                            to_toml(*node), most_cells));
    }
    if (Node const* node = root.find("sweep_seed")) {
        auto const* seed = std::get_if<std::int64_t>(&node->value);
        if (seed != nullptr && *seed >= 0) design.seed = static_cast<std::uint64_t>(*seed);
        else
            problems.add(
                node->origin,
                fmt::format("sweep_seed = {} (must be an integer, 0 or more)", to_toml(*node)));
    }
    return design;
}

using Row = std::vector<Node>;  ///< one value per axis

std::vector<Row> grid_rows(std::vector<Axis> const& axes, std::size_t most, Problems& problems) {
    std::vector<Row> rows{{}};
    for (Axis const& axis : axes) {
        std::vector<Node> const values = axis.values();
        if (rows.size() * values.size() > most) {
            problems.add(axis.origin, fmt::format("the sweep has more than {} cells", most_cells));
            return {};
        }
        std::vector<Row> longer;
        for (Row const& row : rows)
            for (Node const& value : values) {
                longer.push_back(row);
                longer.back().push_back(value);
            }
        rows = std::move(longer);
    }
    return rows;
}

std::vector<Row> zipped_rows(std::vector<Axis> const& axes, Problems& problems) {
    std::vector<Row> rows(axes.empty() ? 1 : axes.front().values().size());
    for (Axis const& axis : axes) {
        std::vector<Node> const values = axis.values();
        if (values.size() != rows.size()) {
            problems.add(axis.origin,
                         fmt::format("sweep.\"{}\" has {} values, sweep.\"{}\" has {} (zipped axes "
                                     "must have equally many)",
                                     axis.key, values.size(), axes.front().key, rows.size()));
            return {};
        }
        for (std::size_t k = 0; k < rows.size(); ++k) rows[k].push_back(values[k]);
    }
    return rows;
}

/// At most `most` rows; none where there was a problem.
std::vector<Row> design_rows(Design const& design, std::vector<Axis> const& axes, std::size_t most,
                             Problems& problems) {
    if (design.kind == Design::Kind::grid || axes.empty()) return grid_rows(axes, most, problems);
    std::vector<Row> rows;
    if (design.kind == Design::Kind::zip) {
        rows = zipped_rows(axes, problems);
    } else if (axes.size() > most_axes) {
        problems.add(axes.back().origin,
                     fmt::format("a sampled sweep has at most {} axes", most_axes));
    } else {
        rows.resize(design.points);
        for (std::size_t k = 0; k < rows.size(); ++k)
            for (std::size_t a = 0; a < axes.size(); ++a)
                rows[k].push_back(axes[a].sample(design_coordinate(design, k, a)));
    }
    if (rows.size() <= most) return rows;
    problems.add(axes.back().origin, fmt::format("the sweep has more than {} cells", most_cells));
    return {};
}

}  // namespace

Sweep expand_sweep(Table const& root, Problems& problems) {
    Sweep sweep{{}, {root}};
    for (char const* key : {"sweep", "case", "sweep_design", "sweep_seed"})
        sweep.cells.front().erase(key);
    Design const design = read_design(root, problems);
    if (Node const* cases = root.find("case")) expand_cases(*cases, sweep, problems);
    Node const* node = root.find("sweep");
    if (node == nullptr) return sweep;
    if (node->table() == nullptr) {
        problems.add(node->origin, "sweep must be written sweep.\"dynamics.temperature\" = [...]");
        return sweep;
    }
    std::vector<Axis> axes;
    // Unquoted, sweep.dynamics.temperature is a table in a table; both ways mean the same.
    for (auto const& [key, values] : settings_of(*node->table())) {
        if (!may_be_swept(key, values.origin, problems)) continue;
        std::optional<Axis> axis = read_axis("sweep." + key, values, design, problems);
        if (!axis) continue;
        if (std::find(sweep.keys.begin(), sweep.keys.end(), key) != sweep.keys.end())
            problems.add(values.origin,
                         fmt::format("sweep.\"{}\" is set by [[case]] as well", key));
        add_key(sweep.keys, key);
        axis->key = key;
        axes.push_back(*std::move(axis));
    }
    auto const rows = design_rows(design, axes, most_cells / sweep.cells.size(), problems);
    std::vector<Table> cells;
    for (Table const& cell : sweep.cells)
        for (auto const& row : rows) {
            cells.push_back(cell);
            for (std::size_t a = 0; a < axes.size(); ++a) set_at(cells.back(), axes[a].key, row[a]);
        }
    if (!cells.empty()) sweep.cells = std::move(cells);
    return sweep;
}

void write_sweep(Table& root, std::vector<std::string> const& keys,
                 std::vector<Table> const& cells) {
    for (char const* key : {"sweep", "case"}) root.erase(key);
    if (keys.empty()) return;
    Origin const file{Origin::Kind::file, {}, 0, 0};
    for (std::string const& key : keys) erase_at(root, key);
    if (keys.size() == 1) {
        NodeList values;
        for (Table const& cell : cells) values.push_back(*find_at(cell, keys.front()));
        Table table;
        table.set(keys.front(), Node{std::move(values), file});
        root.set("sweep", Node{std::move(table), file});
        return;
    }
    NodeList list;
    for (Table const& cell : cells) {
        Table settings;
        for (std::string const& key : keys) {
            Node value = *find_at(cell, key);
            value.origin = file;
            settings.set(key, std::move(value));
        }
        list.push_back(Node{std::move(settings), file});
    }
    root.set("case", Node{std::move(list), file});
}

}  // namespace kramers
