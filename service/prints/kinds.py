"""The forms: what each is called, which shape it takes, whether it is also a DOCX that people go on writing."""

from dataclasses import dataclass
from typing import Final

from service.prints import shapes, sittings
from states.text import Text


@dataclass(frozen=True, slots=True)
class Form:
    """A form. Its template is `<name>.typ`, and `<name>.docx` where there is `docx`; `name` stands in addresses too."""

    name: str
    label: Text
    shape: type
    docx: bool = False


FORMS: Final = {
    form.name: form
    for form in (
        Form("agenda", Text("күн тартиби", "повестка дня", "agenda"), sittings.Agenda),
        Form("protocol", Text("протокол", "протокол", "protocol"), sittings.Protocol, docx=True),
        Form(
            "extract",
            Text("протоколдон көчүрмө", "выписка из протокола", "extract of the protocol"),
            sittings.Extract,
            docx=True,
        ),
        Form("approval", Text("титулдук барак", "титульный лист", "approval sheet"), shapes.ApprovalSheet),
        Form("sign-off", Text("макулдашуу барагы", "лист согласования", "sign-off sheet"), shapes.SignOffSheet),
        Form(
            "changes",
            Text("өзгөртүүлөрдү каттоо барагы", "лист регистрации изменений", "registration sheet of changes"),
            shapes.ChangeSheet,
        ),
        Form(
            "acquaintance",
            Text("таанышуу барагы", "лист ознакомления", "acquaintance sheet"),
            shapes.AcquaintanceSheet,
        ),
        Form("order", Text("буйруктун долбоору", "проект приказа", "order draft"), shapes.OrderDraft, docx=True),
        Form("register", Text("реестр", "реестр", "register"), shapes.Register),
        Form(
            "nonconformity",
            Text("туура келбөөчүлүк жөнүндө акт", "акт о несоответствии", "nonconformity report"),
            shapes.NonconformityAct,
        ),
    )
}
