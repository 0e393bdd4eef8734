"""The contract's payloads, as people see them."""

import re

import pytest
from playwright.sync_api import expect

from tests.widget.chat import BOT, ask, opened, said
from tests.widget.script import CLARIFY, CREATED, DRAFT, FALLBACK, REFUSED, STATUS, scripted


@pytest.fixture
def chat(page, portal):
    yield opened(page, portal.address)
    assert page.broken == []


def test_a_draft_is_a_card_with_a_change_for_each_line(chat):
    sent = scripted(chat, DRAFT, CLARIFY)
    ask(chat, "está dando erro no SEI")

    card = chat.locator(".pen-card")
    expect(card.get_by_role("heading")).to_have_text("Resumo do chamado")
    expect(card.get_by_role("term")).to_have_text(["Produto", "Esfera", "Tipo de suporte", "Descrição", "Versão"])
    expect(card).to_contain_text("(não informado)")
    card.get_by_role("button", name="Alterar: Esfera").click()
    expect(chat.locator(BOT)).to_have_count(2)
    assert sent[1] == {"number": 2, "payload": "/x~esfera"}
    assert said(chat)[1] == "Alterar: Esfera"
    expect(chat.get_by_role("button", name=re.compile("Alterar"))).to_have_count(0)


def test_a_draft_without_fields_is_its_text(chat):
    custom = {key: value for key, value in DRAFT["custom"].items() if key != "fields"}
    scripted(chat, {**DRAFT, "custom": custom})
    ask(chat, "está dando erro no SEI")

    expect(chat.locator(BOT)).to_contain_text("Confira o chamado antes de enviar:")
    expect(chat.locator(".pen-card")).to_have_count(0)
    expect(chat.get_by_role("button", name="Enviar chamado")).to_be_visible()


def test_a_protocol_can_be_copied_and_its_deadline_noted(chat, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    scripted(chat, CREATED)
    ask(chat, "sim")
    chat.get_by_role("button", name="Copiar protocolo").click()
    expect(chat.get_by_text("Protocolo copiado.")).to_be_attached()
    assert chat.evaluate("navigator.clipboard.readText()") == "PEN-2026-000123"

    with chat.expect_download() as download:
        chat.get_by_role("button", name="Lembrete na agenda: Responder à equipe: 28/11/2026, 14:30").click()
    event = download.value.path().read_bytes().decode()
    assert download.value.suggested_filename == "chamado-PEN-2026-000123.ics"
    assert "DTSTART:20261128T173000Z\r\n" in event
    assert "SUMMARY:Responder à equipe: chamado PEN-2026-000123\r\n" in event
    assert all(len(line.encode()) <= 75 for line in event.split("\r\n"))


def test_a_status_is_told_in_words(chat):
    scripted(chat, STATUS)
    ask(chat, "como está meu chamado?")

    expect(chat.locator(".pen-card")).to_contain_text("Situação: Em triagem")


@pytest.mark.parametrize("answer", [REFUSED, FALLBACK, {"text": "oi", "custom": {"type": "de_uma_versao_futura"}}])
def test_what_needs_no_card_is_its_text(chat, answer):
    scripted(chat, answer)
    ask(chat, "oi")

    expect(chat.locator(f"{BOT} .pen-text")).to_have_text(answer["text"])
    expect(chat.locator(".pen-card")).to_have_count(0)


def test_only_answers_are_rated(chat):
    scripted(
        chat, FALLBACK, {"text": "É isto.", "custom": {"type": "answer", "id": "x", "source": "https://a.gov.br/p"}}
    )
    ask(chat, "oi")
    expect(chat.get_by_text("Esta resposta ajudou?")).to_have_count(0)
    ask(chat, "oi de novo")

    expect(chat.get_by_text("Esta resposta ajudou?")).to_have_count(1)
    expect(chat.locator(".pen-source").get_by_role("link")).to_have_attribute("href", "https://a.gov.br/p")
