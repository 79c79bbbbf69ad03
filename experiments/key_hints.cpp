// SPDX-License-Identifier: Apache-2.0
#include "experiments/key_hints.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/spec_keys.hpp"

namespace kramers {
namespace {

/// Another library's word, ours, and what has to be done to the number.
struct Synonym {
    std::string_view word, ours, how = {};
};

constexpr Synonym synonyms[] = {
    {"lr", "learning_rate"},
    {"eta", "learning_rate"},
    {"step_size", "learning_rate"},
    {"stepsize", "learning_rate"},
    {"step_size", "dt"},
    {"stepsize", "dt"},
    {"dt0", "dt"},
    {"h", "dt"},
    {"timestep", "dt"},
    {"time_step", "dt"},
    {"delta_t", "dt"},
    {"sigma", "temperature", "temperature = sigma^2 / 2, as the noise is sqrt(2 T) dW"},
    {"diffusion", "temperature", "temperature = D of the noise sqrt(2 D) dW"},
    {"noise", "temperature", "temperature = sigma^2 / 2, as the noise is sqrt(2 T) dW"},
    {"D", "temperature", "temperature = D of the noise sqrt(2 D) dW"},
    {"T", "temperature"},
    {"temp", "temperature"},
    {"beta", "temperature", "temperature = 1 / beta"},
    {"sigma", "gradient_variance", "gradient_variance = sigma^2 of one sample"},
    {"variance", "gradient_variance"},
    {"std", "gradient_variance", "gradient_variance = std^2 of one sample"},
    {"gamma", "friction"},
    {"damping", "friction"},
    {"beta", "momentum"},
    {"mu", "momentum"},
    {"batch", "batch_size"},
    {"B", "batch_size"},
    {"df", "degrees"},
    {"runs", "trajectories"},
    {"n", "trajectories"},
    {"N", "trajectories"},
    {"paths", "trajectories"},
    {"particles", "trajectories"},
    {"samples", "trajectories"},
    {"n_samples", "trajectories"},
    {"num_samples", "trajectories"},
    {"n_paths", "trajectories"},
    {"n_trajectories", "trajectories"},
    {"size", "trajectories"},
    {"key", "seed"},
    {"random_state", "seed"},
    {"rng", "seed"},
    {"dtype", "precision"},
    {"n_steps", "max_steps"},
    {"num_steps", "max_steps"},
    {"steps", "max_steps"},
    {"iterations", "max_steps"},
    {"t1", "max_time"},
    {"t_max", "max_time"},
    {"t_end", "max_time"},
    {"horizon", "max_time"},
    {"potential", "landscape"},
    {"loss", "landscape"},
    {"objective", "landscape"},
    {"model", "dynamics"},
    {"sde", "dynamics"},
    {"optimizer", "dynamics"},
    {"solver", "scheme"},
    {"integrator", "scheme"},
    {"method", "scheme"},
    {"x0", "start", "start = { point = [...] }"},
    {"y0", "start", "start = { point = [...] }"},
    {"initial", "start", "start = { point = [...] }"},
    {"x0", "point"},
    {"burnin", "burn_in"},
    {"warmup", "burn_in"},
    {"claims", "claim", "one [[claim]] each"},
    {"cases", "case", "one [[case]] each"},
    {"region", "regions"},
    {"type", "name"},
    {"kind", "name"},
    {"type", "law"},
    {"name", "law"},
    {"name", "kind"},
};

constexpr Synonym foreign_verbs[] = {
    {"simulate", "run"},      {"sim", "run"},         {"start", "run"},      {"solve", "run"},
    {"init", "new"},          {"create", "new"},      {"help", "--help"},    {"verify", "validate"},
    {"test", "validate"},     {"ls", "list"},         {"show", "list"},      {"info", "explain"},
    {"describe", "explain"},  {"docs", "man"},        {"figure", "plot"},    {"draw", "plot"},
    {"version", "--version"}, {"benchmark", "bench"}, {"estimate", "check"}, {"dry-run", "check"},
};

bool among(std::vector<std::string> const& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The quote of a string that does not end on its line, or 0. Three of them begin one that may.
char open_quote(std::string_view line) {
    char open = '\0';
    for (std::size_t k = 0; k < line.size(); ++k) {
        char const c = line[k];
        if (open == '\0' && c == '#') break;
        if (open == '"' && c == '\\') ++k;
        else if (open != '\0') open = c == open ? '\0' : open;
        else if (c == '"' || c == '\'') {
            if (line.substr(k, 3) == std::string(3, c)) return '\0';
            open = c;
        }
    }
    return open;
}

}  // namespace

std::string_view last_part(std::string_view key) { return key.substr(key.rfind('.') + 1); }

std::string dotted_key(std::string_view word) {
    std::string found;
    auto const take = [&](std::string const& key) {
        if (found.empty() || found == key) found = key;
        else found = "?";
    };
    for (SpecKey const& key : spec_keys())
        if (last_part(key.key) == word && key.key != word && !key.key.starts_with("claim.") &&
            !key.key.starts_with("schedule.") && key.kinds != "race" &&
            key.key.find('<') == std::string_view::npos)
            take(std::string(key.key));
    for (ComponentParameter const& c : component_parameters())
        if (c.parameter.name == word && c.table != "schedule")
            take(c.table + "." + std::string(word));
    return found == "?" ? "" : found;
}

std::string key_hint(std::string_view key, std::vector<std::string> const& known) {
    for (Synonym const& s : synonyms)
        if (s.word == key && among(known, s.ours))
            return fmt::format(". Did you mean \"{}\"{}{}?", s.ours, s.how.empty() ? "" : ": ",
                               s.how);
    // in the table of a component: whose parameter it is
    if (!among(known, "kind") && (among(known, "name") || among(known, "law"))) {
        std::vector<std::string> owners;
        for (ComponentParameter const& c : component_parameters())
            if (c.parameter.name == key && c.table != "schedule") owners.push_back(c.component);
        if (!owners.empty())
            return fmt::format(". It is a parameter of {}", fmt::join(owners, ", "));
    }
    std::string const elsewhere = dotted_key(key);
    if (!elsewhere.empty())
        return fmt::format(". It belongs in the table {}: {}",
                           elsewhere.substr(0, elsewhere.rfind('.')), elsewhere);
    for (Synonym const& s : synonyms)
        if (std::string const other = dotted_key(s.ours); s.word == key && !other.empty())
            return fmt::format(". Did you mean {}{}{}?", other, s.how.empty() ? "" : ": ", s.how);
    return {};
}

std::vector<std::string> own_words(std::string_view word) {
    std::vector<std::string> words;
    for (Synonym const& s : synonyms)
        if (s.word == word) words.emplace_back(s.ours);
    return words;
}

std::string verb_hint(std::string_view word) {
    for (Synonym const& s : foreign_verbs)
        if (s.word == word) return std::string(s.ours);
    return {};
}

std::string toml_hint(std::string_view line, std::string_view complaint) {
    if (complaint.find("redefine") != std::string_view::npos)
        return ". A key or table is written once: put what belongs to it together";
    std::size_t const equals = line.find('=');
    if (equals == std::string_view::npos) return {};
    if (char const quote = open_quote(line); quote != '\0')
        return fmt::format(". A closing {} is missing: a string ends on its line", quote);
    std::size_t begin = line.find_first_not_of(" \t", equals + 1);
    if (begin == std::string_view::npos) return ". A value is missing after =";
    // the first value that begins with a letter, here or after another = of an inline table
    for (std::size_t at = equals; at != std::string_view::npos; at = line.find('=', at + 1)) {
        begin = line.find_first_not_of(" \t", at + 1);
        if (begin == std::string_view::npos) break;
        std::size_t end = begin;
        while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 ||
                                     line[end] == '_' || line[end] == '.'))
            ++end;
        std::string const word(line.substr(begin, end - begin));
        bool const letter = !word.empty() && std::isalpha(static_cast<unsigned char>(word[0])) != 0;
        if (letter && word != "true" && word != "false" && word != "inf" && word != "nan")
            return fmt::format(". A string needs quotes: \"{}\"", word);
    }
    auto const count = [&](char c) { return std::count(line.begin(), line.end(), c); };
    if (count('{') > count('}')) return ". A } is missing: an inline table ends on its line";
    if (count('[') > count(']')) return ". A ] is missing";
    return {};
}

}  // namespace kramers
