"""A worker process: loads one coder, then codes what the pipe brings until the pipe closes."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection

from diurna.batch.bounds import code_bounded
from diurna.errors import DiurnaError
from diurna.settings import Settings

# A worker is one core's work; libraries that start threads of their own would only take the other workers' cores.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")


def serve(pipe: Connection, settings: Settings) -> None:
    """Run in a worker process.

    Sends the coder's versions, or the error that kept it from loading; then, for each list of articles that comes, one answer
    an article, in order, each as soon as it is ready, so that the other side knows which article a dead worker had in hand.
    """
    # Ctrl-C reaches every process of a terminal; only the one that feeds the workers decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(ONE_THREAD)
    from diurna.coder import Coder

    try:
        coder = Coder(settings)
    except DiurnaError as error:
        pipe.send(error)
        return
    pipe.send(coder.versions)
    try:
        while True:
            articles = pipe.recv()
            with coder.nlp.memory_zone():  # forgets the words that only these articles used, so that memory stays flat
                for article in articles:
                    pipe.send(code_bounded(coder, article, settings.article_seconds))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the other side is done, or gone
