// SPDX-License-Identifier: Apache-2.0
#include "experiments/claims_text.hpp"

#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/sha256.hpp"

namespace claims_text_test {
using namespace kramers;

namespace {

std::string const head = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { dt = 0.01 }
ensemble  = { trajectories = 1000 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)";

std::string const claim = R"toml([[claim]]
sentence  = "s"
estimand  = { mean_first_passage = { to = "other" } }
against   = { formula = "2*exp(barrier/T)" }
tolerance = 0.05
)toml";

std::string hash_of(std::string const& text, std::vector<std::string> const& overrides = {}) {
    return claims_sha256(load_spec({text, "test.toml", "test"}, overrides));
}

std::string replaced(std::string text, std::string const& what, std::string const& with) {
    return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("sha256: the published examples, at every length around a block") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256(std::string(1000000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("The hash of claims: layout, comments and defaults do not change it") {
    std::string const own = hash_of(head + claim);
    CHECK(own.size() == 64);
    CHECK(hash_of("# a comment\n" + head + "\n\n" + claim + "expect = \"agree\"\n") == own);
    CHECK(hash_of(head + replaced(claim, "0.05", "5e-2")) == own);
    CHECK(hash_of(head + claim, {"ensemble.trajectories=5000", "ensemble.seed=9"}) == own);
    Spec const spec = load_spec({head + claim, "test.toml", "test"});
    CHECK(hash_of(spec.resolved) == own);
    for (CatalogueEntry const& entry : catalogue())
        for (Level const level : {Level::quick, Level::standard}) {
            Spec const one = load_spec(open_spec(std::string(entry.name)), {}, level);
            CHECK(hash_of(one.resolved) == claims_sha256(one));
        }
}

TEST_CASE("The hash of claims: whatever moves the goal posts changes it") {
    std::string const own = hash_of(head + claim);
    CHECK(hash_of(head + replaced(claim, "0.05", "0.06")) != own);
    CHECK(hash_of(head + replaced(claim, "2*exp", "3*exp")) != own);
    CHECK(hash_of(head + replaced(claim, "\"s\"", "\"t\"")) != own);
    CHECK(hash_of(head + claim + "expect = \"disagree\"\n") != own);
    CHECK(hash_of(head + claim + "where = \"T > 0\"\n") != own);
    CHECK(hash_of(head + replaced(claim, "(barrier/T)\"", "(barrier/T)\", domain = \"T > 0\"")) !=
          own);
    CHECK(hash_of(head + claim + replaced(claim, "0.05", "0.06")) != own);
    auto const table = [](char const* y) {
        return head + replaced(claim, "{ formula = \"2*exp(barrier/T)\" }",
                               "{ points = [[0, 1], [1, " + std::string(y) + "]], x = \"T\" }");
    };
    CHECK(hash_of(table("2")) != hash_of(table("2.5")));
    CHECK(hash_of(table("2")) == hash_of(table("2.0")));
}

}  // namespace claims_text_test
