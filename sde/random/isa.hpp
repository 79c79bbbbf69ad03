// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace kramers {

/// Instruction sets the host code is built for; chosen at run time, all give the same bits.
enum class Isa { baseline, avx2, avx512 };

/// True when this executable was built for `isa` and this CPU and operating system can run it.
bool isa_supported(Isa isa);

/// The widest supported one.
Isa best_isa();

/// "baseline", "avx2" or "avx512"; empty for anything else.
std::optional<Isa> parse_isa(std::string_view text);

std::string_view name_of(Isa isa);

}  // namespace kramers
