// SPDX-License-Identifier: Apache-2.0
#include "experiments/catalogue.hpp"

#include <filesystem>

#include "experiments/suggest.hpp"

namespace kramers {

SpecText open_spec(std::string const& name_or_path) {
    for (CatalogueEntry const& entry : catalogue())
        if (entry.name == name_or_path)
            return {std::string(entry.text), name_or_path + ".toml", name_or_path};
    bool const looks_like_a_path = name_or_path.find_first_of("/.") != std::string::npos;
    std::error_code unreadable;
    if (looks_like_a_path || std::filesystem::exists(name_or_path, unreadable))
        return read_spec_file(name_or_path);
    std::vector<std::string> names;
    for (CatalogueEntry const& entry : catalogue()) names.emplace_back(entry.name);
    throw InputError({unknown_word("experiment", name_or_path, names) +
                      " A spec file is given by its path, e.g. ./" + name_or_path + ".toml"});
}

}  // namespace kramers
