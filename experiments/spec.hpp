// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gpu/plan.hpp"
#include "sde/estimand.hpp"
#include "sde/theory/potential.hpp"

namespace kramers {

enum class ExperimentKind { escape, stationary };
enum class Verdict { agree, disagree, undecided, out_of_domain };

struct NamedRegion {
    std::string name;
    Region region;
};

/// One line of the validation table, as written in a spec, before anything is run.
struct ClaimSpec {
    std::string id;        ///< "<spec name>.<position or given id>", unique in a catalogue
    std::string sentence;  ///< the statement in words
    Estimand estimand;
    std::string against;     ///< name of a prediction: "quadrature", "kramers", …
    double tolerance = 0.0;  ///< relative; agree: the whole interval lies within it
    std::string where;       ///< condition on a cell's facts; empty: every cell
    Verdict expect = Verdict::agree;
    int line = 0;
};

/// One point of the sweep with every name resolved to numbers.
struct Cell {
    int index = 0;
    std::vector<std::pair<std::string, std::variant<double, std::string>>>
        swept;  ///< key → value here
    std::string landscape;
    int dim = 1;
    std::vector<double> landscape_values;  ///< in the order of the landscape's parameters()
    std::shared_ptr<Potential const> potential;
    std::string dynamics;
    std::vector<double> dynamics_values;
    std::string scheme;          ///< "iterate" for an optimizer
    double temperature = 0.0;    ///< T; of the limit SDE for an optimizer
    double learning_rate = 0.0;  ///< η; 0 for an SDE
    std::vector<double> dt;      ///< rungs of the ladder, finest first; an optimizer has one: η
    Crossing crossing = Crossing::endpoint;
    Precision precision = Precision::mixed;
    Start start;
    std::string start_name;       ///< as written: "minimum.left", "(0, 0)", "gibbs"
    Eigen::VectorXd start_point;  ///< representative point (of a point start)
    std::vector<NamedRegion> regions;
    std::vector<std::string>
        targets;  ///< escape: names of the regions that stop a trajectory, one run each
    bool stop_at_first = false;   ///< escape: true: all targets in one run, an arrival says which
    double max_time = 0.0;        ///< escape: censoring time; ∞ is resolved to max_steps
    std::uint64_t max_steps = 0;  ///< escape, at the finest rung
    std::uint64_t trajectories = 0;
    std::uint64_t seed = 0;
    double divergence_bound = 1e6;
    SnapshotPlan snapshots;  ///< stationary
    std::map<std::string, double>
        facts;  ///< names usable in `where`: barrier, temperature, dt, max_curvature, learning_rate, …
    std::vector<std::string>
        notes;  ///< resolved facts worth printing: "minimum.left at x = -1.0467, V = …", "T = eta sigma^2/(2B) = …"
};

/// An experiment, resolved. Made by load_spec(); nothing in it refers to the file any more.
struct Spec {
    std::string name;  ///< file stem
    std::string title;
    ExperimentKind kind = ExperimentKind::escape;
    std::string figure;  ///< recipe in plots/, or empty
    std::vector<Cell> cells;
    std::vector<ClaimSpec> claims;
    std::string resolved;  ///< the resolved spec as TOML: `kramers run` on it repeats the run
};

/// The numbers-only plan of one run of a cell: rung `level` of the ladder, target `target` (an index
/// into cell.targets; ignored for stationary cells and when stop_at_first).
Plan make_plan(Cell const& cell, int level, int target);

}  // namespace kramers
