// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/input.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

namespace fs = std::filesystem;

/// The recipes: KRAMERS_PLOTS, an installed copy beside the executable, or the source tree's.
fs::path recipes() {
    if (char const* path = std::getenv("KRAMERS_PLOTS"); path != nullptr && *path != '\0')
        return path;
    std::error_code error;
    fs::path const executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        fs::path const installed = executable.parent_path().parent_path() / "share/kramers/plots";
        if (fs::exists(installed / "plot.py", error)) return installed;
    }
    return KRAMERS_SOURCE_PLOTS;
}

struct Child {
    int status = -1;
    std::string output;
};

/// Runs a program without a shell and reads its standard output.
Child execute(std::vector<std::string> const& command) {
    Child child;
    int ends[2];
    if (pipe(ends) != 0) return child;
    pid_t const pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        std::vector<char*> argv;
        for (std::string const& word : command) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    close(ends[1]);
    if (pid > 0) {
        std::array<char, 4096> buffer;
        ssize_t count = 0;
        while ((count = read(ends[0], buffer.data(), buffer.size())) > 0)
            child.output.append(buffer.data(), static_cast<std::size_t>(count));
        int status = 0;
        waitpid(pid, &status, 0);
        child.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    close(ends[0]);
    return child;
}

/// A Python that has matplotlib; empty when there is none.
std::string python() {
    std::vector<std::string> candidates{"python3", "/usr/bin/python3"};
    if (char const* path = std::getenv("KRAMERS_PYTHON"); path != nullptr && *path != '\0')
        candidates.insert(candidates.begin(), path);
    for (std::string const& candidate : candidates)
        if (execute({candidate, "-c",
                     "import importlib.util, sys; "
                     "sys.exit(importlib.util.find_spec('matplotlib') is None)"})
                .status == 0)
            return candidate;
    return {};
}

/// The folder itself, or the run folders in it when it is what `validate --out` wrote.
std::vector<std::string> run_folders(std::string const& folder) {
    std::error_code error;
    std::vector<std::string> found;
    if (!fs::exists(fs::path(folder) / "report.json", error))
        for (auto const& entry : fs::directory_iterator(folder, error))
            if (fs::exists(entry.path() / "report.json", error))
                found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    return found.empty() ? std::vector<std::string>{folder} : found;
}

}  // namespace

std::vector<std::string> draw_figures(std::string const& folder,
                                      std::vector<std::string> const& options, std::string& reason,
                                      int* exit_code) {
    if (exit_code != nullptr) *exit_code = device_error;
    fs::path const script = recipes() / "plot.py";
    std::error_code error;
    if (!fs::exists(script, error)) {
        reason = "the figure recipes are not at " + script.parent_path().string() +
                 "; set KRAMERS_PLOTS to the folder that holds plot.py";
        return {};
    }
    std::string const interpreter = python();
    if (interpreter.empty()) {
        reason =
            "no Python with matplotlib found; install python3-matplotlib or set KRAMERS_PYTHON";
        return {};
    }
    std::vector<std::string> command{interpreter, script.string(), folder};
    command.insert(command.end(), options.begin(), options.end());
    Child const child = execute(command);
    if (exit_code != nullptr) *exit_code = child.status;
    std::vector<std::string> paths;
    for (std::size_t begin = 0; begin < child.output.size();) {
        std::size_t const end = child.output.find('\n', begin);
        if (end == std::string::npos) break;
        paths.push_back(child.output.substr(begin, end - begin));
        begin = end + 1;
    }
    if (child.status != 0) {
        reason = "drawing failed (see the message above)";
        return {};
    }
    return paths;
}

int plot(std::string const& folder, std::vector<std::string> const& options, Common const& common) {
    std::vector<std::string> paths;
    for (std::string const& run : run_folders(folder)) {
        std::string reason;
        int code = done;
        auto const drawn = draw_figures(run, options, reason, &code);
        if (!reason.empty()) {
            std::fprintf(stderr, "kramers plot: %s\n", reason.c_str());
            return code == 0 ? device_error : code;
        }
        paths.insert(paths.end(), drawn.begin(), drawn.end());
    }
    if (common.json) {
        std::printf("%s\n", nlohmann::json(paths).dump(2).c_str());
        return done;
    }
    for (std::string const& path : paths) std::printf("%s\n", path.c_str());
    return done;
}

}  // namespace kramers::verbs
