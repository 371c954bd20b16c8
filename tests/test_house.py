"""The rules of the house that a machine can hold: who may import whom, what is packaged, what is never written."""

import ast
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from shutil import copytree

import pytest
from lacking import lacking

ROOT = Path(__file__).parents[1]
FOUNDATION = {"model", "ids", "names", "errors", "children", "geo", "formulas", "specialties"}
INBOX = {"inbox", "inbox_close", "inbox_read", "inbox_papers", "inbox_schema", "inbox_write"}
LEDGER = {"ledger", "chain", "engagements", "judgements"}
PIPELINE = (
    FOUNDATION
    | INBOX
    | LEDGER
    | {"landscape", "loading", "resolve", "store", "graph", "score", "workspace", "snapshots"}
)
# room -> the rooms it may import besides itself; a room is what follows `kolgraph.`
ARROWS: dict[str, set[str]] = {
    "": {"workspace"},  # kolgraph/__init__.py, the notebook door
    **{room: set() for room in ("model", "errors", "ids", "geo", "formulas")},
    "children": {"errors"},
    "names": {"model"},
    "specialties": {"names"},
    "landscape": FOUNDATION,
    "loading": FOUNDATION,
    "lists": FOUNDATION | {"loading"},
    "loaders": FOUNDATION | {"loading", "lists"},
    "papers": FOUNDATION,
    **dict.fromkeys(INBOX, FOUNDATION | INBOX | {"loading", "papers"}),
    **dict.fromkeys(LEDGER, FOUNDATION | LEDGER),
    "resolve": FOUNDATION,
    "queries": set(),
    "store": {"errors", "queries"},
    "graph": FOUNDATION | {"store", "landscape"},
    "score": FOUNDATION | {"graph", "landscape"},
    "snapshots": FOUNDATION | {"graph"},
    "workspace": FOUNDATION | INBOX | LEDGER | {"landscape", "store", "graph", "frames"},
    "frames": FOUNDATION | {"workspace"},
    "export": FOUNDATION | {"workspace", "frames", "engagements"},
    "services": PIPELINE | {"asking", "lists", "export", "frames", "plugins", "queue"},  # of resolve only WORDS
    "ui": FOUNDATION | {"services", "workspace"},
    "plugins": {"loading", "score"},
    "sample": FOUNDATION | {"store"},
    "testing": FOUNDATION | {"loading", "score", "graph", "sample"},
    "demo": FOUNDATION,
    "asking": FOUNDATION | INBOX | {"landscape", "loading", "plugins"},
    "resolving": FOUNDATION | INBOX | {"resolve"},
    "jobs": PIPELINE | {"asking", "plugins", "resolving"},
    "queue": {"errors"},
    "worker": {"asking", "errors", "jobs", "plugins", "queue", "workspace"},
    "config": {"workspace"},
    "cli_diff": {"errors", "services"},
    "cli_lists": {"errors", "lists", "services", "workspace"},
    "cli_identity": {"cli_sources", "errors", "explaining", "services", "workspace"},
    "explaining": FOUNDATION | {"resolve", "workspace"},
    "provenance": {"inbox", "workspace"},
    "placing": FOUNDATION | {"asking", "jobs", "loading", "workspace"},
    "cli_sources": FOUNDATION | INBOX | {"asking", "jobs", "landscape", "loading", "placing", "plugins"},
    "cli": PIPELINE
    | {"cli_diff", "cli_identity", "cli_lists", "cli_sources"}
    | {"asking", "config", "jobs", "plugins", "export", "demo", "provenance", "services", "ui"},
    "app": {"asking", "config", "services", "ui", "errors"},  # app.py
}
# of resolution a service asks why two mentions are one, and with what percentage; it never decides
WORDS = {f"kolgraph.resolve.{part}" for part in ("explain", "rarity", "persons")}
# what comes from outside and stays behind one door -> the rooms that may import it
DOORS: dict[str, set[str]] = {
    "dash": {"ui"},
    "dash_cytoscape": {"ui"},
    "dash_mantine_components": {"ui"},
    "dash_ag_grid": {"ui"},
    "lucide": {"ui"},
    "plotly": {"ui"},
    "flask": {"ui"},
    "flask_compress": {"ui"},
    "werkzeug": {"ui"},
    "waitress": {"ui", "app"},
    "neo4j": {"store"},
    "sqlite3": {"store", "queue"} | INBOX | LEDGER,
    "networkx": {"graph", "score", "testing"},
    "requests": {"loading"},
    "urllib3": {"loading"},
    "pydantic": {"config"},
    "pydantic_settings": {"config"},
    "click": {"cli", "cli_diff", "cli_identity", "cli_lists", "cli_sources"},
    "rich": {"cli", "cli_diff", "cli_lists", "cli_sources"},
    "pandas": {"frames"},
    "xlsxwriter": {"export", "lists"},
    "openpyxl": {"lists"},
    "icalendar": {"export"},
    "pickle": set(),  # reading one runs code
    "igraph": set(),  # GPL, as are the next two
    "leidenalg": set(),
    "unidecode": set(),
}


def sources() -> Iterator[tuple[Path, str]]:
    """Every module of the product with its installed name."""
    for folder, name in ((ROOT / "kolgraph", "kolgraph"), (ROOT / "loaders", "kolgraph.loaders")):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield path, ".".join((name, *parts)).removesuffix(".__init__")
    if (ROOT / "app.py").exists():
        yield ROOT / "app.py", "kolgraph.app"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


MODULES = {name: path for path, name in sources()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path, module: str, late: bool = True) -> Iterator[str]:
    """What a module imports, as full names; `late`: inside functions too. Imports for types alone are left out."""
    nodes = list(parsed(path).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not late:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base
        nodes.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("module", MODULES)
def test_the_arrows_of_the_house_hold(module: str) -> None:
    here = room(module)
    assert here in ARROWS, f"{module} is in no room of the table in {Path(__file__).name}: give it its arrows"
    for name in imports(MODULES[module], module):
        top = name.split(".")[0]
        if top == "kolgraph":
            there = room(name)
            own_version = there == "" and here != ""  # `from kolgraph import __version__`
            assert there in ARROWS[here] | {here} or own_version, f"{module} imports {name}"
            if here == there == "loaders":  # a source is one file, or files of one prefix
                first, second = (part.split(".")[2].split("_")[0] for part in (module, name))
                assert first == second, f"{module} imports {name}: a loader knows no other"
        elif top in DOORS:
            assert here in DOORS[top], f"{module} imports {top}, which belongs to {sorted(DOORS[top]) or 'nobody'}"


def test_services_ask_resolution_for_words_alone() -> None:
    asked = {name for module, path in MODULES.items() if room(module) == "services" for name in imports(path, module)}
    assert {name for name in asked if name.startswith("kolgraph.resolve")} <= WORDS


def test_only_the_command_line_and_the_app_read_settings_and_nobody_imports_them() -> None:
    for module, path in MODULES.items():
        for name in imports(path, module):
            there, here = room(name) if name.startswith("kolgraph") else "", room(module)
            assert there != "config" or here in ("config", "cli", "app"), module
            assert there != "ui" or here in ("ui", "cli", "app"), module
            assert there != "cli" or here == "cli", module
            assert there != "app", module
        if room(module) not in ("config", "cli", "app", "ui"):
            environment = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.Attribute) and n.attr == "environ"]
            assert not environment, f"{module} reads the environment: settings are passed down"


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {m: {n for n in imports(p, m, late=False) if n in MODULES and n != m} for m, p in MODULES.items()}
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module not in done:
            for name in graph[module]:
                walk(name, (*path, module))
            done.add(module)

    for module in graph:
        walk(module, ())


def test_no_file_is_longer_than_400_lines() -> None:
    kinds = ("*.py", "*.js", "*.css")
    folders = ("kolgraph", "loaders", "bench", "tests")
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for kind in kinds
        for path in (ROOT / folder).rglob(kind)
        if (lines := path.read_text("utf-8").count("\n")) > 400
    }
    assert long == {}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module: str) -> None:
    tree = parsed(MODULES[module])
    assert ast.get_docstring(tree) or not tree.body, f"{module} has no docstring"


BANNED_CALLS = {
    "eval": "runs text as code",
    "exec": "runs text as code",
    "compile": "turns text into code",
    "__import__": "hides an arrow from this test",
    "breakpoint": "left over",
}
BANNED_KEYWORDS = {
    "dangerously_allow_html": "lets a name from a source run as a script",
    "dangerously_allow_code": "lets grid options run as code",
    "srcDoc": "a frame with markup of our own making escapes the content policy",
    "background": "background callbacks share results between users",
}
TRUE_IS_BANNED = {"debug": "shows code and a console to whoever asks", "shell": "lets a file name run as a command"}
QUERY_CALLS = {"execute", "executemany", "executescript", "run", "execute_query"}


def violations(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in BANNED_KEYWORDS and node.value != "background":
            yield node.lineno, f"{node.value}: {BANNED_KEYWORDS[node.value]}"
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if name in BANNED_CALLS and not owner:
            yield node.lineno, f"{name}(): {BANNED_CALLS[name]}"
        if name == "run" and owner == "app":
            yield node.lineno, "app.run(): the development server; serve() starts a real one"
        if name == "system" and owner == "os":
            yield node.lineno, "os.system(): lets a file name run as a command"
        for keyword in node.keywords:
            true = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            if keyword.arg in BANNED_KEYWORDS:
                yield node.lineno, f"{keyword.arg}: {BANNED_KEYWORDS[keyword.arg]}"
            if keyword.arg in TRUE_IS_BANNED and true:
                yield node.lineno, f"{keyword.arg}=True: {TRUE_IS_BANNED[keyword.arg]}"
        if name in QUERY_CALLS and owner and node.args and assembled(node.args[0]):
            yield node.lineno, f"{owner}.{name}(): query text put together from parts; use a file and parameters"


def assembled(text: ast.expr) -> bool:
    """Whether an expression builds a string; `PRAGMA {name}` may, for it takes no parameters."""
    if isinstance(text, ast.JoinedStr):
        first = text.values[0] if text.values else None
        return not (isinstance(first, ast.Constant) and str(first.value).startswith("PRAGMA "))
    if isinstance(text, ast.BinOp):
        return isinstance(text.op, (ast.Add, ast.Mod))
    return isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr in ("format", "join")


@pytest.mark.parametrize("module", MODULES)
def test_nothing_dangerous_is_written(module: str) -> None:
    found = [
        f"{MODULES[module].relative_to(ROOT)}:{line}: {what}" for line, what in violations(parsed(MODULES[module]))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)",
        "exec('1')",
        "app.run()",
        "server.serve(debug=True)",
        "subprocess.run(x, shell=True)",
        "Markdown(dangerously_allow_html=True)",
        "grid = {'dangerously_allow_code': True}",
        "callback(background=True)",
        "db.execute(f'SELECT {x}')",
        "tx.run('MATCH (n:%s)' % label)",
        "db.execute('SELECT ' + x)",
        "db.executemany('SELECT {}'.format(x), [])",
    ],
)
def test_the_ban_sees_what_it_bans(text: str) -> None:
    assert list(violations(ast.parse(text)))


def test_the_ban_lets_sound_code_pass() -> None:
    sound = "db.execute('SELECT ?', [x]); db.execute(f'PRAGMA {name}'); jobs.run(ws); tx.run(question.text, id=id)"
    assert list(violations(ast.parse(sound))) == []


def test_scripts_of_the_pages_put_no_markup_together() -> None:
    banned = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
    for path in (ROOT / "kolgraph" / "ui" / "assets").rglob("*.js"):
        text = path.read_text("utf-8")
        assert not [word for word in banned if word in text], path


def test_files_name_no_machine_and_no_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    banned = [
        "/wo" + "rk/",
        "/ro" + "ot/",
        "/tmp/k" + "ol",
        "py" + "pi.org",
        "pythonho" + "sted",
        "npm" + "js.",
        "maven" + ".org",
    ]
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".gz", ".png", ".woff2", ".parquet"):
            text = path.read_text("utf-8", errors="ignore")
            assert not [word for word in banned if word in text], name


PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_question_is_asked_in_both_languages() -> None:
    sql, cypher = (
        {str(path.relative_to(ROOT / "queries").with_suffix("")) for path in (ROOT / "queries").rglob(f"*{suffix}")}
        for suffix in (".sql", ".cypher")
    )
    # the schema is an engine's own matter: a server is wiped in batches, a file is begun anew
    assert {name for name in sql ^ cypher if not name.startswith("schema/")} == set()
    assert sql <= cypher
    assert sql


def test_the_packages_listed_are_those_that_are_there() -> None:
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == packages | {"kolgraph.queries"}


def test_every_entry_point_leads_to_a_module() -> None:
    for group in PYPROJECT["project"]["entry-points"].values():
        for target in group.values():
            assert target.split(":")[0] in MODULES, target


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built from a copy and unpacked."""
    if int(version("setuptools").split(".")[0]) < 77:
        lacking("building a wheel needs setuptools 77 or later: pip install --upgrade setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (tree / name).write_bytes((ROOT / name).read_bytes())
    for name in ("kolgraph", "loaders", "queries"):
        copytree(ROOT / name, tree / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
    done = subprocess.run([*command, "--wheel-dir", str(folder), str(tree)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_everything_that_the_tree_holds(wheel: Path) -> None:
    packed = {str(path.relative_to(wheel)) for path in wheel.rglob("*") if path.is_file()}
    for source, target in (("kolgraph", "kolgraph"), ("loaders", "kolgraph/loaders"), ("queries", "kolgraph/queries")):
        for path in (ROOT / source).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"{target}/{path.relative_to(ROOT / source)}" in packed
    strangers = {name.split("/")[0] for name in packed} - {"kolgraph"}
    assert all(name.endswith(".dist-info") for name in strangers), strangers


def test_the_wheel_works_away_from_the_tree(wheel: Path) -> None:
    code = (
        "import sys, kolgraph, kolgraph.store.queries as q; assert kolgraph.__file__.startswith(sys.argv.pop(1));"
        "q.question('sql', 'read/person'); from kolgraph.cli import main; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    command = [sys.executable, "-c", code, str(wheel), "sources", "--json"]
    done = subprocess.run(command, cwd=wheel.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"pubmed", "clinicaltrials", "ror"} <= {source["name"] for source in json.loads(done.stdout)}
