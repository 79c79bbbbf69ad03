// SPDX-License-Identifier: Apache-2.0
#include "experiments/race_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/design.hpp"
#include "experiments/numbers.hpp"
#include "experiments/reader.hpp"
#include "experiments/sweep.hpp"

namespace kramers {
namespace {

struct Axes {
    std::vector<double> intensity, decay, learning_rate;
};

/// A list of numbers, written back as numbers.
std::vector<double> read_numbers(Reader& reader, char const* key, double minimum) {
    std::vector<double> values;
    Node* node = reader.take(key);
    if (node == nullptr) return values;
    if (node->is_number()) node->value = NodeList{make_node(node->number(), node->origin)};
    NodeList list = listed_values(reader.full(key), *node, reader.problems());
    for (Node const& value : list) {
        bool const good = value.is_number() && std::isfinite(value.number()) &&
                          value.number() >= minimum && (minimum >= 0.0);
        if (good) values.push_back(value.number());
        else
            reader.problem(key, fmt::format("{}: {} (must be numbers >= {})", reader.full(key),
                                            to_toml(value), minimum));
    }
    if (!list.empty()) node->value = std::move(list);
    return values;
}

Axes read_axes(Reader& reader) {
    Axes axes;
    axes.intensity = read_numbers(reader, "intensity", 0.0);
    axes.decay = read_numbers(reader, "decay", 0.0);
    axes.learning_rate = read_numbers(reader, "learning_rate", 0.0);
    return axes;
}

/// What an entrant has of its own replaces the grid's.
Axes merged(Axes own, Axes const& common) {
    if (own.intensity.empty()) own.intensity = common.intensity;
    if (own.decay.empty()) own.decay = common.decay;
    if (own.learning_rate.empty()) own.learning_rate = common.learning_rate;
    return own;
}

struct Entrant {
    std::string name;
    std::string intensity;  ///< key that it sets; "": none
    double intensity_scale = 1.0, learning_rate_scale = 1.0;
    double limit = 0.0;  ///< of its learning rate, if it states one
    Axes axes;
};

std::string entrant_name(Reader& reader, std::vector<Entrant> const& before) {
    std::string const name = reader.text("name");
    bool const plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    });
    if (!name.empty() && !plain)
        reader.problem("name", fmt::format("{} = \"{}\" (must be letters, digits, _ and -)",
                                           reader.full("name"), name));
    for (Entrant const& other : before)
        if (other.name == name)
            reader.problem("name", fmt::format("two entrants are called \"{}\"", name));
    return name;
}

Entrant read_entrant(Reader& reader, Axes const& common, std::vector<Entrant> const& before) {
    Entrant e;
    e.name = entrant_name(reader, before);
    reader.table("dynamics", false);
    for (char const* key : {"noise", "schedule"}) reader.take(key);
    e.intensity = reader.text("intensity", "");
    bool const sets_noise =
        e.intensity.starts_with("noise.") || e.intensity.starts_with("dynamics.");
    if (!e.intensity.empty() && !sets_noise)
        reader.problem("intensity",
                       fmt::format("{} = \"{}\" (must be a key of the entrant's noise or dynamics, "
                                   "e.g. \"noise.gradient_variance\")",
                                   reader.full("intensity"), e.intensity));
    if (Table* scale = reader.table("scale", true)) {
        Reader inner(*scale, reader.full("scale"), reader.origin_of("scale"), reader.problems());
        e.intensity_scale = inner.number("intensity", {0.0, infinite, true}, 1.0);
        e.learning_rate_scale = inner.number("learning_rate", {0.0, infinite, true}, 1.0);
        inner.finish();
    }
    if (reader.has("limit")) e.limit = reader.number("limit", {0.0, infinite, true});
    Axes own;
    if (Table* grid = reader.has("grid") ? reader.table("grid", false) : nullptr) {
        Reader inner(*grid, reader.full("grid"), reader.origin_of("grid"), reader.problems());
        own = read_axes(inner);
        inner.finish();
    }
    reader.finish();
    e.axes = merged(std::move(own), common);
    if (e.intensity.empty()) {
        e.axes.intensity = e.axes.decay = {missing};
    } else if (e.axes.intensity.empty()) {
        reader.missing("grid", "grid.intensity, a list of noise intensities");
    }
    if (e.axes.decay.empty()) e.axes.decay = {0.0};
    if (e.axes.learning_rate.empty()) e.axes.learning_rate = {missing};
    return e;
}

Table decaying(double power, double steps, Origin const& origin) {
    Table schedule;
    schedule.set("kind", make_node(std::string("power"), origin));
    schedule.set("power", make_node(power, origin));
    schedule.set("steps", make_node(steps, origin));
    return schedule;
}

Table tree_of(Table const& root, Table const& entrant, Entrant const& e, RaceCell const& at,
              double decay_steps, Origin const& origin) {
    Table tree = root;
    for (char const* key : {"entrant", "grid"}) tree.erase(key);
    for (char const* key : {"dynamics", "noise", "schedule"})
        if (Node const* node = entrant.find(key)) tree.set(key, *node);
    if (!std::isnan(at.intensity)) set_at(tree, e.intensity, make_node(at.intensity, origin));
    if (!std::isnan(at.learning_rate))
        set_at(tree, "dynamics.learning_rate", make_node(at.learning_rate, origin));
    if (at.decay > 0.0)
        set_at(tree, "schedule.noise", Node{decaying(at.decay, decay_steps, origin), origin});
    return tree;
}

double read_decay_steps(Table const& root, Reader& grid) {
    Node const* evaluations = root.find("evaluations");
    double fallback = 1.0;
    if (evaluations != nullptr && evaluations->is_number())
        fallback = std::max(1.0, evaluations->number() / 10.0);
    return grid.number("decay_steps", {0.0, infinite, true}, fallback);
}

}  // namespace

std::vector<std::string> entrant_names(Table const& root) {
    std::vector<std::string> names;
    Node const* node = root.find("entrant");
    if (node == nullptr || node->list() == nullptr) return names;
    for (Node const& entrant : *node->list())
        if (Table const* table = entrant.table())
            if (Node const* name = table->find("name"); name != nullptr && name->text() != nullptr)
                names.push_back(*name->text());
    return names;
}

std::vector<RaceCell> expand_race(Table& root, Problems& problems) {
    std::vector<RaceCell> cells;
    for (char const* key : {"sweep", "case", "dynamics", "noise", "schedule"})
        if (Node const* node = root.find(key))
            problems.add(node->origin,
                         fmt::format("{} has no place in a race (each [[entrant]] has its dynamics "
                                     "and noise; what varies is in grid)",
                                     key));
    Reader top(root, "", {}, problems);
    Axes common;
    double decay_steps = 1.0;
    if (Table* grid = top.table("grid", true)) {
        Reader reader(*grid, "grid", top.origin_of("grid"), problems);
        common = read_axes(reader);
        decay_steps = read_decay_steps(root, reader);
        reader.finish();
    }
    Node* node = root.find("entrant");
    auto* list = node != nullptr ? std::get_if<NodeList>(&node->value) : nullptr;
    bool tables = list != nullptr && !list->empty();
    for (std::size_t i = 0; tables && i < list->size(); ++i) tables = (*list)[i].table() != nullptr;
    if (!tables) {
        problems.add(
            node != nullptr ? node->origin : Origin{},
            "a race needs a list of entrants, [[entrant]] name = \"isotropic\", dynamics = "
            "{ name = \"sgd\" }, noise = { law = \"gaussian\" }, intensity = "
            "\"noise.gradient_variance\"");
        return cells;
    }
    std::vector<Entrant> entrants;
    for (std::size_t i = 0; i < list->size(); ++i) {
        Reader reader(*(*list)[i].table(), fmt::format("entrant[{}]", i), (*list)[i].origin,
                      problems);
        entrants.push_back(read_entrant(reader, common, entrants));
    }
    if (!problems.empty()) return cells;
    for (std::size_t i = 0; i < entrants.size(); ++i) {
        Entrant const& e = entrants[i];
        for (double const intensity : e.axes.intensity)
            for (double const decay : e.axes.decay)
                for (double const rate : e.axes.learning_rate) {
                    RaceCell cell{{},
                                  e.name,
                                  intensity * e.intensity_scale,
                                  decay,
                                  rate * e.learning_rate_scale,
                                  e.limit};
                    cell.tree =
                        tree_of(root, *(*list)[i].table(), e, cell, decay_steps, (*list)[i].origin);
                    cells.push_back(std::move(cell));
                }
        if (cells.size() > most_cells) {
            problems.add(node->origin, fmt::format("the race has more than {} cells", most_cells));
            break;
        }
    }
    return cells;
}

}  // namespace kramers
