"""What the E-utilities answer: whole or not, a result, a passing error or a refusal (status 200 says nothing)."""

import json
import re
from typing import TYPE_CHECKING, Any

from kolgraph.errors import UsageError
from kolgraph.loading.files import kind_of

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

_PASSING = "Search Backend failed"  # begins what another try may mend


def whole_search(body: bytes) -> str:
    """What is wrong with an answer of esearch, "" when it can be read."""
    try:
        found = _json(body)
    except ValueError:
        return f"an answer that is no JSON (it begins like {kind_of(body)})"
    if not isinstance(found, dict) or not isinstance(result := found.get("esearchresult"), dict):
        return f"an answer without a result: {_begin(body)}"
    if _PASSING in str(result.get("ERROR", "")):
        return f"an error: {_begin(str(result['ERROR']).encode())}"
    if "ERROR" in result:
        return ""
    if not str(result.get("count", "")).isdigit():
        return "an answer without a count"
    listed = result.get("idlist", [])
    return "" if isinstance(listed, list) and all(str(one).isdigit() for one in listed) else "an answer without numbers"


def found_in(body: bytes, client: "Client") -> dict[str, Any]:
    """The result in an answer of esearch. Raises UsageError where PubMed refuses the query."""
    found: dict[str, Any] = _json(body)["esearchresult"]
    if problem := found.get("ERROR"):
        raise UsageError(f"PubMed does not understand the query: {client.scrub(_begin(str(problem).encode()))}")
    return found


def whole_records(body: bytes) -> str:
    """What is wrong with an answer of efetch, "" when it is a whole set, be it empty."""
    end = body[-256:].rstrip()
    if end.endswith((b"</PubmedArticleSet>", b"<PubmedArticleSet/>")) or b"Empty result - nothing to do" in body[:1000]:
        return ""
    if b"<PubmedArticleSet" in body[:2000]:
        return f"a cut answer of {len(body):,} bytes"
    return _error(body) or f"{kind_of(body)} for records"


def whole_spelling(body: bytes) -> str:
    """What is wrong with an answer of espell."""
    if body[-256:].rstrip().endswith(b"</eSpellResult>"):
        return ""
    return _error(body) or f"{kind_of(body)} for spelling"


def _error(body: bytes) -> str:
    problem = re.search(rb"<ERROR>([^<]*)", body[:2000])
    return f"an error: {_begin(problem[1])}" if problem else ""


def _json(body: bytes) -> Any:
    # an error message may hold a raw line break, which strict JSON forbids
    return json.loads(body, strict=False)


def _begin(said: bytes) -> str:
    return " ".join(said[:300].decode("utf-8", "replace").split())[:120]
