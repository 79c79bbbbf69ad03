// SPDX-License-Identifier: Apache-2.0
#include "sde/random/fill.hpp"

#include "sde/contracts.hpp"

namespace kramers {

namespace detail {
extern FillTable const fill_table_baseline;
#if defined(__x86_64__)
extern FillTable const fill_table_avx2;
extern FillTable const fill_table_avx512;
#endif
}  // namespace detail

bool isa_supported(Isa isa) {
    if (isa == Isa::baseline) return true;
#if defined(__x86_64__)
    bool const avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == Isa::avx2) return avx2;
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
    return false;
#endif
}

Isa best_isa() {
    if (isa_supported(Isa::avx512)) return Isa::avx512;
    if (isa_supported(Isa::avx2)) return Isa::avx2;
    return Isa::baseline;
}

std::optional<Isa> parse_isa(std::string_view text) {
    for (Isa const isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
        if (text == name_of(isa)) return isa;
    }
    return std::nullopt;
}

std::string_view name_of(Isa isa) {
    switch (isa) {
        case Isa::avx512: return "avx512";
        case Isa::avx2: return "avx2";
        case Isa::baseline: break;
    }
    return "baseline";
}

FillTable const& fill_table(Isa isa) {
    KRAMERS_EXPECTS(isa_supported(isa));
#if defined(__x86_64__)
    if (isa == Isa::avx512) return detail::fill_table_avx512;
    if (isa == Isa::avx2) return detail::fill_table_avx2;
#endif
    return detail::fill_table_baseline;
}

}  // namespace kramers
