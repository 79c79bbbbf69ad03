// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "experiments/catalogue.hpp"
#include "experiments/spec_schema.hpp"
#include "experiments/suggest.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {

std::vector<std::string> starter_names() {
    std::vector<std::string> names;
    for (CatalogueEntry const& entry : starters()) names.emplace_back(entry.name);
    return names;
}

int starter(std::string const& name, Common const& common) {
    for (CatalogueEntry const& entry : starters()) {
        if (entry.name != name) continue;
        if (common.json)
            fmt::print("{}\n",
                       nlohmann::ordered_json{{"name", entry.name}, {"text", entry.text}}.dump(2));
        else fmt::print("{}", entry.text);
        return done;
    }
    throw InputError({unknown_word("starter", name, starter_names())});
}

int schema() {
    fmt::print("{}", spec_schema());
    return done;
}

}  // namespace kramers::verbs
