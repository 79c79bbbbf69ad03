// SPDX-License-Identifier: Apache-2.0
#include "experiments/spec_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "experiments/catalogue.hpp"
#include "experiments/key_log.hpp"
#include "experiments/load_spec.hpp"
#include "sde/noise/catalogue.hpp"

namespace spec_keys_test {
namespace {

using namespace kramers;

std::string const line = R"(
kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { dt = 0.01 }
ensemble  = { trajectories = 1000, max_steps = 1000 }
start     = { gibbs = "left" }
regions.a = { lower = [1.0], upper = [2.0] }
regions.b = { box = [[1.0, 2.0]] }
regions.c = { ball = [1.5], radius = 0.1 }
regions.d = { basin = "minimum.right" }
[[claim]]
sentence = "s"
estimand = { escape_rate = { to = "d" } }
against = "kramers"
tolerance = 0.5
)";

std::string const plane = R"(
kind = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 2.0] }
dynamics  = { name = "overdamped", temperature = 0.1, circulation = 1.0 }
scheme    = { dt = 0.01 }
ensemble  = { trajectories = 1000, snapshots = 2 }
start     = { point = [0.0, 0.0] }
burn_in   = { relaxation_times = 3 }
stride    = { steps = 10 }
[[claim]]
sentence = "s"
estimand = { autocovariance = { component = [0, 0], lag = 0.1 } }
against = "gibbs"
tolerance = 0.5
quick = { tolerance = 1.0 }
)";

std::string const sgd = R"(
kind = "stationary"
landscape = { name = "quadratic", curvatures = [1.0, 2.0] }
dynamics  = { name = "sgd", learning_rate = 0.1, batch_size = 2 }
noise     = { law = "covariance", covariance = [[1.0, 0.0], [0.0, 1.0]] }
schedule  = { learning_rate = { kind = "power", power = 0.5 }, noise = { kind = "constant" } }
ensemble  = { trajectories = 1000, snapshots = 2 }
start     = { point = [0.0, 0.0] }
burn_in   = { steps = 3 }
stride    = { time = 1.0 }
)";

std::string const race = R"(
kind        = "race"
landscape   = { name = "tilted_double_well", half_width = 1.0, barrier = 0.25, tilt = -0.05 }
ensemble    = { trajectories = 2000 }
start       = { point = "minimum.left" }
goal        = { basin = "minimum.right" }
evaluations = 2000
grid        = { intensity = [0.1, 1.0], decay = [0.0], learning_rate = [0.02] }
[[entrant]]
name      = "isotropic"
dynamics  = { name = "sgd" }
noise     = { law = "gaussian" }
intensity = "noise.gradient_variance"
scale     = { intensity = 2.0 }
grid      = { intensity = [0.1] }
[[claim]]
sentence = "s"
estimand = { success_probability = { entrant = "isotropic" } }
exceeds  = 0.5
by       = 0.1
)";

/// Predictions that a spec gives itself, in place of "kramers" in `line`.
char const* const given[] = {
    R"x({ formula = "exp(dV/T)", domain = "T > 0", error = 0.1, normalise = false })x",
    R"x({ number = 1.0, source = "s", name = "mine" })x",
    R"x({ table = "no.csv", x = "T", y = "t", at = "T", interpolation = "linear" })x",
    R"x({ points = [[0.1, 1.0], [0.2, 2.0]], x = "T" })x"};

std::string replaced(std::string text, std::string const& from, std::string const& to) {
    REQUIRE(text.find(from) != std::string::npos);
    return text.replace(text.find(from), from.size(), to);
}

/// Everything that readers ask for, over specs that reach every reader; a spec may be refused.
std::multimap<std::string, AskedKey> const& all_asked() {
    static auto const asked = [] {
        KeyLog log;
        auto const load = [](std::string const& text, Level level = Level::standard) {
            try {
                load_spec({text, "t.toml", "t"}, {}, level);
            } catch (InputError const&) {}
        };
        for (auto const* entries : {&catalogue(), &starters()})
            for (CatalogueEntry const& entry : *entries)
                load(std::string(entry.text), Level::quick);
        load(line);
        load(replaced(line, ", max_steps = 1000", ""));
        load(replaced(line, "escape_rate", "exit_share"));
        load(replaced(line, "escape_rate = { to", "restricted_mean = { until = 5.0, to"));
        for (char const* prediction : given) load(replaced(line, "\"kramers\"", prediction));
        load(race);
        for (char const* goal :
             {"half_space = [1.0], offset = 0.0", "ball = [1.0], radius = 0.1", "lower = [0.0]",
              "box = [[0.0, 1.0]]", "lower = [0.0], upper = [1.0]"})
            load(replaced(race, "basin = \"minimum.right\"", goal));
        load(plane);
        load(replaced(plane, "autocovariance", "stationary_covariance"));
        load(replaced(replaced(plane, "{ relaxation_times = 3 }", "{ time = 1 }"), "{ steps = 10 }",
                      "{ relaxation_times = 1 }"));
        load(sgd);
        load(replaced(sgd, "\"covariance\", covariance", "\"population\", samples"));
        for (NoiseLawEntry const& law : noise_laws())
            if (law.table == "samples")
                load(replaced(sgd, "\"covariance\", covariance",
                              "\"" + std::string(law.name) + "\", samples"));
        return log.asked;
    }();
    return asked;
}

/// "regions.a.lower" → "regions.<name>.lower"; parameters of components → "".
std::string general(std::string key) {
    for (std::size_t open = key.find('['); open != std::string::npos; open = key.find('['))
        key.erase(open, key.find(']') - open + 1);
    if (SpecKey const* found = find_spec_key(key)) return std::string(found->key);
    std::string const table = key.substr(0, key.find('.'));
    std::string const last = key.substr(key.rfind('.') + 1);
    for (ComponentParameter const& c : component_parameters())
        if (c.table == table && c.parameter.name == last) return {};
    return key;
}

std::set<std::string> keys_of_table() {
    std::set<std::string> keys;
    for (SpecKey const& key : spec_keys())
        if (!key.key.ends_with("<key>")) keys.emplace(key.key);  // settings: no reader has them
    return keys;
}

/// Keys of one set that the other lacks.
std::string only_in(std::set<std::string> const& a, std::set<std::string> const& b) {
    std::string text;
    for (std::string const& key : a)
        if (b.count(key) == 0) text += key + " ";
    return text;
}

unsigned type_of(std::string const& name) {
    if (name == "number") return type_number;
    if (name == "whole") return type_whole;
    if (name == "text") return type_text;
    if (name == "flag") return type_flag;
    if (name == "numbers") return type_numbers;
    if (name == "words") return type_words;
    return name == "table" ? type_table : ~0U;
}

/// What a reader does with a key and its line of the table say the same; else what differs.
std::string difference(SpecKey const& key, AskedKey const& asked) {
    if (asked.type.empty()) return {};
    if ((key.type & type_of(asked.type)) == 0) return "type " + asked.type;
    bool const number = asked.type == "number" || asked.type == "whole" || asked.type == "numbers";
    bool const axes = asked.type == "numbers" && asked.range.maximum < 64.0;  // by the dimension
    if (number && !axes && key.key != "histograms.axis") {
        if (key.minimum != asked.range.minimum || key.open_minimum != asked.range.open_minimum)
            return "minimum";
        if (key.maximum != asked.range.maximum || key.infinite != asked.range.infinite)
            return "maximum";
        if (key.unit != asked.range.unit && asked.type == "number") return "unit";
    }
    bool const written = key.fallback.find(' ') == std::string_view::npos;
    if (!asked.fallback.empty() && written) {
        bool const equal = asked.type == "number" || asked.type == "whole"
                               ? std::stod(std::string(key.fallback)) == std::stod(asked.fallback)
                               : key.fallback == asked.fallback;
        if (!equal) return "default " + asked.fallback;
    }
    if (!asked.allowed.empty() && key.words != nullptr) {
        auto const words = key.words();
        for (std::string const& word : asked.allowed)
            if (std::find(words.begin(), words.end(), word) == words.end()) return "word " + word;
    }
    return {};
}

}  // namespace

TEST_CASE("spec_keys: the table has every key that a reader asks for, and no other") {
    std::set<std::string> asked;
    for (auto const& [key, how] : all_asked()) {
        std::string const name = general(key);
        asked.insert(name);
        for (std::size_t dot = name.find('.'); dot != std::string::npos;
             dot = name.find('.', dot + 1))
            asked.insert(name.substr(0, dot));  // the tables on the way
    }
    asked.erase("");
    std::set<std::string> table = keys_of_table();
    CHECK(only_in(asked, table) == "");
    CHECK(only_in(table, asked) == "");
    // broken twins: a reader with one key more, a table with one more
    asked.insert("ensemble.colour");
    CHECK(only_in(asked, table) == "ensemble.colour ");
    table.insert("scheme.colour");
    CHECK(only_in(table, asked) == "scheme.colour ");
}

TEST_CASE("spec_keys: type, range, unit, default and words are those of the readers") {
    std::size_t compared = 0;
    for (auto const& entry : all_asked()) {
        std::string const& key = entry.first;
        AskedKey const& how = entry.second;
        std::string const name = general(key);
        if (name.empty()) continue;
        INFO(key);
        CHECK(difference(*find_spec_key(name), how) == "");
        ++compared;
    }
    CHECK(compared > 500);
    SpecKey wrong = *find_spec_key("ensemble.trajectories");
    AskedKey const asked{"whole", {128, 1e11}, "", {}};
    CHECK(difference(wrong, asked) == "");
    wrong.minimum = 64;
    CHECK(difference(wrong, asked) == "minimum");
    CHECK(difference(*find_spec_key("ensemble.seed"),
                     {"whole", {0, 9007199254740992.0}, "2", {}}) == "default 2");
    CHECK(difference(*find_spec_key("scheme.crossing"), {"text", {}, "", {"tunnel"}}) ==
          "word tunnel");
}

TEST_CASE("spec_keys: a key is found as it is written in a spec") {
    CHECK(find_spec_key("regions.other.radius")->key == "regions.<name>.radius");
    CHECK(find_spec_key("claim[2].tolerance")->key == "claim.tolerance");
    CHECK(find_spec_key("sweep.\"scheme.dt\"")->key == "sweep.<key>");
    CHECK(find_spec_key("sweep")->key == "sweep");
    CHECK(find_spec_key("radius") == nullptr);
    CHECK(find_spec_key("ensemble.trajectories.more") == nullptr);
}

TEST_CASE("spec_keys: every key has a sentence and an example that names it") {
    for (SpecKey const& key : spec_keys()) {
        INFO(key.key);
        CHECK(key.doc.size() > 3);
        std::string const last(key.key.substr(key.key.rfind('.') + 1));
        bool const named = key.example.find(last) != std::string_view::npos;
        CHECK((named || last.starts_with('<')));
    }
}

TEST_CASE("starters: each resolves at both levels and has a claim") {
    CHECK(starters().size() == 4);
    for (CatalogueEntry const& entry : starters())
        for (Level const level : {Level::quick, Level::standard}) {
            Spec const spec = load_spec({std::string(entry.text), "my.toml", "my"}, {}, level);
            CHECK(!spec.claims.empty());
        }
}

}  // namespace spec_keys_test
