// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kramers::theory {

/// The BibTeX entry of a key of references.bib, verbatim; nothing if there is none.
std::optional<std::string> bibtex(std::string_view key);

/// All keys, in the order of the file.
std::vector<std::string> bibtex_keys();

}  // namespace kramers::theory
