# SPDX-License-Identifier: Apache-2.0
"""Teeth of the checks: each must reject a small tree with one thing wrong."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import format as format_check  # noqa: E402
import layering  # noqa: E402
import references  # noqa: E402
import spdx  # noqa: E402
import tree  # noqa: E402

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


class Tree(unittest.TestCase):
    """A temporary repository of a few files."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")


class Layering(Tree):
    def problems_of(self, path, include):
        self.write(path, LICENCE + f"#include {include}\n")
        return layering.check(self.root)

    def test_allowed_includes_pass(self):
        self.write("sde/vec.hpp", LICENCE + "#include <cmath>\n")
        self.write("sde/theory/kramers.cpp", LICENCE + '#include "sde/vec.hpp"\n#include <Eigen/Dense>\n')
        self.write("landscapes/a.hpp", LICENCE + '#include "sde/theory/potential.hpp"\n')
        self.write("gpu/loop.hpp", LICENCE + '#include "estimators/tallies/passage.hpp"\n')
        self.write("experiments/main.cpp", LICENCE + '#include "gpu/simulate.hpp"\n#include <CLI/CLI.hpp>\n')
        self.assertEqual(layering.check(self.root), [])

    def test_upward_includes_are_rejected(self):
        for path, target in [("sde/vec.hpp", "sde/theory/potential.hpp"),
                             ("sde/vec.hpp", "landscapes/rastrigin.hpp"),
                             ("sde/theory/kramers.cpp", "estimators/estimate.hpp"),
                             ("sde/theory/kramers.cpp", "gpu/simulate.hpp"),
                             ("landscapes/a.hpp", "sde/theory/prediction.hpp"),
                             ("landscapes/a.hpp", "gpu/plan.hpp"),
                             ("estimators/tallies/passage.hpp", "estimators/estimate.hpp"),
                             ("estimators/rate.cpp", "sde/theory/prediction.hpp"),
                             ("estimators/rate.cpp", "gpu/plan.hpp"),
                             ("gpu/loop.hpp", "estimators/estimate.hpp"),
                             ("gpu/loop.hpp", "sde/theory/potential.hpp"),
                             ("gpu/loop.hpp", "experiments/spec.hpp"),
                             ("experiments/a.cpp", "tests/support/statistics.hpp")]:
            with self.subTest(path=path, target=target):
                self.setUp()
                self.assertEqual(len(self.problems_of(path, f'"{target}"')), 1)

    def test_includes_are_rooted_at_the_repository(self):
        self.assertIn("not rooted", self.problems_of("sde/vec.hpp", '"math.hpp"')[0])
        self.assertIn("not rooted", self.problems_of("sde/vec.hpp", '"../gpu/plan.hpp"')[0])

    def test_third_party_in_headers_is_rejected(self):
        self.assertTrue(self.problems_of("experiments/spec.hpp", "<toml++/toml.h>"))
        self.setUp()
        self.assertTrue(self.problems_of("gpu/simulate.hpp", "<thrust/for_each.h>"))

    def test_eigen_must_not_reach_a_cuda_unit(self):
        self.write("gpu/a.cu", LICENCE + '#include "gpu/b.hpp"\n')
        self.write("gpu/b.hpp", LICENCE + '#include "sde/c.hpp"\n')
        self.write("sde/c.hpp", LICENCE)
        self.assertEqual(layering.check(self.root), [])
        self.write("sde/c.hpp", LICENCE + "#include <Eigen/Dense>\n")
        self.assertEqual(len(layering.check(self.root)), 1)

    def test_test_file_keeps_its_names_to_itself(self):
        self.write("tests/sde/a_test.cpp", LICENCE + "namespace a_test {\n}  // namespace a_test\n")
        self.assertEqual(layering.check(self.root), [])
        self.write("tests/sde/b_test.cpp", LICENCE + "namespace a_test {\n}  // namespace a_test\n")
        self.assertEqual(len(layering.check(self.root)), 1)


class Spdx(Tree):
    def test_missing_line_is_rejected(self):
        self.write("sde/vec.hpp", LICENCE)
        self.assertEqual(spdx.check(self.root), [])
        self.write("sde/math.hpp", "#pragma once\n")
        self.write("plots/style.py", "import os\n")
        self.assertEqual(len(spdx.check(self.root)), 2)


class References(Tree):
    def setUp(self):
        super().setUp()
        self.write(references.BIBLIOGRAPHY, "@article{kramers1940,\n  year = {1940}}\n")

    def test_known_key_passes(self):
        self.write("sde/a.hpp", LICENCE + "/// Source      kramers1940, equation 17 (E12)\n")
        self.assertEqual(references.check(self.root), [])

    def test_unknown_key_is_rejected_also_in_a_continuation_line(self):
        self.write("sde/a.hpp", LICENCE + "/// Source      kramers1940;\n///             eyring1935\n")
        self.assertEqual(len(references.check(self.root)), 1)

    def test_source_without_key_and_doubled_entry_are_rejected(self):
        self.write("sde/a.hpp", LICENCE + "/// Source      folklore\n")
        self.write(references.BIBLIOGRAPHY, "@article{kramers1940,}\n@book{kramers1940,}\n")
        self.assertEqual(len(references.check(self.root)), 2)

    def test_landscape_without_source_is_rejected(self):
        self.write("landscapes/a.hpp",
                   LICENCE + 'static constexpr std::string_view name = "a";\n')
        self.assertEqual(len(references.check(self.root)), 1)


@unittest.skipUnless(format_check.formatter(), "no clang-format 14")
class Format(Tree):
    def test_unformatted_file_is_rejected(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.write("sde/a.hpp", LICENCE + "int f();\n")
        self.assertEqual(format_check.check(self.root, format_check.formatter()), [])
        self.write("sde/a.hpp", LICENCE + "int   f( ) ;\n")
        self.assertEqual(len(format_check.check(self.root, format_check.formatter())), 1)


class Files(Tree):
    def test_build_and_run_folders_are_left_out(self):
        self.write("sde/a.hpp", LICENCE)
        self.write("build/release/b.hpp", LICENCE)
        self.write("runs/demo/c.hpp", LICENCE)
        self.assertEqual([path.as_posix() for path in tree.files(self.root)], ["sde/a.hpp"])


if __name__ == "__main__":
    unittest.main()
