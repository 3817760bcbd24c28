"""The demonstration's mailbox shows what came with an invitation, to be saved; no browser shows it as our page."""

from pathlib import Path

from tests.councils.invitations import CALLED, PAPERS, Invited
from tests.councils.sitting import Sitting
from tests.web.visitors import Visitor, application


def test_enclosures_are_listed_and_saved(
    invited: Invited, sitting: Sitting, printed: list[str], tmp_path: Path
) -> None:
    sitting.go("send_papers", CALLED)
    invited.deliver(CALLED)
    mailbox = invited.post.mailbox
    (entry,) = (one for one in mailbox.entries("dean@uni.example"))
    made = application(invited.university.database, CALLED, tmp_path / "mails.db")
    try:
        visitor = Visitor(made).is_("dean")
        page = visitor.get(f"/mailbox/{entry.id}").text
        kept = mailbox.read(entry.id)
        assert [one.name for one in kept.enclosures][2:] == sorted(PAPERS)
        for number, one in enumerate(kept.enclosures, start=1):
            assert one.name in page
            found = visitor.get(f"/mailbox/{entry.id}/enclosures/{number}")
            assert found.content == one.content
            assert found.headers["content-disposition"].startswith("attachment; ")
            assert found.headers["content-type"] == "application/octet-stream"
            assert found.headers["x-content-type-options"] == "nosniff"
            assert found.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        for wrong in (0, len(kept.enclosures) + 1):
            assert visitor.get(f"/mailbox/{entry.id}/enclosures/{wrong}").status_code == 404
        assert visitor.get("/mailbox/999999/enclosures/1").status_code == 404
        other = next(one for one in mailbox.entries() if one.recipient.startswith("sec"))
        assert "/enclosures/" not in visitor.get(f"/mailbox/{other.id}").text
    finally:
        made.state.site.mailbox.close()
