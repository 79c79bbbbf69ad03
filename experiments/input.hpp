// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace kramers {

/// Where a value was written.
struct Origin {
    enum class Kind { file, quick, command_line, fallback } kind = Kind::fallback;
    std::string file;
    int line = 0;
    int column = 0;
    /// "arrhenius.toml:12", "command line" or "default".
    std::string describe() const;
    /// "arrhenius.toml:12: ", "command line: " or "": the start of a message.
    std::string prefix() const;
};

/// Bad input from a user: every problem found, each one a line that says what, why and what to do.
struct InputError : std::runtime_error {
    explicit InputError(std::vector<std::string> all);
    std::vector<std::string> problems;
};

/// Collects problems so that a user sees all of them at once. The same line is kept once.
class Problems {
  public:
    void add(Origin const& where, std::string const& what);
    bool empty() const { return found_.empty(); }
    std::size_t size() const { return found_.size(); }
    /// Throws InputError with everything collected, in the order of the file; or does nothing.
    void raise() const;

  private:
    struct Problem {
        int line;
        std::string text;
    };
    std::vector<Problem> found_;
};

}  // namespace kramers
