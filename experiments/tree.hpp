// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/input.hpp"

namespace kramers {

struct Node;
using NodeList = std::vector<Node>;

/// Keys and values in the order in which they were written. A list: pointers to a value stay good
/// when another one is added.
struct Table {
    std::list<std::pair<std::string, Node>> entries;
    Node* find(std::string_view key);
    Node const* find(std::string_view key) const;
    Node& set(std::string_view key, Node value);  ///< replaces or appends
    void erase(std::string_view key);
};

/// A TOML value that knows where it came from.
struct Node {
    std::variant<bool, std::int64_t, double, std::string, NodeList, Table> value;
    Origin origin;

    bool is_number() const;
    double number() const;  ///< precondition: is_number()
    std::string const* text() const { return std::get_if<std::string>(&value); }
    NodeList const* list() const { return std::get_if<NodeList>(&value); }
    Table* table() { return std::get_if<Table>(&value); }
    Table const* table() const { return std::get_if<Table>(&value); }
};

Node make_node(double value, Origin const& origin = {});
Node make_node(std::string value, Origin const& origin = {});

/// "ensemble.trajectories" → {"ensemble", "trajectories"}. A sweep's key is itself dotted:
/// "sweep.dynamics.temperature" → {"sweep", "dynamics.temperature"}.
std::vector<std::string> split_key(std::string_view dotted);

/// The value at a dotted key, or nullptr. Makes the tables on the way in set_at.
Node* find_at(Table& root, std::string_view dotted);
Node const* find_at(Table const& root, std::string_view dotted);
void set_at(Table& root, std::string_view dotted, Node value);
void erase_at(Table& root, std::string_view dotted);

/// set_at for a change from outside (command line, [quick]): what says the same in other words
/// goes, e.g. burn_in.time replaces burn_in.relaxation_times.
void change_at(Table& root, std::string_view dotted, Node value);

/// True for { barrier_over = … } and { over_max_curvature = … }: a value, not a table of values.
bool is_relative(Node const& node);

/// A table of settings as dotted keys and values, in order: { a = { b = 1 } } and { "a.b" = 1 }
/// both give a.b = 1.
std::vector<std::pair<std::string, Node>> settings_of(Table const& table);

/// One value as TOML on one line; numbers with the fewest digits that read back the same.
std::string to_toml(Node const& node);

/// A whole document: scalars first, then tables; each line of a default, or of a value from the
/// command line, says so in a comment.
std::string to_toml_document(Table const& root);

}  // namespace kramers
