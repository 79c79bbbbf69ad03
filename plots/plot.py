# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of run folders, from their files alone.

python3 plot.py RUNDIR... [--format pdf,png] [--style icml] [--figure NAME] [--jobs N]

Exit codes: 0 drawn (the paths are printed), 1 a recipe failed, 2 bad input, 3 matplotlib is missing
or a folder cannot be written, 130 interrupted. Of several folders the others are drawn all the same.
"""

import argparse
import importlib
import itertools
import json
import os
import selectors
import signal
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMATS = ("pdf", "png")
DPI = 300  # of PNG files and of what is rasterised in a PDF
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
    name = figure_name or run.figure or ("sweep" if run.has("sweep") else None)
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
        for _, figure in drawn:
            settle(figure)
        folder.mkdir(exist_ok=True)
        return [save(figure, folder, n, extension) for n, figure in drawn
                for extension in formats]


def settle(figure):
    """Lays the figure out, once for all formats; twice where panels have a shape of their own."""
    figure.dpi = DPI
    shaped = any(axes.get_aspect() != "auto" for axes in figure.axes)
    for _ in range(2 if shaped else 1):
        figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")


def save(figure, folder, name, extension):
    """Writes beside the target, then renames: a reader never sees half a file."""
    path = folder / f"{name}.{extension}"
    temporary = folder / f".{name}.{os.getpid()}.{extension}"
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    figure.dpi = DPI
    try:  # not savefig: it draws a figure with a layout twice. No dates: same tables, same bytes.
        if extension == "pdf":
            FigureCanvasPdf(figure).print_pdf(temporary, metadata={"CreationDate": None})
        else:
            FigureCanvasAgg(figure).print_png(temporary, metadata={"Software": "kramers"})
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def attempt(run_folder, options):
    """Draws one folder; returns the paths written, what went wrong and the exit code."""
    from load import RunError

    try:
        paths = draw(run_folder, options.format, options.style, options.figure)
        return [str(path) for path in paths], "", 0
    except RunError as error:
        return [], f"plot.py: {error}", 2
    except OSError as error:
        return [], f"plot.py: {run_folder}: cannot write the figure: {error}", 3
    except Exception:  # of a recipe: the figures of the other folders do not depend on it
        return [], f"plot.py: {run_folder}: {traceback.format_exc()}", 1


def attempt_apart(run_folder, options, results):
    """The same in a child, so that what was drawn before leaves no trace, not in the last digit of a
    layout either; `results` is the end of a pipe. Returns the child's id."""
    parent, child = os.getpid(), os.fork()
    if child:
        return child
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            import ctypes

            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: nobody reads our result
        except (ImportError, OSError, AttributeError):
            pass
        if os.getppid() == parent:
            with open(results, "w", encoding="utf-8") as pipe:
                json.dump(attempt(run_folder, options), pipe)
    finally:
        os._exit(0)


def raise_once():
    """A signal handler. Ctrl-C reaches us and kramers, which then asks us to end: one interrupt."""
    raised = []

    def handler(_number, _frame):
        if not raised:
            raised.append(True)
            raise KeyboardInterrupt

    return handler


def attempt_all(options):
    """The results of all folders in their order, some drawn side by side. An interrupt ends it; what
    was drawn by then is among them."""
    import matplotlib.backends.backend_agg  # noqa: F401  the children inherit what is imported
    import matplotlib.backends.backend_pdf  # noqa: F401

    import load  # noqa: F401
    import style  # noqa: F401

    jobs = min(options.jobs or len(os.sched_getaffinity(0)), 16)
    waiting = list(enumerate(options.run))[::-1]
    running, texts = {}, [b""] * len(options.run)
    sys.stdout.flush()
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    place, folder = waiting.pop()
                    mine, its = os.pipe()
                    running[mine] = (place, attempt_apart(folder, options, its))
                    os.close(its)
                    selector.register(mine, selectors.EVENT_READ)
                for key, _ in selector.select():
                    place, child = running[key.fd]
                    text = os.read(key.fd, 1 << 16)
                    texts[place] += text
                    if not text:
                        del running[key.fd]
                        selector.unregister(key.fd)
                        os.close(key.fd)
                        os.waitpid(child, 0)
        except KeyboardInterrupt:
            for place, child in running.values():
                texts[place] = b""
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                for half in Path(options.run[place], "figures").glob(f".*.{child}.*"):
                    half.unlink(missing_ok=True)
            texts = [text or b'[[], "", 130]' for text in texts]
    lost = "plot.py: {}: the process that drew it was killed"
    return [json.loads(text) if text else ([], lost.format(folder), 1)
            for folder, text in zip(options.run, texts)]


def arguments(argv):
    parser = argparse.ArgumentParser(prog="plot.py", description=__doc__.splitlines()[0])
    parser.add_argument("run", metavar="RUNDIR", nargs="+", help="folder written by `kramers run`")
    parser.add_argument("--format", default=",".join(FORMATS), help="pdf, png or pdf,png (default)")
    parser.add_argument("--style", default="icml",
                        choices=("aistats", "cvpr", "iclr", "icml", "jmlr", "neurips", "tmlr"),
                        help="venue whose column width and font size to use (default: icml)")
    parser.add_argument("--figure", choices=recipes(), help="recipe (default: the one of the run)")
    parser.add_argument("--named", metavar="DIR", action="append", default=[],
                        help="what messages call a folder that is still to be renamed, in the "
                             "order of the folders")
    parser.add_argument("--jobs", type=int, default=0, metavar="N",
                        help="folders drawn at a time (default: one per processor)")
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
    handler = raise_once()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)
    results = attempt_all(options)
    for folder, name, (paths, problem, _) in itertools.zip_longest(
            options.run, options.named[:len(options.run)], results):
        for path in paths:
            print(path)
        if problem:
            print(problem.replace(folder, name or folder), file=sys.stderr)
    if any(code == 130 for _, _, code in results):
        print("plot.py: interrupted", file=sys.stderr)
        return 130
    return next((code for _, _, code in results if code), 0)


if __name__ == "__main__":
    sys.exit(main())
