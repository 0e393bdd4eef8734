"""A conversation in a real browser with the real assistant: nothing is lost, nothing is said twice."""

import re
import signal

import pytest
from playwright.sync_api import expect

from penbot.serving.supervisor import start, stop
from tests.widget.chat import BOT, USER, ask, opened, said, send, visit
from tests.widget.conftest import new_context, watched


@pytest.fixture
def chat(page, portal):
    yield opened(page, portal.address)
    assert page.broken == []


@pytest.fixture
def slow(portal):
    """Answers wait until this is called: the action server is stopped, really."""
    actions = portal.servers[0].process
    actions.send_signal(signal.SIGSTOP)
    yield lambda: actions.send_signal(signal.SIGCONT)
    actions.send_signal(signal.SIGCONT)


def test_a_question_is_answered_with_its_source(chat):
    ask(chat, "o que é o NUP?")

    expect(chat.locator(BOT)).to_contain_text("número padronizado")
    expect(chat.locator(f"{BOT} .pen-source")).to_have_text("Fonte: Guia do Usuário, seção 10")


def test_a_suggestion_is_a_question(chat):
    chat.get_by_role("button", name="O que é o SEI?").click()

    expect(chat.locator(BOT)).to_have_count(1)
    expect(chat.get_by_role("group", name="Sugestões de pergunta")).to_have_count(0)


def test_a_reply_is_pressed_and_only_the_last_ones_are_offered(chat):
    ask(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Quem pode usar").click()

    expect(chat.locator(BOT)).to_have_count(2)
    assert said(chat) == ["o que é o SEI?", "Quem pode usar"]
    expect(chat.locator(".pen-replies")).to_have_count(1)


def test_shift_enter_makes_a_line_and_enter_sends_it(chat):
    box = chat.get_by_label("Escreva sua mensagem")
    box.fill("bom dia")
    box.press("Shift+Enter")
    box.press_sequentially("o que é o SEI?")
    box.press("Enter")

    expect(chat.locator(BOT)).to_have_count(1)
    assert said(chat) == ["bom dia\no que é o SEI?"]


def test_a_text_over_the_limit_stays_in_the_box_and_its_length_is_told(chat):
    send(chat, "a" * 2010)

    expect(chat.get_by_text("Passou 10 caracteres do limite")).to_be_visible()
    expect(chat.get_by_label("Escreva sua mensagem")).to_have_attribute("aria-invalid", "true")
    assert said(chat) == []
    assert len(chat.get_by_label("Escreva sua mensagem").input_value()) == 2010


def test_a_reload_shows_the_same_conversation(chat):
    ask(chat, "o que é o SEI?")
    before = chat.locator("pen-chat").inner_text()
    chat.get_by_label("Escreva sua mensagem").fill("um rascunho")
    chat.reload()

    expect(chat.locator(BOT)).to_have_count(1)
    expect(chat.get_by_role("group", name="Opções de resposta")).to_be_visible()
    assert chat.locator("pen-chat").inner_text() == before
    expect(chat.get_by_label("Escreva sua mensagem")).to_have_value("um rascunho")


def test_a_reload_in_the_middle_of_an_answer_loses_and_doubles_nothing(chat, slow):
    send(chat, "o que é o SEI?")
    expect(chat.get_by_text("O assistente está escrevendo")).to_be_visible()
    chat.reload()
    slow()

    expect(chat.locator(BOT)).to_have_count(1, timeout=30_000)
    assert said(chat) == ["o que é o SEI?"]
    chat.reload()
    expect(chat.locator(BOT)).to_have_count(1)
    assert said(chat) == ["o que é o SEI?"]


def test_messages_sent_while_an_answer_is_awaited_wait_their_turn(chat, slow):
    send(chat, "o que é o SEI?")
    send(chat, "o que é o NUP?")
    chat.reload()
    slow()

    expect(chat.locator(BOT)).to_have_count(2, timeout=30_000)
    assert said(chat) == ["o que é o SEI?", "o que é o NUP?"]
    expect(chat.locator(BOT).last).to_contain_text("número padronizado")


def test_a_second_tab_shows_the_same_conversation_and_both_stay_alike(chat, context, portal):
    ask(chat, "o que é o SEI?")
    second = watched(context.new_page())
    visit(second, portal.address)
    second.get_by_role("button", name=re.compile("Atendimento virtual")).click()
    expect(second.locator(BOT)).to_have_count(1)

    ask(second, "o que é o NUP?")
    expect(chat.locator(BOT)).to_have_count(2)
    ask(chat, "quem pode usar?")
    expect(second.locator(BOT)).to_have_count(3)
    assert said(chat) == said(second) == ["o que é o SEI?", "o que é o NUP?", "quem pode usar?"]
    assert second.broken == []


def test_two_tabs_that_speak_at_once_lose_and_double_nothing(chat, context, portal, slow):
    second = watched(context.new_page())
    visit(second, portal.address)
    second.get_by_role("button", name=re.compile("Atendimento virtual")).click()
    expect(second.get_by_text("Sou um robô")).to_be_visible()
    send(chat, "o que é o SEI?")
    send(second, "o que é o NUP?")
    slow()

    for tab in (chat, second):
        expect(tab.locator(BOT)).to_have_count(2, timeout=40_000)
        assert sorted(said(tab)) == ["o que é o NUP?", "o que é o SEI?"]
    chat.reload()
    expect(chat.locator(BOT)).to_have_count(2)


def test_a_line_cut_in_the_middle_of_an_answer_loses_and_doubles_nothing(page, line):
    opened(page, line.address)
    line.cut_at = b'"type": "message"'
    ask(page, "o que é o SEI?")

    assert line.cuts == 1
    page.reload()
    expect(page.locator(BOT)).to_have_count(1)
    assert said(page) == ["o que é o SEI?"]


def test_a_line_cut_before_the_end_mark_loses_and_doubles_nothing(page, line):
    opened(page, line.address)
    line.cut_at = b'"status": "done"'
    ask(page, "o que é o SEI?")

    assert line.cuts == 1
    assert said(page) == ["o que é o SEI?"]


def test_a_proxy_that_cuts_after_two_silent_seconds_is_kept_awake(page, line, slow):
    opened(page, line.address)
    line.silence = 2.0
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/message") else None)
    send(page, "o que é o SEI?")
    page.wait_for_timeout(5000)
    slow()

    expect(page.locator(BOT)).to_have_count(1, timeout=30_000)
    assert len(sent) == 1  # the line in use was never silent
    assert said(page) == ["o que é o SEI?"]


def test_without_a_network_the_message_waits_and_goes_when_it_is_back(page, line, context):
    opened(page, line.address)
    line.down()
    context.set_offline(True)
    expect(page.get_by_text("Você está sem conexão")).to_be_visible()
    send(page, "o que é o SEI?")
    expect(page.get_by_role("button", name="Tentar de novo")).to_be_visible(timeout=40_000)
    assert said(page) == ["o que é o SEI?"]

    line.up = True
    context.set_offline(False)
    expect(page.locator(BOT)).to_have_count(1, timeout=30_000)
    expect(page.get_by_text("Você está sem conexão")).to_be_hidden()
    expect(page.get_by_role("button", name="Tentar de novo")).to_be_hidden()
    assert said(page) == ["o que é o SEI?"]


def test_a_restart_of_the_server_loses_and_doubles_nothing(chat, portal):
    ask(chat, "o que é o SEI?")
    stop(portal)
    send(chat, "o que é o NUP?")
    expect(chat.get_by_text("O assistente está escrevendo")).to_be_visible()
    start(portal)

    again = chat.get_by_role("button", name="Tentar de novo")
    expect(chat.locator(BOT).nth(1).or_(again)).to_be_visible(timeout=60_000)
    if again.is_visible():
        again.click()
    expect(chat.locator(BOT)).to_have_count(2, timeout=30_000)
    assert said(chat) == ["o que é o SEI?", "o que é o NUP?"]
    chat.get_by_role("button", name=re.compile("Quem pode usar")).click()  # a button of before the restart's end
    expect(chat.locator(BOT)).to_have_count(3)


def test_a_server_that_is_down_when_the_chat_is_opened_is_told(page, line):
    visit(page, line.address)
    line.down()
    page.get_by_role("button", name="Atendimento virtual").click()
    again = page.get_by_role("button", name="Tentar de novo")
    expect(again).to_be_visible()
    line.up = True
    again.click()

    expect(page.get_by_text("Sou um robô")).to_be_visible()


def test_a_session_that_is_over_goes_on_in_a_new_one_with_the_message(chat):
    ask(chat, "o que é o SEI?")
    chat.evaluate(
        """async () => {
          const key = Object.keys(localStorage).find((name) => name.startsWith('pen-chat:'));
          const { token } = JSON.parse(localStorage.getItem(key));
          await fetch('/webhooks/portal/session', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
        }"""
    )
    send(chat, "o que é o NUP?")

    expect(chat.locator(BOT)).to_have_count(1, timeout=30_000)
    expect(chat.locator(BOT)).to_contain_text("número padronizado")
    expect(chat.get_by_text("A conversa anterior terminou por tempo")).to_be_visible()
    assert said(chat) == ["o que é o NUP?"]


def test_too_many_messages_are_told_politely_and_none_is_lost(chat):
    for n in range(20):
        send(chat, f"mensagem {n}")
    send(chat, "a de número 21")
    expect(chat.get_by_text("muitas mensagens em pouco tempo")).to_be_visible(timeout=60_000)

    assert said(chat)[-1] == "a de número 21"
    expect(chat.get_by_role("button", name="Tentar de novo")).to_be_visible()


def test_what_comes_while_the_chat_is_closed_is_counted(chat, slow):
    send(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Minimizar").click()
    slow()

    launcher = chat.get_by_role("button", name="Atendimento virtual 1 mensagem nova")
    expect(launcher).to_be_visible(timeout=30_000)
    launcher.click()
    expect(chat.locator(BOT)).to_be_visible()
    chat.get_by_role("button", name="Minimizar").click()
    expect(chat.get_by_role("button", name="Atendimento virtual", exact=True)).to_be_visible()


def test_ending_asks_rates_and_erases(chat, portal):
    ask(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Opções", exact=True).click()
    chat.get_by_role("button", name="Encerrar e apagar").click()
    question = chat.get_by_role("alertdialog")
    expect(question).to_contain_text("Encerrar e apagar a conversa")
    question.get_by_label("Muito bom").check()
    with chat.expect_request(lambda request: request.url.endswith("/feedback")) as rated:
        question.get_by_role("button", name="Encerrar e apagar").click()

    assert rated.value.post_data_json == {"subject": "conversation", "value": "5"}
    expect(chat.get_by_text("Conversa encerrada e apagada.").first).to_be_visible()
    expect(chat.locator(USER)).to_have_count(0)
    chat.reload()
    expect(chat.get_by_text("Sou um robô")).to_be_visible()
    assert said(chat) == []


def test_a_new_conversation_leaves_the_old_one(chat):
    ask(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Opções", exact=True).click()
    chat.get_by_role("button", name="Nova conversa").click()
    chat.get_by_role("alertdialog").get_by_role("button", name="Nova conversa").click()

    expect(chat.get_by_role("group", name="Sugestões de pergunta")).to_be_visible()
    assert said(chat) == []
    ask(chat, "o que é o NUP?")
    assert said(chat) == ["o que é o NUP?"]


def test_an_answer_is_rated_once(chat):
    ask(chat, "o que é o SEI?")
    with chat.expect_request(lambda request: request.url.endswith("/feedback")) as rated:
        chat.get_by_role("group", name="Esta resposta ajudou?").get_by_role("button", name="Não").click()

    assert rated.value.post_data_json == {"subject": "1-0", "value": "down"}
    expect(chat.get_by_role("button", name="Não", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_conversation_can_be_kept_as_text(chat):
    ask(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Opções", exact=True).click()
    with chat.expect_download() as download:
        chat.get_by_role("button", name="Baixar conversa").click()

    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "conversa.txt"
    assert "Você disse:\no que é o SEI?" in text
    assert "Fonte: Guia do Usuário, seção 10" in text


def test_printing_prints_the_conversation_alone(chat):
    ask(chat, "o que é o SEI?")
    chat.get_by_role("button", name="Opções", exact=True).click()
    chat.get_by_role("button", name="Imprimir conversa").click()

    printed = chat.frame_locator("iframe[data-pen-print]").locator("body")
    expect(printed).to_contain_text("o que é o SEI?")
    expect(printed).not_to_contain_text("Página de demonstração")
    assert chat.evaluate("window.reports") == []


def test_files_are_attached_by_button_paste_and_drop_and_can_be_removed(chat):
    chat.locator("pen-chat input[type=file]").set_input_files(
        {"name": "erro.log", "mimeType": "text/plain", "buffer": b"linha"}
    )
    expect(chat.get_by_text("Arquivo anexado: erro.log (1 kB)").first).to_be_visible()
    for kind in ("paste", "drop"):
        chat.evaluate(
            """(kind) => {
              const data = new DataTransfer();
              data.items.add(new File(['linha'], `${kind}.txt`, { type: 'text/plain' }));
              const root = document.querySelector('pen-chat').shadowRoot;
              const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
                : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
              root.querySelector(kind === 'paste' ? 'textarea' : '.log').dispatchEvent(event);
            }""",
            kind,
        )
        expect(chat.locator(".pen-file", has_text=f"{kind}.txt")).to_be_visible()
    chat.get_by_role("button", name="Remover: erro.log").click()
    expect(chat.locator(".pen-file")).to_have_count(2)

    chat.reload()
    expect(chat.locator(".pen-file")).to_have_count(2)


def test_a_file_that_is_refused_is_told_why(chat):
    files = chat.locator("pen-chat input[type=file]")
    files.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"MZ\x00"})
    expect(chat.get_by_role("alert")).to_contain_text("não pode ser anexado")
    files.set_input_files({"name": "grande.log", "mimeType": "text/plain", "buffer": b"a" * (5 * 1024 * 1024 + 1)})
    expect(chat.get_by_role("alert")).to_contain_text("passa de 5 MB")


def test_without_storage_the_chat_still_works(browser, portal):
    context = new_context(browser)
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('barred', 'SecurityError'); } });"
    )
    page = opened(watched(context.new_page()), portal.address)
    ask(page, "o que é o SEI?")

    assert page.broken == []
    context.close()


def test_without_javascript_the_same_answers(browser, portal):
    context = new_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(portal.address)
    page.get_by_role("link", name="atendimento em página simples").click()
    page.get_by_label("Escreva sua mensagem").fill("o que é o SEI?")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Sistema Eletrônico de Informações")).to_be_visible()
    page.get_by_role("button", name="Quem pode usar").click()

    expect(page.locator(".assistente")).to_have_count(3)
    context.close()
