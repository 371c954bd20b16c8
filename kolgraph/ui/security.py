"""What the web server refuses before Dash sees it, and the headers of its answers (CWE-346, 350, 352, 400, 1021)."""

import logging
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Request, Response, abort, request
from werkzeug.exceptions import HTTPException

from kolgraph.errors import UsageError
from kolgraph.services.uploads import MAX_UPLOAD

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MAX_BODY = 2 * 1024 * 1024  # bytes; the largest honest callback is a few kilobytes
CALLBACKS = "/_dash-update-component"
UPLOAD = "/lists/upload"  # the one route that takes a file, counted while it streams
_STATIC = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
log = logging.getLogger(__name__)


def guard(app: Dash, trusted_hosts: tuple[str, ...] = (), *, behind_proxy: bool = False) -> None:
    """Harden the app's server; call it after all callbacks are registered, since their hashes are part of the policy.

    Only loopback names and `trusted_hosts` are answered (DNS rebinding). A change of state must come from our own
    origin, as `application/json`, in at most MAX_BODY bytes, and fit a callback that exists; a list is uploaded as a
    stream of at most MAX_UPLOAD bytes. No page may be framed.
    """
    refuse_debug(app)
    server: Flask = app.server
    server.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=behind_proxy,
        SESSION_COOKIE_HTTPONLY=True,
    )
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(app.csp_hashes())}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    @server.before_request
    def refuse() -> None:
        if not names_us(request.headers.get("Host", ""), (*LOOPBACK, *trusted_hosts)):
            abort(400, "This host name is not served here: see KOLGRAPH_TRUSTED_HOSTS.")
        if request.path.startswith("/export/") and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            abort(403, "An export is asked for from kolgraph itself.")
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        if not same_origin(request):
            abort(403, "This request came from another site.")
        if request.path == UPLOAD:
            if request.mimetype != "application/octet-stream":
                abort(415, "Send application/octet-stream.")
            request.max_content_length = MAX_UPLOAD
            if (request.content_length or 0) > MAX_UPLOAD:
                abort(413, f"A list may have {MAX_UPLOAD >> 20} MB.")
            return
        if request.mimetype != "application/json":
            abort(415, "Send application/json.")
        if request.path == CALLBACKS:
            check_callback(request, app.callback_map)

    @server.after_request
    def harden(response: Response) -> Response:
        response.headers.update(headers)
        if not request.path.startswith(_STATIC):
            response.headers["Cache-Control"] = "no-store"
        return response

    @server.errorhandler(Exception)
    def fault(error: Exception) -> HTTPException | tuple[str, int]:
        if isinstance(error, HTTPException):
            return error
        if request.path.startswith(_STATIC):
            return "Not found.", 404  # an odd path of a component suite
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return "kolgraph met an error that it did not expect; the log has the details.", 500


def names_us(host: str, names: tuple[str, ...]) -> bool:
    """Whether a Host header is one of `names`, on any port (werkzeug's own list cannot hold IPv6 addresses)."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:]+)(?::\d{1,5})?", host)
    return found is not None and found[1].lower() in {name.lower() for name in names}


def same_origin(asked: Request) -> bool:
    """Whether the browser says that our own page sent this; silence is refused (Fetch Metadata, RFC 6454)."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = asked.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == asked.host


def check_callback(asked: Request, known: dict[str, Any]) -> None:
    """Abort with 400 unless the body names a callback that exists, with the inputs and states it declares."""
    try:
        body = asked.get_json()
    except (RecursionError, UnicodeDecodeError):
        abort(400, "The body is nested too deeply or not UTF-8.")
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or body["output"] not in known:
        abort(400, "The body names no callback.")
    spec = known[body["output"]]
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
        abort(400, "changedPropIds is a list of texts.")
    if not _answers(body.get("outputs"), body["output"]):
        abort(400, "outputs does not fit the callback.")
    for part in ("inputs", "state"):
        given = body.get(part, [])
        if not isinstance(given, list) or len(given) != len(spec[part]):
            abort(400, f"{part} does not fit the callback.")
        if not all(_fits(one, wanted) for one, wanted in zip(given, spec[part], strict=True)):
            abort(400, f"{part} does not fit the callback.")


def _answers(given: Any, output: str) -> bool:
    """Whether `outputs` lists what the name of the callback says: one dict, or a list for `..a.b...c.d..`."""
    several = output.startswith("..")
    names = output[2:-2].split("...") if several else [output]
    listed = given if several else [given]
    return isinstance(listed, list) and len(listed) == len(names) and all(map(_is_output, listed, names))


def _is_output(given: Any, name: str) -> bool:
    if name.startswith("{"):  # a pattern: one dict, or a list of those that match
        return all(isinstance(one, dict) for one in (given if isinstance(given, list) else [given]))
    return isinstance(given, dict) and f"{given.get('id')}.{given.get('property')}" == name


def _fits(given: Any, wanted: dict[str, Any]) -> bool:
    if str(wanted["id"]).startswith("{"):  # a pattern: one dict, or a list of those that match
        many = given if isinstance(given, list) else [given]
        return all(
            isinstance(one, dict)
            and isinstance(one.get("id"), dict | str)
            and one.get("property") == wanted["property"]
            for one in many
        )
    return isinstance(given, dict) and given.get("id") == wanted["id"] and given.get("property") == wanted["property"]


def refuse_debug(app: Dash) -> None:
    """Raises UsageError when something switched on what must not face a browser."""
    tools = app._dev_tools
    if app.server.debug or tools.get("ui") or tools.get("hot_reload") or app._enable_mcp:
        raise UsageError(
            "Dash's debug tools are on: unset FLASK_DEBUG, DASH_DEBUG, DASH_HOT_RELOAD and DASH_MCP_ENABLED"
        )
