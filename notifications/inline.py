"""Write the style sheet into the tags of a template, once, before the template is compiled.

Mail clients want `style="..."` on every tag. Doing that to each finished mail costs more than all the rest of it; doing
it to the template costs nothing per mail. The inliner reads HTML, not Jinja, so what is Jinja steps aside for that
moment: `{% ... %}` as a comment, which may stand anywhere, even between the rows of a table, and `{{ ... }}` as a word,
which may also stand in an attribute.
"""

import re

import css_inline

_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_STAND_IN = re.compile(r"<!--jinja(\d+)x-->|jinja(\d+)x")
_CELL = re.compile(r"<t[rdh]\b")
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


def inline_css(template: str, css: str) -> str:
    """Return the source of the Jinja `template` with the rules of `css` in the `style` of each tag they select.

    A whole page keeps a `<style data-css-inline="keep">` as it is (media queries cannot be inlined).
    Raises `ValueError` for rows or cells outside a table: read as HTML, by themselves, they come to nothing.
    """
    aside: list[str] = []

    def step_aside(found: re.Match[str]) -> str:
        if found[0].startswith("{#"):
            return ""
        aside.append(found[0])
        stand_in = f"jinja{len(aside) - 1}x"
        return f"<!--{stand_in}-->" if found[0].startswith("{%") else stand_in

    def step_back(found: re.Match[str]) -> str:
        return aside[int(found[1] or found[2])]

    html = _JINJA.sub(step_aside, template)
    if "</html>" in html:
        whole = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True, extra_css=css)
        inlined = whole.inline(html)
    else:
        inlined = _INLINER.inline_fragment(html, css)
    if len(_CELL.findall(inlined)) != len(_CELL.findall(html)):
        raise ValueError("a template has rows or cells outside a table")
    return _STAND_IN.sub(step_back, inlined)
