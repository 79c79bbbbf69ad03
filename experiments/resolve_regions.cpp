// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

constexpr Range length{-std::numeric_limits<double>::infinity(),
                       std::numeric_limits<double>::infinity(), false, "length"};
constexpr Range positive_length{0.0, std::numeric_limits<double>::infinity(), true, "length"};

/// A point written as a list of numbers or as the name of a critical point.
std::optional<Eigen::VectorXd> read_point(Reader& reader, std::string_view key,
                                          Potential const& potential) {
    Node* node = reader.take(key);
    if (node != nullptr && node->text() != nullptr) {
        if (auto const c = point_named(potential, *node->text())) return c->point;
        reader.problem(key, no_such_point(potential, *node->text()));
        return std::nullopt;
    }
    std::size_t const before = reader.problems().size();
    auto const values = reader.numbers(key, static_cast<std::size_t>(potential.dim()), length);
    if (reader.problems().size() > before) return std::nullopt;
    return Eigen::Map<Eigen::VectorXd const>(values.data(), potential.dim());
}

/// {x : n·x >= offset}; stored with |n| = 1. A critical point stands for its projection on n.
std::optional<Region> read_half_space(Reader& reader, Potential const& potential) {
    std::size_t const before = reader.problems().size();
    auto normal = reader.numbers("half_space", static_cast<std::size_t>(potential.dim()));
    Eigen::Map<Eigen::VectorXd> n(normal.data(), potential.dim());
    double const size = n.norm();
    if (!(size > 0.0))
        reader.problem("half_space", reader.full("half_space") + " is the zero vector");
    double offset = 0.0;
    Node* node = reader.take("offset");
    if (node != nullptr && node->text() != nullptr) {
        if (auto const c = point_named(potential, *node->text())) offset = n.dot(c->point);
        else reader.problem("offset", no_such_point(potential, *node->text()));
    } else {
        offset = reader.number("offset", length);
    }
    double const shift = reader.number("shift", length, 0.0);
    if (reader.problems().size() > before) return std::nullopt;
    n /= size;
    return Region{RegionKind::half_space, normal, offset / size + shift, {}, false};
}

std::optional<Region> read_box(Reader& reader, Potential const& potential) {
    auto const d = static_cast<std::size_t>(potential.dim());
    std::size_t const before = reader.problems().size();
    std::vector<double> lower(d), upper(d);
    if (Node* node = reader.take("box")) {
        NodeList const* sides = node->list();
        bool good = sides != nullptr && sides->size() == d;
        for (std::size_t i = 0; good && i < d; ++i) {
            NodeList const* side = (*sides)[i].list();
            good = side != nullptr && side->size() == 2 && (*side)[0].is_number() &&
                   (*side)[1].is_number();
            if (!good) break;
            lower[i] = (*side)[0].number();
            upper[i] = (*side)[1].number();
        }
        if (!good)
            reader.problem("box", fmt::format("{} = {} (must be {} pair(s) [lower, upper])",
                                              reader.full("box"), to_toml(*node), d));
    } else {
        lower = reader.numbers("lower", d, length, true);
        upper = reader.numbers("upper", d, length, true);
    }
    if (reader.problems().size() > before) return std::nullopt;
    Region box{RegionKind::box, std::vector<double>(d), 0.0, std::vector<double>(d), false};
    for (std::size_t i = 0; i < d; ++i) {
        if (!(lower[i] < upper[i]) || !std::isfinite(upper[i] - lower[i])) {
            reader.problem("box", fmt::format("{}: side {} runs from {} to {} (must be finite and "
                                              "ascending)",
                                              reader.path(), i, lower[i], upper[i]));
            return std::nullopt;
        }
        box.a[i] = 0.5 * (lower[i] + upper[i]);
        box.extent[i] = 0.5 * (upper[i] - lower[i]);
    }
    return box;
}

std::optional<Region> read_basin(Reader& reader, Potential const& potential) {
    std::string const name = reader.text("basin");
    auto const c = point_named(potential, name);
    if (!c || c->morse_index != 0) {
        std::vector<std::string> minima;
        for (CriticalPoint const& p : potential.critical_points())
            if (p.morse_index == 0) minima.push_back(p.name);
        reader.problem("basin", unknown_word("minimum", name, minima));
        return std::nullopt;
    }
    std::string why;
    auto region = basin_of(potential, *c, why);
    if (!region)
        reader.problem("basin", fmt::format("{} = \"{}\": {}; use half_space, ball or box",
                                            reader.full("basin"), name, why));
    return region;
}

}  // namespace

std::optional<Region> read_region(Reader& reader, Potential const& potential) {
    std::vector<std::string> const shapes{"half_space", "ball", "box", "lower", "basin"};
    std::vector<std::string> given;
    for (std::string const& shape : shapes)
        if (reader.has(shape)) given.push_back(shape);
    if (given.size() != 1) {
        reader.problems().add(
            reader.where(),
            fmt::format("{} has {} (a region is exactly one of half_space + offset, ball + radius, "
                        "box, lower + upper, basin)",
                        reader.path(),
                        given.empty() ? "no shape" : fmt::format("{}", fmt::join(given, " and "))));
        for (char const* key : {"offset", "shift", "radius", "upper", "complement"})
            reader.take(key);
        return std::nullopt;
    }
    std::optional<Region> region;
    if (given[0] == "half_space") region = read_half_space(reader, potential);
    if (given[0] == "box" || given[0] == "lower") region = read_box(reader, potential);
    if (given[0] == "basin") region = read_basin(reader, potential);
    if (given[0] == "ball") {
        auto const centre = read_point(reader, "ball", potential);
        double const radius = reader.number("radius", positive_length);
        if (centre)
            region = Region{RegionKind::ball,
                            {centre->data(), centre->data() + centre->size()},
                            0.0,
                            {radius},
                            false};
    }
    if (reader.flag("complement", false) && region) region->complement = true;
    return region;
}

void read_regions(Draft& draft) {
    if (!draft.top.has("regions")) return;
    auto regions = sub_reader(draft.top, "regions", true);
    if (!regions || !draft.has_landscape()) return;
    for (auto const& entry : draft.tree.find("regions")->table()->entries) {
        auto reader = sub_reader(*regions, entry.first, false);
        if (!reader) continue;
        auto region = read_region(*reader, *draft.cell.potential);
        reader->finish();
        if (region) draft.cell.regions.push_back({entry.first, std::move(*region)});
    }
}

void read_targets(Draft& draft) {
    if (draft.kind != ExperimentKind::escape) return;
    draft.cell.horizons = draft.asked.horizons;
    std::vector<std::string> targets = draft.top.words("targets");
    Table const* regions = nullptr;
    if (Node const* node = draft.tree.find("regions")) regions = node->table();
    if (targets.empty()) {
        targets = draft.asked.targets;
        if (targets.empty() && regions != nullptr)
            for (auto const& entry : regions->entries) targets.push_back(entry.first);
        NodeList list;
        for (std::string const& t : targets) list.push_back(make_node(t));
        if (!targets.empty()) draft.tree.set("targets", Node{std::move(list), {}});
    }
    if (targets.empty())
        draft.top.missing("regions",
                          "an escape needs a target, e.g. regions.other = { half_space = "
                          "[1.0], offset = \"minimum.right\" }");
    draft.cell.stop_at_first = draft.top.flag("stop_at_first", false);
    if (draft.cell.stop_at_first && targets.size() > static_cast<std::size_t>(max_targets))
        draft.top.problem("targets", fmt::format("{} targets in one run (must be <= {})",
                                                 targets.size(), max_targets));
    std::vector<std::string> names;
    if (regions != nullptr)
        for (auto const& entry : regions->entries) names.push_back(entry.first);
    for (std::string const& target : targets)
        if (std::find(names.begin(), names.end(), target) == names.end())
            draft.top.problem("targets", unknown_word("region", target, names));
    draft.cell.targets = std::move(targets);
}

}  // namespace kramers
