"""How wide words are, roughly: no font is at hand where a picture is drawn."""

from typing import Final

# Parts of the font size in per cent, between Noto Sans (much like Segoe UI and Roboto) and the wider DejaVu Sans.
_WIDTHS: Final = {
    letter: per_cent / 100
    for per_cent, letters in {
        36: "fijlIJ .,:;()-/’'",
        50: "гrstz–“”",
        58: "зкстуүхэяГckvxyFL«»",
        64: "абвдеёлоөпрчьЕЁЗРТУҮХabdeghnopquEKPSTVXYZ0123456789",
        70: "ийнңцАБВКСЧЬЭЯABCR",
        78: "мъДИЙЛНҢПЦЪDGHNU",
        90: "жфыюМОӨФЫwMOQ",
        106: "шщЖШЩЮmW—№",
    }.items()
    for letter in letters
}
BOLD: Final = 1.08


def width(words: str, size: float) -> float:
    """An estimate of the width of `words` on one line."""
    return size * sum(_WIDTHS.get(letter, 0.9) for letter in words)


def wrap(words: str, size: float, limit: float) -> tuple[str, ...]:
    """`words` in lines no wider than `limit`; a single word that is wider stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
