"""The tables, for statements that name columns."""

from models.base import table
from models.corrective_action import CorrectiveAction
from models.decision import Decision
from models.document import Document, DocumentType, Revision
from models.history import History
from models.nonconformity import Nonconformity
from models.notice import Notice
from models.organisation import Body, Holding, Person, Post, Unit
from models.process import Process, ProcessOwner
from models.record import Record
from models.task import Task
from models.upkeep import Counter, DayException, IdempotentAnswer

body = table(Body)
counter = table(Counter)
corrective_action = table(CorrectiveAction)
day_exception = table(DayException)
decision = table(Decision)
document = table(Document)
document_type = table(DocumentType)
history = table(History)
holding = table(Holding)
idempotent_answer = table(IdempotentAnswer)
nonconformity = table(Nonconformity)
notice = table(Notice)
person = table(Person)
post = table(Post)
process = table(Process)
process_owner = table(ProcessOwner)
record = table(Record)
revision = table(Revision)
task = table(Task)
unit = table(Unit)
