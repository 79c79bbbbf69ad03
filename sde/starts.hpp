// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace kramers {

enum class StartKind { point, quantile_table };

/// Where trajectories begin, as plain numbers.
///
///   point           every trajectory at `point` (dim entries)
///   quantile_table  each coordinate independently from an inverse distribution function tabulated
///                   at u = 0, 1/(K−1), …, 1 and interpolated linearly: `table` holds dim blocks of
///                   K values. This is how "Gibbs in a well" of a separable landscape is drawn; the
///                   uniform of coordinate i is word i of the stream's `start` purpose.
struct Start {
    StartKind kind = StartKind::point;
    std::vector<double> point;
    std::vector<double> table;
    friend bool operator==(Start const&, Start const&) = default;
};

}  // namespace kramers
