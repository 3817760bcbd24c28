"""What the specialist looks up: figures, the rows behind them, files of those, and a word of a title."""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.web.day.story import Day


@dataclass
class Looking:
    """`bars` are the numbers of a figure, `behind` how many rows one of them led to, `exported` how many a file had."""

    day: Day
    bars: list[int] = field(default_factory=list)
    behind: int = 0
    exported: dict[str, int] = field(default_factory=dict)

    def at_the_ageing(self) -> None:
        """From the tallest bar of what is open to its rows, and away with them as files."""
        page = self.day.specialist.page
        self.day.specialist.open("/figures/nonconformities")
        self.day.specialist.look("9-figures")
        self._follow("ageing", tallest=True)
        self.day.specialist.look("9-behind")
        for ending in ("csv", "xlsx"):
            with page.expect_download() as coming:
                page.locator(f'a[href^="/exports/"][href*=".{ending}"]').first.click()
            self.exported[ending] = _rows(Path(coming.value.path()).read_bytes(), ending)

    def at_the_causes(self) -> None:
        """From the commonest kind of cause to the nonconformities that have it."""
        self.day.specialist.open("/figures/nonconformities")
        self._follow("causes", tallest=True)

    def found(self, words: str) -> str:
        """What the list of nonconformities finds by words."""
        desk = self.day.specialist
        desk.open("/nonconformities")
        form = desk.page.locator('form[action="/nonconformities"]').last
        desk.fill(form, q=words)
        form.locator("button").last.click()
        return desk.page.locator("main").inner_text()

    def _follow(self, figure: str, *, tallest: bool) -> None:
        page = self.day.specialist.page
        marks = page.locator(f"#{figure} svg.wide a.picture-mark")
        self.bars = [int(words) for words in marks.locator("text.picture-number").all_text_contents()]
        marks.nth(self.bars.index(max(self.bars))).click()
        page.wait_for_url("**/nonconformities?**")
        self.behind = _shown(page.locator("main").inner_text())


def _shown(words: str) -> int:
    """How many rows a list says that it has."""
    (said,) = set(re.findall(r"^Бардыгы: ([\d ]+)$", words, re.MULTILINE))  # above the list and below it
    return int("".join(filter(str.isdigit, said)))


def _rows(content: bytes, ending: str) -> int:
    if ending == "csv":
        return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) - 1
    return len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) - 1
