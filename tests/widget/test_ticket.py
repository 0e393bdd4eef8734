"""A ticket in a real browser with the real assistant, from the first message to the protocol."""

import itertools

import pytest
from playwright.sync_api import expect

from penbot.ticketing.clock import utc_now
from penbot.ticketing.database import database
from penbot.ticketing.desks.attendance import Attendance
from tests.widget.chat import BOT, opened, said, send, visit
from tests.widget.conftest import new_context, watched
from tests.widget.test_accessibility import LISTEN, SCHEMES, SIZES, focused, tab_to, violations

PROBLEM = "está dando erro no SEI quando envio processo para outra unidade"
DETAILS = "não aparece nada na tela, só fica carregando"
LABELS = "Produto,Tipo de suporte,Esfera,Assunto,Descrição,Ambiente,Versão,Nome,E-mail,Órgão".split(",")
LOG = {"name": "erro.log", "mimeType": "text/plain", "buffer": b"10:00:00 ERRO falha ao enviar\n"}
INPUT = "Escreva sua mensagem"
HIDDEN_BELOW = "(panel) => panel.scrollHeight - panel.clientHeight"  # only the log is to scroll
_requesters = itertools.count(1)


def requester():
    """One that no other test is: the second ticket of the same one would be a duplicate."""
    return f"Ana Lima, ana.lima{next(_requesters)}@saude.go.gov.br, Secretaria de Estado da Saúde"


def told(page, text):
    """The assistant has said this, and nothing more comes."""
    expect(page.locator(BOT).last).to_contain_text(text, timeout=30_000)
    expect(page.locator("pen-chat .typing")).to_be_hidden()


def press(page, title):
    page.locator("pen-chat").get_by_role("button", name=title, exact=True).click()


def protocol(page):
    return page.locator("pen-chat .pen-done strong").inner_text()


def at_the_desk(portal, number):
    return Attendance(database(portal.settings.database), utc_now).entry(number)


def ticket(page, portal):
    """A ticket's conversation; gives the name of each state that is worth a look, when it is there."""
    send(opened(page, portal.address), PROBLEM)
    told(page, "Qual é a esfera do seu órgão?")
    yield "question"
    press(page, "Executivo Estadual")
    told(page, "Quer acrescentar detalhes?")
    send(page, DETAILS)
    told(page, "Em qual ambiente")
    press(page, "Produção")
    told(page, "Qual é a versão")
    send(page, "4.0.11")
    told(page, "seu e-mail institucional")
    page.locator("pen-chat input[type=file]").set_input_files(LOG)
    expect(page.locator(".pen-file")).to_be_visible()
    yield "file"
    send(page, requester())
    told(page, "Posso abrir este chamado?")
    yield "summary"
    press(page, "Sim, abrir o chamado")
    told(page, "Chamado aberto.")
    yield "protocol"
    send(page, "como está meu chamado?")
    told(page, "aguardando a triagem")
    yield "status"


def until(state, page, portal):
    next(name for name in ticket(page, portal) if name == state)


@pytest.fixture
def still(browser):
    """A page where nothing moves: what is scrolled to is there at once."""
    context = new_context(browser, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield watched(context.new_page())
    context.close()


def test_by_keyboard_alone_from_the_first_message_to_the_protocol(still, portal):
    page, keys = visit(still, portal.address), still.keyboard

    def say(text, answer):
        assert focused(page)["name"] == INPUT
        keys.type(text)
        keys.press("Enter")
        told(page, answer)
        assert focused(page)["name"] == INPUT

    def press_back(name, answer):
        tab_to(page, name, "Shift+Tab")
        focused(page)
        keys.press("Enter")
        told(page, answer)
        assert focused(page)["name"] == INPUT

    tab_to(page, "Atendimento virtual")
    keys.press("Enter")
    expect(page.get_by_text("Sou um robô")).to_be_visible()
    say(PROBLEM, "Qual é a esfera do seu órgão?")
    press_back("Executivo Estadual", "Quer acrescentar detalhes?")
    tab_to(page, "Anexar arquivo")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(LOG)
    expect(page.locator(".pen-file")).to_be_in_viewport()
    assert focused(page)["name"] == "Anexar arquivo"

    page.reload()
    expect(page.locator(".pen-file")).to_be_visible()
    assert said(page) == [PROBLEM, "Executivo Estadual"]
    tab_to(page, INPUT)
    say(DETAILS, "Em qual ambiente")
    press_back("Produção", "Qual é a versão")
    say("4.0.11", "seu e-mail institucional")
    say(requester(), "Posso abrir este chamado?")

    press_back("Alterar: Versão", "Certo, vamos alterar: Versão.")
    say("4.1", "Posso abrir este chamado?")
    card = page.locator(f"{BOT}:last-child .pen-card")
    expect(card.get_by_role("term")).to_have_text(LABELS)
    expect(card).to_contain_text("4.1")
    press_back("Sim, abrir o chamado", "Chamado aberto.")
    expect(page.get_by_role("button", name="Remover: erro.log")).to_have_count(0)

    reminder = page.locator(".pen-done button").last.get_attribute("aria-label")
    assert reminder.startswith("Lembrete na agenda: Último momento para reabrir")
    tab_to(page, reminder, "Shift+Tab")
    focused(page)
    with page.expect_download() as download:
        keys.press("Enter")
    tab_to(page, "Copiar protocolo", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_text("Protocolo copiado.")).to_be_attached()
    assert focused(page)["name"] == "Copiar protocolo"

    number = page.evaluate("navigator.clipboard.readText()")
    assert number == protocol(page)
    event = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == f"chamado-{number}.ics"
    assert f"chamado {number}" in event.replace("\r\n ", "").replace("\n ", "")
    entry = at_the_desk(portal, number)
    assert entry.files == ("erro.log",)
    for text in (PROBLEM, DETAILS, "4.1"):
        assert text in entry.body
    assert "4.0.11" not in entry.body
    assert page.broken == []


def test_the_focus_stays_where_the_clipboard_may_not_be_used(still, portal):
    still.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    until("protocol", still, portal)
    tab_to(still, "Copiar protocolo", "Shift+Tab")
    still.keyboard.press("Enter")

    expect(still.get_by_text("Protocolo copiado.")).to_be_attached()
    assert focused(still)["name"] == "Copiar protocolo"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_from_the_question_to_the_status(browser, portal, node, scheme):
    context = new_context(browser, **SCHEMES[scheme])
    page = watched(context.new_page())
    for state in ticket(page, portal):
        assert violations(page, node) == [], state
        assert page.evaluate(SIZES) == [], state
        assert page.locator("pen-chat .panel").evaluate(HIDDEN_BELOW) == 0, state
    assert page.broken == []
    context.close()


def test_the_summary_is_announced_and_shown_once(page, portal):
    until("file", page, portal)
    page.evaluate(LISTEN)
    send(page, requester())
    told(page, "Posso abrir este chamado?")

    (heard,) = page.evaluate("window.heard")
    assert heard.count("Confira o chamado antes de enviar.") == 1
    assert [heard.count(f"{label}: ") for label in LABELS] == [1] * len(LABELS)
    assert "Opções: Sim, abrir o chamado, Alterar, Cancelar." in heard
    shown = page.locator(BOT).last
    assert shown.inner_text().count("4.0.11") == 1
    expect(shown.locator(".pen-text li")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 800)])
def test_the_beginning_of_an_answer_can_be_seen(browser, portal, width, height):
    """Of one longer than the panel, and of one to a message longer than the panel."""
    context = new_context(browser, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    until("summary", page, portal)
    beginning = page.locator(f"{BOT}:last-child .pen-text")
    expect(beginning).to_be_in_viewport(ratio=1)
    press(page, "Alterar: Descrição")
    told(page, "Certo, vamos alterar: Descrição.")
    send(page, "abro o processo, clico em enviar e a tela fica em branco\n" * 30)
    told(page, "Posso abrir este chamado?")

    expect(beginning).to_be_in_viewport(ratio=1)
    context.close()


def test_a_file_that_went_with_the_ticket_can_be_removed_no_more(page, portal):
    until("protocol", page, portal)
    expect(page.locator(".pen-file")).to_have_text("Arquivo anexado: erro.log (1 kB)")
    page.locator("pen-chat input[type=file]").set_input_files({**LOG, "name": "outro.log"})

    expect(page.locator("pen-chat .pen-remove")).to_have_count(1)
    expect(page.get_by_role("button", name="Remover: outro.log")).to_be_visible()


# --- without JavaScript ------------------------------------------------------


@pytest.fixture
def simple(browser):
    context = new_context(browser, java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def simple_ticket(page, portal):
    """The same on the page without JavaScript."""

    def say(text, answer):
        page.get_by_label(INPUT).fill(text)
        press("Enviar", answer)

    def press(title, answer):
        page.get_by_role("button", name=title, exact=True).click()
        expect(page.locator("article").last).to_contain_text(answer, timeout=60_000)

    page.goto(f"{portal.address}/chat")
    say(PROBLEM, "Qual é a esfera do seu órgão?")
    yield "question"
    press("Executivo Estadual", "Quer acrescentar detalhes?")
    page.get_by_text("Anexar arquivo", exact=True).click()
    page.get_by_label("Imagem, PDF ou texto").set_input_files(LOG)
    page.get_by_role("button", name="Anexar", exact=True).click()
    expect(page.get_by_text("Arquivo anexado: erro.log")).to_be_visible()
    say(DETAILS, "Em qual ambiente")
    press("Produção", "Qual é a versão")
    say("4.0.11", "seu e-mail institucional")
    say(requester(), "Posso abrir este chamado?")
    yield "summary"
    press("Alterar: Versão", "Certo, vamos alterar: Versão.")
    say("4.1", "Posso abrir este chamado?")
    press("Sim, abrir o chamado", "Chamado aberto.")
    yield "protocol"
    say("como está meu chamado?", "aguardando a triagem")
    yield "status"


def test_without_javascript_from_the_first_message_to_the_protocol(simple, portal):
    for state in simple_ticket(simple, portal):
        if state == "summary":
            card = simple.locator("article").last
            expect(card.get_by_role("term")).to_have_text(LABELS)
            assert card.inner_text().count("4.0.11") == 1
            expect(card.get_by_text("Confira o chamado antes de enviar.")).to_be_in_viewport()
        if state == "protocol":
            number = simple.locator("article .protocolo strong").inner_text()

    entry = at_the_desk(portal, number)
    assert entry.files == ("erro.log",)
    for text in (PROBLEM, DETAILS, "4.1"):
        assert text in entry.body
