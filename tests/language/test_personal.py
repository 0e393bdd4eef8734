import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CPF

from penbot.language.personal import cpfs, emails, is_email, mask_cpf

VALID = "52998224725"  # its check digits are right; it was made up


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("529.982.247-25", "[CPF]"),
        ("meu CPF é 52998224725.", "meu CPF é [CPF]."),
        ("cpf:529.982.247-25, fone 3411-0000", "cpf:[CPF], fone 3411-0000"),
        ("CPF52998224725", "CPF[CPF]"),
        ("cpf nº529.982.247-25", "cpf nº[CPF]"),
        ("529 982 247 25", "[CPF]"),
        ("529982247-25 e 529.982.247/25", "[CPF] e [CPF]"),
        ("529.982.247–25", "[CPF]"),
        ("529\xa0982\xa0247\xa025", "[CPF]"),
        ("em 2024 529.982.247-25", "em 2024 [CPF]"),
        ("(529.982.247-25)\n529.982.247-25", "([CPF])\n[CPF]"),
        ('{"cpf":"52998224725"}', '{"cpf":"[CPF]"}'),
    ],
)
def test_a_cpf_is_covered_however_it_is_written(text, masked):
    assert mask_cpf(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "529.982.247-26",  # wrong check digits
        "111.111.111-11",
        "000.000.000-00",
        "00000.000000/2024-00",
        "23000.529982/2024-25",
        "23480.529982.247-25",
        "23480529982247252024",
        "52998224725/2024-11",
        "529.982.247-25.2024.8.26.0100",
        "a52998224725",
        "52998224725f0c3",
        "(61) 99911-2233",
        "12.345.678/0001-95",
        "529\n982\n247\n25",
        "5 2 9 9 8 2 2 4 7 2 5",
        "chamado 2024001234",
    ],
)
def test_other_numbers_stay(text):
    assert mask_cpf(text) == text


def test_a_cpf_is_told_with_its_place():
    text = "sou 529.982.247-25 sim"

    assert [text[start:end] for start, end in cpfs(text)] == ["529.982.247-25"]


@given(st.integers(0, 999_999_999), st.sampled_from(["{}{}{}{}", "{}.{}.{}-{}", "{} {} {} {}", "{}{}{}-{}"]))
def test_every_valid_cpf_is_found_in_every_writing(number, writing):
    nine = f"{number:09}"
    valid = CPF(repeated_digits=True).validate
    digits = next(f"{nine}{check:02}" for check in range(100) if valid(f"{nine}{check:02}"))
    text = f"o titular, {writing.format(digits[:3], digits[3:6], digits[6:9], digits[9:])}, pediu"

    assert mask_cpf(text) == ("o titular, [CPF], pediu" if len(set(digits)) > 1 else text)


@given(st.text("0123456789.- "))
def test_what_is_not_covered_stays_as_it_is(text):
    kept, at = "", 0
    for start, end in cpfs(text):
        kept, at = f"{kept}{text[at:start]}[CPF]", end

    assert mask_cpf(text) == kept + text[at:]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("escreva a ana.lima@exemplo.gov.br.", ["ana.lima@exemplo.gov.br"]),
        ("Ana <ANA@TRT9.JUS.BR>; beto_souza@camara.leg.br,c-d@mpba.mp.br", 3),
        ("mailto:o'neil@exemplo.gov.br", ["o'neil@exemplo.gov.br"]),
        ("ana+sei@exemplo.gov.br-", ["ana+sei@exemplo.gov.br"]),
        ("joão.lima@exemplo.gov.br", []),
        ("ana@orgao", []),
        ("a@b@exemplo.gov.br", []),
        ("ana..lima@exemplo.gov.br", []),
        ("sem endereço @ nenhum", []),
    ],
)
def test_addresses_are_found_in_a_text(text, found):
    spans = [text[start:end] for start, end in emails(text)]

    assert spans == found if isinstance(found, list) else len(spans) == found


@pytest.mark.parametrize(
    "text", ["ana@exemplo.gov.br", "a.b@fazenda.sp.gov.br", "x@tjba.jus.br", "y@senado.leg.br", "w@a.com"]
)
def test_an_address_of_the_right_form_is_one(text):
    assert is_email(text)


@pytest.mark.parametrize(
    "text", ["", "ana", "ana@", "@exemplo.gov.br", "ana@exemplo", "ana lima@exemplo.gov.br", " ana@exemplo.gov.br",
             "ana@órgão.gov.br", "ana@exemplo..gov.br", "ana@localhost", "ana@exemplo.gov.br\nbcc: x@y.com"]
)  # fmt: skip
def test_anything_else_is_none(text):
    assert not is_email(text)


def test_a_long_text_is_read_in_no_time():
    for text in ("a." * 100_000, "a@" * 50_000, "a@" + "a-" * 50_000, "529 " * 50_000, "529.982.247-" * 20_000):
        assert emails(text) == []
        assert len(cpfs(text)) <= len(text) // 11
