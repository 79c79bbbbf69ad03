// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiments/input.hpp"
#include "experiments/recipes.hpp"
#include "experiments/verbs/verbs.hpp"

namespace kramers::verbs {
namespace {

namespace fs = std::filesystem;

struct Child {
    int status = -1;
    std::string output;
};

/// What the child reads and does before it becomes the program; never returns.
[[noreturn]] void become(std::vector<std::string> const& command, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // it does not outlive us, however we end
    if (::getppid() != parent) _exit(127);
    std::vector<char*> argv;
    for (std::string const& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(127);
}

/// Runs a program without a shell and reads its standard output; ends it when interrupted.
Child execute(std::vector<std::string> const& command,
              std::function<bool()> const& interrupted = {}) {
    Child child;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return child;
    pid_t const parent = getpid(), pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        become(command, parent);
    }
    close(ends[1]);
    if (pid > 0) {
        std::array<char, 4096> buffer;
        bool told = false;
        for (;;) {
            pollfd wait{ends[0], POLLIN, 0};
            int const ready = poll(&wait, 1, 100);
            if (!told && interrupted && interrupted()) told = kill(pid, SIGTERM) == 0;
            if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
            ssize_t const count = read(ends[0], buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) break;
            child.output.append(buffer.data(), static_cast<std::size_t>(count));
        }
        int status = 0;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
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

Figures draw_figures(std::vector<std::string> const& folders,
                     std::vector<std::string> const& options,
                     std::function<bool()> const& interrupted) {
    Figures figures;
    figures.exit_code = device_error;
    fs::path const script = recipe_folder() / "plot.py";
    std::error_code error;
    if (!fs::exists(script, error)) {
        figures.reason = "the figure recipes are not at " + script.parent_path().string() +
                         "; set KRAMERS_PLOTS to the folder that holds plot.py";
        return figures;
    }
    std::string const interpreter = python();
    if (interpreter.empty()) {
        figures.reason =
            "no Python with matplotlib found; install python3-matplotlib or set KRAMERS_PYTHON";
        return figures;
    }
    std::vector<std::string> command{interpreter, script.string()};
    command.insert(command.end(), folders.begin(), folders.end());
    command.insert(command.end(), options.begin(), options.end());
    Child const child = execute(command, interrupted);
    figures.exit_code = child.status;
    for (std::size_t begin = 0; begin < child.output.size();) {
        std::size_t const end = child.output.find('\n', begin);
        if (end == std::string::npos) break;
        figures.paths.push_back(child.output.substr(begin, end - begin));
        begin = end + 1;
    }
    if (interrupted && interrupted()) figures.reason = "interrupted (kramers plot draws it)";
    else if (child.status != 0) figures.reason = "drawing failed (see the message above)";
    return figures;
}

int plot(std::string const& folder, std::vector<std::string> const& options, Common const& common) {
    Figures const figures = draw_figures(run_folders(folder), options);
    if (!figures.reason.empty()) std::fprintf(stderr, "kramers plot: %s\n", figures.reason.c_str());
    if (common.json) {
        std::printf("%s\n", nlohmann::json(figures.paths).dump(2).c_str());
    } else {
        for (std::string const& path : figures.paths) std::printf("%s\n", path.c_str());
    }
    if (figures.reason.empty()) return done;
    return figures.exit_code > 0 ? figures.exit_code : device_error;
}

}  // namespace kramers::verbs
