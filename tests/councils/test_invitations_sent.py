"""Papers go as they were sent, as far as mails can carry them; each invitation goes once, and behind other mails."""

import asyncio
import time
from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from models import tables as t
from models.base import new_id
from service.invitations import MOST
from service.outbox import FEW, LEASE, LONG_LEASE, deliver
from tests.councils.invitations import CALLED, PAPERS, Invited
from tests.councils.sitting import MEMBERS, Sitting, seat

LATER = CALLED + timedelta(minutes=1)


class TestPapers:
    def test_are_those_that_were_sent_whatever_came_since(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        frozen = dict(invited.university.one(t.sitting)["papers"]["1"])
        (revision,) = (row["about_id"] for row in sitting.rows("agenda_item") if row["about_id"])
        other = invited.store.keep(b"another text\n")
        removed = {"removed_by_id": invited.university.history(revision)[0]["id"]}
        gone = sa.update(t.attachment).where(t.attachment.c.name == "b.txt").values(removed)
        added = {"sha256": other.sha256, "size": other.size, "media_type": "text/plain", "kept_at": CALLED}
        row = {"id": new_id(), "record_id": revision, "sha256": other.sha256, "name": "b.txt"}
        by = {"added_by_id": removed["removed_by_id"]}
        invited.university.change(gone, sa.insert(t.file).values(added), sa.insert(t.attachment).values(row | by))
        invited.deliver(CALLED)
        dean = invited.to("dean")
        assert {name: sha256(dean.files[name]).hexdigest() for name in PAPERS} == frozen
        (line,) = (line for line in dean.text.splitlines() if "b.txt" in line)
        assert line.strip() == "- b.txt", "there is no link to what is no longer there"

    def test_too_large_for_a_mail_are_links(self, invited: Invited, printed: list[str]) -> None:
        seat(invited.university)
        each = (MOST - 300_000) * 57 // 78 // 2  # two of them are almost a mail, and there is more in it
        invited.waiting({"a.txt": b"a" * each, "b.txt": b"b" * each})
        invited.planned().go("send_papers", CALLED)
        invited.deliver(CALLED)
        dean = invited.to("dean")
        assert list(dean.files) == ["invite.ics", "Agenda 2026-04-15.pdf"]
        assert "too large for a mail" in dean.text
        assert dean.text.count("/files/") == 2
        assert not invited.store.reads

    def test_that_just_fit_make_a_mail_that_servers_take(self, invited: Invited, printed: list[str]) -> None:
        seat(invited.university)
        invited.waiting({"a.txt": b"a" * 6_900_000})
        invited.planned().go("send_papers", CALLED)
        assert invited.deliver(CALLED)["sent"] >= len(MEMBERS)
        told = invited.told()
        assert len(told) == len(MEMBERS)
        assert all(9_000_000 < len(one.raw) < MOST for one in told)
        assert len(set(invited.store.reads)) == len(invited.store.reads) == 1

    def test_of_one_name_stay_apart_and_the_same_one_comes_once(self, invited: Invited, printed: list[str]) -> None:
        university = invited.university
        seat(university)
        invited.waiting({"Жобо.txt": b"one\n", "c.txt": b"the same\n"})
        row = university.one(t.document)
        changed = {"id": new_id(), "code": "УСТ 7.01", "sort_key": "УСТ 7.01", "folded": "уст 7.01"}
        university.change(sa.insert(t.document).values({**row, **changed}))
        invited.waiting({"Жобо.txt": b"two\n", "c.txt": b"the same\n"}, "УСТ 7.01")
        invited.planned().go("send_papers", CALLED)
        invited.deliver(CALLED)
        files = invited.to("dean").files
        assert list(files)[2:] == ["c.txt", "Жобо.txt", "2. Жобо.txt"]
        assert (files["Жобо.txt"], files["2. Жобо.txt"]) == (b"one\n", b"two\n")

    def test_that_cannot_be_read_put_the_invitation_off_and_hold_up_no_other_mail(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        for name in PAPERS:
            invited.store.remove(sha256(PAPERS[name]).hexdigest())
        others = len(invited.university.rows(t.notice)) - len(MEMBERS)
        assert invited.deliver(CALLED) == {"sent": others, "failed": len(MEMBERS), "dropped": 0}
        assert all("FileDamaged" in row["error"] for row in invited.notices())
        for content in PAPERS.values():
            invited.store.keep(content)
        assert invited.deliver(CALLED + timedelta(hours=1))["sent"] == len(MEMBERS)

    def test_are_read_and_printed_once_for_all_and_while_no_transaction_is_open(
        self, invited: Invited, sitting: Sitting, printed: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out: list[int] = []
        pool: Any = invited.university.database.engine.pool
        monkeypatch.setattr(invited.store, "meanwhile", lambda: out.append(pool.checkedout()))
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        assert len(invited.told()) == len(MEMBERS)
        assert sorted(invited.store.reads) == sorted(sha256(one).hexdigest() for one in PAPERS.values())
        assert sorted(printed) == ["en", "ky", "ru"]
        assert out == [0, 0]


class TestOnce:
    def test_is_each_sent_though_the_delivery_is_killed(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        count, post = len(invited.university.rows(t.notice)), invited.post

        async def cancelled() -> None:
            loop = asyncio.get_running_loop()
            work = asyncio.create_task(deliver(post.office, CALLED))

            def kept(number: int) -> None:
                if number == count - len(MEMBERS) + 2:
                    loop.call_soon_threadsafe(work.cancel)
                time.sleep(0.02)  # the mail is kept, its answer on the way

            post.sink.on_kept = kept
            with pytest.raises(asyncio.CancelledError):
                await work

        asyncio.run(cancelled())
        post.sink.on_kept = lambda number: None
        marked = invited.university.rows(t.notice, t.notice.c.sent_at.is_not(None))
        assert len(marked) == post.mailbox.transmissions() < count
        invited.deliver(CALLED + 2 * LEASE)
        assert post.mailbox.transmissions() == len(marked), "a mail on a slow wire is still on its way"
        invited.deliver(CALLED + LONG_LEASE + timedelta(seconds=30))
        assert (post.mailbox.transmissions(), post.mailbox.count()) == (count, count)

    def test_sent_again_is_the_same_mail_but_for_its_date(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        invited.deliver(CALLED)
        first = {one.mail["Message-ID"]: one.raw for one in invited.told()}
        invited.university.change(
            sa.update(t.notice).where(t.notice.c.message == "sitting/called").values(sent_at=None, next_try_at=LATER)
        )
        again: dict[str, bytes] = {}
        keep = invited.post.mailbox.keep

        def kept(sender: str, recipients: list[str], raw: bytes) -> None:
            again[message_from_bytes(raw, policy=policy.default)["Message-ID"]] = raw
            keep(sender, recipients, raw)

        invited.post.mailbox.keep = kept  # type: ignore[method-assign]  # for this test
        invited.deliver(LATER)
        assert again.keys() == first.keys()
        assert invited.post.mailbox.count() == invited.post.mailbox.transmissions() - len(MEMBERS)
        assert {_undated(raw) for raw in again.values()} == {_undated(raw) for raw in first.values()}

    def test_wait_for_mails_without_enclosures_and_go_few_at_a_time(
        self, invited: Invited, sitting: Sitting, printed: list[str]
    ) -> None:
        sitting.go("send_papers", CALLED)
        like = invited.notices()[0]
        more = [{**like, "key": f"{no}:{like['key']}"} for no in range(FEW)]
        with invited.university.database.write() as connection:
            connection.execute(sa.insert(t.notice), more)
        invited.university.reported(LATER)
        order: list[bool] = []
        claimed: list[int] = []

        def kept(number: int) -> None:
            order.append(invited.post.mails()[-1].raw.count(b"multipart/mixed") > 0)
            claimed.append(len(invited.notices(t.notice.c.attempts > 0)))

        invited.post.sink.on_kept = kept
        invited.deliver(LATER)
        assert order.index(True) == order.count(False)
        assert len(order) == len(invited.university.rows(t.notice))
        assert claimed[order.index(True)] == FEW


def _undated(raw: bytes) -> bytes:
    head, _, rest = raw.partition(b"\r\n\r\n")
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Date:")) + rest
