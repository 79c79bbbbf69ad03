// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gpu/simulate.hpp"

namespace kramers {

/// Tallies of finished plans on disk, so that a run that was killed need not make them again.
///
/// simulate(plan) is a pure function of its plan, and all that follows it is deterministic: with the
/// same tallies a run writes the same tables, byte for byte. An entry is found under a 128-bit hash of
/// the plan's bytes (experiments/encode.hpp) and of what else decides its bits: versions of program,
/// stream and encoding, and the device where noise_math = fast. The bytes themselves are kept with it
/// and compared, so that two plans never share an entry.
///
/// Entries lie in segments "000001.tallies", …, each written as temporary → fsync → rename and never
/// changed again. Each entry has checksums of its lengths and of its contents: one that is damaged is
/// counted and not found, which makes its plan run again. What a kill can lose is what was put since
/// the last flush: at most a second, or 16 MiB.
class TallyStore {
  public:
    /// Reads the index of what is there; creates nothing before the first flush.
    explicit TallyStore(std::filesystem::path folder, Controls const& controls = {});
    ~TallyStore();
    TallyStore(TallyStore const&) = delete;
    TallyStore& operator=(TallyStore const&) = delete;

    /// The tallies of this plan, if they were stored whole.
    std::optional<Tallies> find(Plan const& plan);
    bool contains(Plan const& plan) const;

    /// Keeps the tallies of a finished plan. Throws RunFolderError when the disk fails.
    void put(Plan const& plan, Tallies const& tallies);
    void flush();
    void flush_if_due();  ///< once a second; call it now and then while other plans run

    std::size_t size() const { return index_.size(); }  ///< entries on disk
    std::size_t damaged() const { return damaged_; }    ///< found broken so far

    /// The hash of a plan under these controls.
    std::string key(Plan const& plan) const;

  private:
    struct Place {
        int segment;
        std::uint64_t offset, identity_bytes, tally_bytes;
    };
    std::string identity(Plan const& plan) const;
    void read_index(int segment);
    std::filesystem::path segment_path(int segment) const;

    std::filesystem::path folder_;
    std::string salt_;
    std::map<std::string, Place> index_;
    std::string pending_;  ///< entries of the next segment
    std::vector<std::pair<std::string, Place>> pending_places_;
    int last_segment_ = 0;
    std::size_t damaged_ = 0;
    std::chrono::steady_clock::time_point flushed_;
};

/// Makes the segments of one store entries of another folder, too, by links or copies: for a run that
/// continues in a new working folder. Segments that are there already stay.
void adopt_tallies(std::filesystem::path const& from, std::filesystem::path const& to);

}  // namespace kramers
