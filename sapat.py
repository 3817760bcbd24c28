"""The command, and the composition root: all parts of Sapat are put together here and nowhere else."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from models.database import Database
from models.schema import upgrade
from service.catalogues import load_catalogues
from service.settings import Settings
from states.refusals import Incomplete, Refusal
from states.working_days import BISHKEK

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.outbox import PostOffice
    from workflows.dispatcher import Dispatcher

app = typer.Typer(help="Sapat: document approval and CAPA at universities.", no_args_is_help=True, add_completion=False)
account = typer.Typer(help="Who can sign in: for whoever runs this machine.", no_args_is_help=True)
app.add_typer(account, name="account")
exporting = typer.Typer(help="Take out what others shall check.", no_args_is_help=True)
app.add_typer(exporting, name="export")
err = Console(stderr=True)
SEALS = "seals.txt"
EX_DATAERR, EX_TEMPFAIL = 65, 75  # sysexits.h: what mail servers understand


class Format(StrEnum):
    """How a lifecycle is drawn."""

    MERMAID = "mermaid"
    SVG = "svg"


class Kind(StrEnum):
    """The lists that can be brought in: each has a module of its name in service/importing."""

    REGISTER = "register"
    PROCESSES = "processes"
    ORGANISATION = "organisation"
    NONCONFORMITIES = "nonconformities"


class Language(StrEnum):
    """The languages of Sapat."""

    KY = "ky"
    RU = "ru"
    EN = "en"


AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
At = Annotated[str, typer.Option("--at", help="The moment, e.g. 2026-11-21T09:00 (Bishkek unless a zone is given).")]
In = Annotated[Language, typer.Option("--language", help="ky, ru or en.")]


@app.command()
def serve() -> None:
    """Run everything: pages, API, mail, Prefect; on an empty database a demonstration university first."""
    from service.web.serving import serve as serve_web

    settings = Settings()
    with _database():
        pass  # there, and of the present schema: whatever is wrong with it is said in a line
    sys.exit(serve_web(settings, lambda office: _beside(settings, office), _first_start, _tell))


def _beside(settings: Settings, office: "PostOffice") -> "Dispatcher":
    """The chores, run by flows of an embedded Prefect, or without it where it is not there."""
    from service import daily, outbox, webhook_calls
    from service import sweep as sweeping
    from service.complaints.collect import collect
    from service.controlled import looking
    from service.controlled import rows as controlled
    from service.controlled.make import make
    from service.controlled.sheets import sheets_with
    from service.files.at import store_at
    from service.outgoing import Outgoing
    from service.readings import ask_readers
    from service.readings import is_due as readers_wait
    from service.upkeep import tidy
    from service.vault import Vault
    from workflows.chores import Chores
    from workflows.dispatcher import Dispatcher
    from workflows.embedded import EmbeddedPrefect

    store = store_at(settings)
    database, vault, outgoing = office.database, Vault.at(settings.home), Outgoing(settings.outgoing_allowed)

    async def deliver(now: datetime) -> dict[str, int]:
        mails = await outbox.deliver(office, now)
        calls = await webhook_calls.deliver_calls(database, vault, outgoing, now, address=settings.address)
        return {**mails, **calls}

    def to_deliver(connection: "Connection", now: datetime) -> bool:
        return outbox.is_due(connection, now) or webhook_calls.is_due(connection, now)

    def publish(now: datetime) -> dict[str, int]:
        asked = ask_readers(database, now)  # first: people need not wait for a renderer
        made = make(database, settings, sheets_with(settings.forms), now)
        return {**asked, **made, **looking.look(database, settings, now)}

    def to_publish(connection: "Connection", now: datetime) -> bool:
        waits = readers_wait(connection, now) or controlled.is_due(connection, now)
        return waits or looking.is_due(connection, settings.home, now)

    def whole_day(now: datetime) -> dict[str, int]:
        with database.read() as connection:
            looking.forget(connection, settings.home)
        return {**daily.whole_day(database, now, settings.home / SEALS), **tidy(database, store, now)}

    chores = Chores(
        deliver=deliver,
        sweep=lambda now: sweeping.sweep(database, now),
        publish=publish,
        collect=lambda now: collect(database, settings, now),
        daily=whole_day,
        clock=lambda: datetime.now(UTC),
    )

    def asks(question: Callable[["Connection", datetime], bool]) -> Callable[[datetime], bool]:
        def ask(now: datetime) -> bool:
            with database.read() as connection:
                return question(connection, now)

        return ask

    prefect = EmbeddedPrefect((settings.home / "prefect").resolve(), settings.prefect_port)
    return Dispatcher(
        chores,
        pending=asks(to_deliver),
        sweep_due=asks(sweeping.is_due),
        collect_due=lambda _: bool(settings.inbox),
        publish_due=asks(to_publish),
        prefect=prefect,
    )


@app.command("import")
def bring_in(
    kind: Kind,
    file: Path,
    dry_run: Annotated[bool, typer.Option(help="Report only; change nothing.")] = False,
    at: At = "",
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Bring in a university's own list (TSV, CSV, XLSX) and say what is inconsistent or doubtful in it."""
    from service.organisation import CLOCK

    module = import_module(f"service.importing.{kind}")
    with _database() as database, _answering(as_json, language), _progress(as_json) as progress:
        bring = getattr(module, f"import_{kind}")
        report = bring(database, file, CLOCK, _moment(at), dry_run=dry_run, progress=progress)
    _say(report.to_json(language) if as_json else report.in_words(language), as_json)


@account.command("link")
def account_link(code: Annotated[str, typer.Argument(help="The person's code.")], as_json: AsJson = False) -> None:
    """Print a link by which a person sets their password, once; earlier ones are worth nothing then."""
    from service.accounts.administration import link_for
    from service.organisation import CLOCK
    from service.reading.people import actor_by_code

    settings, now = Settings(), datetime.now(UTC)
    with _database() as database, _answering(as_json), database.write() as connection:
        person_id = actor_by_code(connection, code, now).person_id
        assert person_id is not None  # noqa: S101 - found by its code
        address = f"{settings.address}/link/{link_for(connection, person_id, CLOCK, now)}"
    _say({"link": address} if as_json else address, as_json)


@account.command("list")
def account_list(as_json: AsJson = False) -> None:
    """Say how each account stands."""
    from service.accounts.views import account_views
    from service.organisation import organisation

    with _database() as database, database.read() as connection:
        people = {one.id: one for one in organisation(connection).people.values()}
        views = account_views(connection, people, datetime.now(UTC))
    rows = [
        {
            "code": people[person_id].code,
            "name": people[person_id].name.en,
            "password": view.password_set_at is not None,
            "second_factor": view.totp_since is not None,
            "passkeys": view.passkeys,
            "disabled": view.disabled_at is not None,
        }
        for person_id, view in sorted(views.items(), key=lambda pair: people[pair[0]].code)
    ]
    for row in rows if not as_json else ():
        says = [name for name in ("password", "second_factor", "passkeys", "disabled") if row[name]]
        typer.echo(f"{row['code']:<24} {', '.join(says) or '-'}")
    if as_json:
        _say(rows, as_json)


@app.command()
def sweep(at: At = "", as_json: AsJson = False) -> None:
    """Write the reminders and escalations that are due; `serve` does this by itself."""
    from service.sweep import sweep as sweep_now

    with _database() as database, _answering(as_json):
        swept = sweep_now(database, _moment(at))
    _say({**swept.counts, "told": swept.rows} if as_json else _counted(swept.counts), as_json)


@app.command()
def daily(at: At = "", as_json: AsJson = False) -> None:
    """Bring into force what is due, open periodic reviews, seal all histories; `serve` does this by itself."""
    from service.daily import whole_day

    with _database() as database, _answering(as_json):
        counts = whole_day(database, _moment(at), Settings().home / SEALS)
    _say(counts if as_json else _counted(counts), as_json)


@app.command()
def receive() -> None:
    """Take a mail from the standard input as a complaint: `complaints: "|sapat receive"` in a mail server's aliases."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.complaints.by_mail import MOST_BYTES, Why
    from service.complaints.collect import BROKEN
    from service.complaints.collect import receive as take_in
    from service.complaints.refusals import TooManyComplaints

    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    while sys.stdin.buffer.read(65536):  # to its end, else the mail server sees a broken pipe
        pass
    try:
        with _database() as database:
            received = take_in(database, raw, datetime.now(UTC))
    except (TooManyComplaints, SQLAlchemyError) as error:
        raise typer.Exit(EX_TEMPFAIL) from error  # it keeps the mail and tries again
    _tell(received.code or received.why)
    refused = {BROKEN: EX_TEMPFAIL, Why.EMPTY: EX_DATAERR, Why.UNREADABLE: EX_DATAERR}
    raise typer.Exit(refused.get(received.why, 0))


@app.command()
def simulate(
    years: Annotated[int, typer.Option(min=1, max=20)] = 5,
    nonconformities: Annotated[int, typer.Option(min=1, max=100_000)] = 2_000,
    actions: Annotated[int, typer.Option(min=0, max=500_000)] = 5_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same years.")] = 1,
    at: At = "",
    as_json: AsJson = False,
) -> None:
    """Fill a database without nonconformities with years of made-up CAPA, through the one write path."""
    from service.simulating.simulate import Plan
    from service.simulating.simulate import simulate as simulate_years

    plan = Plan(_moment(at), nonconformities, actions, years, seed)
    with _database() as database, _answering(as_json), _progress(as_json) as progress:
        counts = simulate_years(database, plan, progress)
    _say(counts if as_json else _counted(counts), as_json)


@app.command()
def move(
    record: Annotated[str, typer.Argument(help="Its code (the newest of that code) or identifier.")],
    name: Annotated[str, typer.Argument(metavar="MOVE")],
    person: Annotated[str, typer.Option("--as", help="Who makes the move: the person's code.")],
    given: Annotated[
        list[str] | None, typer.Option("--given", help="What it records: field=value; repeatable.")
    ] = None,
    at: At = "",
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Make a move on a record, as a person, through the one write path. Who signs is asked for their password."""
    from service.accounts.typed import proof_at_the_command
    from service.moves import move as make_move
    from service.moves import signs
    from service.reading.people import actor_by_code
    from service.reading.records import find_record

    pairs = dict(_pair(one) for one in given or [])
    now = _moment(at)
    with _database() as database, _answering(as_json, language):
        with database.read() as connection:
            actor = actor_by_code(connection, person, now)
            record_id = find_record(connection, record, actor, now)
            needs_proof = signs(connection, record_id, name)
        proof = None
        if needs_proof and actor.person_id:
            proof = proof_at_the_command(database, actor.person_id, _ask_password, now)
            if at and proof.method != "demonstration":
                raise typer.BadParameter("a signature bears the moment at which it is made: leave out --at")
        with database.write() as connection:
            moved = make_move(connection, record_id, name, actor, pairs, now, proof=proof)
    answer = {"id": str(moved.record_id), "state": moved.state, "version": moved.version}
    _say(answer if as_json else f"{record}: {moved.state}", as_json)


@app.command()
def lifecycle(
    name: str, form: Annotated[Format, typer.Option("--format")] = Format.MERMAID, language: In = Language.KY
) -> None:
    """Draw a lifecycle from its declaration."""
    from states.drawing import mermaid, svg
    from states.registry import lifecycle as find

    with _answering(as_json=False, language=language):
        one = find(name)
        typer.echo(mermaid(one, language) if form is Format.MERMAID else svg(one, language, standalone=True))


@exporting.command("history")
def export_history(file: Path, as_json: AsJson = False) -> None:
    """Write all histories, seals and signatures into a file (packed if it ends in .gz) that `verify` can check."""
    from service.verifying.database import lines
    from service.verifying.export import write_export

    with _database() as database, database.read() as connection, _progress(as_json) as progress:
        counts = write_export(lines(connection, datetime.now(UTC)), file, progress)
    _say(counts if as_json else _counted(counts), as_json)


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export; without it, the live database.")] = None,
    seals: Annotated[Path | None, typer.Option(help="A copy of seals.txt to compare with.")] = None,
    root: Annotated[list[str] | None, typer.Option(help="A root or hash of a seal kept elsewhere; repeatable.")] = None,
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Has anything in the histories been touched? Names the first record; exits with 0 only when nothing was."""
    from service.verifying.database import lines
    from service.verifying.export import read_export
    from service.verifying.verify import verify as verify_lines
    from service.verifying.words import in_words, to_json

    try:
        kept = {"printed": seals.read_text("utf-8").splitlines() if seals else [], "roots": root or []}
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{seals} cannot be read: {error}") from error
    with _progress(as_json) as progress:
        if file is not None:
            report = verify_lines(read_export(file), **kept, progress=progress)
        else:
            with _database() as database, database.read() as connection:
                report = verify_lines(lines(connection, datetime.now(UTC)), **kept, progress=progress)
    _say(to_json(report, language) if as_json else in_words(report, language), as_json)
    raise typer.Exit(0 if report.well else 1)


@app.command()
def doctor(language: In = Language.EN, as_json: AsJson = False) -> None:
    """Is everything that must run running? What is stuck? Exits with 0 only when all is well."""
    from service.doctor import examine
    from service.language import say

    settings = Settings()
    running = _ask_running(settings)
    with _database() as database, _answering(as_json, language), database.read() as connection:
        seen = examine(connection, datetime.now(UTC), running)
    findings = [say(one.sentence, language, one.facts) for one in seen.findings]
    advice = [say(one.sentence, language, one.facts) for one in seen.advice]
    if as_json:
        _say({**seen.figures, "findings": findings, "advice": advice, "well": not findings}, as_json)
    else:
        for figure, value in seen.figures.items():
            typer.echo(f"{figure:>16}  {value}")
        for finding in findings:
            err.print(f"[bold red]✗[/] {finding}", highlight=False)
        for one in advice:
            err.print(f"[bold yellow]·[/] {one}", highlight=False)
    raise typer.Exit(1 if findings else 0)


def _ask_running(settings: Settings) -> dict[str, Any] | None:
    import httpx

    try:
        answer = httpx.get(f"http://{settings.host}:{settings.port}/api/health", timeout=10, trust_env=False)
        answer.raise_for_status()
        running: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return running


def _tell(sentence: str) -> None:
    err.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _first_start(database: Database) -> None:
    from service.demo.story import first_start
    from service.files.at import store_at

    store = store_at(Settings())
    with _progress(quiet=not err.is_terminal) as progress:
        reports = first_start(database, datetime.now(UTC), progress, store)
    for report in reports:
        _tell(report.in_words("en", most=3))


@contextmanager
def _database() -> Iterator[Database]:
    with _reachable():
        database = Database(Settings().database)
        upgrade(database)
        load_catalogues(database)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _reachable() -> Iterator[None]:
    """Say in a line that the database is not to be had, and leave with 2."""
    from sqlalchemy.exc import ArgumentError, DBAPIError

    try:
        yield
    except (ArgumentError, DBAPIError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        _tell(f"✗ The database cannot be used: {why}")
        _tell("Check SAPAT_DATABASE_URL; for PostgreSQL it is postgresql+psycopg://user:password@host:port/database")
        raise typer.Exit(2) from error


@contextmanager
def _answering(as_json: bool, language: str = "en") -> Iterator[None]:
    """Say a refusal in the reader's language and leave with 1."""
    try:
        yield
    except Refusal as refusal:
        _refused(refusal, language, as_json)


def _refused(refusal: Refusal, language: str, as_json: bool) -> NoReturn:
    from service.language import say, says
    from service.problem import problem

    if as_json:
        _say(problem(refusal, language), as_json)
    else:
        title, next_step = says(refusal, language)
        err.print(f"[bold red]✗[/] {title}", highlight=False)
        for field, sentence in refusal.errors.items() if isinstance(refusal, Incomplete) else ():
            err.print(f"  {field}: {say(sentence, language)}", highlight=False, markup=False)
        err.print(next_step, highlight=False, markup=False)
    raise typer.Exit(1)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each long piece of work: called with what is being done, how much of it, out of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=quiet) as bars:
        known: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = bars.add_task(what, total=total)
            bars.update(known[what], completed=done, total=total)

        yield show


def _moment(written: str) -> datetime:
    if not written:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(f"“{written}” is not a moment; write it as 2026-11-21T09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BISHKEK)


def _ask_password() -> str:
    """From the terminal without showing it, or a line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _pair(written: str) -> tuple[str, str]:
    field, sign, value = written.partition("=")
    if not sign:
        raise typer.BadParameter(f"“{written}” is not field=value")
    return field, value


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items())


def _say(answer: Any, as_json: bool) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str) if as_json else answer)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
