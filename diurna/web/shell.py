"""What lies around every answer: headers that forbid scripts and foreign sources, methods that only read, errors as pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Nothing but our own style sheet and pictures; no script at all, not even ours.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    # Not no-referrer: with it, browsers name no origin for the forms of this site's own pages either.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "geolocation=(), camera=(), microphone=()"),
)
# In the scope of a request for the head of an answer only, which is answered as the request for all of it would be.
_HEAD_ONLY = "diurna.head_only"
_PORT = re.compile(r":\d*$")
_LOG = logging.getLogger("diurna.web")


class Shell:
    """An ASGI application around another one.

    Args:
        app: what answers; errors that nobody foresaw are answered by it, their traces go to the log and never to a page.
        names: names of this host that a request may be addressed to; "*": any.
        refusal: the kind and page for a request that names another host, by path.
    """

    def __init__(self, app: App, names: Sequence[str], refusal: Callable[[str], tuple[str, bytes]]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)
        self._refusal = refusal

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # A scope of its own: the server goes by the method that was asked for.
            scope = {**scope, "method": "GET", _HEAD_ONLY: True}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message.get("headers", [])}
                added = [(name.encode(), value.encode()) for name, value in HEADERS if name.encode() not in own]
                message["headers"] = [*message.get("headers", []), *added]
            elif head_only(scope):
                message["body"] = b""
            await send(message)

        if not self._addressed(scope):
            await _send(guarded, 400, *self._refusal(scope["path"]))
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception:
            _LOG.exception("an error in answering %s", scope["path"])

    def _addressed(self, scope: Message) -> bool:
        """Tell whether a request names this host by one of its names, with or without a port."""
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        name = _PORT.sub("", given.lower())
        return "*" in self._names or name in self._names or given.lower() in self._names


def head_only(scope: MutableMapping[str, Any]) -> bool:
    """Tell whether a request asks for the head of an answer only, so that its body need not be made."""
    return _HEAD_ONLY in scope


async def _send(send: Send, status: int, kind: str, body: bytes) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
