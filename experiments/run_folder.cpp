// SPDX-License-Identifier: Apache-2.0
#include "experiments/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "experiments/input.hpp"

namespace kramers {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(char const* call, fs::path const& path, int error) {
    throw RunFolderError(
        fmt::format("{}({}) failed: {}", call, path.string(), std::strerror(error)));
}

[[noreturn]] void refuse(std::string const& problem) { throw InputError({problem}); }

/// A file descriptor that closes itself.
struct Descriptor {
    int value;
    explicit Descriptor(int descriptor) : value(descriptor) {}
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
};

void write_all(int descriptor, std::string_view contents, fs::path const& path) {
    while (!contents.empty()) {
        ssize_t const n = ::write(descriptor, contents.data(), contents.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("write", path, errno);
        contents.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// Makes renames inside `folder` durable. File systems that cannot do it say EINVAL; that is no
/// loss.
void sync_folder(fs::path const& folder) {
    Descriptor const d(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (d.value >= 0) static_cast<void>(::fsync(d.value));
}

fs::path make_sibling(fs::path const& folder, char const* tag) {
    std::string pattern =
        (folder.parent_path() / fmt::format(".{}{}.XXXXXX", folder.filename().string(), tag))
            .string();
    if (::mkdtemp(pattern.data()) == nullptr) fail("mkdtemp", pattern, errno);
    return pattern;
}

/// Of run or sweep, or of validate, which has runs in it.
bool is_run_folder(fs::path const& folder) {
    std::error_code error;
    return fs::is_directory(folder, error) &&
           (fs::is_empty(folder, error) || fs::exists(folder / "report.json", error) ||
            fs::exists(folder / "validation.txt", error));
}

void check_target(fs::path const& folder, ExistingFolder policy) {
    if (!folder.has_filename() || folder == folder.root_path()) {
        refuse(fmt::format("output folder \"{}\" has no name of its own (give a new folder)",
                           folder.string()));
    }
    std::error_code error;
    fs::file_status const status = fs::symlink_status(folder, error);
    if (!fs::exists(status)) return;
    if (policy == ExistingFolder::refuse) {
        refuse(fmt::format(
            "output folder \"{}\" exists (nothing is overwritten: choose another --out, "
            "or --force to replace it{})",
            folder.string(),
            fs::exists(folder / RunFolder::incomplete_marker, error)
                ? "; kramers resume completes it"
                : ""));
    }
    if (!fs::is_directory(status) || !is_run_folder(folder)) {
        refuse(
            fmt::format("output folder \"{}\" is not a run folder (it has no report.json and no "
                        "validation.txt, so --force does not replace it): choose another --out",
                        folder.string()));
    }
}

void remove_empty(std::vector<fs::path>& folders) noexcept {
    std::error_code ignored;
    while (!folders.empty()) {
        if (::rmdir(folders.back().c_str()) != 0) break;
        folders.pop_back();
    }
    folders.clear();
}

/// Missing parents, created; returned so that they can be removed again.
std::vector<fs::path> create_parents(fs::path const& folder) {
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path p = folder.parent_path(); !p.empty() && !fs::exists(p, error);
         p = p.parent_path()) {
        missing.insert(missing.begin(), p);
    }
    std::vector<fs::path> created;
    for (fs::path const& p : missing) {
        if (::mkdir(p.c_str(), 0777) == 0) {
            created.push_back(p);
        } else if (errno != EEXIST) {
            int const reason = errno;
            remove_empty(created);
            refuse(fmt::format(
                "output folder \"{}\" cannot be created: {}: {} (choose a writable --out)",
                folder.string(), p.string(), std::strerror(reason)));
        }
    }
    return created;
}

/// `from` takes the name `to`. An existing `to` is deleted after that and never before.
void take_over(fs::path const& from, fs::path const& to) {
    std::error_code error;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
        sync_folder(to.parent_path());
        fs::remove_all(from, error);  // holds the old folder now; leftovers are hidden, not lost
        return;
    }
    if (errno != EINVAL && errno != ENOSYS) fail("renameat2", to, errno);
    fs::path const aside = make_sibling(to, ".old");  // file system without exchange
    if (::rename(to.c_str(), aside.c_str()) != 0) {
        int const reason = errno;
        ::rmdir(aside.c_str());
        fail("rename", to, reason);
    }
    if (::rename(from.c_str(), to.c_str()) != 0) {
        int const reason = errno;
        if (::rename(aside.c_str(), to.c_str()) != 0)
            fail("rename (the old run is here)", aside, reason);
        fail("rename", to, reason);
    }
    sync_folder(to.parent_path());
    fs::remove_all(aside, error);
}

}  // namespace

void write_file(fs::path const& file, std::string_view contents) {
    fs::path temporary = file;
    temporary += ".tmp";
    try {
        Descriptor const d(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
        if (d.value < 0) fail("open", temporary, errno);
        write_all(d.value, contents, temporary);
        if (::fsync(d.value) != 0) fail("fsync", temporary, errno);
        if (::rename(temporary.c_str(), file.c_str()) != 0) fail("rename", file, errno);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

/// Absolute, without a trailing slash.
fs::path RunFolder::normal(fs::path const& folder) {
    fs::path path = fs::absolute(folder).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return path;
}

fs::path RunFolder::unfinished(fs::path const& folder) {
    fs::path const path = normal(folder);
    return path.parent_path() / fmt::format(".{}.unfinished", path.filename().string());
}

void RunFolder::check(fs::path const& folder, ExistingFolder policy) {
    RunFolder const trial(folder, policy);  // its destructor leaves no trace
}

RunFolder::RunFolder(fs::path const& folder, ExistingFolder policy, WorkingFolder working)
    : folder_(normal(folder)), policy_(policy) {
    check_target(folder_, policy_);
    created_parents_ = create_parents(folder_);
    try {
        if (working == WorkingFolder::lasting) {
            open_lasting();
            return;
        }
        working_ = make_sibling(folder_, "");
    } catch (RunFolderBusy const&) { throw; } catch (RunFolderError const& error) {
        remove_empty(created_parents_);
        refuse(fmt::format("output folder \"{}\" cannot be created: {} (choose a writable --out)",
                           folder_.string(), error.what()));
    }
    mode_t const mask = ::umask(0);  // mkdtemp made it private; a run folder is like any other
    ::umask(mask);
    static_cast<void>(::chmod(working_.c_str(), 0777 & ~mask));
}

/// Makes or takes over the working folder and locks it.
void RunFolder::open_lasting() {
    working_ = unfinished(folder_);
    while (lock_ < 0) {
        if (::mkdir(working_.c_str(), 0777) != 0 && errno != EEXIST) fail("mkdir", working_, errno);
        int const descriptor = ::open(working_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0 && errno == ENOENT) continue;  // its owner has just committed it
        if (descriptor < 0) fail("open", working_, errno);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            int const reason = errno;
            ::close(descriptor);
            if (reason == EWOULDBLOCK)
                throw RunFolderBusy(fmt::format(
                    "another process is working on \"{}\" (wait for it, or choose another --out)",
                    folder_.string()));
            fail("flock", working_, reason);
        }
        // Its owner may have renamed or removed it before we had the lock.
        struct stat mine {
        }, named{};
        if (::fstat(descriptor, &mine) == 0 && ::stat(working_.c_str(), &named) == 0 &&
            mine.st_ino == named.st_ino && mine.st_dev == named.st_dev)
            lock_ = descriptor;
        else ::close(descriptor);
    }
    std::error_code error;
    keep_ = fs::exists(progress(), error);  // until we know whose it is
    try {
        check_target(folder_, policy_);
    } catch (InputError const&) {  // it appeared meanwhile
        if (!keep_) discard();
        ::close(lock_);
        throw;
    }
    for (fs::directory_entry const& entry : fs::directory_iterator(working_, error))
        if (entry.path().filename() != progress_name) fs::remove_all(entry.path(), error);
}

RunFolder::~RunFolder() {
    if (!committed_ && !keep_) discard();
    if (lock_ >= 0) ::close(lock_);
}

void RunFolder::discard() noexcept {
    std::error_code ignored;
    fs::remove_all(working_, ignored);
    remove_empty(created_parents_);
}

void RunFolder::write(std::string_view name, std::string_view contents) {
    fs::path const relative = fs::path(name).lexically_normal();
    if (name.empty() || relative.is_absolute() || relative.begin()->string() == "..") {
        throw std::logic_error(fmt::format("run folder file name \"{}\" leaves the folder", name));
    }
    fs::path const file = working_ / relative;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) fail("mkdir", file.parent_path(), error.value());
    write_file(file, contents);
}

void RunFolder::commit() {
    if (committed_) throw std::logic_error("a run folder is committed once");
    sync_folder(working_);
    bool const replacing =
        policy_ == ExistingFolder::replace && fs::exists(fs::symlink_status(folder_));
    if (replacing) {
        take_over(working_, folder_);
    } else {
        // Never onto something that appeared meanwhile; rename() itself only replaces an empty
        // folder.
        int status =
            ::renameat2(AT_FDCWD, working_.c_str(), AT_FDCWD, folder_.c_str(), RENAME_NOREPLACE);
        if (status != 0 && (errno == EINVAL || errno == ENOSYS)) {
            status = ::rename(working_.c_str(), folder_.c_str());
        }
        if (status != 0) fail("rename", folder_, errno);
        sync_folder(folder_.parent_path());
    }
    committed_ = true;
    std::error_code ignored;
    if (!partial_) fs::remove_all(folder_ / progress_name, ignored);
}

void RunFolder::commit_partial(std::string_view reason) {
    write(incomplete_marker, fmt::format("{}\n", reason));
    partial_ = true;
    commit();
}

}  // namespace kramers
