import gettext
import re
from datetime import datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from notifications.headers import as_written
from notifications.render import Renderer
from tests.notifications.letters import AT, EVERY, FOLDERS, RELEASED, Dummy, context, letter, part, renderer

SCRIPT = {"code": "УСТ 4.09", "title": "Жобо <script>alert('ө')</script> & тиркеме", "kind": "Документ"}


class TestAMailIsAsReadableAsItsReaderNeeds:
    @pytest.mark.parametrize("folder", [one for one in EVERY if one != RELEASED])
    def test_it_has_text_and_html_with_the_link(self, folder: str) -> None:
        mail = renderer().render(letter(folder), AT)
        assert mail.get_content_type() == "multipart/alternative"
        assert [one.get_content_type() for one in mail.iter_parts()] == ["text/plain", "text/html"]
        assert "https://sapat.example/tasks/1?from=mail&lang=ky" in part(mail, "plain")
        assert 'href="https://sapat.example/tasks/1?from=mail&amp;lang=ky"' in part(mail, "html")

    @pytest.mark.parametrize("folder", FOLDERS)
    def test_it_says_who_must_do_what_by_when_and_why(self, folder: str) -> None:
        mail = renderer().render(letter(folder, days_late=2), AT)
        for kind in ("plain", "html"):
            for fact in ("Кеңештин чечимин жазуу", "Окумуштуулар кеңешинин катчысы", "5-марты", "Бакыт уулу Нурлан"):
                assert fact in part(mail, kind)

    @pytest.mark.parametrize("folder", FOLDERS)
    def test_kyrgyz_letters_survive_the_wire(self, folder: str) -> None:
        wire = renderer().render(letter(folder, do="Өлчөө үчүн жаңы түзүм", due=None), AT).as_bytes()
        assert wire.isascii()
        assert all(len(line) <= 78 for line in wire.split(b"\r\n"))
        read = message_from_bytes(wire, policy=policy.default)
        assert "жөнүндө жобо" in part(read, "plain")
        assert "жөнүндө жобо" in part(read, "html")
        assert read["To"].addresses[0].display_name == "Айгүл Өмүралиева"
        assert ("Өлчөө үчүн жаңы түзүм" if folder.startswith("task") else "Кеңешке жиберүү") in read["Subject"]

    def test_a_long_subject_comes_through_whole(self) -> None:
        long = "Өтө узун аталыштагы милдет үчүн жаңы түзүмдү бекитүү " * 8
        wire = renderer().render(letter(do=long.strip()), AT).as_bytes()
        assert long.strip() in message_from_bytes(wire, policy=policy.default)["Subject"]


class TestWhatPeopleTypedIsTextOnly:
    @pytest.mark.parametrize("folder", FOLDERS)
    def test_a_script_is_escaped_in_html_and_left_alone_in_text(self, folder: str) -> None:
        mail = renderer(Dummy()).render(letter(folder, record=SCRIPT, reader="<b>Айгүл</b>"), AT)
        assert "<script" not in part(mail, "html")
        assert "&lt;script&gt;" in part(mail, "html")
        assert "<b>Айгүл" not in part(mail, "html")
        assert "<script>alert('ө')</script> & тиркеме" in part(mail, "plain")
        assert "&lt;" not in part(mail, "plain")

    def test_a_percent_sign_or_braces_are_only_signs(self) -> None:
        mail = renderer().render(letter(do="100 % {{ url }} %(holder)s"), AT)
        assert "100 % {{ url }} %(holder)s" in mail["Subject"]
        assert "100 % {{ url }} %(holder)s" in part(mail, "plain")


class TestALanguageIsTheReaders:
    def test_every_sentence_is_translated(self) -> None:
        mail = renderer(Dummy()).render(letter(), AT)
        assert mail["Subject"].startswith("[New task: Кеңештин чечимин жазуу")
        assert "[Open the task]" in part(mail, "html")
        assert "[Hello, Айгүл Өмүралиева.]" in part(mail, "plain")

    def test_each_language_has_its_own_words_whoever_came_first(self) -> None:
        spoken = {"ky": Dummy(), "en": gettext.NullTranslations()}
        renders = Renderer(spoken.__getitem__, "sapat@example.kg", "example.kg")
        subjects = [renders.render(letter(language=one), AT)["Subject"][0] for one in ("en", "ky", "en")]
        assert subjects == ["N", "[", "N"]

    def test_mail_and_page_say_which_language_it_is(self) -> None:
        mail = renderer().render(letter(language="ky"), AT)
        assert mail["Content-Language"] == "ky"
        assert '<html lang="ky"' in part(mail, "html")

    @pytest.mark.parametrize(("days", "form"), [(1, 0), (3, 1), (5, 2), (11, 2), (21, 0)])
    def test_a_number_takes_the_plural_form_of_the_language(self, days: int, form: int) -> None:
        mail = renderer(Dummy()).render(letter("task/reminder", days_late=days), AT)
        assert f"<form {form}>" in mail["Subject"]
        assert f"[{days} working day" in mail["Subject"]
        assert f"Your task is {days} working day" in part(mail, "plain")


class TestAReminderSaysWhereThingsStand:
    @pytest.mark.parametrize(
        ("late", "left", "subject"),
        [
            (0, 3, "3 working days left: "),
            (0, 1, "1 working day left: "),
            (0, 0, "Due today: "),
            (1, None, "1 working day late: "),
            (4, None, "4 working days late: "),
            (0, None, "Still to be done: "),
        ],
    )
    def test_soon_today_or_late(self, late: int, left: int | None, subject: str) -> None:
        mail = renderer().render(letter("task/reminder", days_late=late, days_left=left), AT)
        assert mail["Subject"] == f"{subject}Кеңештин чечимин жазуу (УСТ 4.09)"
        assert subject.rstrip(": ") in part(mail, "html")

    def test_an_extended_date_shows_the_first_one(self) -> None:
        mail = renderer().render(letter("task/reminder", original_due="2026-жылдын 20-февралы"), AT)
        assert "extended; the first date was: 2026-жылдын 20-февралы" in part(mail, "plain")


class TestAnEscalationTellsWhatWasTried:
    def test_it_names_who_was_told_and_when_in_order(self) -> None:
        told = [
            {"who": "Айгүл Өмүралиева", "at": "3-март, 09:00", "what": "эскертилди"},
            {"who": "Гүлнара Төлөгөнова", "at": "6-март, 09:00", "what": "билдирилди"},
        ]
        mail = renderer().render(letter("task/escalation", told=told, missed=2, days_late=3), AT)
        text = part(mail, "plain")
        assert text.index("3-март, 09:00: Айгүл Өмүралиева") < text.index("6-март, 09:00: Гүлнара Төлөгөнова")
        assert "2 earlier notices could not be sent in time" in text

    def test_it_says_for_whom_somebody_acted_and_why(self) -> None:
        because = {**context()["because"], "acting_for": "ректор", "reason": "№7 протокол"}
        text = part(renderer().render(letter("task/escalation", because=because), AT), "plain")
        assert "acting for: ректор" in text
        assert "Reason given: №7 протокол" in text


class TestARecordMovedAsksForNothing:
    def test_at_its_end_there_is_no_next_task(self) -> None:
        mail = renderer().render(letter("record/moved", do=None, holder=None, due=None), AT)
        assert "What comes next" not in part(mail, "plain")
        assert "None" not in part(mail, "plain")


class TestAMailIsAlwaysTheSameMail:
    def test_the_message_id_follows_from_the_key(self) -> None:
        first, again = (renderer().render(letter(key="task:9/ү.1"), AT) for _ in range(2))
        assert first["Message-ID"] == again["Message-ID"] == "<task_3a9_2f_d2_af_2e1@sapat.example.kg>"
        assert first["X-Sapat-Key"] == "task:9/ү.1"
        assert first.as_bytes() == again.as_bytes()

    def test_another_key_is_another_message_id(self) -> None:
        keys = ["a_3a", "a:", "a-3a", "A:", "a" * 400, "a" * 401]
        assert len({renderer().render(letter(key=key), AT)["Message-ID"] for key in keys}) == len(keys)

    def test_the_date_is_the_moment_given(self) -> None:
        assert renderer().render(letter(), AT)["Date"].datetime == AT
        with pytest.raises(ValueError, match="time zone"):
            renderer().render(letter(), datetime(2026, 3, 10))  # noqa: DTZ001  the point of the test

    def test_it_is_marked_as_sent_by_a_machine(self) -> None:
        assert renderer().render(letter(), AT)["Auto-Submitted"] == "auto-generated"


class TestTheShortWayToTheWireIsTheStandardOne:
    @pytest.mark.parametrize("folder", EVERY)
    def test_byte_by_byte(self, folder: str) -> None:
        mail = renderer().render(letter(folder, do="Өтө узун аталыштагы милдет " * 9), AT)
        assert as_written(mail) == mail.as_bytes()


class TestAMissingFactIsNotPassedOver:
    def test_the_template_refuses(self) -> None:
        incomplete = letter(record={"code": "УСТ 4.09", "kind": "Документ"})
        with pytest.raises(UndefinedError):
            renderer().render(incomplete, AT)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


class TestTheHtmlSuitsMailClients:
    @pytest.mark.parametrize("folder", EVERY)
    def test_styles_stand_in_the_tags_and_nothing_is_loaded(self, folder: str) -> None:
        html = part(renderer().render(letter(folder, demo=True, missed=1), AT), "html")
        tags = _Tags()
        tags.feed(html)
        assert not {tag for tag, _ in tags.seen} & {"script", "img", "link", "iframe", "form"}
        unstyled = {tag for tag, attributes in tags.seen if "class" in attributes and "style" not in attributes}
        assert not unstyled
        assert not re.search(r"jinja\d+x|\{[{%]", html)

    @pytest.mark.parametrize("folder", EVERY)
    def test_tables_that_only_lay_out_say_so(self, folder: str) -> None:
        html = part(renderer().render(letter(folder), AT), "html")
        tags = _Tags()
        tags.feed(html)
        tables = [attributes for tag, attributes in tags.seen if tag == "table"]
        assert all(one.get("role") == "presentation" or one.get("class") in {"facts", "told"} for one in tables)
        assert [tag for tag, _ in tags.seen].count("h1") == 1
