// SPDX-License-Identifier: Apache-2.0
#include "sde/linear_algebra.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <unsupported/Eigen/MatrixFunctions>

namespace kramers::linear {

SymmetricEigen symmetric_eigen(MatrixXd const& symmetric) {
    Eigen::SelfAdjointEigenSolver<MatrixXd> const solver(symmetric);
    return {solver.eigenvalues(), solver.eigenvectors()};
}

double smallest_real_part(MatrixXd const& matrix) { return matrix.eigenvalues().real().minCoeff(); }

MatrixXd product(MatrixXd const& a, MatrixXd const& b) { return a * b; }

MatrixXd congruence(MatrixXd const& a, MatrixXd const& s) { return a * s * a.transpose(); }

MatrixXd exponential(MatrixXd const& a) { return a.exp(); }

MatrixXd solve(MatrixXd const& a, MatrixXd const& b) { return a.partialPivLu().solve(b); }

MatrixXd solve_carefully(MatrixXd const& a, MatrixXd const& b) { return a.fullPivLu().solve(b); }

VectorXd solve_positive(MatrixXd const& a, VectorXd const& b) { return a.ldlt().solve(b); }

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
