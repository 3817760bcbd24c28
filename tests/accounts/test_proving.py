"""The proof of a signature: typed at that moment, or given minutes ago in the same sitting."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import tables as t
from service.accounts.proving import SERIES, confirm, needs_signing_proof, note_signed, prove
from service.accounts.refusals import (
    PasskeyRefused,
    SessionNeeded,
    TokenNeverSigns,
    TooManyAttempts,
    WrongPassword,
)
from service.accounts.sessions import find_session, open_session
from service.organisation import organisation
from service.signing import ProofNeeded
from service.web.site import DEMONSTRATION, SESSION, TOKEN, Site, Visitor
from states.refusals import SignedOut
from states.working_days import today
from tests.accounts.browsing import PASSWORD, Accounts, Clock


class Signer:
    """The dean, signed in."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        with accounts.database.write() as connection:
            self.token = open_session(connection, accounts.person("dean"), "password", accounts.clock.now)

    @property
    def here(self) -> Site:
        found: Site = self.accounts.app.state.site
        return found

    def visitor(self, came_by: str = SESSION) -> Visitor:
        now, person_id = self.accounts.clock.now, self.accounts.person("dean")
        with self.accounts.database.read() as connection:
            snapshot = organisation(connection)
            session = find_session(connection, self.token, now) if came_by == SESSION else None
        actor = snapshot.actor(person_id, today(now))
        return Visitor(snapshot.people[person_id], actor, "en", now, session=session, address="x", came_by=came_by)

    def prove(self, **typed: str) -> Any:
        return asyncio.run(prove(self.here, self.visitor(), typed))

    def sign(self) -> None:
        with self.accounts.database.write() as connection:
            note_signed(connection, self.visitor().session, self.accounts.clock.now)


@pytest.fixture
def signer(accounts: Accounts) -> Signer:
    return Signer(accounts)


class TestASignature:
    def test_needs_a_password_or_a_passkey_however_lately_one_signed_in(self, signer: Signer) -> None:
        assert needs_signing_proof(signer.visitor())
        with pytest.raises(ProofNeeded):
            signer.prove()
        proof = signer.prove(password=PASSWORD)
        assert (proof.method, proof.at) == ("password", signer.accounts.clock.now)

    def test_is_refused_with_a_wrong_password_which_is_in_the_log(self, signer: Signer) -> None:
        with pytest.raises(WrongPassword):
            signer.prove(password="wrong")
        (line,) = signer.accounts.told("proof.failed")
        assert line["facts"] == {"method": "password"}

    def test_is_paused_after_five_wrong_passwords(self, signer: Signer, clock: Clock) -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                signer.prove(password="wrong")
        with pytest.raises(TooManyAttempts):
            signer.prove(password=PASSWORD)
        clock.turn(seconds=30)
        assert signer.prove(password=PASSWORD).method == "password"
        assert not [row for row in signer.accounts.rows(t.attempts) if row["name"].startswith("proof:")]

    @pytest.mark.parametrize(
        "answer", ["x", "{}", "[]", '{"response": {}}', '{"id": 7, "response": {"clientDataJSON": "e30"}}']
    )
    def test_is_refused_with_what_is_no_answer_of_a_passkey(self, signer: Signer, answer: str) -> None:
        with pytest.raises(PasskeyRefused):
            signer.prove(passkey=answer)


class TestASeries:
    def test_needs_one_proof_at_its_beginning(self, signer: Signer, clock: Clock) -> None:
        signer.sign()
        clock.turn(minutes=9)
        assert not needs_signing_proof(signer.visitor())
        assert signer.prove().method == "series"

    def test_goes_on_from_each_signature_and_ends_after_a_pause(self, signer: Signer, clock: Clock) -> None:
        for _ in range(3):
            signer.sign()
            clock.turn(minutes=9)
            assert signer.prove().method == "series"
        clock.now += SERIES - timedelta(minutes=9)
        with pytest.raises(ProofNeeded):
            signer.prove()

    def test_belongs_to_one_session(self, signer: Signer, accounts: Accounts) -> None:
        signer.sign()
        with pytest.raises(ProofNeeded):
            Signer(accounts).prove()

    def test_does_not_begin_in_the_future(self, signer: Signer, clock: Clock) -> None:
        signer.sign()
        clock.turn(minutes=-1)
        with pytest.raises(ProofNeeded):
            signer.prove()


class TestWhoeverHasNotSignedIn:
    def test_signs_without_a_proof_in_a_demonstration_alone(self, signer: Signer) -> None:
        proof = asyncio.run(prove(signer.here, signer.visitor(DEMONSTRATION), {}))
        assert proof.method == "demonstration"
        with pytest.raises(TokenNeverSigns):
            asyncio.run(prove(signer.here, signer.visitor(TOKEN), {"password": PASSWORD}))

    def test_changes_no_account(self, signer: Signer) -> None:
        for came_by in (DEMONSTRATION, TOKEN):
            with pytest.raises(SessionNeeded):
                asyncio.run(confirm(signer.here, signer.visitor(came_by), {"password": PASSWORD}))

    def test_is_nobody_once_the_session_is_over(self, signer: Signer, clock: Clock) -> None:
        nobody = Visitor(None, signer.visitor().actor, "en", clock.now)
        with pytest.raises(SignedOut):
            asyncio.run(prove(signer.here, nobody, {"password": PASSWORD}))
