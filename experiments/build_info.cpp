// SPDX-License-Identifier: Apache-2.0
#include "experiments/build_info.hpp"

#include <fmt/format.h>

#include "gpu/simulate.hpp"

#if __has_include(<thrust/version.h>)
#include <thrust/version.h>
#endif
#if __has_include(<oneapi/tbb/version.h>)
#include <oneapi/tbb/version.h>
#elif __has_include(<tbb/tbb_stddef.h>)
#include <tbb/tbb_stddef.h>
#endif

// Set by the build; a file compiled without it still says so.
#ifndef KRAMERS_VERSION
#define KRAMERS_VERSION "unknown"
#endif
#ifndef KRAMERS_GIT_REVISION
#define KRAMERS_GIT_REVISION ""
#endif
#ifndef KRAMERS_COMPILE_FLAGS
#define KRAMERS_COMPILE_FLAGS "unknown"
#endif
#ifndef KRAMERS_NVCC_VERSION
#define KRAMERS_NVCC_VERSION ""
#endif

namespace kramers {
namespace {

std::string compiler_name() {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return "unknown";
#endif
}

std::string thrust_version() {
#ifdef THRUST_VERSION
    return fmt::format("{}.{}.{}", THRUST_VERSION / 100000, THRUST_VERSION / 100 % 1000,
                       THRUST_VERSION % 100);
#else
    return "";
#endif
}

std::string tbb_version() {
#ifdef TBB_VERSION_MAJOR
    return fmt::format("{}.{}", TBB_VERSION_MAJOR, TBB_VERSION_MINOR);
#else
    return "";
#endif
}

}  // namespace

BuildInfo build_info() {
    return {.version = KRAMERS_VERSION,
            .git_revision = KRAMERS_GIT_REVISION,
            .compiler = compiler_name(),
            .flags = KRAMERS_COMPILE_FLAGS,
            .nvcc = KRAMERS_NVCC_VERSION,
            .thrust = thrust_version(),
            .tbb = tbb_version(),
            .stream_version = stream_version};
}

}  // namespace kramers
