// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "experiments/tree.hpp"

namespace kramers {
namespace {

std::string quoted_text(std::string_view text) {
    std::string result = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            result += fmt::format("\\u{:04x}", static_cast<int>(c));
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string key_text(std::string_view key) {
    bool const bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    return bare ? std::string(key) : quoted_text(key);
}

std::string real_text(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    if (std::isnan(value)) return "nan";
    std::string text = fmt::format("{}", value);  // shortest text that reads back the same
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

std::string comment_of(Node const& node) {
    switch (node.origin.kind) {
        case Origin::Kind::fallback: return "default";
        case Origin::Kind::command_line: return "command line";
        case Origin::Kind::quick: return "quick";
        case Origin::Kind::file: break;
    }
    return {};
}

std::string line_of(std::string const& key, Node const& node) {
    std::string line = fmt::format("{} = {}", key, to_toml(node));
    std::string const comment = comment_of(node);
    if (!comment.empty()) line += "  # " + comment;
    return line + '\n';
}

}  // namespace

std::string to_toml(Node const& node) {
    if (auto const* v = std::get_if<bool>(&node.value)) return *v ? "true" : "false";
    if (auto const* v = std::get_if<std::int64_t>(&node.value)) return fmt::format("{}", *v);
    if (auto const* v = std::get_if<double>(&node.value)) return real_text(*v);
    if (auto const* v = std::get_if<std::string>(&node.value)) return quoted_text(*v);
    std::string text;
    if (auto const* list = std::get_if<NodeList>(&node.value)) {
        for (Node const& item : *list) text += (text.empty() ? "" : ", ") + to_toml(item);
        return "[" + text + "]";
    }
    for (auto const& [key, item] : std::get<Table>(node.value).entries)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key_text(key), to_toml(item));
    return text.empty() ? "{}" : "{ " + text + " }";
}

std::string to_toml_document(Table const& root) {
    std::string head, tables, arrays;
    for (auto const& [key, node] : root.entries) {
        auto const* list = node.list();
        bool const array_of_tables = list != nullptr && !list->empty() &&
                                     std::all_of(list->begin(), list->end(), [](Node const& n) {
                                         return n.table() != nullptr;
                                     });
        if (Table const* table = node.table()) {
            tables += fmt::format("\n[{}]\n", key_text(key));
            for (auto const& [inner, value] : table->entries)
                tables += line_of(key_text(inner), value);
        } else if (array_of_tables) {
            for (Node const& item : *list) {
                arrays += fmt::format("\n[[{}]]\n", key_text(key));
                for (auto const& [inner, value] : item.table()->entries)
                    arrays += line_of(key_text(inner), value);
            }
        } else {
            head += line_of(key_text(key), node);
        }
    }
    return head + tables + arrays;
}

}  // namespace kramers
