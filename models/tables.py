"""The tables, for statements that name columns."""

from models.absence import Absence
from models.account import (
    Account,
    ApiToken,
    Attempts,
    Challenge,
    Identity,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    Session,
)
from models.audit import Audit, Finding, Question
from models.base import table
from models.catalogue import Entry
from models.controlled import ControlledDigest, ControlledFile
from models.corrective_action import CorrectiveAction, WorkStep
from models.decision import Decision
from models.distribution import Acknowledgement, Distribution, PrintedCopy
from models.document import Document, DocumentType, Revision
from models.event import Event
from models.evidence import Evidence
from models.file import Attachment, File, Upload
from models.former_code import FormerCode
from models.history import History
from models.legal_act import LegalAct
from models.nonconformity import Cause, Nonconformity
from models.notice import Notice
from models.organisation import Body, Holding, Membership, Person, Post, Unit
from models.policy import Ladder, Policy
from models.process import Process, ProcessOwner
from models.record import Record
from models.route import Route
from models.seal import Seal, SealLeaf
from models.signature import Signature
from models.sitting import (
    AgendaItem,
    Attendee,
    Ballot,
    Correction,
    CouncilTask,
    Instruction,
    Sitting,
)
from models.task import Task
from models.upkeep import Counter, DayException, IdempotentAnswer, ReceivedMail
from models.webhook import Webhook, WebhookCall

absence = table(Absence)
account = table(Account)
acknowledgement = table(Acknowledgement)
agenda_item = table(AgendaItem)
api_token = table(ApiToken)
attachment = table(Attachment)
attempts = table(Attempts)
attendee = table(Attendee)
audit = table(Audit)
ballot = table(Ballot)
body = table(Body)
cause = table(Cause)
challenge = table(Challenge)
controlled_digest = table(ControlledDigest)
controlled_file = table(ControlledFile)
correction = table(Correction)
corrective_action = table(CorrectiveAction)
council_task = table(CouncilTask)
counter = table(Counter)
day_exception = table(DayException)
decision = table(Decision)
distribution = table(Distribution)
document = table(Document)
document_type = table(DocumentType)
entry = table(Entry)
event = table(Event)
evidence = table(Evidence)
file = table(File)
finding = table(Finding)
former_code = table(FormerCode)
history = table(History)
holding = table(Holding)
idempotent_answer = table(IdempotentAnswer)
identity = table(Identity)
instruction = table(Instruction)
ladder = table(Ladder)
legal_act = table(LegalAct)
membership = table(Membership)
nonconformity = table(Nonconformity)
notice = table(Notice)
one_time_link = table(OneTimeLink)
passkey = table(Passkey)
person = table(Person)
policy = table(Policy)
post = table(Post)
printed_copy = table(PrintedCopy)
process = table(Process)
process_owner = table(ProcessOwner)
question = table(Question)
received_mail = table(ReceivedMail)
record = table(Record)
recovery_code = table(RecoveryCode)
revision = table(Revision)
route = table(Route)
seal = table(Seal)
seal_leaf = table(SealLeaf)
session = table(Session)
signature = table(Signature)
sitting = table(Sitting)
task = table(Task)
unit = table(Unit)
upload = table(Upload)
webhook = table(Webhook)
webhook_call = table(WebhookCall)
work_step = table(WorkStep)
