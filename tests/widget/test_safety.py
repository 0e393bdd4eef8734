"""Other people's texts, other people's pages."""

import pytest
from playwright.sync_api import expect

from penbot.serving.supervisor import start, stop
from tests.portal import wanted
from tests.widget.chat import BOT, USER, ask, opened, said, send, visit
from tests.widget.conftest import new_context, watched
from tests.widget.host import Host
from tests.widget.script import CREATED, DRAFT, scripted
from tests.widget.test_build import SRI
from tests.xss import CORPUS

FOREIGN = """() => {
  const plain = new Set('DIV SPAN P BR UL OL LI STRONG CODE A BUTTON H3 DL DT DD svg path'.split(' '));
  const events = (e) => [...e.attributes].filter(({ name }) => name.startsWith('on')).map(({ name }) => name);
  return [...document.querySelectorAll('pen-chat *')].flatMap((e) => [
    ...(plain.has(e.tagName) ? [] : [e.tagName]), ...events(e),
    ...(e.tagName === 'A' && !/^(https:|mailto:)/.test(e.href) ? [e.href] : [])]);
}"""


def asked_for(page):
    """Addresses outside the server that the page asks for."""
    outside = []
    page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
    return outside


@pytest.mark.parametrize("text", CORPUS)
def test_no_text_of_the_bot_becomes_an_element(page, portal, text):
    outside = asked_for(page)
    page.on("dialog", lambda dialog: page.broken.append(dialog.message))
    hostile = {
        "text": text,
        "buttons": [{"title": text, "payload": text}],
        "custom": {
            **CREATED["custom"],
            "type": "ticket_draft",
            "fields": [{"id": text, "label": text, "value": text, "change": text}],
        },
    }
    answer = {"text": text, "custom": {"type": "answer", "id": text, "source": text}}
    created = {
        "text": text,
        "custom": {**CREATED["custom"], "protocol": text, "deadlines": [{"label": text, "at": text}]},
    }
    status = {"text": text, "custom": {"type": "ticket_status", "protocol": text, "status": text}}
    scripted(opened(page, portal.address), hostile, answer, created, status)
    for _ in range(4):
        ask(page, "oi")

    assert page.evaluate(FOREIGN) == []
    assert page.evaluate("window.reports") == []
    assert page.broken == []
    assert outside == []


def test_no_text_of_the_user_becomes_an_element(page, portal):
    page.on("dialog", lambda dialog: page.broken.append(dialog.message))
    scripted(opened(page, portal.address), *[{"text": "ok"}] * len(CORPUS))
    for text in CORPUS:
        ask(page, text.replace("\x00", ""))

    assert page.evaluate(FOREIGN) == []
    assert page.locator(f"{USER} *:not(span, p)").count() == 0
    assert page.broken == []


def test_what_the_real_assistant_gives_back_is_text_too(page, portal):
    opened(page, portal.address)
    for text in CORPUS[:9]:
        ask(page, text)
    page.reload()
    expect(page.locator(BOT)).to_have_count(9)

    assert page.evaluate(FOREIGN) == []
    assert page.evaluate("window.reports") == []


def test_a_strict_policy_has_nothing_to_report(page, portal):
    outside = asked_for(page)
    opened(page, portal.address)
    ask(page, "o que é o SEI?")
    page.get_by_role("button", name="Sim", exact=True).click()
    page.get_by_role("button", name="Opções", exact=True).click()
    with page.expect_download():
        page.get_by_role("button", name="Baixar conversa").click()
    page.reload()
    expect(page.locator(BOT)).to_have_count(1)

    assert page.evaluate("window.reports") == []
    assert outside == []


# --- a site of somebody else -------------------------------------------------

POLICY = "default-src 'none'; script-src {server}; connect-src {server}; style-src 'self'; img-src 'self' data:"
HOSTILE = """
@layer reset { * { font-style: italic } }
* { letter-spacing: 9px !important; color: red !important; text-transform: uppercase !important }
* { font-family: cursive !important; line-height: 3 }
p { display: none !important; margin: 50px }
button { border: 9px solid lime !important; position: fixed !important; top: 0; opacity: 0.1 !important }
ul, ol, li { float: right; border: 5px dotted red; list-style: none !important }
div, span { background: yellow !important; transform: rotate(9deg) !important; max-width: 20px !important }
a { pointer-events: none !important; visibility: hidden }
html { font-size: 10px }
"""
LOOKS = """() => {
  const properties = `color fontFamily fontSize fontStyle letterSpacing textTransform display margin opacity position
    borderTop float listStyleType backgroundColor transform maxWidth pointerEvents visibility lineHeight padding
    textDecorationLine width height`.split(/\\s+/);
  const shadow = document.querySelector('pen-chat').shadowRoot;
  const inPage = document.querySelectorAll('pen-chat .pen-item, pen-chat .pen-item *');
  const parts = [...inPage, ...shadow.querySelectorAll('*')];
  return parts.filter((e) => !e.closest('svg, slot')).flatMap((e) => {
    const style = getComputedStyle(e);
    return properties.map((name) => `${e.tagName} ${e.className} ${name}: ${style[name]}`);
  });
}"""
ANSWER = {
    "text": "Veja **isto**:\n- um\n- dois https://a.gov.br/x\n\n1. primeiro\n`código`",
    "buttons": [{"title": "Sim", "payload": "/x~1"}],
    "custom": DRAFT["custom"],
}


@pytest.fixture(scope="module")
def embedding(model, tmp_path_factory):
    """The assistant, open to one site of somebody else."""
    site = Host()
    running = wanted(model, tmp_path_factory.mktemp("embed"), origins=(site.address,))
    start(running)
    site.tag = f'<script type="module" src="{running.address}/widget.js"></script>'
    site.policy = POLICY.format(server=running.address)
    yield site, running
    stop(running)
    site.close()


@pytest.fixture
def site(embedding):
    site, running = embedding
    before = dict(vars(site))
    yield site, running
    vars(site).update(before)


@pytest.fixture
def visitor(browser):
    context = new_context(browser, proxied=False)
    yield watched(context.new_page())
    context.close()


def test_another_site_embeds_the_chat_with_one_tag_under_a_strict_policy(visitor, site):
    host, _ = site
    opened(visitor, host.address)
    ask(visitor, "o que é o SEI?")
    visitor.reload()

    expect(visitor.locator(BOT)).to_contain_text("Sistema Eletrônico de Informações")
    assert visitor.evaluate("window.reports") == []
    assert visitor.broken == []


def test_the_one_file_loads_with_its_hash_and_not_with_another(visitor, site):
    host, running = site
    integrity = SRI.read_text(encoding="ascii").strip()
    tag = '<script type="module" src="{0}/widget.js" integrity="{1}" crossorigin="anonymous"></script>'
    host.tag = tag.format(running.address, integrity)
    opened(visitor, host.address)

    host.tag = tag.format(running.address, integrity[:-6] + "AAAAAA")
    visitor.goto(host.address)
    visitor.wait_for_timeout(500)
    assert visitor.locator("pen-chat").count() == 0


def test_the_sources_load_as_they_are(visitor, site):
    host, running = site
    host.tag = f'<script type="module" src="{running.address}/widget/src/index.js"></script>'
    opened(visitor, host.address)
    ask(visitor, "o que é o SEI?")

    assert visitor.broken == []


def test_a_site_that_is_not_allowed_gets_no_session(visitor, site, host):
    _, running = site
    host.tag = f'<script type="module" src="{running.address}/widget.js"></script>'
    visit(visitor, host.address)
    visitor.get_by_role("button", name="Atendimento virtual").click()

    expect(visitor.get_by_role("alert")).to_be_visible()
    send(visitor, "o que é o SEI?")
    visitor.wait_for_timeout(500)
    expect(visitor.locator(BOT)).to_have_count(0)


def test_the_styles_of_the_page_change_nothing_in_the_chat(visitor, site):
    host, _ = site
    looks = []
    for css in ("", HOSTILE):
        host.css = css
        scripted(visitor, ANSWER)
        opened(visitor, host.address)
        ask(visitor, "oi")
        visitor.mouse.move(5, 5)
        visitor.wait_for_timeout(400)
        looks.append(visitor.evaluate(LOOKS))
        visitor.evaluate("localStorage.clear(); sessionStorage.clear()")
        visitor.unroute_all()

    plain, hostile = looks
    assert [pair for pair in zip(plain, hostile, strict=True) if pair[0] != pair[1]] == []


def test_the_styles_of_the_chat_change_nothing_in_the_page(visitor, site):
    host, _ = site
    host.css = "p.own { margin: 7px } button.own { color: green }"
    visitor.goto(host.address)
    looks = "() => [...document.querySelectorAll('main *')].map((e) => JSON.stringify({ ...getComputedStyle(e) }))"
    visit(visitor, host.address)
    with_chat = visitor.evaluate(looks)
    host.tag = ""
    visitor.goto(host.address)

    assert visitor.evaluate(looks) == with_chat


# --- page readers ------------------------------------------------------------

# What VLibras does: walks the text of the document, wraps it, marks it under the pointer, reads what is clicked.
READER = """() => {
  window.read = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => node.textContent.trim() && !['SCRIPT', 'STYLE'].includes(node.parentElement.tagName)
      ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT });
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const span = document.createElement('span');
    span.className = 'vw-text';
    node.replaceWith(span);
    span.append(node);
    span.addEventListener('click', (event) => {
      event.preventDefault();
      event.stopPropagation();
      window.read.push(span.textContent);
    });
  }
}"""


def test_a_reader_of_the_pages_text_finds_and_reads_every_message(page, portal):
    opened(page, portal.address)
    ask(page, "o que é o SEI?")
    page.evaluate(READER)
    page.locator(f"{BOT} .vw-text", has_text="Sistema Eletrônico de Informações").click()
    page.locator(f"{USER} .vw-text", has_text="o que é o SEI?").click()
    page.locator(f"{BOT} .vw-text", has_text="Quem pode usar").click()

    assert page.evaluate("window.read") == [
        "O SEI é o Sistema Eletrônico de Informações para gestão de processos e documentos.",
        "o que é o SEI?",
        "Quem pode usar",
    ]


def test_the_chat_goes_on_after_a_reader_changed_its_nodes(page, portal):
    opened(page, portal.address)
    ask(page, "o que é o SEI?")
    page.evaluate(READER)
    page.get_by_role("button", name="Quem pode usar").press("Enter")
    expect(page.locator(BOT)).to_have_count(2)
    ask(page, "o que é o NUP?")

    assert said(page) == ["o que é o SEI?", "Quem pode usar", "o que é o NUP?"]
    assert page.broken == []


def test_the_chat_in_a_frame(visitor, site):
    host, running = site
    host.policy = f"default-src 'none'; frame-src {running.address}; style-src 'self'"
    host.tag = f'<iframe src="{running.address}/embed" title="Atendimento" width="400" height="600"></iframe>'
    visitor.goto(host.address)
    frame = visitor.frame_locator("iframe")
    frame.get_by_label("Escreva sua mensagem").fill("o que é o SEI?")
    frame.get_by_label("Escreva sua mensagem").press("Enter")

    expect(frame.locator(BOT)).to_contain_text("Sistema Eletrônico de Informações")
