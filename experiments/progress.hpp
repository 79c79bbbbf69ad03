// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "gpu/simulate.hpp"

namespace kramers {

/// One line of progress, as drawn: share done, rate, events, time left. Shortened, then cut, to
/// `width` columns.
///   arrhenius 3/7  [#########-----------]  45 %  ETA 0:41  1.21e+09 particle-steps/s  18423 events
std::string progress_line(std::string_view label, double fraction, Progress const& progress,
                          double elapsed_seconds, int width);

/// The same as one JSON object: label, done (0 to 1), eta_seconds (null: unknown), particle_steps,
/// rate (steps per second), events.
std::string progress_json(std::string_view label, double fraction, Progress const& progress,
                          double elapsed_seconds);

/// "0:07", "12:34", "3:02:01"; "--:--" when unknown or beyond 99 hours.
std::string clock_text(double seconds);

/// A line that rewrites itself on a terminal and is silent anywhere else. It is throttled to ten
/// redraws a second and erased at the end, so what remains is what was printed on purpose.
class ProgressBar {
  public:
    /// automatic: only when `stream` is a terminal; json: progress_json() lines, also in a file
    enum class Mode { automatic, on, off, json };
    explicit ProgressBar(std::string label, Mode mode = Mode::automatic,
                         std::FILE* stream = stderr);
    ~ProgressBar();
    ProgressBar(ProgressBar const&) = delete;
    ProgressBar& operator=(ProgressBar const&) = delete;

    /// The next of several simulations: what it is called, and which share of the whole work
    /// (predicted particle-steps) came before it and is its own.
    void begin_part(std::string label, double share_before, double share);
    void rename(std::string label) { label_ = std::move(label); }  ///< the same part
    void update(Progress const& progress);
    void finish();  ///< erases the line
    bool visible() const { return visible_; }

  private:
    void draw(std::chrono::steady_clock::time_point now);

    std::string label_;
    std::FILE* stream_;
    bool visible_;
    bool json_;
    bool drawn_ = false;
    double before_ = 0.0;
    double share_ = 1.0;
    Progress earlier_;  // parts that are over
    Progress current_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point last_;
};

/// While alive, the first Ctrl-C (or SIGTERM) only sets a flag: finish the round, write what there
/// is. The second one ends the process at once, with the signal's own exit status. One at a time.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(InterruptGuard const&) = delete;
    InterruptGuard& operator=(InterruptGuard const&) = delete;
    bool interrupted() const;
    static constexpr int exit_code = 130;
};

}  // namespace kramers
