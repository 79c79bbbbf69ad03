// SPDX-License-Identifier: Apache-2.0
#include "experiments/key_hints.hpp"

#include <doctest/doctest.h>

#include <string>

namespace key_hints_test {
using namespace kramers;

TEST_CASE("own_words: what another library's word is called here") {
    CHECK(own_words("T") == std::vector<std::string>{"temperature"});
    CHECK(own_words("sigma") == std::vector<std::string>{"temperature", "gradient_variance"});
    CHECK(own_words("temperature").empty());
}

TEST_CASE("key_hint: other libraries' words, by what the table takes") {
    CHECK(
        key_hint("sigma", {"name", "temperature"}) ==
        ". Did you mean \"temperature\": temperature = sigma^2 / 2, as the noise is sqrt(2 T) dW?");
    CHECK(key_hint("sigma", {"law", "gradient_variance"}) ==
          ". Did you mean \"gradient_variance\": gradient_variance = sigma^2 of one sample?");
    CHECK(key_hint("lr", {"name", "learning_rate"}) == ". Did you mean \"learning_rate\"?");
    CHECK(key_hint("lr", {"kind"}) == ". Did you mean dynamics.learning_rate?");
    std::string const owners = key_hint("momentum", {"name", "learning_rate"});
    CHECK(owners.starts_with(". It is a parameter of "));
    CHECK(owners.find("heavy_ball") != std::string::npos);
    CHECK(key_hint("seed", {"kind", "landscape"}) ==
          ". It belongs in the table ensemble: ensemble.seed");
    CHECK(key_hint("colour", {"kind", "landscape"}) == "");
}

TEST_CASE("dotted_key: the one key that a word stands for") {
    CHECK(dotted_key("trajectories") == "ensemble.trajectories");
    CHECK(dotted_key("momentum") == "dynamics.momentum");
    CHECK(dotted_key("name") == "");  // landscape, dynamics, scheme
    CHECK(dotted_key("nothing") == "");
}

TEST_CASE("toml_hint: forgotten quotes, torn tables, a table twice") {
    CHECK(toml_hint("kind = escape", "bad value") == ". A string needs quotes: \"escape\"");
    CHECK(toml_hint("a = { name = \"x\", law = gaussian }", "bad") ==
          ". A string needs quotes: \"gaussian\"");
    CHECK(toml_hint("a = { b = 1", "bad") == ". A } is missing: an inline table ends on its line");
    CHECK(toml_hint("a = [1, 2", "bad") == ". A ] is missing");
    CHECK(toml_hint("a = ", "bad") == ". A value is missing after =");
    CHECK(toml_hint("[ensemble]", "cannot redefine existing table 'ensemble'") ==
          ". A key or table is written once: put what belongs to it together");
    for (char const* open : {"a = \"escape", "a = { b = 'x', c = \"y }", "a = \"b\\\" # c"})
        CHECK(toml_hint(open, "bad") == ". A closing \" is missing: a string ends on its line");
    CHECK(toml_hint("a = 'it", "bad") == ". A closing ' is missing: a string ends on its line");
    for (char const* closed : {"a = \"it's\" b", "a = 1 2 # it's", "a = '\"' 1", "a = \"\"\"b"})
        CHECK(toml_hint(closed, "bad") == "");
    CHECK(toml_hint("a = true, inf, \"text\"", "bad") == "");
}

TEST_CASE("verb_hint: words of other programs") {
    CHECK(verb_hint("simulate") == "run");
    CHECK(verb_hint("dance") == "");
}

}  // namespace key_hints_test
