"""Who may write: whoever gave the token, from a page of this site, in a form that this site made.

The browser keeps a pass instead of the token: name and time under a signature. It can be checked without keeping a list, outlives
a restart with the same token, and does not give the token to other programs that listen on the same host.
"""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from diurna.errors import StopRun
from diurna.ledger.judgements import LONGEST_JUDGE
from diurna.web.marks import seen

COOKIE = "diurna_review"
LASTS = 12 * 3600
LEAST = 16


class Guard:
    """Checks tokens, passes and forms.

    Args:
        token: what a reviewer must know.
        clock: seconds; another one for tests.

    Raises:
        StopRun: a token that is too short to be secret.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.time) -> None:
        # Files and variables end in a newline; what a reviewer gives is stripped as well.
        known = token.strip()
        if len(known) < LEAST:
            raise StopRun(f"the token has {len(known)} characters; give at least {LEAST}, or none to have one made")
        self._token = known.encode("utf-8", errors="replace")
        self._clock = clock

    def admits(self, token: str) -> bool:
        """Tell whether this is the token."""
        return hmac.compare_digest(self._token, token.strip().encode("utf-8", errors="replace"))

    def pass_for(self, name: str) -> str:
        """Return a pass for a judge, to be kept in a cookie.

        Raises:
            StopRun: no name, or a long one.
        """
        known = " ".join(seen(name).split())
        if not known or len(known) > LONGEST_JUDGE:
            raise StopRun(f"judgements bear your name; give one of 1 to {LONGEST_JUDGE} characters")
        said = f"{urlsafe_b64encode(known.encode()).decode()}.{int(self._clock())}"
        return f"{said}.{self._sign('pass', said)}"

    def holder(self, given: str) -> str:
        """Return whose pass this is; empty when it is none, or too old."""
        said, _, mark = given.rpartition(".")
        if not hmac.compare_digest(self._sign("pass", said).encode(), mark.encode("utf-8", errors="replace")):
            return ""
        name, _, made = said.partition(".")
        return urlsafe_b64decode(name).decode() if 0 <= self._clock() - int(made) < LASTS else ""

    def form_token(self, given: str) -> str:
        """Return what a form must bring along; it goes with one pass only."""
        return self._sign("form", given)

    def made(self, given: str, form: str) -> bool:
        """Tell whether a form was made for the holder of a pass."""
        return hmac.compare_digest(self.form_token(given).encode(), form.encode("utf-8", errors="replace"))

    def _sign(self, use: str, words: str) -> str:
        return hmac.new(self._token, f"{use} {words}".encode("utf-8", errors="replace"), sha256).hexdigest()


def same_origin(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser says that a page of this very site sent a request; one that says nothing is not believed.

    Every browser names the origin of a form. Older ones say nothing of the site that a request comes from, and the others only to
    hosts that they trust (https, the loopback): what they say must be right, but they need not say it.
    """
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    try:
        place = urlsplit(headers.get("origin", "")).netloc.lower()
    except ValueError:
        return False
    return bool(place) and place == headers.get("host", "").lower()
