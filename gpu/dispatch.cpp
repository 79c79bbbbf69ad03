// SPDX-License-Identifier: Apache-2.0
#include "gpu/dispatch.hpp"

#include <fmt/format.h>

#include "gpu/composed/composition.hpp"
#include "gpu/composed/thread_run.hpp"
#include "gpu/composed/workers.hpp"

namespace kramers {

#define KRAMERS_FUSED(stem, Class, dim) void add_##stem##_##dim##_host_methods(MethodTable&);
#include "landscapes/fused_list.inc"
#undef KRAMERS_FUSED
#if defined(KRAMERS_HAVE_CUDA)
#define KRAMERS_FUSED_STEM(stem) void add_##stem##_cuda_methods(MethodTable&);
#include "landscapes/fused_stems.inc"
#undef KRAMERS_FUSED_STEM
#endif

static MethodTable& rows_of_all() {
    static MethodTable table = [] {
        MethodTable rows;
#define KRAMERS_FUSED(stem, Class, dim) add_##stem##_##dim##_host_methods(rows);
#include "landscapes/fused_list.inc"
#undef KRAMERS_FUSED
#if defined(KRAMERS_HAVE_CUDA)
#define KRAMERS_FUSED_STEM(stem) add_##stem##_cuda_methods(rows);
#include "landscapes/fused_stems.inc"
#undef KRAMERS_FUSED_STEM
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
    return fmt::format("{} (d = {}), {}, {}, {}{}", key.landscape, key.dim, key.dynamics,
                       key.scheme, to_string(key.precision), key.composed ? ", composed" : "");
}

namespace {

/// Every composed method is run by the same functions: its parts are chosen when a worker is made.
/// Those without code for threads have no entry for a GPU.
MethodRow const& composed_method(MethodKey const& key) {
    if (composed::find_landscape(key.landscape, key.dim) == nullptr)
        throw std::invalid_argument(
            fmt::format("no landscape {} in {} dimensions is compiled in", key.landscape, key.dim));
    if (composed::find_program(key.dynamics, key.scheme) == nullptr)
        throw std::invalid_argument(
            fmt::format("{} is no scheme for {}", key.scheme, key.dynamics));
    static MethodRow const lanes = [] {
        MethodRow row;
        row.passage = &composed::make_passage;
        row.snapshots = &composed::make_snapshots;
        row.replay = &composed::replay;
        return row;
    }();
#if defined(KRAMERS_HAVE_CUDA)
    static MethodRow const threads = [] {
        MethodRow row = lanes;
        row.cuda = &composed::make_cuda_run;
        return row;
    }();
    if (composed::why_no_threads(key).empty()) return threads;
#endif
    return lanes;
}

}  // namespace

MethodRow const& find_method(MethodKey const& key) {
    if (key.composed) return composed_method(key);
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
