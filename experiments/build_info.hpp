// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kramers {

/// What built this program. Everything is known at compile time.
struct BuildInfo {
    std::string version;       ///< of kramers
    std::string git_revision;  ///< empty when not built from a checkout
    std::string compiler;      ///< name and version
    std::string flags;         ///< build type, and how the engine's host code was compiled
    std::string nvcc;          ///< empty without CUDA
    std::string thrust;
    std::string tbb;
    int stream_version = 0;  ///< layout of the random numbers
};
BuildInfo build_info();

}  // namespace kramers
