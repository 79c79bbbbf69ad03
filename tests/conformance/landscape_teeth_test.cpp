// SPDX-License-Identifier: Apache-2.0
// Broken twins of landscapes: each must be rejected by the check that the catalogue passes.
#include <doctest/doctest.h>

#include "tests/conformance/landscape_checks.hpp"

namespace landscape_teeth_test {
using namespace kramers;
using namespace kramers::checks;

namespace {

/// Everything as the original has it; a twin overrides one thing.
class Twin : public LandscapeView {
  public:
    explicit Twin(std::shared_ptr<LandscapeView const> original) : original_(std::move(original)) {}
    std::string_view name() const override { return "twin"; }
    int dim() const override { return original_->dim(); }
    double value(Eigen::VectorXd const& x) const override { return original_->value(x); }
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        return original_->gradient(x);
    }
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const override {
        return original_->hessian(x);
    }
    std::array<double, 5> derivatives(double x) const override { return original_->derivatives(x); }
    std::vector<CriticalPoint> const& critical_points() const override {
        return original_->critical_points();
    }
    bool separable() const override { return original_->separable(); }
    double coordinate_value(int i, double x) const override {
        return original_->coordinate_value(i, x);
    }
    double coordinate_slope(int i, double x) const override {
        return original_->coordinate_slope(i, x);
    }
    std::optional<Eigen::VectorXd> curvatures() const override { return original_->curvatures(); }
    Eigen::VectorXd gradient_of_value(Eigen::VectorXd const& x) const override {
        return original_->gradient_of_value(x);
    }
    Eigen::VectorXd gradient_in_float(Eigen::VectorXd const& x) const override {
        return original_->gradient_in_float(x);
    }

  protected:
    std::shared_ptr<LandscapeView const> original_;
};

std::shared_ptr<LandscapeView const> rastrigin(int dim) {
    return make_landscape("rastrigin", dim, {10.0});
}
std::shared_ptr<LandscapeView const> tilted() {
    return make_landscape("tilted_double_well", 1, {1.0, 0.25, 0.1});
}

struct ScaledGradient : Twin {
    using Twin::Twin;
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        return 1.01 * original_->gradient(x);
    }
};

/// The tilt enters the gradient with the wrong sign (−0.1 instead of 0.1): shifted by −0.2.
struct WrongSignTilt : Twin {
    using Twin::Twin;
    Eigen::VectorXd gradient(Eigen::VectorXd const& x) const override {
        return original_->gradient(x).array() - 0.2;
    }
};

struct HalfHessian : Twin {
    using Twin::Twin;
    Eigen::MatrixXd hessian(Eigen::VectorXd const& x) const override {
        return 0.5 * original_->hessian(x);
    }
};

struct LostFactorial : Twin {
    using Twin::Twin;
    std::array<double, 5> derivatives(double x) const override {
        std::array<double, 5> d = original_->derivatives(x);
        d[3] /= 6.0;  // the Taylor coefficient instead of the derivative
        return d;
    }
};

struct DoublePrecisionLost : Twin {
    using Twin::Twin;
    Eigen::VectorXd gradient_in_float(Eigen::VectorXd const& x) const override {
        return 1.001 * original_->gradient_in_float(x);
    }
};

/// Critical points after a change.
class ChangedPoints : public Twin {
  public:
    template <class Change>
    ChangedPoints(std::shared_ptr<LandscapeView const> original, Change const& change)
        : Twin(std::move(original)), points_(original_->critical_points()) {
        change(points_);
    }
    std::vector<CriticalPoint> const& critical_points() const override { return points_; }

  private:
    std::vector<CriticalPoint> points_;
};

struct Coupled : Twin {
    using Twin::Twin;
    double value(Eigen::VectorXd const& x) const override {
        return original_->value(x) + 1e-6 * x[0] * x[1];
    }
};

}  // namespace

TEST_CASE("Teeth: the original passes where its twins are rejected") {
    Twin const same(rastrigin(2));
    CHECK(check_gradient(same).empty());
    CHECK(check_hessian(same).empty());
    CHECK(check_critical_points(same).empty());
    CHECK(check_separable(same).empty());
}

TEST_CASE("Teeth: a gradient scaled by 1.01 is rejected") {
    CHECK_FALSE(check_gradient(ScaledGradient(rastrigin(2))).empty());
    CHECK_FALSE(check_gradient(ScaledGradient(tilted())).empty());
}

TEST_CASE("Teeth: a tilt of the wrong sign is rejected") {
    CHECK_FALSE(check_gradient(WrongSignTilt(tilted())).empty());
    CHECK_FALSE(check_critical_points(WrongSignTilt(tilted())).empty());
}

TEST_CASE("Teeth: a Hessian without its factor 2 is rejected") {
    CHECK_FALSE(check_hessian(HalfHessian(rastrigin(2))).empty());
    CHECK_FALSE(check_hessian(HalfHessian(tilted())).empty());
}

TEST_CASE("Teeth: Taylor coefficients in place of derivatives are rejected") {
    CHECK_FALSE(check_derivatives(LostFactorial(tilted())).empty());
}

TEST_CASE("Teeth: a float instance that is off by 0.1 % is rejected") {
    CHECK_FALSE(check_gradient(DoublePrecisionLost(rastrigin(1))).empty());
}

TEST_CASE("Teeth: a saddle called minimum is rejected") {
    ChangedPoints const twin(tilted(), [](auto& points) { points[1].name = "minimum.middle"; });
    CHECK_FALSE(check_critical_points(twin).empty());
}

TEST_CASE("Teeth: a saddle counted as a minimum is rejected") {
    ChangedPoints const twin(tilted(), [](auto& points) { points[1].morse_index = 0; });
    CHECK_FALSE(check_critical_points(twin).empty());
}

TEST_CASE("Teeth: a critical point assumed where the tilt has moved it from is rejected") {
    ChangedPoints const twin(tilted(), [](auto& points) { points[0].point[0] = -1.0; });
    CHECK_FALSE(check_critical_points(twin).empty());
    CHECK_FALSE(check_complete(twin).empty());
}

TEST_CASE("Teeth: one point under two names is rejected") {
    ChangedPoints const twin(tilted(), [](auto& points) {
        points.push_back(points[0]);
        points.back().name = "minimum.other";
    });
    CHECK_FALSE(check_critical_points(twin).empty());
}

TEST_CASE("Teeth: a critical point left out is rejected") {
    ChangedPoints const twin(tilted(), [](auto& points) { points.erase(points.begin() + 1); });
    CHECK_FALSE(check_complete(twin).empty());
}

TEST_CASE("Teeth: a wrong power of growth is rejected") {
    CHECK_FALSE(check_growth(*tilted(), {2.0, "quadratic"}).empty());
    CHECK_FALSE(check_growth(*rastrigin(2), {4.0, "quartic"}).empty());
}

TEST_CASE("Teeth: coordinates coupled by 1e-6 x y are not separable") {
    CHECK_FALSE(check_separable(Coupled(rastrigin(2))).empty());
}

TEST_CASE("Teeth: parameters that are never checked are rejected") {
    LandscapeInfo const& info = *find_landscape("double_well");
    CHECK_FALSE(check_ranges(info, 1, [](auto const&) { return Failures{}; }).empty());
}

TEST_CASE("Teeth: an entry without source, or whose formula misses a parameter, is rejected") {
    LandscapeInfo twin = *find_landscape("double_well");
    twin.source = "";
    CHECK(check_entry(twin).size() == 1);
    twin = *find_landscape("double_well");
    twin.formula = "V(x) = ((x/half_width)^2 - 1)^2";
    CHECK(check_entry(twin).size() == 1);
}

}  // namespace landscape_teeth_test
