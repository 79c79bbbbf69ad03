// SPDX-License-Identifier: Apache-2.0
#include "sde/linear_algebra.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <unsupported/Eigen/MatrixFunctions>

#include <algorithm>
#include <limits>

namespace kramers::linear {

SymmetricEigen symmetric_eigen(MatrixXd const& symmetric) {
    Eigen::SelfAdjointEigenSolver<MatrixXd> const solver(symmetric);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

double smallest_real_part(MatrixXd const& matrix) {
    // The diagonal blocks of a real Schur form: a real eigenvalue, or a conjugate pair whose real part is
    // half the trace. The general solver of Eigen finds vectors too, and takes as long to compile as the rest.
    MatrixXd const t = Eigen::RealSchur<MatrixXd>(matrix, false).matrixT();
    double smallest = std::numeric_limits<double>::infinity();
    for (Eigen::Index i = 0; i < t.rows(); ++i) {
        bool const pair = i + 1 < t.rows() && t(i + 1, i) != 0.0;
        smallest = std::min(smallest, pair ? 0.5 * (t(i, i) + t(i + 1, i + 1)) : t(i, i));
        if (pair) ++i;
    }
    return smallest;
}

MatrixXd product(MatrixXd const& a, MatrixXd const& b) { return a * b; }

MatrixXd congruence(MatrixXd const& a, MatrixXd const& s) { return a * s * a.transpose(); }

MatrixXd exponential(MatrixXd const& a) { return a.exp(); }

MatrixXd solve(MatrixXd const& a, MatrixXd const& b) { return a.partialPivLu().solve(b); }

MatrixXd least_squares(MatrixXd const& a, MatrixXd const& b) {
    return a.colPivHouseholderQr().solve(b);
}

Eigen::Index rank(MatrixXd const& a) { return a.colPivHouseholderQr().rank(); }

MatrixXd left_null_space(MatrixXd const& a) {
    auto const qr = a.colPivHouseholderQr();
    MatrixXd const q = qr.householderQ() * MatrixXd::Identity(a.rows(), a.rows());
    return q.rightCols(a.rows() - qr.rank());
}

}  // namespace kramers::linear
