// SPDX-License-Identifier: Apache-2.0
#include "experiments/progress.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace kramers {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto redraw_interval = std::chrono::milliseconds(100);
constexpr auto line_interval = std::chrono::milliseconds(500);

double seconds_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

int terminal_width(std::FILE* stream) {
    winsize size{};
    if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

bool is_terminal(std::FILE* stream) {
    int const descriptor = ::fileno(stream);
    return descriptor >= 0 && ::isatty(descriptor) == 1;
}

// Written by the signal handler, so of the one type the standard allows there.
volatile sig_atomic_t interrupt_flag = 0;
bool guard_alive = false;
struct sigaction old_interrupt, old_terminate;

void on_signal(int signal_number) {
    if (interrupt_flag != 0) {
        ::signal(signal_number, SIG_DFL);
        ::raise(signal_number);
    }
    interrupt_flag = 1;
}

}  // namespace

std::string clock_text(double seconds) {
    if (!(seconds >= 0.0) || seconds > 99.0 * 3600.0) return "--:--";
    auto const s = static_cast<long>(std::lround(seconds));
    if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string progress_line(std::string_view label, double fraction, Progress const& progress,
                          double elapsed_seconds, int width) {
    double const done = std::clamp(std::isfinite(fraction) ? fraction : 0.0, 0.0, 1.0);
    double const left = done > 0.0 ? elapsed_seconds * (1.0 - done) / done : -1.0;
    double const rate = elapsed_seconds > 0.0
                            ? static_cast<double>(progress.particle_steps) / elapsed_seconds
                            : 0.0;
    auto draw = [&](int cells, bool events) {
        int const full = static_cast<int>(done * cells);
        return fmt::format("{}  [{:#>{}}{:->{}}] {:3.0f} %  ETA {}  {:.2e} particle-steps/s{}",
                           label, "", full, "", cells - full, std::floor(100.0 * done),
                           clock_text(left), rate,
                           events ? fmt::format("  {} events", progress.events) : "");
    };
    std::string line = draw(20, true);
    for (auto const& [cells, events] :
         {std::pair(10, true), std::pair(10, false), std::pair(5, false)})
        if (static_cast<int>(line.size()) > width) line = draw(cells, events);
    if (static_cast<int>(line.size()) > width && !label.empty()) {  // the label gives way
        auto const excess = line.size() - static_cast<std::size_t>(std::max(0, width));
        line.erase(label.size() - std::min(label.size(), excess), std::min(label.size(), excess));
    }
    if (static_cast<int>(line.size()) > width)
        line.resize(static_cast<std::size_t>(std::max(0, width)));
    return line;
}

std::string progress_json(std::string_view label, double fraction, Progress const& progress,
                          double elapsed_seconds) {
    double const done = std::clamp(std::isfinite(fraction) ? fraction : 0.0, 0.0, 1.0);
    nlohmann::ordered_json line{{"label", label}, {"done", done}};
    line["eta_seconds"] = done > 0.0 ? nlohmann::ordered_json(elapsed_seconds * (1.0 - done) / done)
                                     : nlohmann::ordered_json();
    line["particle_steps"] = progress.particle_steps;
    line["rate"] = elapsed_seconds > 0.0
                       ? static_cast<double>(progress.particle_steps) / elapsed_seconds
                       : 0.0;
    line["events"] = progress.events;
    return line.dump();
}

ProgressBar::ProgressBar(std::string label, Mode mode, std::FILE* stream)
    : label_(std::move(label)),
      stream_(stream),
      visible_(mode == Mode::on || mode == Mode::json ||
               (mode == Mode::automatic && is_terminal(stream))),
      json_(mode == Mode::json),
      start_(Clock::now()),
      last_(start_ - line_interval) {}

ProgressBar::~ProgressBar() { finish(); }

void ProgressBar::begin_part(std::string label, double share_before, double share) {
    label_ = std::move(label);
    before_ = share_before;
    share_ = share;
    earlier_.particle_steps += current_.particle_steps;
    earlier_.events += current_.events;
    current_ = {};
    last_ = Clock::now() - line_interval;
    update(current_);
}

void ProgressBar::update(Progress const& progress) {
    current_ = progress;
    if (!visible_) return;
    auto const now = Clock::now();
    if (now - last_ < (json_ ? line_interval : redraw_interval)) return;
    draw(now);
}

void ProgressBar::draw(Clock::time_point now) {
    Progress const& progress = current_;
    last_ = now;
    double const part = progress.trajectories > 0
                            ? static_cast<double>(progress.trajectories_done) /
                                  static_cast<double>(progress.trajectories)
                            : 0.0;
    Progress total = progress;
    total.particle_steps += earlier_.particle_steps;
    total.events += earlier_.events;
    drawn_ = true;
    if (json_) {
        std::string const line =
            progress_json(label_, before_ + share_ * part, total, seconds_between(start_, now)) +
            "\n";
        std::fwrite(line.data(), 1, line.size(), stream_);
        std::fflush(stream_);
        return;
    }
    // One column is left free: writing the last one makes some terminals wrap.
    std::string const line =
        progress_line(label_, before_ + share_ * part, total, seconds_between(start_, now),
                      terminal_width(stream_) - 1);
    std::string const text = fmt::format("\r{}\x1b[K", line);
    std::fwrite(text.data(), 1, text.size(), stream_);
    std::fflush(stream_);
}

void ProgressBar::finish() {
    if (!drawn_) return;
    if (json_) {
        draw(Clock::now());  // where it ended
        drawn_ = false;
        return;
    }
    std::fputs("\r\x1b[K", stream_);
    std::fflush(stream_);
    drawn_ = false;
}

InterruptGuard::InterruptGuard() {
    if (std::exchange(guard_alive, true)) throw std::logic_error("one InterruptGuard at a time");
    interrupt_flag = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = SA_NODEFER | SA_RESTART;  // so that raise() inside the handler acts at once
    ::sigaction(SIGINT, &action, &old_interrupt);
    ::sigaction(SIGTERM, &action, &old_terminate);
}

InterruptGuard::~InterruptGuard() {
    ::sigaction(SIGINT, &old_interrupt, nullptr);
    ::sigaction(SIGTERM, &old_terminate, nullptr);
    guard_alive = false;
}

bool InterruptGuard::interrupted() const { return interrupt_flag != 0; }

}  // namespace kramers
