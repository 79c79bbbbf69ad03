// SPDX-License-Identifier: Apache-2.0
#include "experiments/tree.hpp"

#include <algorithm>

namespace kramers {
namespace {

void flatten(std::string const& prefix, Table const& table,
             std::vector<std::pair<std::string, Node>>& result) {
    for (auto const& [key, node] : table.entries) {
        std::string const full = prefix.empty() ? key : prefix + "." + key;
        if (node.table() != nullptr && !is_relative(node)) flatten(full, *node.table(), result);
        else result.emplace_back(full, node);
    }
}

}  // namespace

bool is_relative(Node const& node) {
    Table const* table = node.table();
    return table != nullptr && table->entries.size() == 1 &&
           (table->entries.front().first == "barrier_over" ||
            table->entries.front().first == "over_max_curvature");
}

std::vector<std::pair<std::string, Node>> settings_of(Table const& table) {
    std::vector<std::pair<std::string, Node>> result;
    flatten("", table, result);
    return result;
}

Node* Table::find(std::string_view key) {
    for (auto& [name, node] : entries)
        if (name == key) return &node;
    return nullptr;
}

Node const* Table::find(std::string_view key) const { return const_cast<Table*>(this)->find(key); }

Node& Table::set(std::string_view key, Node value) {
    if (Node* old = find(key)) return *old = std::move(value);
    entries.emplace_back(std::string(key), std::move(value));
    return entries.back().second;
}

void Table::erase(std::string_view key) {
    std::erase_if(entries, [&](auto const& entry) { return entry.first == key; });
}

bool Node::is_number() const {
    return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
}

double Node::number() const {
    if (auto const* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    return std::get<double>(value);
}

Node make_node(double value, Origin const& origin) { return {value, origin}; }
Node make_node(std::string value, Origin const& origin) { return {std::move(value), origin}; }

std::vector<std::string> split_key(std::string_view dotted) {
    if (dotted.starts_with("sweep.")) {
        std::string rest(dotted.substr(6));
        std::erase(rest, '"');
        return {"sweep", rest};
    }
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= dotted.size();) {
        std::size_t const end = std::min(dotted.find('.', begin), dotted.size());
        parts.emplace_back(dotted.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

Node* find_at(Table& root, std::string_view dotted) {
    Table* table = &root;
    Node* node = nullptr;
    for (std::string const& part : split_key(dotted)) {
        if (table == nullptr || (node = table->find(part)) == nullptr) return nullptr;
        table = node->table();
    }
    return node;
}

Node const* find_at(Table const& root, std::string_view dotted) {
    return find_at(const_cast<Table&>(root), dotted);
}

void set_at(Table& root, std::string_view dotted, Node value) {
    std::vector<std::string> const parts = split_key(dotted);
    Table* table = &root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        Node* next = table->find(parts[i]);
        if (next == nullptr || next->table() == nullptr)
            next = &table->set(parts[i], Node{Table{}, value.origin});
        table = next->table();
    }
    table->set(parts.back(), std::move(value));
}

void change_at(Table& root, std::string_view dotted, Node value) {
    static std::vector<std::vector<std::string_view>> const alternatives{
        {"burn_in.relaxation_times", "burn_in.time", "burn_in.steps"},
        {"stride.relaxation_times", "stride.time", "stride.steps"},
        {"ensemble.max_time", "ensemble.max_steps"},
        {"start.point", "start.gibbs"}};
    for (auto const& group : alternatives)
        if (std::find(group.begin(), group.end(), dotted) != group.end())
            for (std::string_view const other : group)
                if (other != dotted) erase_at(root, other);
    set_at(root, dotted, std::move(value));
}

void erase_at(Table& root, std::string_view dotted) {
    std::vector<std::string> const parts = split_key(dotted);
    Table* table = &root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        Node* next = table->find(parts[i]);
        if (next == nullptr || next->table() == nullptr) return;
        table = next->table();
    }
    table->erase(parts.back());
}

}  // namespace kramers
