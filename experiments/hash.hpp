// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kramers {

/// XXH64 of Y. Collet, a published 64-bit hash: the same number on every machine and build.
std::uint64_t xxh64(std::string_view bytes, std::uint64_t seed);

/// 128 bits as 32 hexadecimal digits: two passes of xxh64 with different seeds.
std::string digest(std::string_view bytes);

}  // namespace kramers
