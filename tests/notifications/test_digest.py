"""A digest and a nudge as mails: what they say, in which order, and that what people typed stays text."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from notifications.headers import as_written
from tests.notifications.letters import AT, GROUPS, Dummy, digest, entry, letter, part, renderer

SCRIPT = {"code": "УСТ 4.09", "title": "Жобо <script>alert('ө')</script> & тиркеме", "kind": "Документ"}


class TestADigest:
    @pytest.mark.parametrize("kind", ["plain", "html"])
    def test_tells_its_groups_in_their_order_and_only_those_it_has(self, kind: str) -> None:
        entries = [entry(group, what=f"Иш {group}", url=f"https://sapat.example/{group}") for group in GROUPS]
        text = part(renderer().render(digest(*entries), AT), kind)
        places = [text.index(f"Иш {group}") for group in GROUPS]
        assert places == sorted(places)
        assert [text.index(name) for name in ("To be done", "For your information")] == sorted(
            text.index(name) for name in ("To be done", "For your information")
        )
        alone = part(renderer().render(digest(entry("today")), AT), kind)
        assert "Due today" in alone
        assert not {"To be done", "For your information"} & set(re.findall("To be done|For your information", alone))

    @pytest.mark.parametrize("kind", ["plain", "html"])
    def test_tells_of_each_record_what_by_when_whose_what_happened_and_where(self, kind: str) -> None:
        text = part(renderer().render(digest(entry("late", days_late=2, original_due="2026-жылдын 1-марты")), AT), kind)
        for fact in (
            "Кеңештин чечимин жазуу",
            "УСТ 4.09 · Окуу процесси жөнүндө жобо",
            "2026-жылдын 5-марты (extended; the first date was: 2026-жылдын 1-марты)",
            "2 working days late",
            "Окумуштуулар кеңешинин катчысы",
            "“Кеңешке жиберүү”: Бакыт уулу Нурлан",
            "https://sapat.example/revisions/1?from=mail",
            "https://sapat.example/tasks",
        ):
            assert fact in text, fact

    def test_has_each_entry_on_lines_of_its_own_in_text(self) -> None:
        lines = part(renderer().render(digest(entry(), entry("moved", due=None)), AT), "plain").splitlines()
        assert lines.count("* Кеңештин чечимин жазуу") == 2
        assert "  By when: 2026-жылдын 5-марты · 3 working days left" in lines
        assert lines.count("  “Кеңешке жиберүү”: Бакыт уулу Нурлан, 2026-жылдын 1-марты, 14:20") == 2
        assert lines.count("  https://sapat.example/revisions/1?from=mail&lang=ky") == 2

    def test_says_in_its_subject_how_many_and_how_many_are_late(self) -> None:
        mail = renderer().render(digest(entry("late", days_late=1), entry(), entry()), AT)
        assert mail["Subject"] == "Digest of 2026-жылдын 10-марты: 3 matters, late: 1"
        assert renderer().render(digest(entry()), AT)["Subject"] == "Digest of 2026-жылдын 10-марты: 1 matter"

    def test_of_a_record_without_a_task_says_how_it_stands(self) -> None:
        moved = entry("moved", what="Кеңешке жиберилди", due=None, holder="", days_left=None)
        for kind in ("plain", "html"):
            text = part(renderer().render(digest(moved), AT), kind)
            assert "Кеңешке жиберилди" in text
            assert "Step: Кеңештин чечими" in text
            assert "Who must do it" not in text
            assert "None" not in text

    def test_says_for_whom_somebody_stands_in(self) -> None:
        behalf = {"name": "Өмүр Жазуучу", "until": "2026-жылдын 12-марты"}
        for kind in ("plain", "html"):
            assert "in place of Өмүр Жазуучу" in part(renderer().render(digest(entry(in_place_of=behalf)), AT), kind)

    def test_says_where_the_rest_stands_when_it_is_too_long(self) -> None:
        for kind in ("plain", "html"):
            text = part(renderer().render(digest(entry(), more=7), AT), kind)
            assert "And 7 more" in text
            assert "https://sapat.example/told" in text

    def test_leads_to_where_one_chooses(self) -> None:
        assert "https://sapat.example/me" in part(renderer().render(digest(entry()), AT), "plain")


class TestANudge:
    @pytest.mark.parametrize("kind", ["plain", "html"])
    def test_says_who_asks_as_what_and_in_which_words(self, kind: str) -> None:
        text = part(renderer().render(letter("task/nudge"), AT), kind)
        assert "Бакыт уулу Нурлан (ректор) asks you to do this task." in text
        assert "In their words: “Эртең кеңеш болот”" in text

    def test_without_words_quotes_none(self) -> None:
        asked = {"by": "Бакыт уулу Нурлан", "role": "ректор", "words": ""}
        mail = renderer().render(letter("task/nudge", asked=asked), AT)
        assert "In their words" not in part(mail, "plain")
        assert mail["Subject"] == "Бакыт уулу Нурлан asks you: Кеңештин чечимин жазуу (УСТ 4.09)"


class TestWhatPeopleTyped:
    def test_is_text_only(self) -> None:
        mail = renderer(Dummy()).render(digest(entry(record=SCRIPT), reader="<b>Айгүл</b>"), AT)
        assert "<script" not in part(mail, "html")
        assert "<b>Айгүл" not in part(mail, "html")
        assert "<script>alert('ө')</script> & тиркеме" in part(mail, "plain")
        nudge = letter("task/nudge", asked={"by": "<i>Эркин</i>", "role": "ректор", "words": "<script>x</script>"})
        assert not re.search("<script|<i>", part(renderer(Dummy()).render(nudge, AT), "html"))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


class TestItsHtml:
    def test_carries_its_styles_and_loads_nothing(self) -> None:
        entries = [entry(group, days_late=group == "late") for group in GROUPS]
        html = part(renderer().render(digest(*entries, demo=True, more=2), AT), "html")
        tags = _Tags()
        tags.feed(html)
        assert not {tag for tag, _ in tags.seen} & {"script", "img", "link", "iframe", "form"}
        assert not {tag for tag, attributes in tags.seen if "class" in attributes and "style" not in attributes}
        assert not re.search(r"jinja\d+x|\{[{%]", html)
        assert [tag for tag, _ in tags.seen].count("h1") == 1
        assert [tag for tag, _ in tags.seen].count("h2") == len(GROUPS)

    def test_goes_over_the_wire_as_it_was_written(self) -> None:
        mail = renderer().render(digest(entry(what="Өтө узун аталыштагы милдет " * 9), entry("moved", due=None)), AT)
        assert as_written(mail) == mail.as_bytes()
        read = message_from_bytes(mail.as_bytes(), policy=policy.default)
        assert "жөнүндө жобо" in part(read, "html")
        assert read["Message-ID"] == "<digest_3a1@sapat.example.kg>"
