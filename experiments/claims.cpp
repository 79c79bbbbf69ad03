// SPDX-License-Identifier: Apache-2.0
#include "experiments/claims.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/given.hpp"
#include "experiments/numbers.hpp"
#include "experiments/race_grid.hpp"
#include "experiments/reader.hpp"
#include "experiments/suggest.hpp"
#include "sde/theory/catalogue.hpp"

namespace kramers {
namespace {

std::vector<std::string> estimand_names(ExperimentKind kind) {
    if (kind == ExperimentKind::escape)
        return {"mean_first_passage", "escape_rate",  "restricted_mean",
                "exit_share",         "passage_bias", "rung_bias"};
    if (kind == ExperimentKind::order) return {"weak_error"};
    if (kind == ExperimentKind::race) return {"success_probability"};
    return {"stationary_density", "stationary_covariance", "autocovariance", "region_weight"};
}

/// { component = "stiffest" | "softest" | [i, j] } → i, j, or the word.
void read_component(Reader& reader, int& i, int& j, std::string& word) {
    Node* node = reader.take("component");
    if (node != nullptr && node->text() != nullptr) {
        word = reader.choice("component", "component", {"stiffest", "softest"});
        return;
    }
    auto const pair = reader.numbers("component", 2, {0.0, static_cast<double>(max_dim - 1)});
    i = static_cast<int>(pair[0]);
    j = static_cast<int>(pair[1]);
}

std::string read_region_name(Reader& reader, std::string_view key,
                             std::vector<std::string> const& regions) {
    return reader.choice(key, "region", regions);
}

Estimand read_estimand(Reader& reader, std::string const& name, ClaimDraft& draft,
                       std::vector<std::string> const& regions) {
    if (name == "mean_first_passage")
        return MeanFirstPassage{read_region_name(reader, "to", regions)};
    if (name == "escape_rate") return EscapeRate{read_region_name(reader, "to", regions)};
    if (name == "region_weight") return RegionWeight{read_region_name(reader, "region", regions)};
    if (name == "passage_bias") {
        std::string const to = read_region_name(reader, "to", regions);
        return PassageBias{to, reader.choice("crossing", "crossing", {"endpoint", "bridge"})};
    }
    if (name == "exit_share") return ExitShare{read_region_name(reader, "to", regions)};
    if (name == "restricted_mean") {
        std::string const to = read_region_name(reader, "to", regions);
        return RestrictedMean{to, reader.number("until", {0.0, infinite, true, "time"})};
    }
    if (name == "rung_bias") {
        std::string const to = read_region_name(reader, "to", regions);
        return RungBias{to, reader.choice("rung", "rung", {"coarsest", "finest"})};
    }
    if (name == "stationary_covariance") {
        StationaryCovariance c;
        read_component(reader, c.i, c.j, draft.component);
        return c;
    }
    if (name == "autocovariance") {
        Autocovariance c;
        read_component(reader, c.i, c.j, draft.component);
        c.lag = reader.number("lag", {0.0, infinite, false, "time"});
        return c;
    }
    StationaryDensity density;
    if (reader.has("axes")) {
        for (double const a : reader.numbers("axes", 0, {0.0, static_cast<double>(max_dim - 1)}))
            density.axes.push_back(static_cast<int>(a));
        if (density.axes.size() > 2) {
            reader.problem("axes", reader.full("axes") + " must be one or two coordinates");
            density.axes.erase(density.axes.begin() + 1, density.axes.end());
        }
    } else {
        density.axes = {0};
    }
    return density;
}

/// order = { is = 2, fit = [2, 3] }: error = C2 eta^2 + C3 eta^3; fit = [2]: without the second.
/// order = { is = inf, detects = 0.01 }: the same law, no moment differs by 0.01.
void read_order_claim(Reader& reader, ClaimSpec& claim) {
    claim.against = "order";
    Table* table = reader.table("order", false);
    if (table == nullptr) return;
    Reader order(*table, reader.full("order"), reader.origin_of("order"), reader.problems());
    Range powers{0.5, infinite};
    powers.infinite = true;
    claim.order = order.number("is", powers);
    if (std::isinf(claim.order)) {
        claim.next_term = false;
        claim.detects = order.number("detects", {0.0, infinite, true});
        if (order.has("fit"))
            order.problem("fit", fmt::format("{}: errors that are 0 have no powers (must be left "
                                             "out with is = inf)",
                                             order.full("fit")));
        order.finish();
        return;
    }
    if (order.has("detects"))
        order.problem("detects", fmt::format("{}: an order is measured, it has no such size (must "
                                             "be left out unless is = inf)",
                                             order.full("detects")));
    if (claim.order > 4.0)
        order.problem("is", fmt::format("{} = {} (must be >= 0.5 and <= 4, or inf: the same law)",
                                        order.full("is"), claim.order));
    if (!order.has("fit")) {
        NodeList powers{make_node(claim.order), make_node(claim.order + 1.0)};
        table->set("fit", Node{std::move(powers), {}});
    }
    auto const fit = order.numbers("fit", 0, {0.5, 5.0});
    order.finish();
    claim.next_term = fit.size() > 1;
    if (fit.size() > 2 || fit[0] != claim.order || (claim.next_term && fit[1] != claim.order + 1.0))
        order.problem("fit", fmt::format("{} (must be [{}] or [{}, {}]: error = C eta^{} + ...)",
                                         order.full("fit"), claim.order, claim.order,
                                         claim.order + 1.0, claim.order));
}

/// exceeds = "none" (an entrant) or 0.5, by = 0.05.
void read_race_claim(Reader& reader, ClaimSpec& claim, std::vector<std::string> const& entrants) {
    Node const* node = reader.take("exceeds");
    if (node != nullptr && node->is_number()) {
        claim.exceeds = reader.number("exceeds", {0.0, 1.0});
        claim.against = fmt::format("{}", claim.exceeds);
    } else {
        claim.against = reader.choice("exceeds", "entrant", entrants);
    }
    claim.by = reader.number("by", {0.0, 1.0}, 0.0);
    if (claim.exceeds + claim.by >= 1.0)  // of an entrant: exceeds is 0, compare_race sees the rest
        reader.problem(
            "exceeds",
            fmt::format("{} = {} with by = {}: no probability exceeds {:.6g}, so the claim says "
                        "nothing (must be exceeds + by < 1)",
                        reader.full("exceeds"),
                        node != nullptr ? to_toml(*node) : std::string("nothing"), claim.by,
                        claim.exceeds + claim.by));
}

/// tolerance = 0.05, relative to the prediction, or absolute_tolerance = 0.1 where that may be 0.
void read_tolerance(Reader& reader, ClaimSpec& claim) {
    if (!reader.has("absolute_tolerance")) {
        claim.tolerance = reader.number("tolerance", {0.0, 10.0, false, "(relative)"});
        return;
    }
    claim.absolute_tolerance = reader.number("absolute_tolerance", {0.0, infinite, true});
    if (reader.take("tolerance") != nullptr)
        reader.problem("absolute_tolerance",
                       fmt::format("{} and {} are two measures of the same: give one",
                                   reader.full("absolute_tolerance"), reader.full("tolerance")));
}

/// What the spec compares with.
std::vector<std::string> compared(Table const& root) {
    std::vector<std::string> names;
    Node const* with = find_at(root, "compare.with");
    if (with != nullptr && with->text() != nullptr) return {*with->text()};
    if (with != nullptr && with->list() != nullptr)
        for (Node const& node : *with->list())
            if (node.text() != nullptr) names.push_back(*node.text());
    return names;
}

/// What a given prediction of a density may be, and what one of a number may not.
void check_given(Reader& reader, ClaimSpec const& claim) {
    auto const* density = std::get_if<StationaryDensity>(&claim.estimand);
    GivenPrediction const& given = *claim.given;
    if (density == nullptr && given.normalise)
        reader.problem("against",
                       reader.full("against") + ".normalise is for a stationary_density");
    if (density != nullptr && density->axes.size() > 1 && given.form == PredictionKind::table)
        reader.problem("against",
                       reader.full("against") + ": a table has one abscissa, this density two");
}

/// Two different given predictions of one spec are called differently: formula, formula_2, …
void rename_given(std::vector<ClaimDraft>& drafts) {
    ClaimSpec& last = drafts.back().claim;
    std::string const name = last.against;
    for (int k = 2; last.given; ++k) {
        bool const taken = std::any_of(drafts.begin(), drafts.end() - 1, [&](ClaimDraft const& d) {
            return d.claim.given && d.claim.against == last.against &&
                   !(*d.claim.given == *last.given);
        });
        if (!taken) return;
        last.against = fmt::format("{}_{}", name, k);
    }
}

ClaimDraft read_claim(Reader& reader, Table& table, std::string const& spec_name,
                      std::size_t position, ExperimentKind kind,
                      std::vector<std::string> const& regions,
                      std::vector<std::string> const& models, std::string const& folder,
                      Problems& problems) {
    ClaimDraft draft;
    ClaimSpec& claim = draft.claim;
    draft.origin = reader.where();
    claim.line = draft.origin.line;
    draft.against = reader.origin_of("against");
    std::string id = reader.text("id", fmt::format("{}", position));
    if (id.starts_with(spec_name + ".")) id = id.substr(spec_name.size() + 1);
    claim.id = spec_name + "." + id;
    claim.sentence = reader.text("sentence");
    if (kind == ExperimentKind::order) {
        read_order_claim(reader, claim);
        if (reader.has("against"))
            reader.problem("against",
                           fmt::format("{}: a weak_error falls with the learning rate, and what is "
                                       "claimed is how: give order = {{ is = 2 }}, not a value",
                                       reader.full("against")));
    } else if (kind == ExperimentKind::race) {
        read_race_claim(reader, claim, models);
    } else {
        if (Node* node = reader.take("against"); node != nullptr && node->table() != nullptr)
            claim.given = read_given(reader, *node->table(), folder, claim.against);
        else claim.against = reader.text("against");
        read_tolerance(reader, claim);
    }
    if (kind != ExperimentKind::race) claim.where = reader.text("where", "");
    std::string const expect =
        reader.choice("expect", "verdict", {"agree", "disagree", "out_of_domain"}, "agree");
    claim.expect = expect == "disagree"        ? Verdict::disagree
                   : expect == "out_of_domain" ? Verdict::out_of_domain
                                               : Verdict::agree;
    Table* estimand = reader.table("estimand", false);
    reader.finish();
    if (estimand == nullptr) return draft;
    std::vector<std::string> const names = estimand_names(kind);
    Origin const here = table.find("estimand")->origin;
    if (estimand->entries.size() != 1) {
        problems.add(here, fmt::format("{} must be exactly one of: {}", reader.full("estimand"),
                                       fmt::join(names, ", ")));
        return draft;
    }
    std::string const& name = estimand->entries.front().first;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        std::string message = unknown_word("estimand", name, names);
        for (ExperimentKind const other : {ExperimentKind::escape, ExperimentKind::stationary,
                                           ExperimentKind::order, ExperimentKind::race}) {
            auto const others = estimand_names(other);
            if (std::find(others.begin(), others.end(), name) != others.end())
                message =
                    fmt::format("estimand {} belongs to kind = \"{}\"", name, to_string(other));
        }
        problems.add(here, message);
        return draft;
    }
    Table* arguments = estimand->entries.front().second.table();
    if (arguments == nullptr) {
        problems.add(here,
                     fmt::format("{}.{} must be a table, e.g. {{ mean_first_passage = {{ to = "
                                 "\"other\" }} }}",
                                 reader.full("estimand"), name));
        return draft;
    }
    Reader inner(*arguments, reader.full("estimand." + name), here, problems);
    if (kind == ExperimentKind::order)
        claim.estimand = WeakError{inner.choice("of", "SDE compared with", models)};
    else if (kind == ExperimentKind::race)
        claim.estimand = SuccessProbability{inner.choice("entrant", "entrant", models)};
    else claim.estimand = read_estimand(inner, name, draft, regions);
    inner.finish();
    if (claim.absolute_tolerance > 0.0 && name == "stationary_density")
        reader.problem("absolute_tolerance",
                       fmt::format("{}: of a density the tolerance is relative to its highest "
                                   "point (give tolerance)",
                                   reader.full("absolute_tolerance")));
    if (kind == ExperimentKind::order || kind == ExperimentKind::race) return draft;
    if (claim.given) {
        check_given(reader, claim);
        return draft;
    }
    auto const answers = theory::names_for(claim.estimand);
    if (table.find("against") != nullptr && !claim.against.empty() &&
        std::find(answers.begin(), answers.end(), claim.against) == answers.end())
        reader.problem("against", unknown_word("prediction of " + name, claim.against, answers));
    return draft;
}

}  // namespace

std::vector<ClaimDraft> read_claims(Table& root, std::string const& spec_name, ExperimentKind kind,
                                    std::string const& folder, Problems& problems) {
    std::vector<ClaimDraft> drafts;
    std::vector<std::string> regions;
    if (Node* node = root.find("regions"); node != nullptr && node->table() != nullptr)
        for (auto const& entry : node->table()->entries) regions.push_back(entry.first);
    Node* node = root.find("claim");
    if (node == nullptr) return drafts;
    auto* list = std::get_if<NodeList>(&node->value);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        Table* table = (*list)[i].table();
        if (table == nullptr) {
            list = nullptr;
            break;
        }
        Reader reader(*table, fmt::format("claim[{}]", i), (*list)[i].origin, problems);
        drafts.push_back(read_claim(
            reader, *table, spec_name, i + 1, kind, regions,
            kind == ExperimentKind::race ? entrant_names(root) : compared(root), folder, problems));
        rename_given(drafts);
        for (std::size_t k = 0; k + 1 < drafts.size(); ++k)
            if (drafts[k].claim.id == drafts.back().claim.id)
                problems.add(drafts.back().origin,
                             fmt::format("two claims have the id \"{}\"", drafts[k].claim.id));
    }
    if (list == nullptr) problems.add(node->origin, "claim must be a list of tables, [[claim]]");
    return drafts;
}

Asked asked_by(std::vector<ClaimDraft> const& drafts) {
    Asked asked;
    auto const add = [](std::vector<std::string>& names, std::string const& name) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (ClaimDraft const& d : drafts) {
        Estimand const& e = d.claim.estimand;
        if (auto const* m = std::get_if<MeanFirstPassage>(&e)) add(asked.targets, m->to);
        if (auto const* m = std::get_if<EscapeRate>(&e)) add(asked.targets, m->to);
        if (auto const* m = std::get_if<PassageBias>(&e)) add(asked.targets, m->to);
        if (auto const* m = std::get_if<RungBias>(&e)) add(asked.targets, m->to);
        if (auto const* m = std::get_if<ExitShare>(&e)) add(asked.targets, m->to);
        if (auto const* m = std::get_if<RestrictedMean>(&e)) {
            add(asked.targets, m->to);
            asked.horizons.push_back(m->until);
        }
        if (auto const* m = std::get_if<RegionWeight>(&e)) add(asked.regions, m->region);
        if (auto const* m = std::get_if<StationaryDensity>(&e)) asked.densities.push_back(m->axes);
        if (std::holds_alternative<Autocovariance>(e)) asked.lagged = true;
    }
    return asked;
}

}  // namespace kramers
