// SPDX-License-Identifier: Apache-2.0
#include "gpu/composed/noise_kernels.hpp"

#include <type_traits>

#include "sde/noise/hessian_root.hpp"
#include "sde/noise/kinds.hpp"

namespace kramers::composed {
namespace {

using coordinate::KindsOf;
using coordinate::NoiseAmplitude;
using coordinate::NoiseMemory;
using coordinate::NoiseShape;
using coordinate::ScheduleData;
using coordinate::ScheduleKind;

template <auto shape, class Raw>
struct Shape {
    KRAMERS_HD static void run(ShapeArgs const& args) {
        coordinate::ShapeData const data = args.data;
        Raw const* normals;
        if constexpr (std::is_same_v<Raw, float>) normals = args.z32;
        else normals = args.z64;
        constexpr coordinate::DrawNeeds needs = coordinate::draw_needs(shape);
        int const rows = needs.uniforms * args.dim;
        for (int c = 0; c < args.dim; ++c) {
            double* const out = args.out + c * lane_count;
            auto const uniform = [&](int row, int i) {
                return coordinate::uniform_from<double>(args.high[row * lane_count + i],
                                                        args.low[row * lane_count + i]);
            };
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) {
                double z = 0.0, u1 = 0.5, u2 = 0.5, s1 = 0.5, s2 = 0.5;
                if constexpr (needs.normal) z = static_cast<double>(normals[c * lane_count + i]);
                if constexpr (needs.uniforms > 0) u1 = uniform(c * needs.uniforms, i);
                if constexpr (needs.uniforms > 1) u2 = uniform(c * needs.uniforms + 1, i);
                if constexpr (needs.shared > 0) s1 = uniform(rows, i);
                if constexpr (needs.shared > 1) s2 = uniform(rows + 1, i);
                out[i] = coordinate::shaped<shape>(data, z, u1, u2, s1, s2);
            }
        }
    }
};

template <auto kind>
struct Amplitude {
    /// Reads the rows that `needs` names: the others may be null.
    template <unsigned needs>
    KRAMERS_HD static coordinate::Place<double> place(AmplitudeArgs const& args, int row, int i) {
        coordinate::Place<double> p{};
        p.x = args.point[row + i];
        p.gradient = args.gradient[row + i];
        if constexpr ((needs & coordinate::needs_hessian_gradient) != 0)
            p.hessian_gradient = args.hessian_gradient[row + i];
        if constexpr ((needs & coordinate::needs_hessian) != 0) p.hessian = args.hessian[row + i];
        if constexpr ((needs & coordinate::needs_third) != 0) p.third = args.third[row + i];
        if constexpr ((needs & coordinate::needs_value) != 0) p.value = args.value[i];
        if constexpr ((needs & coordinate::needs_gradient_square) != 0)
            p.gradient_square = args.gradient_square[i];
        return p;
    }
    KRAMERS_HD static void run(AmplitudeArgs const& args) {
        coordinate::AmplitudeData const data = args.data;
        for (int c = 0; c < args.dim; ++c) {
            int const row = c * lane_count;
            double const variance = args.coordinate_variance[c];
            double* const amplitude = args.amplitude + row;
            constexpr unsigned needs = coordinate::needs_of(kind);
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i)
                amplitude[i] =
                    coordinate::noise_amplitude<kind>(data, variance, place<needs>(args, row, i));
            if (args.variance_slope == nullptr) continue;
            double* const slope = args.variance_slope + row;
            constexpr unsigned all = needs | coordinate::slope_needs_of(kind);
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i)
                slope[i] = coordinate::variance_slope<kind>(data, place<all>(args, row, i));
        }
    }
};

struct PlaneHessian {
    KRAMERS_HD static void run(HessianNoiseArgs const& args) {
        coordinate::AmplitudeData const data = args.data;
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) {
            int const j = i + lane_count;
            auto const noise =
                coordinate::hessian_noise<double>(data, args.hessian[i], args.cross[i],
                                                  args.hessian[j], {args.draw[i], args.draw[j]});
            args.amplitude[i] = noise.amplitude[0];
            args.amplitude[j] = noise.amplitude[1];
            args.mixed[i] = noise.draw[0];
            args.mixed[j] = noise.draw[1];
        }
    }
};

struct WholeHessian {
    KRAMERS_HD static void run(HessianNoiseArgs const& args) {
        coordinate::hessian_noise<lane_quantum>(
            args.data, args.dim, args.whole, args.vectors,
            {args.draw, args.amplitude, args.mixed, lane_count});
    }
};

template <auto memory>
struct Memory {
    KRAMERS_HD static void run(MemoryArgs const& args) {
        coordinate::MemoryData const data = args.data;
        for (int c = 0; c < args.dim; ++c) {
            double* const draw = args.draw + c * lane_count;
            double* const kept = args.kept + c * lane_count;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) {
                double keep = kept[i];
                draw[i] = coordinate::remember<memory>(data, draw[i], keep, args.step[i]);
                kept[i] = keep;
            }
        }
    }
};

struct SetClock {
    template <ScheduleKind kind>
    KRAMERS_HD static void row(ClockArgs const& args, ScheduleData data, double* out) {
        data.kind = kind;
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i)
            out[i] = coordinate::schedule_factor(data, args.step[i] * args.iterations_per_step);
    }
    KRAMERS_HD static void factor(ClockArgs const& args, ScheduleData const& data, double* out) {
        factor(KindsOf<coordinate::all_schedules>{}, args, data, out);
    }
    template <ScheduleKind... kinds>
    KRAMERS_HD static void factor(coordinate::Kinds<kinds...>, ClockArgs const& args,
                                  ScheduleData const& data, double* out) {
        ((data.kind == kinds ? row<kinds>(args, data, out) : void()), ...);
    }
    KRAMERS_HD static void run(ClockArgs const& args) {
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) args.time[i] = args.step[i] * args.dt;
        if (!is_constant(args.rate)) factor(args, args.rate, args.rate_row);
        if (!is_constant(args.noise)) factor(args, args.noise, args.noise_row);
    }
};

struct NextStep {
    KRAMERS_HD static void run(ClockArgs const& args) {
        KRAMERS_LANE_LOOP
        for (int i = 0; i < args.lanes; ++i) args.step[i] = args.step[i] + 1.0;
    }
};

struct Displace {
    KRAMERS_HD static void run(ShiftArgs const& args) {
        for (int c = 0; c < args.dim; ++c) {
            double* const point = args.point + c * lane_count;
            double const* const draw = args.draw + c * lane_count;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i)
                point[i] = point[i] + (args.shift * args.noise[i]) * draw[i];
        }
    }
};

struct BatchMean {
    KRAMERS_HD static void run(BatchArgs const& args) {
        coordinate::PopulationData const data = args.data;
        double const share = 1.0 / data.batch;
        for (int c = 0; c < data.dim; ++c) {
            double* const out = args.out + c * lane_count;
            double const* const offsets = data.offsets + c;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) out[i] = 0.0;
            for (int j = 0; j < data.batch; ++j) {
                std::uint32_t const* const words = args.words + j * lane_count;
                KRAMERS_LANE_LOOP
                for (int i = 0; i < args.lanes; ++i) {
                    long const sample = coordinate::detail::below(words[i], data.samples);
                    out[i] = out[i] + share * offsets[sample * data.dim];
                }
            }
        }
    }
};

/// The shuffle of population_offsets without its array: what place r holds follows from the swaps
/// made so far. In step j place r = j + below(word, N − j) gives its sample away and gets that of
/// place j.
struct DistinctBatchMean {
    KRAMERS_HD static void run(BatchArgs const& args) {
        for (int from = 0; from < args.lanes; from += lane_quantum) some(args, from);
    }

  private:
    using Row = std::int32_t[lane_quantum];

    KRAMERS_HD static void some(BatchArgs const& args, int from) {
        coordinate::PopulationData const data = args.data;
        Row place[most_words_ahead], moved[most_words_ahead], drawn[most_words_ahead];
        for (int j = 0; j < data.batch; ++j) {
            std::uint32_t const* const words = args.words + j * lane_count + from;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < lane_quantum; ++i) {
                place[j][i] = j + coordinate::detail::below(words[i], data.samples - j);
                drawn[j][i] = place[j][i];
                moved[j][i] = j;
            }
            for (int k = 0; k < j; ++k) {
                KRAMERS_LANE_LOOP
                for (int i = 0; i < lane_quantum; ++i) {
                    drawn[j][i] = place[k][i] == place[j][i] ? moved[k][i] : drawn[j][i];
                    moved[j][i] = place[k][i] == j ? moved[k][i] : moved[j][i];
                }
            }
        }
        double const share = 1.0 / data.batch;
        for (int c = 0; c < data.dim; ++c) {
            double* const out = args.out + c * lane_count + from;
            double const* const offsets = data.offsets + c;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < lane_quantum; ++i) out[i] = 0.0;
            for (int j = 0; j < data.batch; ++j) {
                KRAMERS_LANE_LOOP
                for (int i = 0; i < lane_quantum; ++i)
                    out[i] = out[i] + share * offsets[drawn[j][i] * data.dim];
            }
        }
    }
};

struct MatrixArgs {
    double const* matrix;
    int dim;
    int lanes;
    double* rows;
    double* scratch;
};

struct LowerProduct {
    KRAMERS_HD static void run(MatrixArgs const& args) {
        for (int r = args.dim - 1; r >= 0; --r) {
            double* const out = args.rows + r * lane_count;
            double const* const weight = args.matrix + r * args.dim;
            double const own = weight[r];
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) out[i] = own * out[i];
            for (int c = 0; c < r; ++c) {
                double const* const in = args.rows + c * lane_count;
                double const w = weight[c];
                KRAMERS_LANE_LOOP
                for (int i = 0; i < args.lanes; ++i) out[i] = math::fma(w, in[i], out[i]);
            }
        }
    }
};

struct Product {
    KRAMERS_HD static void run(MatrixArgs const& args) {
        for (int r = 0; r < args.dim; ++r) {
            double* const out = args.scratch + r * lane_count;
            KRAMERS_LANE_LOOP
            for (int i = 0; i < args.lanes; ++i) out[i] = 0.0;
            for (int c = 0; c < args.dim; ++c) {
                double const* const in = args.rows + c * lane_count;
                double const w = args.matrix[r * args.dim + c];
                KRAMERS_LANE_LOOP
                for (int i = 0; i < args.lanes; ++i) out[i] = math::fma(w, in[i], out[i]);
            }
        }
        for (int r = 0; r < args.dim; ++r)
            for (int i = 0; i < args.lanes; ++i)
                args.rows[r * lane_count + i] = args.scratch[r * lane_count + i];
    }
};

/// The kernel of one entry of a list.
template <template <auto> class Loop, class Args, auto... kinds>
auto kernel_of(coordinate::Kinds<kinds...>, auto kind, Isa isa) {
    void (*kernel)(Args const&) = nullptr;
    ((kind == kinds ? void(kernel = Clones<Loop<kinds>, Args>::select(isa)) : void()), ...);
    return kernel;
}

template <auto shape>
using ShapeF32 = Shape<shape, float>;
template <auto shape>
using ShapeF64 = Shape<shape, double>;

}  // namespace

ShapeKernel shape_kernel(NoiseShape shape, bool double_normals, Isa isa) {
    if (coordinate::draw_needs(shape).population) return nullptr;
    KindsOf<coordinate::all_shapes> const all;
    return double_normals ? kernel_of<ShapeF64, ShapeArgs>(all, shape, isa)
                          : kernel_of<ShapeF32, ShapeArgs>(all, shape, isa);
}

AmplitudeKernel amplitude_kernel(NoiseAmplitude kind, Isa isa) {
    return kernel_of<Amplitude, AmplitudeArgs>(KindsOf<coordinate::all_amplitudes>{}, kind, isa);
}

HessianNoiseKernel hessian_noise_kernel(int dim, Isa isa) {
    return dim == 2 ? Clones<PlaneHessian, HessianNoiseArgs>::select(isa)
                    : Clones<WholeHessian, HessianNoiseArgs>::select(isa);
}

MemoryKernel memory_kernel(NoiseMemory memory, Isa isa) {
    if (!coordinate::remembers(memory)) return nullptr;
    return kernel_of<Memory, MemoryArgs>(KindsOf<coordinate::all_memories>{}, memory, isa);
}

ClockKernel next_step_kernel(Isa isa) { return Clones<NextStep, ClockArgs>::select(isa); }

BatchKernel batch_kernel(coordinate::PopulationOrder order, Isa isa) {
    return order == coordinate::PopulationOrder::with_replacement
               ? Clones<BatchMean, BatchArgs>::select(isa)
               : Clones<DistinctBatchMean, BatchArgs>::select(isa);
}

ShiftKernel shift_kernel(Isa isa) { return Clones<Displace, ShiftArgs>::select(isa); }

ClockKernel clock_kernel(Isa isa) { return Clones<SetClock, ClockArgs>::select(isa); }

void mix(double const* lower, int dim, int lanes, double* rows, Isa isa) {
    Clones<LowerProduct, MatrixArgs>::select(isa)({lower, dim, lanes, rows, nullptr});
}

void transform(double const* matrix, int dim, int lanes, double* rows, double* scratch, Isa isa) {
    Clones<Product, MatrixArgs>::select(isa)({matrix, dim, lanes, rows, scratch});
}

}  // namespace kramers::composed
