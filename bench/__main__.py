"""Run measurements and show their rows: `python -m bench [NAME...] [--json] [--list]`."""

import argparse
import importlib
import json
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench import Row, names


def main() -> int:
    """Run what was asked for; 0 when every bar is cleared, 1 when one is missed or a measurement fails."""
    known = names()
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure speed, memory and quality.")
    parser.add_argument("name", nargs="*", help=", ".join(known))
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    parser.add_argument("--list", action="store_true", help="name the measurements and stop")
    asked = parser.parse_args()
    if unknown := set(asked.name) - set(known):
        parser.error(f"no measurement called {', '.join(sorted(unknown))}: there are {', '.join(known)}")
    if asked.list:
        for name in known:
            doc = importlib.import_module(f"bench.{name}").__doc__ or ""
            print(f"{name:12}{doc.strip().splitlines()[0] if doc.strip() else ''}")
        return 0
    fine = True
    for name in asked.name or known:
        found: list[Row] = []
        failure = ""
        try:
            for one in measured(name):
                found.append(one)
                if asked.json:
                    print(json.dumps({"bench": name, **one}), flush=True)
        except Exception as error:  # noqa: BLE001  one measurement that fails must not hide the others
            failure = f"bench {name} failed: {type(error).__name__}: {' '.join(str(error).split())}"
        if not asked.json:
            show(name, found)
        if failure:
            print(failure, file=sys.stderr, flush=True)
        fine &= not failure and all(one["ok"] for one in found)
    return 0 if fine else 1


def measured(name: str) -> Iterator[Row]:
    """The rows of a measurement. Raises ValueError when it yields none."""
    empty = True
    for one in importlib.import_module(f"bench.{name}").rows():
        empty = False
        yield one
    if empty:
        raise ValueError("it measured nothing")


def show(name: str, found: list[Row]) -> None:
    """Rows as a table, what misses its bar marked by a word and by colour."""
    table = Table(name, "value", "unit", "bar", "", box=None, header_style="bold")
    table.columns[1].justify = "right"
    for one in found:
        value = one["value"]
        text = f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.4g}"
        mark = "" if not one["bar"] else "[green]ok[/]" if one["ok"] else "[bold red]MISSED[/]"
        table.add_row(one["name"], text, one["unit"], one["bar"], mark)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
