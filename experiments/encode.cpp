// SPDX-License-Identifier: Apache-2.0
#include "experiments/encode.hpp"

#include <algorithm>
#include <concepts>
#include <cstring>
#include <type_traits>

namespace kramers {
namespace {

/// Appends values as little-endian bytes, lists with their length.
class Writer {
  public:
    std::string bytes;

    template <class T>
        requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void put(T value) {
        std::size_t const at = bytes.size();
        bytes.resize(at + sizeof value);
        std::memcpy(bytes.data() + at, &value, sizeof value);
    }
    void put(std::string const& text) {
        put(std::uint64_t{text.size()});
        bytes += text;
    }
    void put(FixedSum sum) {
        sum.carry();
        put(sum.high);
        put(sum.low);
    }
    template <class T>
    void put(std::vector<T> const& values) {
        put(std::uint64_t{values.size()});
        for (T const& v : values) put(v);
    }
    void put(Region const& region) {
        auto const& [kind, a, offset, extent, complement] = region;
        all(kind, a, offset, extent, complement);
    }
    void put(HistogramPlan const& h) {
        auto const& [axis_x, lower_x, upper_x, bins_x, axis_y, lower_y, upper_y, bins_y] = h;
        all(axis_x, lower_x, upper_x, bins_x, axis_y, lower_y, upper_y, bins_y);
    }
    void put(Observable const& o) {
        auto const& [kind, exponent, axis, factor] = o;
        all(kind, exponent, axis, factor);
    }
    void put(coordinate::ScheduleData const& s) {
        auto const& [kind, steps, power, factor, floor, warmup] = s;
        all(kind, steps, power, factor, floor, warmup);
    }
    void put(NoiseLaw const& law) {
        auto const& [amplitude, shape, memory, amplitude_data, shape_data, memory_data, variances,
                     factor, offsets, order, samples, batch, point_shift] = law;
        auto const& [scale, offset, floor] = amplitude_data;
        auto const& [degrees, alpha, jump_variance, more_than, lump, lower_width, upper_width, keep,
                     kept, gone] = shape_data;
        auto const& [past, present] = memory_data;
        all(amplitude, shape, memory, scale, offset, floor, degrees, alpha, jump_variance);
        for (double const p : more_than) put(p);
        all(lump, lower_width, upper_width, keep, kept, gone, past, present, variances, factor,
            offsets, order, samples, batch, point_shift);
    }
    void put(PassagePlan const& plan) {
        auto const& [targets, crossing, max_steps, noise_amplitude] = plan;
        all(targets, crossing, max_steps, noise_amplitude);
    }
    void put(SnapshotPlan const& plan) {
        auto const& [burn_in, snapshots, stride, histograms, regions, observables, lagged,
                     keep_final, origin, moment_scale] = plan;
        all(burn_in, snapshots, stride, histograms, regions, observables, lagged, keep_final,
            origin, moment_scale);
    }
    template <class... T>
    void all(T const&... values) {
        (put(values), ...);
    }
};

/// Takes values off the front; `good` is false from the first one that is not there.
class Unpacker {
  public:
    explicit Unpacker(std::string_view bytes) : rest(bytes) {}
    std::string_view rest;
    bool good = true;

    template <class T>
        requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void get(T& value) {
        if (!(good = good && rest.size() >= sizeof value)) return;
        std::memcpy(&value, rest.data(), sizeof value);
        rest.remove_prefix(sizeof value);
    }
    /// A length whose items, of at least so many bytes each, can be there.
    std::size_t length(std::size_t item) {
        std::uint64_t n = 0;
        get(n);
        good = good && n <= rest.size() / item;
        return good ? static_cast<std::size_t>(n) : 0;
    }
    void get(std::string& text) {
        text = rest.substr(0, length(1));
        rest.remove_prefix(text.size());
    }
    void get(FixedSum& sum) { all(sum.high, sum.low); }
    template <class T>
    void get(std::vector<T>& values) {
        values.resize(length(sizeof(std::uint64_t)));
        for (T& v : values) get(v);
    }
    template <class... T>
    void all(T&... values) {
        (get(values), ...);
    }
};

template <class Word>
void put_slots(Writer& out, std::vector<PassageSlot> const& slots) {
    std::size_t const at = out.bytes.size();
    out.bytes.resize(at + slots.size() * sizeof(Word));
    char* p = out.bytes.data() + at;
    for (PassageSlot const& slot : slots) {
        auto const word = static_cast<Word>(slot.bits);
        std::memcpy(p, &word, sizeof word);
        p += sizeof word;
    }
}

template <class Word>
void get_slots(Unpacker& in, std::vector<PassageSlot>& slots, std::uint64_t count) {
    if (!(in.good = in.good && count <= in.rest.size() / sizeof(Word))) return;
    slots.resize(static_cast<std::size_t>(count));
    char const* p = in.rest.data();
    for (PassageSlot& slot : slots) {
        Word word;
        std::memcpy(&word, p, sizeof word);
        slot.bits = word;
        p += sizeof word;
    }
    in.rest.remove_prefix(static_cast<std::size_t>(count) * sizeof(Word));
}

void put_tally(Writer& out, PassageTally const& tally) {
    std::uint64_t largest = 0;
    for (PassageSlot const& slot : tally.slots) largest = std::max(largest, slot.bits);
    std::uint8_t const width = largest >> 32 != 0 ? 8 : largest >> 16 != 0 ? 4 : 2;
    out.all(tally.trajectories, width);
    if (width == 8) put_slots<std::uint64_t>(out, tally.slots);
    else if (width == 4) put_slots<std::uint32_t>(out, tally.slots);
    else put_slots<std::uint16_t>(out, tally.slots);
}

void get_tally(Unpacker& in, PassageTally& tally) {
    std::uint8_t width = 0;
    in.all(tally.trajectories, width);
    if (width == 8) get_slots<std::uint64_t>(in, tally.slots, tally.trajectories);
    else if (width == 4) get_slots<std::uint32_t>(in, tally.slots, tally.trajectories);
    else if (width == 2) get_slots<std::uint16_t>(in, tally.slots, tally.trajectories);
    else in.good = false;
}

/// Writer and Unpacker go through a group in the same order.
template <class Archive, class Group>
void visit_group(Archive&& all, Group& g) {
    auto& [trajectories, samples, diverged, overflowed, first, second, lagged, lagged_samples,
           histograms, outside, regions, observables, beyond] = g;
    all(trajectories, samples, diverged, overflowed, first, second, lagged, lagged_samples,
        histograms, outside, regions, observables, beyond);
}

void put_tally(Writer& out, SnapshotTally const& tally) {
    auto const& [dim, scale, origin, snapshots, groups, final_states] = tally;
    out.all(dim, scale, origin, snapshots, final_states, std::uint64_t{groups.size()});
    for (SnapshotGroup const& group : groups)
        visit_group([&](auto const&... v) { out.all(v...); }, group);
}

void get_tally(Unpacker& in, SnapshotTally& tally) {
    auto& [dim, scale, origin, snapshots, groups, final_states] = tally;
    in.all(dim, scale, origin, snapshots, final_states);
    groups.resize(in.length(13 * sizeof(std::uint64_t)));
    for (SnapshotGroup& group : groups) visit_group([&](auto&... v) { in.all(v...); }, group);
}

}  // namespace

std::string encode(Plan const& plan) {
    Writer out;
    auto const& [key, landscape, dynamics, dt, composition, start, trajectories, seed, bound,
                 refinement, observe] = plan;
    auto const& [landscape_name, dim, dynamics_name, scheme, precision, composed] = key;
    auto const& [noise, rate, noise_schedule, iterations, transform] = composition;
    auto const& [start_kind, point, table] = start;
    out.all(landscape_name, dim, dynamics_name, scheme, precision, composed, landscape, dynamics,
            dt, noise, rate, noise_schedule, iterations, transform, start_kind, point, table,
            trajectories, seed, bound, refinement, std::uint64_t{observe.index()});
    std::visit([&](auto const& o) { out.put(o); }, observe);
    return std::move(out.bytes);
}

std::string encode(Tallies const& tallies) {
    Writer out;
    auto const& [backend, device, isa, noise_math, threads, seconds, steps, interrupted] =
        tallies.info;
    out.all(backend, device, isa, noise_math, threads, seconds, steps, interrupted,
            std::uint64_t{tallies.tally.index()});
    std::visit([&](auto const& tally) { put_tally(out, tally); }, tallies.tally);
    return std::move(out.bytes);
}

std::optional<Tallies> decode_tallies(std::string_view bytes) {
    Unpacker in(bytes);
    Tallies tallies;
    auto& [backend, device, isa, noise_math, threads, seconds, steps, interrupted] = tallies.info;
    std::uint64_t kind = 0;
    in.all(backend, device, isa, noise_math, threads, seconds, steps, interrupted, kind);
    if (kind > 1) return std::nullopt;
    if (kind == 1) tallies.tally = SnapshotTally{};
    std::visit([&](auto& tally) { get_tally(in, tally); }, tallies.tally);
    if (!in.good || !in.rest.empty()) return std::nullopt;
    return tallies;
}

}  // namespace kramers
