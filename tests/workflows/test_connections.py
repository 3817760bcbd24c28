"""Prefect's database when its server has been cut off: nothing may keep it locked."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from workflows.connections import Connections

pytestmark = pytest.mark.filterwarnings("ignore:The garbage collector is trying")  # what is left lying is the point
INSERT = "INSERT INTO run VALUES (1), (2) RETURNING id"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    with sqlite3.connect(tmp_path / "prefect.db") as connection:
        connection.execute("CREATE TABLE run (id)")
    connection.close()
    gc.disable()  # it would unlock the database sooner or later: too late
    yield tmp_path / "prefect.db"
    gc.enable()
    gc.collect()


def can_be_written(file: Path) -> bool:
    connection = sqlite3.connect(file, timeout=0.1)
    try:
        connection.execute("BEGIN IMMEDIATE")
        return not connection.execute("SELECT id FROM run").fetchall()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


async def in_a_transaction(file: Path) -> AsyncConnection:
    connection = await create_async_engine(f"sqlite+aiosqlite:///{file}").connect()
    await connection.exec_driver_sql("BEGIN IMMEDIATE")
    return connection


class TestADatabaseCutOff:
    def test_is_unlocked_by_closing_with_rows_left_to_give(self, file: Path) -> None:
        async def cut_off() -> None:
            connections = Connections()
            connection = await in_a_transaction(file)
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            left = await raw.execute(INSERT)
            await raw.close()
            assert can_be_written(file)
            del left
            await connections.let_go()

        asyncio.run(cut_off())

    def test_is_unlocked_although_nobody_closes(self, file: Path) -> None:
        async def cut_off() -> None:
            connections = Connections()
            connection = await in_a_transaction(file)
            await connection.exec_driver_sql(INSERT)
            assert not can_be_written(file)
            await connections.let_go()
            assert can_be_written(file)

        asyncio.run(cut_off())

    def test_is_not_taken_by_the_next_who_waits(self, file: Path) -> None:
        async def cut_off() -> None:
            connections = Connections()
            held = await in_a_transaction(file)
            waits = asyncio.create_task(in_a_transaction(file))
            await asyncio.sleep(0.3)
            await connections.let_go()
            assert can_be_written(file)
            waits.cancel()
            await asyncio.wait([waits])
            del held

        asyncio.run(cut_off())
