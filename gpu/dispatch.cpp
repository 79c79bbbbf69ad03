// SPDX-License-Identifier: Apache-2.0
#include "gpu/dispatch.hpp"

#include <fmt/format.h>

namespace kramers {

#define KRAMERS_LANDSCAPE_STEM(stem) void add_##stem##_host_methods(MethodTable&);
#include "landscapes/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
#if defined(KRAMERS_HAVE_CUDA)
#define KRAMERS_LANDSCAPE_STEM(stem) void add_##stem##_cuda_methods(MethodTable&);
#include "landscapes/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
#endif

static MethodTable& rows_of_all() {
    static MethodTable table = [] {
        MethodTable rows;
#define KRAMERS_LANDSCAPE_STEM(stem) add_##stem##_host_methods(rows);
#include "landscapes/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
#if defined(KRAMERS_HAVE_CUDA)
#define KRAMERS_LANDSCAPE_STEM(stem) add_##stem##_cuda_methods(rows);
#include "landscapes/landscape_stems.inc"
#undef KRAMERS_LANDSCAPE_STEM
#endif
        return rows;
    }();
    return table;
}

MethodTable const& method_table() { return rows_of_all(); }

void register_methods(void (*add)(MethodTable&)) { add(rows_of_all()); }

std::string_view to_string(Precision precision) {
    switch (precision) {
        case Precision::single: return "float";
        case Precision::mixed: return "mixed";
        case Precision::full: return "double";
    }
    return "?";
}

std::string describe(MethodKey const& key) {
    return fmt::format("{} (d = {}), {}, {}, {}", key.landscape, key.dim, key.dynamics, key.scheme,
                       to_string(key.precision));
}

MethodRow const& find_method(MethodKey const& key) {
    std::string near;
    for (MethodRow const& row : method_table()) {
        if (row.key == key) return row;
        if (row.key.landscape == key.landscape && row.key.precision == key.precision)
            near += "\n  " + describe(row.key);
    }
    throw std::invalid_argument(fmt::format(
        "no compiled method for {}{}{}", describe(key),
        near.empty() ? "; no landscape of that name is compiled in" : "; there is:", near));
}

std::vector<MethodKey> const& compiled_methods() {
    static std::vector<MethodKey> const keys = [] {
        std::vector<MethodKey> list;
        for (MethodRow const& row : method_table()) list.push_back(row.key);
        return list;
    }();
    return keys;
}

}  // namespace kramers
