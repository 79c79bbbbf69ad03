// SPDX-License-Identifier: Apache-2.0
#include "experiments/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

namespace kramers {
namespace {

constexpr std::size_t most_cells = 10'000;

/// "log(0.01, 1, 5)" or "lin(0, 1, 11)": n values from a to b, both included.
std::vector<Node> spaced(std::string const& key, Node const& node, Problems& problems) {
    std::string const& text = *node.text();
    double a = 0.0, b = 0.0;
    int n = 0, end = 0;
    bool const logarithmic = text.starts_with("log");
    bool good = (logarithmic || text.starts_with("lin")) &&
                std::sscanf(text.c_str() + 3, " ( %lf , %lf , %d ) %n", &a, &b, &n, &end) == 3 &&
                end > 0 && static_cast<std::size_t>(end) + 3 == text.size() && n >= 2;
    good = good && std::isfinite(a) && std::isfinite(b) && (!logarithmic || (a > 0.0 && b > 0.0));
    if (!good || static_cast<std::size_t>(n) > most_cells) {
        problems.add(node.origin,
                     fmt::format("sweep.{} = \"{}\" (must be a list, \"log(a, b, n)\" with "
                                 "a, b > 0, or \"lin(a, b, n)\", 2 <= n <= {})",
                                 key, text, most_cells));
        return {};
    }
    std::vector<Node> values;
    for (int i = 0; i < n; ++i) {
        double const u = static_cast<double>(i) / (n - 1);
        double v = logarithmic ? a * std::pow(b / a, u) : a + (b - a) * u;
        if (i == n - 1) v = b;
        values.push_back(make_node(v, node.origin));
    }
    return values;
}

std::vector<Node> values_of(std::string const& key, Node const& node, Problems& problems) {
    if (is_relative(node)) {
        auto const& [word, inner] = node.table()->entries.front();
        std::vector<Node> values;
        for (Node& value : values_of(key, inner, problems)) {
            Table relative;
            Origin const origin = value.origin;
            relative.set(word, std::move(value));
            values.push_back(Node{std::move(relative), origin});
        }
        return values;
    }
    if (node.text() != nullptr) return spaced(key, node, problems);
    NodeList const* list = node.list();
    if (list == nullptr || list->empty()) {
        problems.add(node.origin, fmt::format("sweep.{} = {} (must be a list, \"log(a, b, n)\", "
                                              "\"lin(a, b, n)\", {{ barrier_over = [...] }} or "
                                              "{{ over_max_curvature = [...] }})",
                                              key, to_toml(node)));
        return {};
    }
    return *list;
}

bool may_be_swept(std::string const& key, Origin const& origin, Problems& problems) {
    bool const inside = key.find('.') != std::string::npos;
    bool const name = key.ends_with(".name") || key.ends_with(".law") || key.ends_with(".kind");
    for (char const* table :
         {"landscape.", "dynamics.", "noise.", "schedule.", "scheme.", "ensemble."})
        if (inside && key.starts_with(table) && !name) return true;
    problems.add(
        origin,
        fmt::format("sweep.\"{}\" (a swept key is a value in landscape, dynamics, "
                    "noise, schedule, scheme or ensemble, e.g. sweep.\"dynamics.temperature\")",
                    key));
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

}  // namespace

Sweep expand_sweep(Table const& root, Problems& problems) {
    Sweep sweep{{}, {root}};
    for (char const* key : {"sweep", "case"}) sweep.cells.front().erase(key);
    if (Node const* cases = root.find("case")) expand_cases(*cases, sweep, problems);
    Node const* node = root.find("sweep");
    if (node == nullptr) return sweep;
    if (node->table() == nullptr) {
        problems.add(node->origin, "sweep must be written sweep.\"dynamics.temperature\" = [...]");
        return sweep;
    }
    // Unquoted, sweep.dynamics.temperature is a table in a table; both ways mean the same.
    for (auto const& [key, list] : settings_of(*node->table())) {
        if (!may_be_swept(key, list.origin, problems)) continue;
        std::vector<Node> const values = values_of(key, list, problems);
        if (values.empty()) continue;
        if (std::find(sweep.keys.begin(), sweep.keys.end(), key) != sweep.keys.end())
            problems.add(list.origin, fmt::format("sweep.\"{}\" is set by [[case]] as well", key));
        add_key(sweep.keys, key);
        if (sweep.cells.size() * values.size() > most_cells) {
            problems.add(list.origin, fmt::format("the sweep has more than {} cells", most_cells));
            return sweep;
        }
        std::vector<Table> cells;
        for (Table const& cell : sweep.cells)
            for (Node const& value : values) {
                cells.push_back(cell);
                set_at(cells.back(), key, value);
            }
        sweep.cells = std::move(cells);
    }
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
