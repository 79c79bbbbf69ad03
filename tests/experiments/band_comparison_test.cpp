// SPDX-License-Identifier: Apache-2.0
#include "experiments/band_comparison.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace band_comparison_test {
using namespace kramers;

namespace {

ClaimSpec claim(double tolerance) {
    ClaimSpec c;
    c.estimand = StationaryDensity{{0}};
    c.tolerance = tolerance;
    return c;
}

Prediction gibbs() {
    Prediction p;
    p.name = "gibbs";
    return p;
}

/// Bin probabilities of a two-peaked curve with empty tails, over [−3, 3].
std::vector<double> two_peaks(int bins, double temperature) {
    std::vector<double> p;
    double sum = 0.0;
    for (int k = 0; k < bins; ++k) {
        double const x = -3.0 + 6.0 * (k + 0.5) / bins;
        p.push_back(std::exp(-(x * x - 1.0) * (x * x - 1.0) / temperature));
        sum += p.back();
    }
    for (double& v : p) v /= sum;
    return p;
}

std::vector<double> sample(std::vector<double> const& probabilities, int n, std::mt19937_64& bits) {
    std::vector<double> counts;
    double left = 1.0;
    int rest = n;
    for (double p : probabilities) {
        double const share = left > 0.0 ? std::min(1.0, p / left) : 0.0;
        int const c = std::binomial_distribution<int>(rest, share)(bits);
        counts.push_back(c);
        rest -= c;
        left -= p;
    }
    return counts;
}

/// One snapshot per trajectory.
std::vector<BandBin> bins_of(std::vector<double> const& counts, int n,
                             std::vector<double> const& predictions) {
    Density d;
    d.samples = static_cast<std::uint64_t>(n);
    double const width = 6.0 / static_cast<double>(counts.size());
    for (std::size_t k = 0; k < counts.size(); ++k) {
        DensityBin b;
        b.lower_x = -3.0 + width * static_cast<double>(k);
        b.upper_x = b.lower_x + width;
        double const p = counts[k] / n;
        b.density = p / width;
        b.standard_error = std::sqrt(p * (1.0 - p) / n) / width;
        d.bins.push_back(b);
    }
    return band_bins(d, predictions, d.samples, 1);
}

}  // namespace

TEST_CASE("compare_band: distance, worst bin and units are those of the docstring") {
    // two bins of width 3: predicted 0.5, 0.5; seen 0.52, 0.48 of 10^6: D = 0.02/0.5 = 0.04
    auto const bins = bins_of({520000.0, 480000.0}, 1000000, {0.5, 0.5});
    CHECK(bins[0].volume == doctest::Approx(3.0));
    Comparison const c = compare_band(claim(0.05), 0, bins, gibbs(), 0.95);
    CHECK(c.estimate.value == doctest::Approx(0.04));
    CHECK(c.estimate.standard_error == doctest::Approx(0.001).epsilon(0.01));  // 0.0005/0.5
    CHECK(c.prediction.value == 0.0);
    // Bonferroni over two bins: 97.5 %, z = 2.2414, half-width 0.00224
    CHECK(c.family_interval.lower == doctest::Approx(0.04 - 0.00224).epsilon(0.01));
    CHECK(c.family_interval.upper == doctest::Approx(0.04 + 0.00224).epsilon(0.01));
    CHECK(c.verdict == Verdict::agree);
    CHECK(compare_band(claim(0.03), 0, bins, gibbs(), 0.95).verdict == Verdict::disagree);
    CHECK(compare_band(claim(0.04), 0, bins, gibbs(), 0.95).verdict == Verdict::undecided);
    CHECK(c.note.find("[-3, 0)") != std::string::npos);
}

TEST_CASE("compare_band: a true density with empty tails is refuted at most as often as it says") {
    // 2000 histograms of 5000 samples in 40 bins, half of them practically empty; tolerance 0.
    // At most 5 % refuted: 100, standard deviation 9.7, below 148 but for 1e-6.
    std::mt19937_64 bits(11);
    auto const truth = two_peaks(40, 0.25);
    int refuted = 0, refuted_unadjusted = 0;
    for (int k = 0; k < 2000; ++k) {
        auto const bins = bins_of(sample(truth, 5000, bits), 5000, truth);
        refuted +=
            compare_band(claim(0.0), 0, bins, gibbs(), 0.95).verdict == Verdict::disagree ? 1 : 0;
        bool any = false;  // twin: every bin at 95 %, as if only one were looked at
        for (auto const& bin : bins) {
            any = any ||
                  compare_band(claim(0.0), 0, {bin}, gibbs(), 0.95).verdict == Verdict::disagree;
        }
        refuted_unadjusted += any ? 1 : 0;
    }
    CHECK(refuted < 148);
    CHECK(refuted_unadjusted > 600);
}

TEST_CASE("compare_band: the density of another temperature is refuted, the true one confirmed") {
    std::mt19937_64 bits(12);
    auto const truth = two_peaks(40, 0.25);
    auto const counts = sample(truth, 200000, bits);
    CHECK(compare_band(claim(0.05), 0, bins_of(counts, 200000, truth), gibbs(), 0.999).verdict ==
          Verdict::agree);
    auto const wrong = two_peaks(40, 0.5);  // sigma^2 taken for T
    CHECK(compare_band(claim(0.05), 0, bins_of(counts, 200000, wrong), gibbs(), 0.999).verdict ==
          Verdict::disagree);
}

TEST_CASE("compare_band: so many more trajectories decide") {
    auto const truth = two_peaks(20, 0.25);
    auto at = [&](double n) {
        std::vector<double> counts;
        for (double p : truth) counts.push_back(p * n);
        return compare_band(claim(0.05), 0, bins_of(counts, static_cast<int>(n), truth), gibbs(),
                            0.95);
    };
    Comparison const now = at(2000.0);
    REQUIRE(now.verdict == Verdict::undecided);
    // Clopper–Pearson limits shrink a little faster than 1/√n, so the
    // projection is high by a few percent
    double const total = 2000.0 + now.more_trajectories;
    CHECK(at(total * 1.02).verdict == Verdict::agree);
    CHECK(at(total * 0.85).verdict == Verdict::undecided);
}

TEST_CASE("compare_band: an empty bin of a group-wise histogram has an interval, not the point 0") {
    BandBin full;
    full.probability.value = 0.9;
    full.probability.standard_error = 0.01;
    full.probability.trajectories = 1000;
    full.prediction = 0.9;
    BandBin empty = full;
    empty.probability.value = 0.0;
    empty.probability.standard_error = 0.0;
    empty.prediction = 1e-3;  // one trajectory in all expected
    CHECK(compare_band(claim(0.0), 0, {full, empty}, gibbs(), 0.95).verdict == Verdict::undecided);
    empty.prediction = 0.05;  // fifty expected, none seen
    CHECK(compare_band(claim(0.0), 0, {full, empty}, gibbs(), 0.95).verdict == Verdict::disagree);
}

TEST_CASE("compare_band: no verdict out of domain or without numbers") {
    BandBin bin;
    bin.probability.value = 0.5;
    bin.probability.standard_error = 0.01;
    bin.prediction = 0.5;
    Prediction outside = gibbs();
    outside.in_domain = false;
    CHECK(compare_band(claim(0.1), 0, {bin}, outside, 0.95).verdict == Verdict::out_of_domain);
    bin.probability.value = std::numeric_limits<double>::quiet_NaN();
    CHECK(compare_band(claim(0.1), 0, {bin}, gibbs(), 0.95).verdict == Verdict::undecided);
}

}  // namespace band_comparison_test
