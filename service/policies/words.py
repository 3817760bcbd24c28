"""Deadlines, ladders and policies in plain words, in the reader's language."""

from service.language import say, translations
from states.kyrgyz import day_in_words
from states.lifecycle import Channel, Deadline, Ladder, Lifecycle, Rung, Step
from states.policies import Policy, deadline_of
from states.roles import named
from states.text import N_


def said(one: Lifecycle, step: Step, policy: Policy | None, language: str) -> str:
    """By which policy a task is due, and when. None: by what its step declares."""
    facts = {"deadline": _small(deadline_words(one, step, policy, language))}
    if policy is None:
        return say(_DECLARED, language, facts)
    return say(_SAID, language, {**facts, "day": day_in_words(policy.effective_from, language)})


def deadline_words(one: Lifecycle, step: Step, policy: Policy | None, language: str) -> str:
    """When the step is due: "5 working days after the step begins"."""
    deadline = deadline_of(step, policy)
    return on_date_words(one, deadline, language) if deadline.on else days_words(deadline, language)


def deadline_briefly(one: Lifecycle, step: Step, policy: Policy | None, language: str) -> str:
    """The same where it is clear from when one counts: "5 working days"."""
    deadline = deadline_of(step, policy)
    if deadline.on:
        return on_date_words(one, deadline, language, _BRIEFLY)
    ngettext, num = translations(language).ngettext, deadline.days
    if deadline.working:
        return ngettext("%(num)s working day", "%(num)s working days", num) % {"num": num}
    return ngettext("%(num)s calendar day", "%(num)s calendar days", num) % {"num": num}


def on_date_words(one: Lifecycle, deadline: Deadline, language: str, sentence: str = "") -> str:
    """When a step is due that has a date of its own."""
    recorded = (*one.opens, *(field for move in one.moves.values() for field in move.records))
    label = next((field.label.into(language) for field in recorded if field.name == deadline.on), "")
    return say(sentence or _ON_NAMED, language, {"field": label}) if label else say(_ON, language)


def days_words(deadline: Deadline, language: str) -> str:
    """So many days after the step begins."""
    ngettext, num = translations(language).ngettext, deadline.days
    if deadline.working:
        found = ngettext("%(num)s working day after the step begins", "%(num)s working days after the step begins", num)
    else:
        found = ngettext(
            "%(num)s calendar day after the step begins", "%(num)s calendar days after the step begins", num
        )
    return found % {"num": num}


def ladder_words(ladder: Ladder, language: str) -> str:
    """The whole ladder in one line: "reminder 3 working days before; on the day; …"."""
    told = [f"{when_words(rung, language)}: {whom_words(rung, language)}" for rung in ladder.rungs]
    return "; ".join([*told, f"{again_words(ladder, language)}: {whom_words(ladder.again, language)}"])


def ladder_briefly(ladder: Ladder, language: str) -> str:
    """From which rung to which: "3 working days before – 15 working days after (rector)"."""
    first, last = ladder.rungs[0], ladder.rungs[-1]
    ends = dict.fromkeys((when_words(first, language), when_words(last, language)))
    return f"{' – '.join(ends)} ({whom_words(last, language)})"


def when_words(rung: Rung, language: str) -> str:
    """When a rung speaks, from the due day, as it stands within a line."""
    ngettext, num = translations(language).ngettext, abs(rung.days)
    if rung.days == 0:
        return _small(say(_ON_THE_DAY, language))
    if rung.days < 0:
        return _small(ngettext("%(num)s working day before", "%(num)s working days before", num) % {"num": num})
    return _small(ngettext("%(num)s working day after", "%(num)s working days after", num) % {"num": num})


def again_words(ladder: Ladder, language: str) -> str:
    """How often the last reminder comes again."""
    ngettext, num = translations(language).ngettext, ladder.again.days
    return _small(ngettext("then every working day", "then every %(num)s working days", num) % {"num": num})


def whom_words(rung: Rung, language: str) -> str:
    """Whom a rung tells, and by which way where that is not the mail."""
    whom = named(rung.to).into(language)
    return whom if rung.channel is Channel.MAIL else f"{whom} ({rung.channel.label.into(language)})"


def _small(words: str) -> str:
    # What begins a line on one page stands within one on another.
    return words[:1].lower() + words[1:]


_DECLARED = N_("As declared for this step: %(deadline)s.")
_SAID = N_("By the policy in force from %(day)s: %(deadline)s.")
_ON_NAMED = N_("on the date that the record says: %(field)s")
_BRIEFLY = N_("the date “%(field)s”")
_ON = N_("on the date that the record says")
_ON_THE_DAY = N_("on the day")
