// SPDX-License-Identifier: Apache-2.0
#include "experiments/reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/key_hints.hpp"
#include "experiments/key_log.hpp"
#include "experiments/suggest.hpp"

namespace kramers {
namespace {

thread_local KeyLog* key_log = nullptr;

}  // namespace

KeyLog::KeyLog() { key_log = this; }
KeyLog::~KeyLog() { key_log = nullptr; }

void KeyLog::note(std::string const& key, AskedKey asked) {
    if (key_log != nullptr) key_log->asked.emplace(key, std::move(asked));
}

bool Range::contains(double value) const {
    if (std::isnan(value)) return false;
    if (std::isinf(value) && !infinite) return false;
    if (whole && value != std::floor(value)) return false;
    return (open_minimum ? value > minimum : value >= minimum) && value <= maximum;
}

std::string Range::describe() const {
    std::string text = "must be ";
    if (whole) {
        std::vector<double> allowed;
        for (double v = minimum; v < maximum; ++v) allowed.push_back(v);
        return fmt::format("{}{} or {}", text, fmt::join(allowed, ", "), maximum);
    }
    bool const below = std::isfinite(maximum), above = std::isfinite(minimum);
    if (!below && !above) text += "a finite number";
    if (above) text += fmt::format("{} {}", open_minimum ? ">" : ">=", minimum);
    if (below) text += fmt::format("{}<= {}", above ? " and " : "", maximum);
    if (!unit.empty() && unit != "1") text += fmt::format(" {}", unit);
    if (infinite) text += ", or inf";
    if (!why.empty()) text += fmt::format(": {}", why);
    return text;
}

Range range_of(Parameter const& p) {
    return {p.minimum, p.maximum, p.open_minimum, p.unit, false, p.why, p.whole};
}

Reader::Reader(Table& table, std::string path, Origin where, Problems& problems)
    : table_(&table), path_(std::move(path)), where_(std::move(where)), problems_(&problems) {}

std::string Reader::full(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Origin Reader::origin_of(std::string_view key) const {
    Node const* node = table_->find(key);
    return node != nullptr ? node->origin : where_;
}

void Reader::problem(std::string_view key, std::string const& what) {
    problems_->add(origin_of(key), what);
}

void Reader::missing(std::string_view key, std::string const& what) {
    problems_->add(where_, fmt::format("missing {} ({})", full(key), what));
}

Node* Reader::take(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    KeyLog::note(full(key), {});
    return table_->find(key);
}

bool Reader::knows(std::string_view key) const {
    return std::find(known_.begin(), known_.end(), key) != known_.end();
}

void Reader::wrong_type(std::string_view key, Node const& node, std::string_view expected) {
    std::string quotes;  // a number written as a string
    if (std::string const* text = node.text();
        text != nullptr && expected.find("number") != std::string_view::npos) {
        char* end = nullptr;
        std::strtod(text->c_str(), &end);
        if (!text->empty() && *end == '\0') quotes = ": write it without quotes";
    }
    problem(key, fmt::format("{} = {} (must be {}){}", full(key), to_toml(node), expected, quotes));
}

double Reader::checked(std::string_view key, Node const& node, Range const& range) {
    if (!node.is_number()) {
        wrong_type(key, node,
                   range.unit.empty() ? "a number" : fmt::format("a number, unit {}", range.unit));
        return std::isfinite(range.minimum) ? range.minimum + 1.0 : 1.0;
    }
    double const value = node.number();
    if (!range.contains(value)) {
        problem(key, fmt::format("{} = {} ({})", full(key), to_toml(node), range.describe()));
        return std::isfinite(range.minimum) ? range.minimum + 1.0 : 1.0;
    }
    return value;
}

double Reader::number(std::string_view key, Range const& range, std::optional<double> fallback) {
    KeyLog::note(full(key), {"number", range, fallback ? to_toml(make_node(*fallback)) : "", {}});
    Node* node = take(key);
    if (node != nullptr) return checked(key, *node, range);
    if (fallback) {
        table_->set(key, make_node(*fallback));
        return *fallback;
    }
    missing(key, range.describe());
    return std::isfinite(range.minimum) ? range.minimum + 1.0 : 1.0;
}

std::uint64_t Reader::count(std::string_view key, double minimum, double maximum,
                            std::optional<std::uint64_t> fallback) {
    Range const range{minimum, maximum};
    KeyLog::note(full(key), {"whole", range, fallback ? fmt::format("{}", *fallback) : "", {}});
    std::uint64_t const harmless = static_cast<std::uint64_t>(minimum);
    Node* node = take(key);
    if (node == nullptr) {
        if (!fallback) {
            missing(key, "a whole number, " + range.describe());
            return harmless;
        }
        table_->set(key, Node{static_cast<std::int64_t>(*fallback), {}});
        return *fallback;
    }
    if (!node->is_number() || node->number() != std::floor(node->number())) {
        wrong_type(key, *node, "a whole number");
        return harmless;
    }
    if (!range.contains(node->number())) {
        problem(key, fmt::format("{} = {} ({})", full(key), to_toml(*node), range.describe()));
        return harmless;
    }
    if (auto const* integer = std::get_if<std::int64_t>(&node->value))
        return static_cast<std::uint64_t>(*integer);
    return static_cast<std::uint64_t>(node->number());
}

std::string Reader::text(std::string_view key, std::optional<std::string> fallback) {
    KeyLog::note(full(key), {"text", {}, fallback ? to_toml(make_node(*fallback)) : "", {}});
    Node* node = take(key);
    if (node != nullptr && node->text() != nullptr) return *node->text();
    if (node != nullptr) {
        wrong_type(key, *node, "a string");
    } else if (fallback) {
        table_->set(key, make_node(*fallback));
        return *fallback;
    } else {
        missing(key, "a string");
    }
    return {};
}

std::string Reader::choice(std::string_view key, std::string_view what,
                           std::vector<std::string> const& allowed,
                           std::optional<std::string> fallback) {
    KeyLog::note(full(key), {"text", {}, "", allowed});
    Node* node = take(key);
    if (node == nullptr && !fallback) {
        missing(key, fmt::format("one of: {}", fmt::join(allowed, ", ")));
        return {};
    }
    std::string const word = text(key, std::move(fallback));
    if (node != nullptr && node->text() == nullptr) return {};
    if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
    problem(key, unknown_word(what, word, allowed));
    return {};
}

bool Reader::flag(std::string_view key, bool fallback) {
    KeyLog::note(full(key), {"flag", {}, fallback ? "true" : "false", {}});
    Node* node = take(key);
    if (node == nullptr) {
        table_->set(key, Node{fallback, {}});
        return fallback;
    }
    if (auto const* value = std::get_if<bool>(&node->value)) return *value;
    wrong_type(key, *node, "true or false");
    return fallback;
}

std::vector<double> Reader::numbers(std::string_view key, std::size_t size, Range const& range,
                                    bool repeat) {
    KeyLog::note(full(key), {"numbers", range, "", {}});
    std::vector<double> const harmless(size > 0 ? size : 1, 1.0);
    Node* node = take(key);
    if (node == nullptr) {
        missing(key, size > 0 ? fmt::format("a list of {} numbers", size) : "a list of numbers");
        return harmless;
    }
    if (repeat && node->is_number())
        return std::vector<double>(harmless.size(), checked(key, *node, range));
    NodeList const* list = node->list();
    if (list == nullptr) {
        wrong_type(key, *node, repeat ? "a number or a list of numbers" : "a list of numbers");
        return harmless;
    }
    if (list->empty() || (size > 0 && list->size() != size)) {
        wrong_type(key, *node,
                   size > 0 ? fmt::format("a list of {} number{}, one per coordinate", size,
                                          size == 1 ? "" : "s")
                            : std::string("a list of at least one number"));
        return harmless;
    }
    std::vector<double> values;
    for (std::size_t i = 0; i < list->size(); ++i) {
        Node const& item = (*list)[i];
        if (!item.is_number() || !range.contains(item.number())) {
            problem(key, fmt::format("{}[{}] = {} ({})", full(key), i, to_toml(item),
                                     item.is_number() ? range.describe() : "must be a number"));
            return harmless;
        }
        values.push_back(item.number());
    }
    return values;
}

std::vector<std::string> Reader::words(std::string_view key) {
    KeyLog::note(full(key), {"words", {}, "", {}});
    std::vector<std::string> result;
    Node* node = take(key);
    if (node == nullptr) return result;
    if (node->text() != nullptr) return {*node->text()};
    NodeList const* list = node->list();
    for (Node const& item : list != nullptr ? *list : NodeList{}) {
        if (item.text() == nullptr) list = nullptr;
        else result.push_back(*item.text());
        if (list == nullptr) break;
    }
    if (list == nullptr) wrong_type(key, *node, "a list of strings");
    return result;
}

Table* Reader::table(std::string_view key, bool optional) {
    KeyLog::note(full(key), {"table", {}, "", {}});
    Node* node = take(key);
    if (node == nullptr) {
        if (optional) return table_->set(key, Node{Table{}, {}}).table();
        missing(key, "a table");
        return nullptr;
    }
    if (node->table() == nullptr) wrong_type(key, *node, "a table, e.g. { name = ... }");
    return node->table();
}

void Reader::finish() {
    for (auto const& [key, node] : table_->entries) {
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        std::string const what = path_.empty() ? "key" : "key in " + path_;
        std::string const hint = key_hint(key, known_);
        std::string message = unknown_word(what, key, known_);
        if (!hint.empty()) message = message.substr(0, message.find(". Did you mean")) + hint;
        problems_->add(node.origin, message);
    }
}

}  // namespace kramers
