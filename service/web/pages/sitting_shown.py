"""What the page of a sitting shows while it lasts: attendance and items with what was typed, and numbers in words."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from service.language import say
from service.organisation import Organisation, PersonFacts
from service.reading.agenda import About, Paper
from service.reading.records import RecordView
from service.reading.sittings import Counted, Numbers
from service.taking_down import FIELDS
from service.web.pages.forms import Refused
from service.web.pages.sitting_words import CHOICES, coded_name, decisions, proposed
from service.web.pages.wording import badge, capital, heading
from states.kyrgyz import day_short, sort_key
from states.lifecycle import Field
from states.routes import Does
from states.sitting_checks import Hindrance
from states.text import N_
from states.voting import Majority

Row = Mapping[str, Any]
SHORT: Final = 12


class Session:
    """A sitting in session for one reader: what was typed, put into words; what was refused, with what was typed."""

    def __init__(
        self,
        view: RecordView,
        snapshot: Organisation,
        language: str,
        numbers: Numbers,
        abouts: Mapping[UUID, About],
        papers: Mapping[int, list[Paper]],
        refused: Refused | None = None,
    ) -> None:
        self.view, self.snapshot, self.language, self.numbers = view, snapshot, language, numbers
        self.abouts, self.papers, self.refused = abouts, papers, refused
        self.fields = view.subject.fields
        self.minutes = snapshot.body(self.fields["body_id"]).language
        self._counted = {one.no: one for one in numbers.items}
        self._ballots: dict[int, dict[UUID, str]] = defaultdict(dict)
        for row in view.parts["ballot"]:
            self._ballots[row["item"]][row["person_id"]] = row["vote"]
        self._instructions: dict[int | None, list[Row]] = defaultdict(list)
        for row in view.parts["instruction"]:
            self._instructions[row["item"]].append(row)

    def members(self) -> list[dict[str, Any]]:
        """The members by their names, each with presence and proxy."""
        people, typed = self.snapshot.people, self._typed("attendee")
        rows = []
        for row in self.view.parts["attendee"]:
            person, no = people[row["person_id"]], row["no"]
            proxy = coded_name(people[row["proxy_id"]], self.language) if row["proxy_id"] else ""
            rows.append(
                {
                    "no": no,
                    "code": person.code,
                    "name": person.name.into(self.language),
                    "coded": coded_name(person, self.language),
                    "presence": typed.get(f"presence-{no}", row["presence"] or ""),
                    "proxy": typed.get(f"proxy-{no}", proxy),
                    "was": {"presence": row["presence"] or "", "proxy": proxy},
                    "has_voice": row["person_id"] in self.numbers.voices,
                }
            )
        return sorted(rows, key=lambda one: sort_key(str(one["name"])))

    def items(self, wanted: str = "") -> list[dict[str, Any]]:
        """The items in their order; open is the one that is `wanted`, else the first that is not done."""
        rows = sorted(self.view.parts["agenda_item"], key=lambda row: row["place"])
        shown = [self._item(row) for row in rows]
        at = next((one for one in shown if str(one["no"]) == wanted), None)
        at = at or next((one for one in shown if not one["done"]), None)
        for one in shown:
            one["open"] = one is at or bool(one["errors"])
        return shown

    def _item(self, row: Row) -> dict[str, Any]:
        no, counted = row["no"], self._counted[row["no"]]
        typed = self._typed("agenda_item", no)
        votes = {self.snapshot.people[one].code: vote for one, vote in self._ballots[no].items()}
        was = {one.name: "" if row[one.name] is None else str(row[one.name]) for one in FIELDS["agenda_item"]}
        return {
            "no": no,
            "place": row["place"],
            "given": {**was, **typed},
            "was": json.dumps({**was, **{f"vote-{code}": vote for code, vote in votes.items()}}, ensure_ascii=False),
            "before": was,
            "errors": self.refused.errors(self.language) if self.refused and typed else {},
            "about": about_shown(self.abouts.get(row["about_id"]), self.language),
            "papers": papers_shown(self.papers.get(no, []), self.fields["papers"], no),
            "decisions": decisions(row, self.language, self.minutes, self._does(row)),
            "proposal": proposed(row, typed.get("decision") or row["decision"], self.minutes, self._does(row)),
            "voted": {**votes, **{name[5:]: vote for name, vote in typed.items() if name.startswith("vote-")}},
            "instructions": [self._instruction(one) for one in self._instructions[no]],
            **item_words(counted, self.numbers, self.language, self._unready(no)),
        }

    def _does(self, row: Row) -> Does:
        about = self.abouts.get(row["about_id"])
        return about.does if about else Does.ENDORSES

    def _unready(self, no: int) -> list[Hindrance]:
        return [one for one in self.numbers.hindrances if one.item == no]

    def _instruction(self, row: Row) -> dict[str, Any]:
        post = self.snapshot.posts.get(row["owner_post_id"])
        now = {
            "what": row["what"],
            "owner_post": coded_name(post, self.language) if post else "",
            "due_on": row["due_on"].isoformat() if row["due_on"] else "",
        }
        typed = self._typed("instruction", row["no"])
        return {
            "no": row["no"],
            "given": {**now, **typed},
            "before": now,
            "was": json.dumps(now, ensure_ascii=False),
            "post": heading(post.name, self.language) if post else "",
            "due": day_short(row["due_on"], self.language) if row["due_on"] else "",
            "errors": self.refused.errors(self.language) if self.refused and typed else {},
        }

    def _typed(self, part: str, no: int | None = None) -> Mapping[str, str]:
        """What was typed into that form, where it was refused."""
        if self.refused is None or self.refused.name != part or self.refused.typed.get("no", "") != str(no or ""):
            return {}
        return {name: value for name, value in self.refused.typed.items() if isinstance(value, str)}


def numbers_shown(numbers: Numbers, snapshot: Organisation, language: str) -> dict[str, Any]:
    """All numbers of a sitting as its script puts them into the page."""
    items = {
        one.no: item_words(one, numbers, language, [each for each in numbers.hindrances if each.item == one.no])
        for one in numbers.items
    }
    return {
        "quorum": quorum_words(numbers, language),
        "voices": sorted(snapshot.people[one].code for one in numbers.voices),
        "items": items,
        "done": sum(one["done"] for one in items.values()),
        "of": len(items),
    }


def quorum_words(numbers: Numbers, language: str) -> dict[str, Any]:
    """How many are here, how many are needed, and whether that is a quorum."""
    there = numbers.assembly
    facts = {"present": there.present, "members": there.members, "needed": numbers.needed, "voices": there.voices}
    counted = say(_HERE_AND_PROXIES if there.proxies else _HERE, language, facts)
    return {
        "text": f"{counted} {say(_QUORUM if numbers.quorate else _NO_QUORUM, language)}",
        "met": numbers.quorate,
        "tone": "good" if numbers.quorate else "waiting",
    }


def item_words(one: Counted, numbers: Numbers, language: str, more: Iterable[Hindrance] = ()) -> dict[str, Any]:
    """How an item stands: its votes in words, what is not right yet, and whether it is done."""
    votes = one.votes
    facts = {
        "for": votes.in_favour,
        "against": votes.against,
        "abstained": votes.abstained,
        "needed": one.needed,
        "voices": numbers.assembly.voices,
    }
    if one.needed == 0:
        text = say(_NO_BALLOT, language)
    elif not numbers.assembly.voices:
        text = say(_NOBODY, language)
    elif one.voted and not one.possible:
        text = f"{say(_VOTED, language, facts)} {say(_TOO_MANY, language)}"
    elif one.voted:
        text = f"{say(_VOTED, language, facts)} {say(_CARRIED if one.carried else _NOT_CARRIED, language)}"
    else:
        text = say(_NEEDS_MORE if one.rule is Majority.SIMPLE else _NEEDS, language, facts)
    wrong = [say(each.says, language) for each in (*one.hindrances, *more)]
    tone = "resting" if not one.voted else "good" if one.carried else "waiting"
    if not one.possible:
        tone = "late"
    return {"counted": text, "tone": tone, "wrong": wrong, "done": not wrong}


def about_shown(about: About | None, language: str) -> dict[str, Any] | None:
    """The record that an item is about, with where it stands now."""
    if about is None:
        return None
    return {
        "code": about.code,
        "href": f"/{about.lifecycle.collection}/{about.id}" if about.readable else "",
        "state": badge(about.lifecycle, about.state, language),
    }


def papers_shown(papers: Sequence[Paper], sent: Any, no: int) -> list[dict[str, Any]]:
    """The papers of an item; `frozen` is None before they were sent, else whether this is what was sent.

    After those that are there, those that were sent and are there no longer, which have no address.
    """
    frozen = [tuple(one) for one in (sent or {}).get(str(no), [])]
    there = {(one.name, one.sha256) for one in papers}
    gone = [one for one in frozen if one not in there]
    return [
        {
            "name": one.name,
            "short": one.sha256[:SHORT],
            "href": f"/files/{one.id}/{quote(one.name, safe='')}",
            "frozen": None if sent is None else (one.name, one.sha256) in frozen,
        }
        for one in papers
    ] + [{"name": name, "short": sha256[:SHORT], "href": "", "frozen": True} for name, sha256 in gone]


def choice_lists(language: str) -> dict[str, list[dict[str, str]]]:
    """The answers of each choice, in words."""
    return {
        name: [{"value": one.value, "label": capital(one.label.into(language))} for one in some]
        for name, some in CHOICES.items()
    }


def labels(language: str) -> dict[str, str]:
    """What each field is called."""
    every: Iterable[Field] = (one for fields in FIELDS.values() for one in fields)
    return {one.name: heading(one.label, language) for one in every}


def known_people(people: Iterable[PersonFacts], language: str) -> list[str]:
    """What a field of a member suggests."""
    return sorted((coded_name(one, language) for one in people), key=sort_key)


_HERE = N_("%(present)s of %(members)s are here, %(needed)s needed:")
_HERE_AND_PROXIES = N_("%(present)s of %(members)s are here, %(needed)s needed, %(voices)s votes with proxies:")
_QUORUM, _NO_QUORUM = N_("there is a quorum"), N_("no quorum yet")
_NOBODY = N_("Mark first who is here: nobody can vote yet.")
_NO_BALLOT = N_("Without a vote: agreed to by all.")
_VOTED = N_("%(for)s for, %(against)s against, %(abstained)s abstained; %(needed)s needed of %(voices)s:")
_CARRIED, _NOT_CARRIED = N_("carried"), N_("not carried")
_TOO_MANY = N_("more votes than there are people to vote")
_NEEDS = N_("%(needed)s votes of %(voices)s are needed.")
_NEEDS_MORE = N_("More votes for than against are needed; %(voices)s can vote.")
