"""Coding on a local Spark gives the events that one process gives, and lists what could not be coded."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from parts_standin import obey

from diurna.batch import parts
from diurna.batch.spark import CODED, arrow_coder, schema
from diurna.settings import Settings

ROWS = [("a", "Oslo met Kyiv.", "2020-01-02"), ("b", " ", ""), ("c", "kill", ""), ("d", "Oslo left.", "2020-01-03")]
EXPECTED = [("a", "CONSULT", None), ("b", None, "empty"), ("c", None, "its worker ended"), ("d", "CONSULT", None)]


def shown(rows: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    """Each row's report, root and the first words of the reason."""
    found = ((row["article_id"], row["event"], row["skipped"]) for row in rows)
    short = ((one, root, why and next((w for _, _, w in EXPECTED if w and why.startswith(w)), why)) for one, root, why in found)
    return sorted(short, key=str)


def test_batches_of_rows_come_out_as_events_and_reasons() -> None:
    ids, texts, days = zip(*ROWS, strict=True)
    batch = pa.RecordBatch.from_pydict({"id": ids, "text": texts, "published": days})
    try:
        made = pa.Table.from_batches(list(arrow_coder(serves=obey)(iter([batch, batch]))), CODED)
    finally:
        parts._forget_pool()
    assert shown(made.to_pylist()) == sorted(EXPECTED * 2, key=str)


def test_spark_is_told_every_column() -> None:
    assert schema().count("`") == 2 * len(CODED.names)


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, which is not here")
def test_local_spark_codes_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    here = Path(__file__).parent
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", f"{here}:{here.parent}")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        frame = session.createDataFrame(ROWS, "id string, text string, published string").repartition(2)
        found = frame.mapInArrow(arrow_coder(Settings(), serves=obey), schema()).toArrow()
    finally:
        session.stop()
    assert shown(found.to_pylist()) == sorted(EXPECTED, key=str)
