// SPDX-License-Identifier: Apache-2.0
#include "experiments/progress.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace progress_test {
using namespace kramers;

namespace {

Progress some_progress() {
    Progress p;
    p.trajectories = 200;
    p.trajectories_done = 50;
    p.particle_steps = 3000000000;
    p.events = 18423;
    return p;
}

std::string contents(std::FILE* file) {
    std::fflush(file);
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    return text;
}

}  // namespace

TEST_CASE("clock_text: minutes, hours, unknown") {
    CHECK(clock_text(0.0) == "0:00");
    CHECK(clock_text(7.4) == "0:07");
    CHECK(clock_text(59.6) == "1:00");
    CHECK(clock_text(754.0) == "12:34");
    CHECK(clock_text(10921.0) == "3:02:01");
    CHECK(clock_text(-1.0) == "--:--");
    CHECK(clock_text(std::numeric_limits<double>::infinity()) == "--:--");
    CHECK(clock_text(std::numeric_limits<double>::quiet_NaN()) == "--:--");
}

TEST_CASE("progress_line: share, rate, events and time left") {
    // a quarter done in 10 s: 30 s left; 3e9 steps in 10 s: 3e8 per second
    CHECK(progress_line("arrhenius 3/7", 0.25, some_progress(), 10.0, 200) ==
          "arrhenius 3/7  [#####---------------]  25 %  ETA 0:30  3.00e+08 particle-steps/s  18423 "
          "events");
    CHECK(progress_line("a", 0.0, {}, 0.0, 200) ==
          "a  [--------------------]   0 %  ETA --:--  0.00e+00 particle-steps/s  0 events");
    CHECK(progress_line("arrhenius 3/7", 0.25, some_progress(), 10.0, 79) ==
          "arrhenius 3/7  [##--------]  25 %  ETA 0:30  3.00e+08 particle-steps/s");
    CHECK(progress_line("run", 0.25, some_progress(), 10.0, 79) ==
          "run  [##--------]  25 %  ETA 0:30  3.00e+08 particle-steps/s  18423 events");
    // A long label gives way before the unit does.
    CHECK(progress_line("arrhenius 12/20 to deepest_minimum", 0.25, some_progress(), 10.0, 79) ==
          "arrhenius 12/20 to deepest_  [#----]  25 %  ETA 0:30  3.00e+08 particle-steps/s");
    CHECK(progress_line("a", 1.5, {}, 1.0, 20) == "  [#####] 100 %  ETA");
    CHECK(progress_line("a", 0.999, {}, 1.0, 200).find(" 99 %") !=
          std::string::npos);  // never early
}

TEST_CASE("ProgressBar: silent when the stream is not a terminal") {
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    {
        ProgressBar bar("run", ProgressBar::Mode::automatic, file);
        CHECK_FALSE(bar.visible());
        bar.begin_part("cell 1", 0.0, 1.0);
        bar.update(some_progress());
    }
    CHECK(contents(file).empty());
    std::fclose(file);
}

TEST_CASE("ProgressBar: visible on a terminal") {
    int const master = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) {
        MESSAGE("skipped: no pseudo-terminal can be opened here");
        return;
    }
    std::FILE* terminal = std::fopen(::ptsname(master), "r+");
    if (terminal == nullptr) {
        MESSAGE("skipped: no pseudo-terminal can be opened here");
    } else {
        ProgressBar const bar("run", ProgressBar::Mode::automatic, terminal);
        CHECK(bar.visible());
        std::fclose(terminal);
    }
    ::close(master);
}

TEST_CASE("ProgressBar: throttled, and erased at the end") {
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    {
        ProgressBar bar("run", ProgressBar::Mode::on, file);
        bar.begin_part("first", 0.0, 0.5);
        for (int k = 0; k < 1000; ++k) bar.update(some_progress());
        bar.begin_part("second", 0.5, 0.5);
    }
    std::string const text = contents(file);
    std::fclose(file);
    std::size_t lines = 0;
    for (char c : text) lines += c == '\r' ? 1 : 0;
    CHECK(lines < 30);  // 1000 updates take far less than a second
    CHECK(text.find("\rsecond  [#####-----]  50 %") != std::string::npos);
    CHECK(text.find("18423 events") != std::string::npos);  // of the part that is over
    CHECK(text.substr(text.size() - 4) == "\r\x1b[K");
    CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("InterruptGuard: the first Ctrl-C sets a flag, and handlers are restored") {
    struct sigaction before {
    }, after{};
    ::sigaction(SIGINT, nullptr, &before);
    {
        InterruptGuard const guard;
        CHECK_FALSE(guard.interrupted());
        CHECK_THROWS_AS(InterruptGuard{}, std::logic_error);
        ::raise(SIGINT);
        CHECK(guard.interrupted());
    }
    ::sigaction(SIGINT, nullptr, &after);
    CHECK((before.sa_handler == after.sa_handler));
    InterruptGuard const fresh;
    CHECK_FALSE(fresh.interrupted());
}

TEST_CASE("InterruptGuard: the second Ctrl-C ends the process at once") {
    for (int first : {SIGINT, SIGTERM}) {
        pid_t const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::signal(SIGINT, SIG_DFL);
            ::signal(SIGTERM, SIG_DFL);
            InterruptGuard const guard;
            ::raise(first);
            if (!guard.interrupted()) ::_exit(1);
            ::raise(SIGINT);
            ::_exit(2);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CHECK(WTERMSIG(status) == SIGINT);
    }
}

TEST_CASE("progress_json: one object with what the bar shows") {
    CHECK(progress_json("arrhenius \"3/7\"", 0.25, some_progress(), 10.0) ==
          R"({"label":"arrhenius \"3/7\"","done":0.25,"eta_seconds":30.0,)"
          R"("particle_steps":3000000000,"rate":300000000.0,"events":18423})");
    CHECK(
        progress_json("a", 0.0, {}, 0.0) ==
        R"({"label":"a","done":0.0,"eta_seconds":null,"particle_steps":0,"rate":0.0,"events":0})");
}

TEST_CASE("ProgressBar in json mode: whole lines, the last one where it ended") {
    std::FILE* file = std::tmpfile();
    {
        ProgressBar bar("a", ProgressBar::Mode::json, file);
        bar.begin_part("a 1/1", 0.0, 1.0);
        bar.update(some_progress());
        Progress all = some_progress();
        all.trajectories_done = all.trajectories;
        bar.update(all);  // within half a second of the first line: not written yet
    }
    std::string const text = contents(file);
    std::fclose(file);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    CHECK(text.find("\"done\":0.0") != std::string::npos);
    CHECK(text.find("\"done\":1.0") != std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
}

}  // namespace progress_test
