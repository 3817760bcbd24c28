"""From mails of every kind to what somebody wrote; and which mails nobody has written for us."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.headers import message_id
from service.complaints.by_mail import CLEAR, HISTORY, MOST_BYTES, OWN, Complaint, Refused, Why, read_mail
from states.given import LIMITS
from tests.complaints.mails import ADDRESS, NAME, SUBJECT, TEXT, head, in_charset, mail, part, parts


def taken(raw: bytes) -> Complaint:
    """The complaint that a mail must be."""
    read = read_mail(raw)
    assert isinstance(read, Complaint), read
    return read


def why(raw: bytes) -> str:
    """Why a mail must be none."""
    read = read_mail(raw)
    assert isinstance(read, Refused), read
    return read.why


class TestLetters:
    @pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251", "iso-8859-5", "cp866", "mac-cyrillic"])
    @pytest.mark.parametrize("how", ["8bit", "base64", "quoted-printable"])
    def test_of_each_charset_are_read_in_each_encoding(self, charset: str, how: str) -> None:
        words = TEXT.replace("№", "N") if charset == "koi8-r" else TEXT
        read = taken(in_charset(words, charset, how))
        assert read.found == words
        assert read.title == SUBJECT

    def test_of_two_bytes_each_are_read(self) -> None:
        assert taken(in_charset(TEXT, "utf-16", "base64")).found == TEXT

    def test_of_kyrgyz_stay_whole(self) -> None:
        words = "Жатаканада жылуулук өчүрүлгөн, үй муздак, эч ким жооп бербей жатат: ҢңӨөҮү"
        assert taken(in_charset(words, "utf-8", "quoted-printable")).found == words

    @pytest.mark.parametrize("charset", ["koi8-r", "cp1251"])
    @pytest.mark.parametrize("claim", ["text/plain", "text/plain; charset=us-ascii", "text/plain; charset=nonsense"])
    def test_whose_charset_nobody_told_are_found_out(self, charset: str, claim: str) -> None:
        words = "В общежитии две недели нет тепла. Никто не отвечает на звонки."
        assert taken(mail(words.encode(charset), Content_Type=claim)).found == words

    def test_in_headers_that_are_bare_bytes_are_found_out_too(self) -> None:
        subject = SUBJECT.encode("cp1251").decode("ascii", "surrogateescape")
        assert taken(mail(Subject=subject)).title == SUBJECT

    def test_cut_in_two_between_encoded_words_are_put_together(self) -> None:
        assert taken(mail(Subject="=?utf-8?B?0A==?=\r\n =?utf-8?B?nw==?= 1")).title == "П 1"

    @pytest.mark.parametrize("subject", ["=?utf-8?B?####?=", "=?x?q?=?=", "=?utf-8*ky?Q?a_b?=", "=?" * 500])
    def test_that_are_none_break_nothing(self, subject: str) -> None:
        assert taken(mail(Subject=subject)).found == TEXT

    @pytest.mark.parametrize("charset", ["punycode", "unicode_escape", "idna", "rot13", "zlib", "undefined", "utf-7\0"])
    def test_of_what_is_no_charset_of_mails_are_not_tried(self, charset: str) -> None:
        assert taken(mail("a-" * 300_000, Content_Type=f'text/plain; charset="{charset}"')).found.startswith("a-a-")


class TestParts:
    def test_said_twice_are_read_once_the_plain_one(self) -> None:
        raw = parts(part(TEXT), part("<p>Другое</p>", "text/html"), kind="alternative")
        assert taken(raw).found == TEXT

    def test_whose_plain_one_is_empty_are_read_from_the_other(self) -> None:
        assert taken(parts(part(" "), part("<p>Холодно</p>", "text/html"), kind="alternative")).found == "Холодно"

    def test_of_html_alone_become_text(self) -> None:
        page = (
            "<html><head><title>x</title><style>p{color:red}</style></head>"
            "<body><!-- <p>нет</p> --><p>Нет&nbsp;тепла</p>"
            "<script>alert(1)</script><div>Комната <b>214</b><br>&lt;юг&gt; 5 < 6</div><table><tr><td>а<td>б</table>"
        )
        found = taken(mail(page, Content_Type="text/html; charset=utf-8")).found
        assert found == "Нет\xa0тепла\n\nКомната 214\n<юг> 5 < 6\n\n\tа\tб"

    @pytest.mark.parametrize(
        "page",
        ["<" * 500_000, "<!--" * 200_000, "<script" * 100_000, "&" * 500_000, "<p title='" * 80_000, "</" * 300_000],
        ids=range(6),
    )
    def test_of_hostile_html_are_read_to_their_end(self, page: str) -> None:
        assert len(taken(mail(page, Content_Type="text/html")).found) <= OWN + HISTORY

    def test_that_hang_on_it_are_named_and_not_kept(self) -> None:
        named = 'Content-Disposition: attachment; filename="=?utf-8?B?0YTQvtGC0L4=?=.jpg"'
        second = "Content-Disposition: attachment; filename*=utf-8''%D0%B0%D0%BA%D1%82.pdf"
        raw = parts(part(TEXT), part("x", "image/jpeg", named), part("y", "application/pdf", second))
        text, _, files = taken(raw).found.rpartition("\n\n")
        assert text == TEXT
        assert files.endswith(": фото.jpg, акт.pdf")

    def test_that_are_all_there_is_make_a_complaint_too(self) -> None:
        named = 'Content-Disposition: attachment; filename="акт.pdf"'
        read = taken(parts(part("x", "application/pdf", named), Subject=""))
        assert read.title == "акт.pdf"
        assert "акт.pdf" in read.found

    def test_without_end_are_counted_only_so_far(self) -> None:
        read = taken(parts(*[part("x", "image/png") for _ in range(5000)], part(TEXT)))
        assert read.found.count("image/png") == 20

    @pytest.mark.parametrize("depth", [3, 30, 41, 300, 20_000])
    def test_within_parts_are_read_or_refused_and_nothing_breaks(self, depth: int) -> None:
        inner = b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
        )
        raw = mail(Content_Type="", Content_Transfer_Encoding="").partition(b"\r\n\r\n")[0] + b"\r\n"
        read = read_mail(raw + inner + b"Content-Type: text/plain\r\n\r\nhot\r\n")
        if depth == 3:
            assert isinstance(read, Complaint)
            assert read.found == "hot"
        if depth > 40:
            assert isinstance(read, Refused)
            assert read.why == Why.UNREADABLE


class TestTheText:
    def test_is_kept_with_what_it_answers_and_signs_with(self) -> None:
        text = f"{TEXT}\n\n-- \nАсан, 0700 123456\n\n> Мурунку кат\n> экинчи сап"
        assert taken(mail(text)).found == text.replace("-- ", "--")

    def test_is_cut_where_it_is_too_long_and_says_so(self) -> None:
        found = taken(mail("слово " * 10_000)).found
        assert OWN - 10 <= len(found) <= OWN
        assert found.endswith("[…]")

    def test_below_a_long_history_is_not_lost(self) -> None:
        found = taken(mail("> цитата\n" * 2000 + "Мой ответ: холодно")).found
        assert found.endswith("Мой ответ: холодно")
        assert len(found) < HISTORY + 100

    def test_of_old_mails_below_it_is_shortened_to_less(self) -> None:
        history = "-----Original Message-----\n" + "строка старого письма\n" * 1000
        assert len(taken(mail(f"{TEXT}\n{history}")).found) < len(TEXT) + HISTORY + 20

    def test_never_turns_the_direction_of_reading_and_holds_no_control_characters(self) -> None:
        read = taken(mail("кат\u202egpj.exe\x00\x1b[2J\x07", Subject="=?utf-8?B?4oCuYQpCY2M6IHhAeS56?="))
        assert read.found == "катgpj.exe[2J"
        assert read.title == "a Bcc: x@y.z"

    def test_and_the_title_and_the_sender_always_fit_their_fields(self) -> None:
        name = 'Content-Disposition: attachment; filename="' + "f" * 300 + '"'
        files = [part("x", "image/png", name) for _ in range(30)]
        long = "с" * 30_000 + "\n" + "> ц\n" * 5000
        read = taken(parts(part(long), *files, Subject="t" * 5000, From=f"{'n' * 900} <{'a' * 900}@x>"))
        assert len(read.found) <= LIMITS["text"]
        assert len(read.title) <= LIMITS["line"]
        assert len(read.name) <= 120
        assert len(read.sender) <= 254

    def test_of_an_enormous_mail_is_read_to_a_limit_and_says_that_it_goes_on(self) -> None:
        raw = parts(
            part(TEXT),
            part("A" * 3 * MOST_BYTES, "application/pdf", 'Content-Disposition: attachment; filename="a.pdf"'),
        )
        found = taken(raw).found
        assert found.startswith(TEXT)
        assert found.endswith("a.pdf, …")

    def test_of_accents_without_end_is_cut_before_they_are_put_in_order(self) -> None:
        assert len(taken(mail("\u0301\u0316" * 200_000)).found) <= OWN + HISTORY


class TestTheTitle:
    @pytest.mark.parametrize(
        ("subject", "title"),
        [
            ("Re: Fwd: Холодно", "Холодно"),
            ("Ответ: RE: холодно", "холодно"),
            ("", "В общежитии №3 две недели нет тепла"),
            ("x" * 300, "x" * 199 + "…"),
        ],
    )
    def test_is_the_subject_else_the_first_sentence(self, subject: str, title: str) -> None:
        assert taken(mail(Subject=subject)).title == title

    def test_stands_for_the_text_where_there_is_no_other(self) -> None:
        assert taken(mail("")).found == SUBJECT


class TestTheSender:
    def test_is_told_by_name_and_address(self) -> None:
        read = taken(mail())
        assert (read.name, read.sender) == (NAME, ADDRESS.lower())

    @pytest.mark.parametrize(
        "sender",
        [
            "",
            "<>",
            "nobody",
            '"<script>alert(1)</script>" <a@b.c>',
            "(" * 5000,
            "a@b.c, d@e.f",
            "=?x?b?!?= <@>",
            "@" * 99,
        ],
    )
    def test_of_any_shape_breaks_nothing(self, sender: str) -> None:
        read = read_mail(mail(From=sender))
        assert isinstance(read, Complaint) or read.why is Why.UNREADABLE

    def test_and_the_message_id_are_what_a_mail_is_known_by(self) -> None:
        assert taken(mail(number=1)).key == taken(mail("другой текст", number=1, Received="by relay")).key
        others = [mail(number=2), mail(number=1, From="evil@x.y"), mail(Message_ID="")]
        assert len({taken(raw).key for raw in (mail(), *others)}) == 4


class TestAMailThatNobodyWroteForUs:
    @pytest.mark.parametrize(
        ("headers", "reason"),
        [
            ({"Auto_Submitted": "auto-replied"}, Why.AUTOMATIC),
            ({"Auto_Submitted": "Auto-Generated; owner=x"}, Why.AUTOMATIC),
            ({"X_Autoreply": "yes"}, Why.AUTOMATIC),
            ({"Precedence": "auto_reply"}, Why.AUTOMATIC),
            ({"Precedence": "bulk"}, Why.LIST),
            ({"List_Id": "<all.uni.example>"}, Why.LIST),
            ({"List_Unsubscribe": "<mailto:x@y>"}, Why.LIST),
            ({"Return_Path": "<>"}, Why.BOUNCE),
            ({"From": "Mail Delivery System <MAILER-DAEMON@uni.example>"}, Why.BOUNCE),
            ({"Content_Type": "multipart/report; boundary=b; report-type=delivery-status"}, Why.BOUNCE),
            ({"X_Loop": "complaints@uni.example"}, Why.LOOP),
            ({"X_Spam_Flag": "YES"}, Why.SPAM),
        ],
        ids=str,
    )
    def test_is_refused_for_what_it_is(self, headers: dict[str, str], reason: Why) -> None:
        assert why(mail(**headers)) == reason

    def test_of_the_mail_servers_own_envelope_is_seen_as_a_bounce(self) -> None:
        assert why(b"From MAILER-DAEMON Mon Apr  6 09:58:00 2026\r\n" + mail()) == Why.BOUNCE
        assert taken(b"From asan@mail.example Mon Apr  6 09:58:00 2026\r\n" + mail()).title == SUBJECT

    def test_and_says_that_it_is_not_automatic_is_taken(self) -> None:
        assert taken(mail(Auto_Submitted="no", Precedence="normal", Return_Path="<a@b.c>")).found == TEXT

    def test_and_goes_round_in_circles_is_refused(self) -> None:
        assert why(b"Received: by x; Mon, 06 Apr 2026 09:58:00 +0600\r\n" * 31 + mail()) == Why.LOOP

    def test_and_is_a_letter_of_ours_is_refused_even_where_somebody_took_its_marks_away(self) -> None:
        key = f"{'0' * 32}:opened:{'0' * 32}"
        assert why(mail(X_Sapat_Key=key)) == Why.OURS
        assert why(mail(Message_ID=message_id(key, "uni.example"))) == Why.OURS

    @pytest.mark.parametrize(
        "raw", [b"", b"\r\n", b"\n\n\n", b"Subject: \r\n\r\n \r\n", mail(" ", Subject="")], ids=range(5)
    )
    def test_and_says_nothing_is_refused(self, raw: bytes) -> None:
        assert why(raw) == Why.EMPTY

    def test_is_shown_to_a_person_unless_it_is_clear_what_it_is(self) -> None:
        assert {Why.SPAM, Why.EMPTY, Why.UNREADABLE, Why.LOOP}.isdisjoint(CLEAR)


class TestAnything:
    @settings(max_examples=300, database=None, suppress_health_check=list(HealthCheck))
    @given(raw=st.binary(max_size=3000))
    def test_that_comes_is_read_or_refused(self, raw: bytes) -> None:
        self._holds(raw)

    @settings(max_examples=300, database=None, suppress_health_check=list(HealthCheck))
    @given(
        headers=st.dictionaries(st.sampled_from(sorted(head())), st.text(max_size=200), max_size=8),
        body=st.binary(max_size=2000),
    )
    def test_in_the_shape_of_a_mail_is_read_or_refused(self, headers: dict[str, str], body: bytes) -> None:
        self._holds(mail(body, **{name.replace("-", "_"): value for name, value in headers.items()}))

    @pytest.mark.parametrize(
        "raw",
        [
            b"Content-Type: text/plain; " + b"a=b; " * 200_000 + b"\r\n\r\nx",
            b"Content-Type: text/plain" + b"; name*0*=x" * 90_000 + b"\r\n\r\nx",
            b"Content-Type: text/plain" + b'; name="' * 120_000 + b"\r\n\r\nx",
            b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\r\n\r\nx",
            b"From: " + b"(" * 1_000_000 + b"\r\n\r\nx",
            b"X: y\r\n" * 170_000 + b"\r\nx",
            b"Content-Type: message/rfc822\r\n\r\n" * 30_000,
            b"\r" * 1_000_000,
            b"\0" * 1_000_000,
        ],
        ids=range(9),
    )
    def test_that_is_known_to_take_python_minutes_is_read_or_refused(self, raw: bytes) -> None:
        self._holds(raw)

    @staticmethod
    def _holds(raw: bytes) -> None:
        read = read_mail(raw)
        assert len(read.key) == 64
        if isinstance(read, Complaint):
            assert read.found
            assert read.title
            assert "\n" not in read.title + read.name + read.sender
            assert len(read.found) <= LIMITS["text"]
