"""bench: how fast it is, as a table of ratios in Markdown.

    bench.py [--module FILE] [--tools FOLDER] [-k PART] [--write README]

Ours and what it is compared with are measured in turns (A B A B) in one run of
this program; the table has the medians and their ratio. Nothing here is a
test: a number that is not reached is said in the table, and that is all. What
fails is a bench of the wrong thing: an answer that is not the expected one.

How a row is added
------------------
A group of rows is a file rows_<group>.py beside this one. Each function in it
whose name begins with row_ is given a Stage (stage.py: phones, servers and
tools, each pair on a stage of its own) and yields Rows:

    from stage import Row, pair

    def row_something(stage):
        "What it is about"
        phone = stage.phone().start()
        plain = stage.phone(module=False).start()
        ours, theirs = pair(lambda: cost(phone), lambda: cost(plain))
        yield Row("CPU per thing", "the same without", "µs", ours, theirs,
                  times=1.3)

`times` is the ratio that it must not exceed, `more` the difference; a row
with neither is stated only. `chance` is by how much what it is compared with
differs from itself, where that is measured twice. A C program <name>.c in
this folder is built by itself: stage.tool("<name>"). All rows together stay
below ten minutes. -k picks those whose "group.function" has PART in it.
"""
import argparse
import datetime
import importlib
import os
import platform
import re
import signal
import subprocess
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

from stage import REPEATS, Stage, groups  # noqa: E402

HEAD = """\
| what | against | must reach | measured | it | the other |
|---|---|---|---|---|---|
"""


def output(*argv):
    """First line of what a program prints"""
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.DEVNULL, text=True)
    return done.stdout.partition("\n")[0]


def machine():
    """The machine and the programs, in a line"""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        model = re.search(r"model name\s*: (.*)|$", file.read())[1]
    linux = platform.release().partition("-")[0]
    baresip = re.search(r"v([\d.]*\d)|$", output("baresip", "-h"))[1]
    return (f"{model or platform.machine()}, {os.cpu_count()} CPUs, "
            f"Linux {linux}, baresip {baresip}, "
            f"libre {output('pkg-config', '--modversion', 'libre')}")


def amount(value, unit):
    """Three digits that count, and their unit; counted things have none"""
    if not unit:
        return f"{value:g}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def line(row):
    """One row of the table"""
    ours, theirs = row.medians
    if row.more is not None:
        reach = f"at most {f'{row.more:g} {row.unit}'.strip()} more"
        measured = f"{amount(row.difference, row.unit)} more"
    else:
        reach = "stated" if row.times is None else \
            f"at most {row.times:g} times"
        if row.chance:
            reach += f", ± {row.chance:.2f} by which the other varies"
        measured = f"{row.ratio:.2f} times"
    if not row.reached:
        measured = f"**{measured}: not reached**"
    return (f"| {row.what} | {row.against} | {reach} | {measured} | "
            f"{amount(ours, row.unit)} | {amount(theirs, row.unit)} |\n")


def measure(options):
    """All rows, as lines; and whether each could be measured"""
    lines, good = [], True
    for group in groups(HERE):
        module = importlib.import_module(group)
        for name in [n for n in vars(module) if n.startswith("row_")]:
            if options.k not in f"{group}.{name}":
                continue
            stage = Stage(options.module, options.tools)
            try:
                for row in getattr(module, name)(stage):
                    lines.append(line(row))
                    print(lines[-1], end="", flush=True)
            except Exception:  # the other rows go on
                traceback.print_exc()
                good = False
            finally:
                stage.close()
    return lines, good


def main():
    """Measure, print, and write if so told"""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    parser = argparse.ArgumentParser()
    parser.add_argument("--module", default="build/provnotify.so")
    parser.add_argument("--tools", default="build/bench")
    parser.add_argument("--write", metavar="README")
    parser.add_argument("-k", default="", metavar="PART")
    options = parser.parse_args()

    foot = (f"\nMeasured on {datetime.date.today()}: {machine()}, load "
            f"average {os.getloadavg()[0]:.0f} from others. Medians of "
            f"{REPEATS} turns or more; of the memory after a flood, one.\n")
    print(HEAD, end="", flush=True)
    lines, good = measure(options)
    print(foot)

    if options.write and good:
        with open(options.write, encoding="utf-8") as file:
            text = file.read()
        table = HEAD + "".join(lines) + foot
        text = re.sub("(<!-- bench -->\n).*?(<!-- /bench -->)",
                      lambda m: m[1] + table + m[2], text, flags=re.DOTALL)
        with open(options.write, "w", encoding="utf-8") as file:
            file.write(text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
