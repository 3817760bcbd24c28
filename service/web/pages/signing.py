"""A signature as pages show it: what one is about to sign, how one proves who one is, and what was signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from fastapi import Request

from service.accounts.passkeys import Party, list_passkeys
from service.accounts.proving import SERIES, needs_signing_proof
from service.accounts.refusals import Busy, PasskeyRefused, TooManyAttempts, WrongPassword
from service.language import say, says
from service.reading.decided import decides, meant
from service.reading.happened import DecisionView
from service.reading.records import RecordView
from service.reading.signatures import SignatureView, ToSign, to_sign
from service.signing import ProofNeeded
from service.web.pages.facts import Facts, fields_of, shown
from service.web.pages.files import entry
from service.web.pages.wording import heading, iso, unless
from service.web.site import Visitor, site
from states.kyrgyz import moment_in_words
from states.lifecycle import Lifecycle, Move
from states.refusals import Refusal
from states.text import N_, Text
from states.working_days import BISHKEK

SHORT: Final = 12
# What is wrong with a proof is said at the field where it is given.
OF_THE_PROOF: Final = (ProofNeeded, WrongPassword, PasskeyRefused, TooManyAttempts, Busy)


@dataclass(frozen=True, slots=True)
class Proving:
    """How whoever asks would prove, now, who signs: `passkeys` where this site and this person have them."""

    needed: bool
    series_until: datetime | None
    passkeys: bool


def proving(connection: sa.Connection, request: Request, who: Visitor) -> Proving:
    """How this person proves who they are when they sign."""
    if not needs_signing_proof(who):
        signed_at = who.session.signed_at if who.session else None
        return Proving(needed=False, series_until=signed_at + SERIES if signed_at else None, passkeys=False)
    party = Party.at(site(request).settings.address)
    has = bool(party and who.session and list_passkeys(connection, who.session.person_id))
    return Proving(needed=True, series_until=None, passkeys=has)


def panel(connection: sa.Connection, view: RecordView, move: Move, who: Visitor, how: Proving) -> dict[str, Any]:
    """What a move's form shows before it is signed, and how the signature is proved."""
    asked, language = to_sign(connection, view.subject, move, who.actor, who.now), who.language
    until = how.series_until.astimezone(BISHKEK) if how.series_until else None
    meaning = meant(move.name, decides(view.subject.fields)) or asked.meaning.label
    return {
        "says": say(_YOU_SIGN, language, {"meaning": meaning}),
        "facts": [*_signer(asked, who), *content_facts(view.lifecycle, asked.fields, language)],
        "files": [{**entry(file, language), "short": file.sha256[:SHORT]} for file in asked.files],
        "content": asked.hash,
        "needed": how.needed,
        "until": f"{until:%H:%M}" if until else "",
        "passkeys": how.passkeys,
    }


def content_facts(one: Lifecycle, fields: Mapping[str, Any], language: str) -> Facts:
    """What a signature is bound to, in words; the code under the name of the kind of record."""
    known = fields_of(one)
    rows: Facts = [{"term": heading(one.label, language), "value": fields["code"]}]
    for name in one.signs_over:
        value, field = fields.get(name), known.get(name)
        if value in (None, "") or (name not in known and name not in _TERMS):
            continue  # what has no words of its own is bound all the same: its hash stands below
        term = heading(field.label, language) if field else say(_TERMS.get(name, name), language)
        rows.append({"term": term, "value": shown(field, value, language, None) if field else str(value)})
    return rows


def proof_error(refusal: Refusal, language: str) -> str:
    """What is wrong with the proof that was given; nothing where something else was refused."""
    return " ".join(says(refusal, language)) if isinstance(refusal, OF_THE_PROOF) else ""


def signature_cards(
    signatures: Iterable[SignatureView], one: Lifecycle, language: str, decisions: Iterable[DecisionView] = ()
) -> Facts:
    """Signatures as the record's component shows them, the last one first; of decisions, as the route has it."""
    means = {decision.history_id: decision.means for decision in decisions if decision.means}
    return [
        _card(signature, one, means.get(signature.history_id, signature.meaning.label), language)
        for signature in reversed(list(signatures))
    ]


def signed_lines(signatures: Iterable[SignatureView], language: str) -> dict[Any, Facts]:
    """By history entry, who signed it, as the component of a decision shows it."""
    return {
        one.history_id: [
            {
                "name": _names(one.name, one.acting_for, language),
                "post": _post(one, language),
                "date": in_zone(one.signed_at, language),
                "void": one.voided_at is not None,
                "href": f"#signature-{one.id}",
            }
        ]
        for one in signatures
    }


def in_zone(moment: datetime, language: str) -> str:
    """A moment in Bishkek, with the zone."""
    offset = f"{moment.astimezone(BISHKEK):%z}"
    zone = f"UTC{offset[:3]}:{offset[3:]}"
    return say(_IN_ZONE, language, {"moment": moment_in_words(moment, language), "zone": zone})


def _card(one: SignatureView, lifecycle: Lifecycle, meaning: Text, language: str) -> dict[str, Any]:
    voided = None
    if one.voided_at:
        facts = {"moment": in_zone(one.voided_at, language), "change": one.voided_by or Text("?", "?", "?")}
        voided = say(_VOID_SINCE, language, facts)
    return {
        "id": one.id,
        "who": _names(one.name, one.acting_for, language),
        "post": _post(one, language),
        "meaning": heading(meaning, language),
        "move": heading(one.move, language),
        "date": in_zone(one.signed_at, language),
        "iso": iso(one.signed_at),
        "method": say(_METHODS.get(one.method, one.method), language),
        "voided": voided,
        "fits": one.fits,
        "hash": one.content_hash,
        "content": content_facts(lifecycle, one.fields, language),
        "files": [{"name": name, "sha256": sha256} for name, sha256 in one.files],
    }


def _signer(asked: ToSign, who: Visitor) -> Facts:
    if who.person is None:
        return []
    name = _names(who.person.name, asked.acting_for, who.language)
    rows = [{"term": say(_WHO, who.language), "value": name}]
    if asked.post:
        rows.append({"term": say(_AS, who.language), "value": heading(asked.post, who.language)})
    return rows


def _names(name: Text, acting_for: Text | None, language: str) -> str:
    return say(_FOR, language, {"name": name, "other": acting_for}) if acting_for else name.into(language)


def _post(one: SignatureView, language: str) -> str:
    return unless(one.post, one.name, language) if one.post else ""


_YOU_SIGN = N_("You sign: %(meaning)s")
_WHO, _AS = N_("Who signs"), N_("In which post")
_FOR = N_("%(name)s for %(other)s")
_IN_ZONE = N_("%(moment)s (Bishkek, %(zone)s)")
_VOID_SINCE = N_("Void since %(moment)s: what was signed was changed by “%(change)s”.")
_TERMS = {
    "title": N_("Title"),
    "number": N_("Number of the revision"),
    "content": N_("What the revision says, with its files (SHA-256)"),
}
_METHODS = {
    "password": N_("by their password"),
    "passkey": N_("by their passkey"),
    "series": N_("in a series that a password or a passkey began"),
    "demonstration": N_("in the demonstration, which asks for no proof"),
}
