// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "experiments/input.hpp"
#include "experiments/spec.hpp"

namespace kramers {

/// The text of a spec with what its messages and its results are called.
struct SpecText {
    std::string text;
    std::string file;         ///< as printed in messages: "arrhenius.toml"
    std::string name;         ///< of the experiment, unless the spec says another; the file's stem
    std::string folder = {};  ///< where files that the spec names are looked for; empty: here
};

enum class Level { quick, standard };  ///< quick: with the changes of the spec's [quick] table

/// Reads a file. Throws InputError when it cannot be read.
SpecText read_spec_file(std::string const& path);

/// Text → resolved experiment. `overrides` are key=value with TOML values ("scheme.dt=0.01"),
/// applied after [quick]; a value for a swept key ends its sweep. Throws InputError with every
/// problem found; creates nothing.
Spec load_spec(SpecText const& source, std::vector<std::string> const& overrides = {},
               Level level = Level::standard);

}  // namespace kramers
