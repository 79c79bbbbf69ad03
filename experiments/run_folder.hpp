// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kramers {

enum class ExistingFolder { refuse, replace };  ///< replace: what --force asks for

/// Where a run works before it has its name: a sibling with a random name that goes away with the
/// process, or ".name.unfinished", which another process finds again after a kill.
enum class WorkingFolder { passing, lasting };

/// The file system failed us during a run: the call, the path and the system's reason.
struct RunFolderError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Another process is at work on the same run folder.
struct RunFolderBusy : RunFolderError {
    using RunFolderError::RunFolderError;
};

/// The folder of one run, invisible until it is complete.
///
/// Files go to a temporary sibling (".name.XXXXXX", same file system), each as temporary → fsync →
/// rename. commit() gives the sibling its name in one rename. A crash before that leaves nothing
/// under the name; a failure or an exception removes the sibling. With ExistingFolder::replace the
/// old folder keeps its name until the new one takes it over (the two are exchanged in one system
/// call) and is deleted only then.
///
/// A lasting working folder is locked (flock) while this object lives. What a run needs in order to
/// continue lies in progress() inside it: it is kept from an earlier process, the other files are not.
/// commit() deletes it last, commit_partial() leaves it in the run folder.
class RunFolder {
  public:
    /// Call before simulating. Throws InputError, with nothing created, when the folder exists (and
    /// policy is refuse), cannot be created, or is to be replaced but does not look like a run
    /// folder.
    /// A lasting one throws RunFolderBusy when another process holds it.
    RunFolder(std::filesystem::path const& folder, ExistingFolder policy,
              WorkingFolder working = WorkingFolder::passing);
    ~RunFolder();
    RunFolder(RunFolder const&) = delete;
    RunFolder& operator=(RunFolder const&) = delete;

    /// The same tests without creating anything that stays.
    static void check(std::filesystem::path const& folder, ExistingFolder policy);

    /// Writes one file; `name` is relative, with '/' for a subfolder. Writing it again replaces it.
    void write(std::string_view name, std::string_view contents);

    /// Where the files lie now, for programs that write their own (figures).
    std::filesystem::path const& working_folder() const { return working_; }

    /// Of a lasting working folder: what survives a kill.
    std::filesystem::path progress() const { return working_ / progress_name; }

    /// From now on nothing is removed when this object goes without a commit.
    void keep() { keep_ = true; }

    /// The lasting working folder of a run folder, and the run folder's path as it is used here.
    static std::filesystem::path unfinished(std::filesystem::path const& folder);
    static std::filesystem::path normal(std::filesystem::path const& folder);

    /// Where they will lie.
    std::filesystem::path const& folder() const { return folder_; }

    /// Gives the folder its name. Throws RunFolderError if that fails; an old folder is then still
    /// there.
    void commit();

    /// The same for an interrupted run: a file INCOMPLETE holds the reason.
    void commit_partial(std::string_view reason);

    bool committed() const { return committed_; }

    static constexpr std::string_view incomplete_marker = "INCOMPLETE";
    static constexpr std::string_view progress_name = ".kramers-progress";

  private:
    void discard() noexcept;
    void open_lasting();

    std::filesystem::path folder_;
    std::filesystem::path working_;
    std::vector<std::filesystem::path> created_parents_;  // deepest last
    ExistingFolder policy_;
    bool committed_ = false;
    bool partial_ = false;
    bool keep_ = false;
    int lock_ = -1;
};

/// Writes temporary → fsync → rename: after a crash the file is the old one or the new one, whole.
void write_file(std::filesystem::path const& file, std::string_view contents);

}  // namespace kramers
