// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The command line in words, as its parser knows it, and what is written from that.
namespace kramers {

struct OptionText {
    std::vector<std::string> names;  ///< "-h", "--help"; of a positional its name, "SPEC"
    std::string value;               ///< "N"; empty: a flag, or a positional
    std::string text;
    std::vector<std::string> words;  ///< what it may hold, for completion
    bool positional = false;
    bool required = false;
    bool file() const;  ///< its value is a path
};

struct VerbText {
    std::string name;
    std::string text;
    std::vector<OptionText> options;
    std::string footer;
};

struct ProgramText {
    std::string name, version, text;
    std::vector<OptionText> options;  ///< before a verb
    std::vector<VerbText> verbs;
    std::string examples, notes;
};

/// man(7) source of the page in section 1.
std::string man_page(ProgramText const& program);

std::vector<std::string> completion_shells();  ///< bash, zsh, fish
/// A script that completes verbs, options and the words of both. `shell`: one of those.
std::string completion(ProgramText const& program, std::string const& shell);

}  // namespace kramers
