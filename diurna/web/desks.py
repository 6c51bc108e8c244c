"""Judging from the site: the ledger is opened for the moment of a write, and the judged report is kept until a copy holds it.

A copy of a large ledger takes long. So what a judgement made of its report is read in the same moment, and the pages of that
report and of its events show it; where a copy takes no time, it is taken at once, and lists and counts show it too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from diurna.ledger import desk as ledger_desk
from diurna.ledger.desk import Desk, Entry
from diurna.ledger.publish import Publisher
from diurna.ledger.replay import Judgement
from diurna.ledger.store import Ledger

# A copy that takes no longer than this is taken before the answer to a judgement, which waits for it.
QUICK = 2.0


class Desks:
    """The reports of a site with their judgements, those included that no copy holds yet."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._kept: dict[str, tuple[datetime, Desk]] = {}
        self._lock = Lock()

    def desk(self, ledger: Ledger, article_id: str) -> Desk:
        """Return the desk of a report.

        Raises:
            StopRun: there is no such report.
        """
        return self._newer().get(article_id) or ledger_desk.desk(ledger, article_id)

    def entry(self, ledger: Ledger, id_or_prefix: str) -> Entry:
        """Return an event by its id or the beginning of it.

        Raises:
            StopRun: no such event, or several.
        """
        for on in self._newer().values():
            if standing := on.find(id_or_prefix):
                return Entry(standing, on.report.versions, on)
        return ledger_desk.entry(ledger, id_or_prefix)

    def pending(self, article_id: str) -> bool:
        """Tell whether a report was judged after the newest copy was taken."""
        return article_id in self._newer()

    def write(self, work: Callable[[Ledger], Judgement]) -> Judgement:
        """Store a judgement in the ledger itself.

        Args:
            work: stores it and returns it.

        Raises:
            Busy: another program has the ledger open.
            StopRun: as `work`.
        """
        with self._publisher.writing() as ledger:
            made = work(ledger)
            on = ledger_desk.desk(ledger, made.article_id)
        with self._lock:
            self._kept[made.article_id] = (datetime.now(), on)
        if self._publisher.edition.seconds <= QUICK:
            self._publisher.refresh()
        return made

    def _newer(self) -> dict[str, Desk]:
        """Return the desks that are newer than the newest copy, and forget the others."""
        with self._lock:
            taken = self._publisher.edition.taken
            self._kept = {name: kept for name, kept in self._kept.items() if kept[0] >= taken}
            return {name: on for name, (_, on) in self._kept.items()}
