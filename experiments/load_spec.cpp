// SPDX-License-Identifier: Apache-2.0
#include "experiments/load_spec.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "experiments/claims.hpp"
#include "experiments/parse_toml.hpp"
#include "experiments/race_grid.hpp"
#include "experiments/reader.hpp"
#include "experiments/recipes.hpp"
#include "experiments/resolve.hpp"
#include "experiments/save.hpp"
#include "experiments/suggest.hpp"
#include "experiments/sweep.hpp"

namespace kramers {
namespace {

ExperimentKind read_kind(Reader& top) {
    using enum ExperimentKind;
    std::vector<std::string> kinds;
    for (ExperimentKind const kind : {escape, stationary, order, race})
        kinds.emplace_back(to_string(kind));
    std::string const word = top.choice("kind", "kind", kinds);
    return word == "race"         ? race
           : word == "order"      ? order
           : word == "stationary" ? stationary
                                  : escape;
}

/// The name of a run folder and the first part of claim ids.
std::string spec_name(Reader& top, std::string const& fallback) {
    bool const written = top.has("name");
    std::string const name = top.text("name", fallback);
    bool const plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    if (!plain)
        top.problem("name",
                    fmt::format("name = \"{}\" (must be letters, digits, _ and -: it names the "
                                "run folder){}",
                                name,
                                written ? ""
                                        : ". It comes from the file: rename that, or write name = "
                                          "\"...\" into it"));
    return name;
}

/// A claim's own `quick` table: what is claimed (its tolerance, its cells) at the smaller size.
void apply_quick_to_claims(Table& root, Level level, Problems& problems) {
    Node* claims = root.find("claim");
    auto* list = claims != nullptr ? std::get_if<NodeList>(&claims->value) : nullptr;
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
        Table* table = (*list)[i].table();
        Node const* quick = table != nullptr ? table->find("quick") : nullptr;
        if (quick == nullptr) continue;
        Node const changes = *quick;
        table->erase("quick");
        if (changes.table() == nullptr) {
            problems.add(changes.origin,
                         "a claim's quick must be a table, e.g. quick = { tolerance = "
                         "0.1 }");
            continue;
        }
        Table wanted = *changes.table();
        Reader reader(wanted, fmt::format("claim[{}].quick", i), changes.origin, problems);
        for (char const* key : {"tolerance", "absolute_tolerance", "where"}) {
            Node const* value = reader.take(key);
            if (value != nullptr && level == Level::quick)
                table->set(key, *value).origin.kind = Origin::Kind::quick;
        }
        reader.finish();
    }
}

void apply_quick(Table& root, Level level, Problems& problems) {
    Node* node = root.find("quick");
    if (node == nullptr) return;
    if (node->table() == nullptr) {
        problems.add(node->origin,
                     "quick must be a table of changes, e.g. "
                     "quick.\"ensemble.trajectories\" = 2000");
    } else if (level == Level::quick) {
        for (auto& [key, value] : settings_of(*node->table())) {
            Node changed = value;
            changed.origin.kind = Origin::Kind::quick;
            change_at(root, key, std::move(changed));
        }
    }
    root.erase("quick");
}

std::variant<double, std::string> swept_value(Node const& node) {
    if (node.is_number()) return node.number();
    if (node.text() != nullptr) return *node.text();
    return to_toml(node);
}

/// Every swept number under the last word of its key, unless a fact has that name already.
void add_swept(Cell& cell, Table const& tree, std::vector<std::string> const& keys) {
    for (std::string const& key : keys) {
        Node const* node = find_at(tree, key);
        if (node == nullptr) continue;
        cell.swept.emplace_back(key, swept_value(*node));
        if (node->is_number()) cell.facts.emplace(key.substr(key.rfind('.') + 1), node->number());
    }
}

/// The spec with everything explicit, from its first cell: running it repeats the run.
std::string resolved_text(std::vector<Table> const& trees, std::vector<std::string> const& keys,
                          std::vector<ClaimSpec> const& claims) {
    Table root = trees.front();
    write_sweep(root, keys, trees);
    if (Node* node = root.find("claim")) {
        std::string const name = *root.find("name")->text();
        NodeList kept;
        for (Node const& claim : std::get<NodeList>(node->value)) {
            std::string id = *claim.table()->find("id")->text();
            if (!id.starts_with(name + ".")) id = name + "." + id;
            for (ClaimSpec const& c : claims)
                if (c.id == id) kept.push_back(claim);
        }
        node->value = std::move(kept);
        if (claims.empty()) root.erase("claim");
    }
    return to_toml_document(root);
}

/// The spec with its defaults, the numbers of its grid and its entrants as they are written.
std::string resolved_race(Table const& root, Table const& first) {
    Table text = first;
    for (char const* key : {"dynamics", "noise", "schedule", "scheme"}) text.erase(key);
    Origin const file{Origin::Kind::file, {}, 0, 0};
    for (char const* key : {"grid", "entrant"}) {
        Node node = *root.find(key);
        node.origin = file;
        text.set(key, std::move(node));
    }
    return to_toml_document(text);
}

/// Cells of a race: each entrant at each point of its grid.
Spec load_race(Spec spec, Table& root, std::vector<ClaimDraft> drafts, Origin const& file,
               Problems& problems) {
    std::vector<RaceCell> entries = expand_race(root, problems);
    problems.raise();
    for (RaceCell& entry : entries) {
        Cell cell = resolve_cell(entry.tree, spec.kind, {}, file, problems);
        cell.index = static_cast<int>(spec.cells.size());
        cell.race.entrant = entry.entrant;
        cell.race.intensity = entry.intensity;
        cell.race.decay = entry.decay;
        cell.race.learning_rate = cell.learning_rate;
        if (entry.limit > 0.0) cell.race.learning_rate_limit = entry.limit;
        cell.swept.emplace_back("entrant", entry.entrant);
        if (!std::isnan(entry.intensity))
            cell.swept.emplace_back("grid.intensity", entry.intensity);
        if (entry.decay > 0.0) cell.swept.emplace_back("grid.decay", entry.decay);
        if (!std::isnan(entry.learning_rate))
            cell.swept.emplace_back("grid.learning_rate", entry.learning_rate);
        spec.cells.push_back(std::move(cell));
    }
    problems.raise();
    spec.claims = settle_claims(std::move(drafts), spec.cells, true, problems);
    problems.raise();
    spec.resolved = resolved_race(root, entries.front().tree);
    return spec;
}

/// The only kind of experiment whose tables a recipe draws; empty: any, or a recipe of the user's.
std::string_view kind_drawn_by(std::string_view figure) {
    constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"arrhenius", "escape"},   {"dt_ladder", "escape"},   {"covariance", "stationary"},
        {"density", "stationary"}, {"heatmap", "stationary"}, {"weak_order", "order"},
        {"race", "race"},          {"race_details", "race"},  {"race_phases", "race"}};
    for (auto const& [name, kind] : kinds)
        if (name == figure) return kind;
    return {};
}

}  // namespace

SpecText read_spec_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    int reason = file ? 0 : errno;
    std::error_code unreadable;
    if (std::filesystem::is_directory(path, unreadable)) reason = EISDIR;
    if (reason != 0)
        throw InputError(
            {fmt::format("cannot read \"{}\": {} (must be a spec file, or a name shown by "
                         "kramers list)",
                         path, std::strerror(reason))});
    text << file.rdbuf();
    std::filesystem::path const p(path);
    return {text.str(), p.filename().string(), p.stem().string(), p.parent_path().string()};
}

Spec load_spec(SpecText const& source, std::vector<std::string> const& overrides, Level level) {
    Problems problems;
    Table root = parse_toml(source.text, source.file, problems);
    problems.raise();
    apply_quick(root, level, problems);
    apply_quick_to_claims(root, level, problems);
    for (std::string const& assignment : overrides) apply_override(root, assignment, problems);
    problems.raise();

    Spec spec;
    Reader top(root, "", {Origin::Kind::file, source.file, 0, 0}, problems);
    spec.kind = read_kind(top);
    problems.raise();  // what the rest must contain depends on it
    spec.name = spec_name(top, source.name);
    spec.title = top.text("title", spec.name);
    spec.save = read_save(top, spec.kind);
    spec.figure = top.text("figure", "");
    if (auto const names = recipe_names();
        !spec.figure.empty() && !names.empty() &&
        std::find(names.begin(), names.end(), spec.figure) == names.end())
        top.problem("figure", unknown_word("figure", spec.figure, names));
    if (std::string_view const kind = kind_drawn_by(spec.figure);
        !kind.empty() && kind != to_string(spec.kind))
        top.problem("figure", fmt::format("figure = \"{}\" draws kind = \"{}\", not \"{}\"",
                                          spec.figure, kind, to_string(spec.kind)));
    std::vector<ClaimDraft> drafts =
        read_claims(root, spec.name, spec.kind, source.folder, problems);
    Asked const asked = asked_by(drafts);
    if (spec.kind == ExperimentKind::race)
        return load_race(std::move(spec), root, std::move(drafts), top.where(), problems);

    Sweep sweep = expand_sweep(root, problems);
    for (Table& tree : sweep.cells) {
        Cell cell = resolve_cell(tree, spec.kind, asked, top.where(), problems);
        cell.index = static_cast<int>(spec.cells.size());
        spec.cells.push_back(std::move(cell));
    }
    problems.raise();
    for (std::size_t i = 0; i < spec.cells.size(); ++i)
        add_swept(spec.cells[i], sweep.cells[i], sweep.keys);
    check_save(spec, top.origin_of("save"), problems);
    bool const reshaped = level == Level::quick || !overrides.empty();
    spec.claims = settle_claims(std::move(drafts), spec.cells, reshaped, problems);
    problems.raise();
    spec.resolved = resolved_text(sweep.cells, sweep.keys, spec.claims);
    return spec;
}

}  // namespace kramers
