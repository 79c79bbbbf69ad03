# SPDX-License-Identifier: Apache-2.0
"""Draws the figure of a run folder, from its files alone.

python3 plot.py RUNDIR [--format pdf,png] [--style icml] [--figure NAME]

Exit codes: 0 drawn (the paths are printed), 2 bad input, 3 matplotlib is missing or the folder
cannot be written.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMATS = ("pdf", "png")
NOT_RECIPES = {"plot", "load", "style"}


def recipes():
    """Names of the figures that can be drawn: the other files of this folder."""
    return sorted(p.stem for p in HERE.glob("*.py") if p.stem not in NOT_RECIPES)


def draw(run_folder, formats=FORMATS, style_name="icml", figure_name=None):
    """Draws and saves; returns the paths written. Raises load.RunError for bad input."""
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    import load
    import style

    import matplotlib

    run = load.Run(run_folder)
    name = figure_name or run.figure
    if not name:
        raise load.RunError(f"{run_folder}: its specification names no figure; set `figure` in "
                            f"the spec or pass --figure (have: {', '.join(recipes())})")
    if name not in recipes():
        raise load.RunError(f'unknown figure "{name}" (have: {", ".join(recipes())})')
    chosen = style.STYLES[style_name]
    names = [name]
    if not figure_name:  # what a recipe has drawn beside itself
        names += getattr(importlib.import_module(name), "ALSO", ())
    folder = Path(run_folder) / "figures"
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc of the user must not change a figure
        matplotlib.rcParams.update(style.rc(chosen))
        drawn = [(n, importlib.import_module(n).draw(run, chosen)) for n in names]
        folder.mkdir(exist_ok=True)
        return [save(figure, folder, n, extension) for n, figure in drawn
                for extension in formats]


def save(figure, folder, name, extension):
    """Writes beside the target, then renames: a reader never sees half a file."""
    path = folder / f"{name}.{extension}"
    temporary = folder / f".{name}.{os.getpid()}.{extension}"
    # No dates in the file: the same tables give the same bytes.
    metadata = {"CreationDate": None} if extension == "pdf" else {"Software": "kramers"}
    try:
        figure.savefig(temporary, format=extension, metadata=metadata)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def arguments(argv):
    parser = argparse.ArgumentParser(prog="plot.py", description=__doc__.splitlines()[0])
    parser.add_argument("run", metavar="RUNDIR", help="folder written by `kramers run`")
    parser.add_argument("--format", default=",".join(FORMATS), help="pdf, png or pdf,png (default)")
    parser.add_argument("--style", default="icml",
                        choices=("aistats", "cvpr", "iclr", "icml", "jmlr", "neurips", "tmlr"),
                        help="venue whose column width and font size to use (default: icml)")
    parser.add_argument("--figure", choices=recipes(), help="recipe (default: the one of the run)")
    options = parser.parse_args(argv)
    options.format = [f for f in options.format.split(",") if f]
    unknown = [f for f in options.format if f not in FORMATS]
    if unknown or not options.format:
        parser.error(f"--format: unknown {', '.join(unknown) or 'empty list'} (have: pdf, png)")
    return options


def main(argv=None):
    sys.dont_write_bytecode = True  # the installed folder may be read-only
    options = arguments(argv)
    sys.path.insert(0, str(HERE))
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        print(f"plot.py: {error}; figures need matplotlib (Debian: python3-matplotlib)",
              file=sys.stderr)
        return 3
    from load import RunError

    try:
        for path in draw(options.run, options.format, options.style, options.figure):
            print(path)
    except RunError as error:
        print(f"plot.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"plot.py: cannot write the figure: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
