// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

/// Dense linear algebra on the host, double precision. Eigen does the work; its decompositions and
/// products are templates that cost seconds in every source that uses them, so they are compiled here,
/// once. Never in a trajectory.
namespace kramers::linear {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct SymmetricEigen {
    VectorXd values;   ///< ascending
    MatrixXd vectors;  ///< orthonormal columns, in the order of the values
};
/// Eigenvalues and eigenvectors of a symmetric matrix (its lower triangle is read).
SymmetricEigen symmetric_eigen(MatrixXd const& symmetric);

/// Smallest real part of the eigenvalues of a square matrix.
double smallest_real_part(MatrixXd const& matrix);

/// a b.
MatrixXd product(MatrixXd const& a, MatrixXd const& b);

/// a s aᵀ.
MatrixXd congruence(MatrixXd const& a, MatrixXd const& s);

/// e^a.
MatrixXd exponential(MatrixXd const& a);

/// x of a x = b for a square a: LU with partial pivoting.
MatrixXd solve(MatrixXd const& a, MatrixXd const& b);

/// The x with the smallest |a x − b|, column by column of b: QR with column pivoting. Also for square
/// systems that may be close to singular.
MatrixXd least_squares(MatrixXd const& a, MatrixXd const& b);

/// Number of linearly independent columns, by the same decomposition.
Eigen::Index rank(MatrixXd const& a);

/// Orthonormal columns that are orthogonal to all columns of a: rows(a) − rank(a) of them.
MatrixXd left_null_space(MatrixXd const& a);

}  // namespace kramers::linear
