"""Raw requests against the server: what a browser on another site, or somebody with a script, must not get through."""

import json
import shutil
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kolgraph.errors import UsageError
from kolgraph.services.uploads import MAX_UPLOAD
from kolgraph.ui import create_app
from kolgraph.ui.security import CALLBACKS, MAX_BODY, UPLOAD, refuse_debug
from kolgraph.ui.server import serve
from kolgraph.workspace import Workspace

SAME = {"Sec-Fetch-Site": "same-origin"}
JSON = {**SAME, "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def ws(small_world, tmp_path_factory):
    with Workspace(shutil.copytree(small_world, tmp_path_factory.mktemp("security") / "workspace")) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(ws):
    return create_app(ws, user="Mara", trusted_hosts=("kol.example.org",))


@pytest.fixture
def client(app):
    return app.server.test_client()


def call(path="/data"):
    """The callback that draws a page, as Dash's own page sends it."""
    return {
        "output": "..shell-page.children...shell-at.data..",
        "outputs": [{"id": "shell-page", "property": "children"}, {"id": "shell-at", "property": "data"}],
        "inputs": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "url", "property": "search", "value": ""},
        ],
        "state": [{"id": "shell-at", "property": "data"}],
        "changedPropIds": ["url.pathname"],
    }


def post(client, body, headers=JSON, **more):
    return client.post(
        CALLBACKS, data=body if isinstance(body, bytes | str) else json.dumps(body), headers=headers, **more
    )


def test_the_honest_call_works(client):
    answer = post(client, call())
    assert answer.status_code == 200
    assert "What the scores mean" in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "kol.example.org.evil"])
def test_a_foreign_host_is_refused(client, host):
    for path in ("/", "/_dash-layout", "/assets/shell.js", "/health", "/export/plan.csv"):
        assert client.get(path, headers={"Host": host}).status_code == 400
    assert post(client, call(), {**JSON, "Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8050", "[::1]:8050", "kol.example.org"])
def test_our_own_names_are_served(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_change_from_elsewhere_is_refused(client, headers):
    answer = post(client, call(), {"Content-Type": "application/json", **headers})
    assert answer.status_code == 403


def test_an_old_browser_that_sends_only_the_origin_is_served(client):
    headers = {"Content-Type": "application/json", "Origin": "http://localhost"}
    assert post(client, call(), headers).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/vnd.api+json", ""])
def test_only_json_is_read(client, kind):
    assert post(client, call(), {**SAME, "Content-Type": kind}).status_code == 415


def test_a_large_body_is_refused(client):
    body = json.dumps(call() | {"padding": "x" * (3 * 1024 * 1024)})
    assert len(body) > MAX_BODY
    assert post(client, body).status_code == 413


def broken():
    honest = call()
    yield b"{"
    yield b"\xff\xfe{}"
    yield "[" * 100_000
    yield "null"
    yield "[]"
    yield '"text"'
    yield {}
    yield honest | {"output": "nothing.children"}
    yield honest | {"output": None}
    yield honest | {"output": ["shell-page.children"]}
    yield honest | {"inputs": []}
    yield honest | {"inputs": "url"}
    yield honest | {"inputs": [None, None]}
    yield honest | {"inputs": list(reversed(honest["inputs"]))}
    yield honest | {"inputs": [{"id": "other", "property": "pathname"}, honest["inputs"][1]]}
    yield honest | {"state": [{"id": "shell-at"}]}
    yield honest | {"changedPropIds": [1]}
    yield honest | {"changedPropIds": "url.pathname"}
    yield honest | {"outputs": "shell-page"}
    yield {key: value for key, value in honest.items() if key != "outputs"}


@pytest.mark.parametrize("body", list(broken()), ids=lambda body: str(body)[:40])
def test_odd_json_is_our_own_400_and_no_traceback(client, caplog, body):
    answer = post(client, body)
    assert answer.status_code == 400
    assert "Traceback" not in answer.get_data(as_text=True)
    assert not caplog.records


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(sorted(call())), ANY_JSON, min_size=1))
def test_whatever_json_comes_the_server_does_not_fall(client, changes):
    assert post(client, call() | changes).status_code in (200, 204, 400)


@pytest.mark.parametrize("value", [None, 7, ["/data"], {"a": 1}, "/person/\0", "/" + "x" * 9000, "//evil.example/"])
def test_odd_values_of_a_known_callback_show_a_page(client, value):
    answer = post(client, call(value))
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/_dash-component-suites/dash/x.js", "/_dash-component-suites/../../etc/passwd", "/assets/../app.py"]
)
def test_odd_paths_of_files_are_not_found(client, path):
    assert client.get(path).status_code in (400, 404)


def test_every_answer_carries_the_headers(client):
    for path in ("/", "/_dash-layout", "/assets/shell.js", "/nowhere", "/health"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'sha256-" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'unsafe-inline'" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert (headers.get("Cache-Control") == "no-store") is not path.startswith("/assets/")


def test_the_secret_key_is_new_and_random(ws):
    keys = {create_app(ws).server.config["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 2
    assert all(len(key) == 32 for key in keys)


def test_an_unknown_address_is_404(client):
    assert client.get("/nowhere").status_code == 404
    assert client.get("/person/person:aaaaaaaaaaaa").status_code == 200


def test_an_export_asked_for_by_another_site_is_refused_and_not_recorded(client, ws):
    for site in ("cross-site", "same-site"):
        assert client.get("/export/plan.csv", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert not ws.ledger.events("export.file")
    for site in ("same-origin", "none"):
        answer = client.get("/export/plan.csv", headers={"Sec-Fetch-Site": site})
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(ws.ledger.events("export.file")) == 2
    assert ws.ledger.events("export.file")[0].actor == "Mara"


def test_a_public_bind_needs_a_proxy_and_names(ws):
    for half in ({}, {"behind_proxy": True}, {"trusted_hosts": ("kol.example.org",)}):
        with pytest.raises(UsageError, match="network"):
            serve(ws, "0.0.0.0", 0, **half)


def test_the_server_that_users_start_holds_over_real_sockets(small_world, tmp_path):
    """Cold start of `kolgraph serve`, requests that go round every client library's courtesies, Ctrl+C."""
    folder = shutil.copytree(small_world, tmp_path / "workspace")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # a shell that starts the tests in the background lets them ignore Ctrl+C, which children inherit
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    start += "from kolgraph.cli import main; main()"
    command = [sys.executable, "-c", start, "--workspace", str(folder), "serve", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert f"http://127.0.0.1:{port}" in running.stdout.readline()

        def ask(method, path, body=None, **headers):
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request(method, path, body, headers)
            return connection.getresponse()

        page = ask("GET", "/", **{"Accept-Encoding": "gzip"})
        assert (page.status, page.headers["Server"], page.headers["Content-Encoding"]) == (200, "kolgraph", "gzip")
        assert ask("GET", "/", Host="evil.example").status == 400
        # announced, not sent: the server refuses at once and closes, which may reset a client that is still sending
        assert ask("POST", CALLBACKS, **JSON, **{"Content-Length": str(3 << 20)}).status == 413
        assert ask("POST", CALLBACKS, json.dumps(call()), **JSON).status == 200
        stream = {**SAME, "Content-Type": "application/octet-stream"}
        assert ask("POST", f"{UPLOAD}?name=list.csv", bytes(3 << 20), **stream).status == 200
        assert ask("POST", UPLOAD, **stream, **{"Content-Length": str(MAX_UPLOAD + 1)}).status == 413
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
        assert "Traceback" not in said
    finally:
        running.kill()


def test_a_port_in_use_is_one_clear_line(ws):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} .* choose another with --port"):
            serve(ws, "127.0.0.1", port)


def test_debug_tools_are_refused(ws, monkeypatch):
    app = create_app(ws)
    refuse_debug(app)
    app.enable_dev_tools(debug=True)
    with pytest.raises(UsageError, match="debug"):
        refuse_debug(app)
    monkeypatch.setenv("DASH_MCP_ENABLED", "true")
    paths = {rule.rule for rule in create_app(ws).server.url_map.iter_rules()}
    assert not [path for path in paths if "mcp" in path]
