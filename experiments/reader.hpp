// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/tree.hpp"
#include "sde/parameters.hpp"

namespace kramers {

/// Allowed values of a number, with their unit, as printed in a message.
struct Range {
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool open_minimum = false;
    std::string_view unit = {};
    bool infinite = false;      ///< inf itself is allowed
    std::string_view why = {};  ///< what is wrong beyond the bounds
    bool whole = false;         ///< whole numbers between the bounds, which are listed
    bool contains(double value) const;
    std::string describe() const;  ///< "must be > 0 energy"
};
Range range_of(Parameter const& parameter);

/// Reads the keys of one table: checks type and range, writes the defaults it applies into the
/// table, and finally reports the keys that nobody asked for. After a problem it returns something
/// harmless, so that reading goes on and finds the next one.
class Reader {
  public:
    /// `path`: dotted key of the table itself, "" for the whole spec.
    Reader(Table& table, std::string path, Origin where, Problems& problems);

    Node* take(std::string_view key);  ///< marks the key as known; nullptr: absent
    bool has(std::string_view key) { return take(key) != nullptr; }
    bool knows(std::string_view key) const;  ///< somebody has asked for it
    double number(std::string_view key, Range const& range, std::optional<double> fallback = {});
    std::uint64_t count(std::string_view key, double minimum, double maximum,
                        std::optional<std::uint64_t> fallback = {});
    std::string text(std::string_view key, std::optional<std::string> fallback = {});
    /// One of `allowed`; `what` names them in the message ("scheme").
    std::string choice(std::string_view key, std::string_view what,
                       std::vector<std::string> const& allowed,
                       std::optional<std::string> fallback = {});
    bool flag(std::string_view key, bool fallback);
    /// `size` numbers; a single number stands for all of them when `repeat`. size 0: any number.
    std::vector<double> numbers(std::string_view key, std::size_t size, Range const& range = {},
                                bool repeat = false);
    std::vector<std::string> words(std::string_view key);
    /// The table at `key`; made empty (a default) when absent and `optional`.
    Table* table(std::string_view key, bool optional);

    void problem(std::string_view key, std::string const& what);  ///< at the line of the key
    void missing(std::string_view key, std::string const& what);
    void finish();  ///< unknown keys

    std::string full(std::string_view key) const;
    Origin origin_of(std::string_view key) const;
    std::string const& path() const { return path_; }
    Origin const& where() const { return where_; }
    Problems& problems() { return *problems_; }

  private:
    double checked(std::string_view key, Node const& node, Range const& range);
    void wrong_type(std::string_view key, Node const& node, std::string_view expected);

    Table* table_;
    std::string path_;
    Origin where_;
    Problems* problems_;
    std::vector<std::string> known_;
};

}  // namespace kramers
