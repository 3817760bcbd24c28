"""Names in three languages, and the mark for sentences that the catalogues translate."""

from typing import Final, Literal, NamedTuple

Language = Literal["ky", "ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ky", "ru", "en")


class Text(NamedTuple):
    """One name in Kyrgyz, Russian and English; part of a declaration, so that it stands where it is declared."""

    ky: str
    ru: str
    en: str

    def into(self, language: str) -> str:
        """The name in `language`; Kyrgyz where the language is unknown."""
        return {"ru": self.ru, "en": self.en}.get(language, self.ky)


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Mark a sentence for the catalogues without translating it here."""
    return sentence
