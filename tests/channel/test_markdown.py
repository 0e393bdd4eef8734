import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penbot.channel.markdown import to_html
from tests.xss import CORPUS


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("uma\nduas", "<p>uma<br>duas</p>"),
        ("uma\n\nduas", "<p>uma</p><p>duas</p>"),
        ("Veja:\n- um\n- dois\nfim", "<p>Veja:</p><ul><li>um</li><li>dois</li></ul><p>fim</p>"),
        ("1. um\n2. dois", "<ol><li>um</li><li>dois</li></ol>"),
        ("é **muito** `bom`", "<p>é <strong>muito</strong> <code>bom</code></p>"),
        (
            "Acesse https://a.gov.br/x.",
            '<p>Acesse <a href="https://a.gov.br/x" rel="noopener noreferrer">https://a.gov.br/x</a>.</p>',
        ),
        (
            "[guia](https://a.gov.br)",
            '<p><a href="https://a.gov.br" rel="noopener noreferrer">guia (https://a.gov.br)</a></p>',
        ),
        (
            "[e-mail](mailto:a@b.gov.br)",
            '<p><a href="mailto:a@b.gov.br" rel="noopener noreferrer">e-mail (a@b.gov.br)</a></p>',
        ),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](http://a.gov.br)", "<p>[x](http://a.gov.br)</p>"),
        ("", ""),
    ],
)
def test_the_subset(text, html):
    assert str(to_html(text)) == html


@pytest.mark.parametrize("text", CORPUS)
def test_nothing_but_the_subset_comes_out(text):
    only_the_subset(str(to_html(text)))


@given(st.text(alphabet="ab<>\"'&[]()*`-1. \n:/@https mailto javascript"))
def test_whatever_is_written_only_the_subset_comes_out(text):
    only_the_subset(str(to_html(text)))


def only_the_subset(html):
    tags = re.findall(r"<[^>]*>", html)
    plain = {"p", "br", "ul", "ol", "li", "strong", "code"}
    allowed = re.compile(
        rf"</?(?:{'|'.join(plain)})>|</a>"
        r'|<a href="(?:https://|mailto:)[^"<> ]*" rel="noopener noreferrer">'
    )
    assert all(allowed.fullmatch(tag) for tag in tags), tags
    assert "<" not in re.sub(r"<[^>]*>", "", html)
