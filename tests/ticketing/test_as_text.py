"""A ticket as text to be copied."""

import dataclasses

from penbot.ticketing.as_text import CUT, LONGEST, as_text
from penbot.ticketing.desk import File, Ticket

TICKET = Ticket(
    key="bot-0001-teste",
    protocol="2026-000123",
    product="sei",
    sphere="executivo_federal",
    support_type="reportar_erro",
    subject="Erro ao assinar",
    body="A tela fica branca.\n\nAmbiente: produção\nVersão: 5.0.1",
    requester_name="Pessoa Exemplo",
    requester_email="pessoa@orgao.gov.br",
)
NAMES = {"sei": "SEI", "executivo_federal": "Executivo Federal", "reportar_erro": "Reportar um erro"}


def test_the_whole_ticket_is_there_with_the_names_people_know():
    assert as_text(TICKET, NAMES).splitlines() == [
        "Assunto: Erro ao assinar",
        "Produto: SEI",
        "Esfera: Executivo Federal",
        "Tipo de suporte: Reportar um erro",
        "Solicitante: Pessoa Exemplo <pessoa@orgao.gov.br>",
        "",
        "Descrição:",
        "A tela fica branca.",
        "",
        "Ambiente: produção",
        "Versão: 5.0.1",
    ]


def test_it_does_not_look_like_a_ticket_that_was_opened():
    text = as_text(TICKET, NAMES)
    assert TICKET.protocol not in text
    assert TICKET.key not in text
    assert "aberto" not in text


def test_an_id_without_a_name_is_shown_as_it_is():
    assert "Produto: sei\n" in as_text(TICKET, {})


def test_the_files_to_be_attached_are_named():
    files = (File("tela.png", "image/png", b"x"), File("sei.log", "text/plain", b"y"))
    assert "Anexos: tela.png, sei.log\n" in as_text(dataclasses.replace(TICKET, files=files), NAMES)


def test_a_line_break_in_a_short_field_makes_no_line_of_its_own():
    forged = dataclasses.replace(TICKET, subject="Erro\nProduto: outro", requester_name="Pessoa\nEsfera: outra")
    lines = as_text(forged, NAMES).splitlines()
    assert "Produto: outro" not in lines
    assert "Esfera: outra <pessoa@orgao.gov.br>" not in lines


def test_a_text_without_end_is_cut_and_says_so():
    text = as_text(dataclasses.replace(TICKET, body="palavra " * 5000), NAMES)
    assert len(text) <= LONGEST
    assert text.endswith(f"\n{CUT}")
