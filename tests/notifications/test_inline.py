import pytest

from notifications.inline import inline_css

CSS = ".red { color: red } td.wide { width: 9px }"


class TestTheInlinerLeavesJinjaAlone:
    def test_between_rows_in_attributes_and_in_text(self) -> None:
        template = (
            '{% for one in all if one.a > "<" %}<table><tbody>{% if one %}<tr><td class="wide">{{ one["a"] }}</td></tr>'
            '{% endif %}</tbody></table><a class="red" href="{{ url }}">{{ _("Open “%(x)s”", x=one) }}</a>{% endfor %}'
        )
        assert inline_css(template, CSS) == template.replace('class="wide"', 'class="wide" style="width:9px"').replace(
            '<a class="red" href="{{ url }}"', '<a class="red" href="{{ url }}" style="color:red"'
        )

    def test_a_remark_is_left_out(self) -> None:
        assert inline_css("<p>{# why #}ө</p>", CSS) == "<p>ө</p>"

    def test_rows_without_their_table_are_refused(self) -> None:
        with pytest.raises(ValueError, match="outside a table"):
            inline_css('{% block rows %}<tr><td class="wide">1</td></tr>{% endblock %}', CSS)
