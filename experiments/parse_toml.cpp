// SPDX-License-Identifier: Apache-2.0
#include "experiments/parse_toml.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "experiments/key_hints.hpp"

namespace kramers {
namespace {

Origin origin_of(toml::node const& node, std::string const& file) {
    return {Origin::Kind::file, file, static_cast<int>(node.source().begin.line),
            static_cast<int>(node.source().begin.column)};
}

Node convert(toml::node const& node, std::string const& file, Problems& problems) {
    Node result{false, origin_of(node, file)};
    if (auto const* table = node.as_table()) {
        Table entries;
        for (auto const& [key, value] : *table) {
            Node child = convert(value, file, problems);
            // A table's own position is its first value's; the key's is what a reader looks for.
            child.origin.line = static_cast<int>(key.source().begin.line);
            child.origin.column = static_cast<int>(key.source().begin.column);
            entries.entries.emplace_back(std::string(key.str()), std::move(child));
        }
        // toml++ keeps keys sorted; the order of the file is the order of the user's thought.
        entries.entries.sort([](auto const& a, auto const& b) {
            Origin const& p = a.second.origin;
            Origin const& q = b.second.origin;
            return std::pair(p.line, p.column) < std::pair(q.line, q.column);
        });
        result.value = std::move(entries);
    } else if (auto const* array = node.as_array()) {
        NodeList items;
        for (toml::node const& item : *array) items.push_back(convert(item, file, problems));
        result.value = std::move(items);
    } else if (auto const* text = node.as_string()) {
        result.value = text->get();
    } else if (auto const* integer = node.as_integer()) {
        result.value = integer->get();
    } else if (auto const* real = node.as_floating_point()) {
        result.value = real->get();
    } else if (auto const* boolean = node.as_boolean()) {
        result.value = boolean->get();
    } else {
        problems.add(result.origin, "dates and times have no meaning in a spec");
    }
    return result;
}

/// The text of a line, counted from 1.
std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (; number > 1 && text.find('\n') != std::string_view::npos; --number)
        text.remove_prefix(text.find('\n') + 1);
    return text.substr(0, text.find('\n'));
}

bool is_word(std::string_view text) {
    return !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) != 0) &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      std::string_view("_-.+(), ").find(c) != std::string_view::npos;
           });
}

void mark_command_line(Node& node) {
    node.origin = {Origin::Kind::command_line, {}, 0, 0};
    if (auto* list = std::get_if<NodeList>(&node.value))
        for (Node& item : *list) mark_command_line(item);
    if (Table* table = node.table())
        for (auto& [key, item] : table->entries) mark_command_line(item);
}

}  // namespace

Table parse_toml(std::string_view text, std::string const& file, Problems& problems) {
    try {
        toml::table const parsed = toml::parse(text, file);
        return std::get<Table>(convert(parsed, file, problems).value);
    } catch (toml::parse_error const& error) {
        auto const& begin = error.source().begin;
        problems.add({Origin::Kind::file, file, static_cast<int>(begin.line),
                      static_cast<int>(begin.column)},
                     fmt::format("malformed TOML at column {}: {}{}",
                                 static_cast<int>(begin.column), error.description(),
                                 toml_hint(line_of(text, begin.line), error.description())));
        return {};
    }
}

void apply_override(Table& root, std::string_view assignment, Problems& problems) {
    Origin const here{Origin::Kind::command_line, {}, 0, 0};
    std::size_t const equals = assignment.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        problems.add(here, fmt::format("\"{}\" is not key=value, e.g. ensemble.trajectories=20_000",
                                       assignment));
        return;
    }
    std::string const key(assignment.substr(0, equals));
    std::string const text(assignment.substr(equals + 1));
    Node value{text, here};
    Problems local;
    Table parsed = parse_toml("value = " + text, "command line", local);
    if (Node* node = parsed.find("value"); node != nullptr && local.empty()) {
        value = std::move(*node);
        mark_command_line(value);
    } else if (!is_word(text)) {
        problems.add(here,
                     fmt::format("{} = {} is not a TOML value (a string with other characters "
                                 "than letters needs quotes)",
                                 key, text));
        return;
    }
    change_at(root, key, std::move(value));
    if (!key.starts_with("sweep.")) erase_at(root, "sweep." + key);  // a fixed value ends its sweep
}

}  // namespace kramers
