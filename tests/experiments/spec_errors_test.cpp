// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/catalogue.hpp"
#include "experiments/load_spec.hpp"
#include "experiments/suggest.hpp"

namespace spec_errors_test {
namespace {

using namespace kramers;
namespace fs = std::filesystem;

/// The messages a bad spec announces in its own last lines, "# expect: …".
std::vector<std::string> expected_messages(std::string const& text) {
    std::string const mark = "# expect: ";
    std::vector<std::string> messages;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        std::size_t const begin = at + mark.size();
        messages.push_back(text.substr(begin, text.find('\n', begin) - begin));
    }
    return messages;
}

/// True when the message is the pattern, "…" in it standing for any text (lists that grow with the
/// catalogue, wording of the TOML parser).
bool matches(std::string const& message, std::string const& pattern) {
    std::string const any = "…";
    std::size_t at = 0, begin = 0;
    while (true) {
        std::size_t const end = pattern.find(any, begin);
        std::string const piece =
            pattern.substr(begin, end == std::string::npos ? end : end - begin);
        if (end == std::string::npos)
            return begin == 0 ? message == piece
                              : message.size() >= at + piece.size() && message.ends_with(piece);
        std::size_t const found = message.find(piece, at);
        if (found == std::string::npos || (begin == 0 && found != 0)) return false;
        at = found + piece.size();
        begin = end + any.size();
    }
}

std::vector<std::string> problems_of(SpecText const& source,
                                     std::vector<std::string> const& overrides = {}) {
    try {
        load_spec(source, overrides);
    } catch (InputError const& error) { return error.problems; }
    return {};
}

std::string const good = R"(kind = "escape"
landscape = { name = "double_well" }
dynamics  = { name = "overdamped", temperature = 0.1 }
scheme    = { dt = 0.01 }
ensemble  = { trajectories = 1000 }
start     = { point = "minimum.left" }
regions.other = { half_space = [1.0], offset = "minimum.right" }
)";

}  // namespace

TEST_CASE("Bad specs: every beginner's error is reported with place, reason and remedy") {
    fs::path const folder = fs::path(KRAMERS_SOURCE_DIR) / "tests" / "cli" / "bad_specs";
    int files = 0;
    for (auto const& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        ++files;
        CAPTURE(entry.path().filename().string());
        SpecText const source = read_spec_file(entry.path().string());
        std::vector<std::string> const expected = expected_messages(source.text);
        CHECK_FALSE(expected.empty());
        std::vector<std::string> const found = problems_of(source);
        CHECK(found.size() == expected.size());
        for (std::size_t k = 0; k < std::min(found.size(), expected.size()); ++k) {
            CAPTURE(found[k]);
            CAPTURE(expected[k]);
            CHECK(matches(found[k], expected[k]));
        }
    }
    CHECK(files >= 40);
}

TEST_CASE("Bad specs: the comparison of messages can fail") {
    CHECK(matches("a:1: x (have: b, c). Did", "a:1: x (have: …). Did"));
    CHECK(matches("same", "same"));
    CHECK_FALSE(matches("same", "sam"));
    CHECK_FALSE(matches("a:2: x (have: b). Did", "a:1: x (have: …). Did"));
    CHECK_FALSE(matches("a:1: x (have: b). Do", "a:1: x (have: …). Did"));
}

TEST_CASE("Bad specs: the spec they are variations of is accepted") {
    CHECK(problems_of({good, "good.toml", "good"}).empty());
}

TEST_CASE("Overrides: errors say that they come from the command line") {
    SpecText const source{good, "good.toml", "good"};
    CHECK(
        problems_of(source, {"dynamics.temperature=-1"}) ==
        std::vector<std::string>{"command line: dynamics.temperature = -1 (must be >= 0 energy)"});
    CHECK(problems_of(source, {"ensemble.trajektories=1000"}) ==
          std::vector<std::string>{
              "command line: unknown key in ensemble \"trajektories\" (have: trajectories, seed, "
              "divergence_bound, precision, max_steps, max_time). Did you mean \"trajectories\"?"});
    CHECK(problems_of(source, {"trajectories"}) ==
          std::vector<std::string>{"command line: \"trajectories\" is not key=value, e.g. "
                                   "ensemble.trajectories=20_000"});
    CHECK(problems_of(source, {"scheme.dt=[0.1"}).size() == 1);
}

TEST_CASE("A spec that is no file and no name gets the nearest name") {
    try {
        open_spec("arhenius");
        FAIL("accepted");
    } catch (InputError const& error) {
        CHECK(std::string(error.what()).find("Did you mean \"arrhenius\"?") != std::string::npos);
    }
    CHECK_THROWS_AS(open_spec("nowhere/x.toml"), InputError);
}

TEST_CASE("Suggestions: one edit is close, another word is not") {
    CHECK(edit_distance("rastrign", "rastrigin") == 1);
    CHECK(edit_distance("tepmerature", "temperature") == 1);  // a swapped pair counts once
    CHECK(edit_distance("", "abc") == 3);
    CHECK(closest("rastrign", {"quadratic", "rastrigin"}) == "rastrigin");
    CHECK(closest("Rastrigin", {"quadratic", "rastrigin"}) == "rastrigin");
    CHECK(closest("elephant", {"quadratic", "rastrigin"}).empty());
}

}  // namespace spec_errors_test
