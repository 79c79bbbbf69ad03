// SPDX-License-Identifier: Apache-2.0
#include "experiments/run_folder.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "experiments/input.hpp"
#include "tests/support/scratch.hpp"

namespace run_folder_test {
using namespace kramers;
using kramers::test::read;
using kramers::test::Scratch;
namespace fs = std::filesystem;

namespace {

void make_run(fs::path const& folder, std::string const& contents) {
    RunFolder run(folder, ExistingFolder::refuse);
    run.write("report.json", contents);
    run.commit();
}

template <class Function>
std::string input_error(Function const& function) {
    try {
        function();
    } catch (InputError const& error) { return error.what(); }
    return "no error";
}

bool contains(std::string const& text, char const* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("RunFolder: nothing bears the name before commit, everything after") {
    Scratch scratch;
    fs::path const folder = scratch.path / "arrhenius";
    RunFolder run(folder, ExistingFolder::refuse);
    run.write("report.json", "{}");
    run.write("figures/a.pdf", std::string("\0\1\2", 3));
    run.write("report.json", "{\"a\": 1}");
    CHECK_FALSE(fs::exists(folder));
    CHECK(fs::exists(run.working_folder() / "figures/a.pdf"));
    run.commit();
    CHECK(run.committed());
    CHECK(read(folder / "report.json") == "{\"a\": 1}");
    CHECK(read(folder / "figures/a.pdf") == std::string("\0\1\2", 3));
    CHECK(scratch.entries() == 1);  // no temporary left
    CHECK(std::distance(fs::recursive_directory_iterator(folder), {}) == 3);
    CHECK_THROWS_AS(run.commit(), std::logic_error);
}

TEST_CASE("RunFolder: an exception before commit leaves no trace, created parents included") {
    Scratch scratch;
    try {
        RunFolder run(scratch.path / "runs/today/a", ExistingFolder::refuse);
        run.write("cells.csv", "cell\n");
        CHECK(fs::exists(scratch.path / "runs/today"));
        throw std::runtime_error("simulation failed");
    } catch (std::runtime_error const&) {}
    CHECK(scratch.entries() == 0);
}

TEST_CASE("RunFolder: a killed process leaves nothing under the name") {
    Scratch scratch;
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        RunFolder run(scratch.path / "a", ExistingFolder::refuse);
        run.write("report.json", "{}");
        ::_exit(9);  // no destructor
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WEXITSTATUS(status) == 9);
    CHECK_FALSE(fs::exists(scratch.path / "a"));
    make_run(scratch.path / "a", "later");  // and does not stand in the way
    CHECK(read(scratch.path / "a/report.json") == "later");
}

TEST_CASE("RunFolder: an existing folder is refused before anything is created") {
    Scratch scratch;
    make_run(scratch.path / "a", "old");
    std::string const message =
        input_error([&] { RunFolder run(scratch.path / "a", ExistingFolder::refuse); });
    CHECK(contains(message, "exists"));
    CHECK(contains(message, "--force"));
    CHECK(read(scratch.path / "a/report.json") == "old");
    CHECK(scratch.entries() == 1);
}

TEST_CASE("RunFolder: force replaces a run, and only once the new one is whole") {
    Scratch scratch;
    fs::path const folder = scratch.path / "a";
    make_run(folder, "old");
    {
        RunFolder run(folder, ExistingFolder::replace);
        run.write("report.json", "new");
        CHECK(read(folder / "report.json") == "old");
        run.commit();
    }
    CHECK(read(folder / "report.json") == "new");
    CHECK(scratch.entries() == 1);
}

TEST_CASE("RunFolder: force keeps the old run when the new one fails") {
    Scratch scratch;
    fs::path const folder = scratch.path / "a";
    make_run(folder, "old");
    SUBCASE("by an exception") {
        RunFolder run(folder, ExistingFolder::replace);
        run.write("report.json", "new");
    }
    SUBCASE("because the new folder vanished before commit") {
        RunFolder run(folder, ExistingFolder::replace);
        run.write("report.json", "new");
        fs::remove_all(run.working_folder());
        CHECK_THROWS_AS(run.commit(), RunFolderError);
    }
    SUBCASE("because a file could not be written") {
        RunFolder run(folder, ExistingFolder::replace);
        fs::create_directories(run.working_folder() / "report.json/in_the_way");
        CHECK_THROWS_AS(run.write("report.json", "new"), RunFolderError);
    }
    CHECK(read(folder / "report.json") == "old");
    CHECK(scratch.entries() == 1);
}

TEST_CASE("RunFolder: force replaces what validate wrote, too") {
    Scratch scratch;
    fs::path const folder = scratch.path / "demo";
    for (char const* text : {"old", "new"}) {
        RunFolder run(folder, ExistingFolder::replace);
        run.write("validation.txt", text);
        run.write("arrhenius/report.json", "{}");
        run.commit();
        CHECK(read(folder / "validation.txt") == text);
    }
}

TEST_CASE("RunFolder: force refuses what is not a run folder") {
    Scratch scratch;
    fs::create_directory(scratch.path / "home");
    write_file(scratch.path / "home/thesis.tex", "years of work");
    write_file(scratch.path / "file", "x");
    for (char const* name : {"home", "file"}) {
        std::string const message =
            input_error([&] { RunFolder run(scratch.path / name, ExistingFolder::replace); });
        CHECK(contains(message, "not a run folder"));
    }
    CHECK(read(scratch.path / "home/thesis.tex") == "years of work");
    CHECK(contains(input_error([] { RunFolder run("/", ExistingFolder::replace); }), "no name"));
    CHECK(scratch.entries() == 2);
}

TEST_CASE("RunFolder: a folder that appears during the run is not overwritten") {
    Scratch scratch;
    fs::path const folder = scratch.path / "a";
    {
        RunFolder run(folder, ExistingFolder::refuse);
        run.write("report.json", "mine");
        make_run(folder, "theirs");
        CHECK_THROWS_AS(run.commit(), RunFolderError);
    }
    CHECK(read(folder / "report.json") == "theirs");
    CHECK(scratch.entries() == 1);
}

TEST_CASE("RunFolder: an unwritable parent is bad input, and nothing is created") {
    Scratch scratch;
    write_file(scratch.path / "file", "x");
    std::string const message =
        input_error([&] { RunFolder run(scratch.path / "file/sub/a", ExistingFolder::refuse); });
    CHECK(contains(message, "cannot be created"));
    CHECK(contains(message, "--out"));
    // also for root, whom permissions do not stop
    CHECK(contains(input_error([] { RunFolder::check("/proc/kramers/a", ExistingFolder::refuse); }),
                   "cannot be created"));
    if (::geteuid() != 0) {
        fs::create_directory(scratch.path / "locked");
        fs::permissions(scratch.path / "locked", fs::perms::owner_read | fs::perms::owner_exec);
        CHECK(contains(input_error([&] {
                           RunFolder::check(scratch.path / "locked/a", ExistingFolder::refuse);
                       }),
                       "Permission denied"));
        fs::remove(scratch.path / "locked");
    }
    CHECK(scratch.entries() == 1);
}

TEST_CASE("RunFolder::check: leaves no trace") {
    Scratch scratch;
    RunFolder::check(scratch.path / "x/y/z", ExistingFolder::refuse);
    CHECK(scratch.entries() == 0);
}

TEST_CASE("RunFolder: an interrupted run is committed with its marker") {
    Scratch scratch;
    RunFolder run(scratch.path / "a/", ExistingFolder::refuse);
    run.write("report.json", "{}");
    run.commit_partial("interrupted after 3 of 7 cells");
    CHECK(read(scratch.path / "a/INCOMPLETE") == "interrupted after 3 of 7 cells\n");
    CHECK(read(scratch.path / "a/report.json") == "{}");
}

TEST_CASE("RunFolder: file names stay inside the folder") {
    Scratch scratch;
    RunFolder run(scratch.path / "a", ExistingFolder::refuse);
    CHECK_THROWS_AS(run.write("../b", "x"), std::logic_error);
    CHECK_THROWS_AS(run.write("/tmp/b", "x"), std::logic_error);
    CHECK_THROWS_AS(run.write("", "x"), std::logic_error);
}

}  // namespace run_folder_test
