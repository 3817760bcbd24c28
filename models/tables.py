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
from models.corrective_action import CorrectiveAction, WorkStep
from models.decision import Decision
from models.document import Document, DocumentType, Revision
from models.event import Event
from models.evidence import Evidence
from models.file import Attachment, File, Upload
from models.history import History
from models.nonconformity import Cause, Nonconformity
from models.notice import Notice
from models.organisation import Body, Holding, Membership, Person, Post, Unit
from models.policy import Ladder, Policy
from models.process import Process, ProcessOwner
from models.record import Record
from models.seal import Seal, SealLeaf
from models.signature import Signature
from models.task import Task
from models.upkeep import Counter, DayException, IdempotentAnswer, ReceivedMail
from models.webhook import Webhook, WebhookCall

absence = table(Absence)
account = table(Account)
api_token = table(ApiToken)
attachment = table(Attachment)
attempts = table(Attempts)
audit = table(Audit)
body = table(Body)
cause = table(Cause)
challenge = table(Challenge)
corrective_action = table(CorrectiveAction)
counter = table(Counter)
day_exception = table(DayException)
decision = table(Decision)
document = table(Document)
document_type = table(DocumentType)
entry = table(Entry)
event = table(Event)
evidence = table(Evidence)
file = table(File)
finding = table(Finding)
history = table(History)
holding = table(Holding)
idempotent_answer = table(IdempotentAnswer)
identity = table(Identity)
ladder = table(Ladder)
membership = table(Membership)
nonconformity = table(Nonconformity)
notice = table(Notice)
one_time_link = table(OneTimeLink)
passkey = table(Passkey)
person = table(Person)
policy = table(Policy)
post = table(Post)
process = table(Process)
process_owner = table(ProcessOwner)
question = table(Question)
received_mail = table(ReceivedMail)
record = table(Record)
recovery_code = table(RecoveryCode)
revision = table(Revision)
seal = table(Seal)
seal_leaf = table(SealLeaf)
session = table(Session)
signature = table(Signature)
task = table(Task)
unit = table(Unit)
upload = table(Upload)
webhook = table(Webhook)
webhook_call = table(WebhookCall)
work_step = table(WorkStep)
