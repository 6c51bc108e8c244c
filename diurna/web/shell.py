"""What lies around every answer: headers that forbid scripts and foreign sources, methods that only read, errors as pages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
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
_LOG = logging.getLogger("diurna.web")


class Shell:
    """An ASGI application around another one.

    Args:
        app: what answers.
        failure: the page for an error that nobody foresaw, by path; its trace goes to the log and never to a page.
    """

    def __init__(self, app: App, failure: Callable[[str], tuple[str, bytes]]) -> None:
        self._app = app
        self._failure = failure

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                own = {name for name, _ in message.get("headers", [])}
                added = [(name.encode(), value.encode()) for name, value in HEADERS if name.encode() not in own]
                message["headers"] = [*message.get("headers", []), *added]
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:
            _LOG.exception("an error in answering %s", scope["path"])
            if not begun:
                kind, body = self._failure(scope["path"])
                headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
                await guarded({"type": "http.response.start", "status": 500, "headers": headers})
                await guarded({"type": "http.response.body", "body": body})
