import pytest

from penbot.ticketing.desks.plain import ascii_name, from_html, one_line, plain, shortened


def test_signs_that_no_text_has_are_left_out_and_the_rest_stays():
    assert plain("a\x00b\x1b\u0085\ud800c\td\r\ne\rf 👩‍💻") == "abc\td\ne\nf 👩‍💻"
    assert one_line(" um \n assunto\r\nBcc: x ") == "um assunto Bcc: x"


@pytest.mark.parametrize("text", ["á" * 100, "", "x"])
def test_what_fits_is_not_shortened(text):
    assert shortened(text, 200) == text


@pytest.mark.parametrize("text", ["á" * 101, "👩‍💻" * 60, "x" * 201])
def test_what_is_shortened_fits_and_shows_it(text):
    short = shortened(text, 200)

    assert len(short.encode()) <= 200
    assert short.endswith("…")
    assert text.startswith(short[:-1])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("tela çã.png", "tela_ca.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\erro.pdf", "erro.pdf"),
        ('a"b\r\nX: y.txt', "a_b_X_y.txt"),
        ("日本", "arquivo"),
        ("", "arquivo"),
    ],
)
def test_a_file_name_survives_any_mail_program(name, kept):
    assert ascii_name(name) == kept


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Bom dia,</p><p>qual é a <b>versão</b>?</p>", "Bom dia,\n\nqual é a versão?"),
        ("uma linha<br />outra &amp; mais &lt;uma&gt;", "uma linha\noutra & mais <uma>"),
        ("<style>p {color: red}</style><script>alert(1)</script><div>texto</div>", "texto"),
        ("<ul>\n<li>um</li>\n<li>dois</li>\n</ul>", "um\n\ndois"),
        ("a < b e sem marcas", "a < b e sem marcas"),
    ],
)
def test_html_is_told_as_a_person_reads_it(markup, text):
    assert from_html(markup) == text
