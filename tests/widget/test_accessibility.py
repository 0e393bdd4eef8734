"""WCAG 2.2 AA as far as a program can see it: axe, the keyboard, what is announced, what can be seen."""

import contextlib

import pytest
from playwright.sync_api import expect

from tests.widget.chat import BOT, ask, opened, said, send, visit
from tests.widget.conftest import new_context, watched
from tests.widget.script import CLARIFY, CREATED, DRAFT, scripted

SCHEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}"""

# What the focus of the chat is on, and whether it can be seen; null when it is outside.
LOOK = f"""() => {{
  const element = ({FOCUSED})();
  if (!element.closest('pen-chat') && !element.getRootNode().host) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const at = (root) => root.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  let top = at(document);
  while (top?.shadowRoot && at(top.shadowRoot) !== top) top = at(top.shadowRoot);
  while (top && top !== element) top = top.assignedSlot ?? top.parentNode ?? top.host;
  return {{ name: element.getAttribute('aria-label') ?? (element.labels?.[0] ?? element).textContent.trim(),
    width: parseFloat(style.outlineWidth), style: style.outlineStyle, covered: top !== element }};
}}"""


def closed(page, portal):
    visit(page, portal.address)


def welcome(page, portal):
    opened(page, portal.address).get_by_text("Privacidade").click()


def conversation(page, portal):
    ask(opened(page, portal.address), "o que é o SEI?")


def draft(page, portal):
    scripted(opened(page, portal.address), DRAFT)
    ask(page, "está dando erro no SEI")


def created(page, portal):
    scripted(opened(page, portal.address), CREATED)
    ask(page, "sim")


def menu(page, portal):
    conversation(page, portal)
    page.get_by_role("button", name="Opções", exact=True).click()


def ending(page, portal):
    menu(page, portal)
    page.get_by_role("button", name="Encerrar e apagar").click()


def error(page, portal):
    opened(page, portal.address)
    page.route(
        "**/webhooks/portal/message", lambda route: route.fulfill(status=429, body='{"erro": "Espere, por favor."}')
    )
    send(page, "oi")
    expect(page.get_by_role("button", name="Tentar de novo")).to_be_visible()


def offline(page, portal):
    opened(page, portal.address)
    page.context.set_offline(True)
    expect(page.get_by_text("Você está sem conexão")).to_be_visible()


def too_long(page, portal):
    send(opened(page, portal.address), "a" * 2001)


def files(page, portal):
    opened(page, portal.address)
    evidence = {"name": "erro.log", "mimeType": "text/plain", "buffer": b"linha"}
    page.locator("pen-chat input[type=file]").set_input_files(evidence)
    expect(page.locator(".pen-file")).to_be_visible()


def embedded(page, portal):
    page.goto(f"{portal.address}/embed")
    expect(page.get_by_text("Sou um robô")).to_be_visible()


def simple_page(page, portal):
    page.goto(f"{portal.address}/chat")
    page.get_by_label("Escreva sua mensagem").fill("o que é o SEI?")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Fonte:")).to_be_visible()


STATES = [
    closed,
    welcome,
    conversation,
    draft,
    created,
    menu,
    ending,
    error,
    offline,
    too_long,
    files,
    embedded,
    simple_page,
]


@pytest.fixture(params=SCHEMES)
def looks(browser, request):
    context = new_context(browser, **SCHEMES[request.param])
    yield watched(context.new_page())
    context.close()


def violations(page, node):
    """What axe objects to in the page as it is."""
    page.wait_for_timeout(300)  # what rises has risen: axe measures contrast as it is seen
    page.evaluate((node / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [{f["id"]: [n["html"] for n in f["nodes"]]} for f in found]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(looks, portal, node, state):
    state(looks, portal)

    assert violations(looks, node) == []
    assert looks.broken == []


# --- keyboard ----------------------------------------------------------------


def tab_to(page, name, key="Tab"):
    """Tab until what has the focus is called so; the order is checked by not going round twice."""
    for _ in range(40):
        page.keyboard.press(key)
        if (page.evaluate(LOOK) or {}).get("name") == name:
            return
    raise AssertionError(f"«{name}» não se alcança com o teclado")


def focused(page):
    """What has the focus: something of the chat, marked, and not covered."""
    found = page.evaluate(LOOK)
    assert found is not None, "o foco saiu da conversa"
    assert found["style"] != "none", found
    assert found["width"] >= 2, found
    assert not found["covered"], found
    return found


def test_a_whole_ticket_by_keyboard_alone(page, portal):
    visit(page, portal.address)
    changed = {**DRAFT, "custom": {**DRAFT["custom"], "sphere": "executivo_estadual"}}
    sent = scripted(page, CLARIFY, DRAFT, CLARIFY, changed, CREATED)
    keys = page.keyboard
    tab_to(page, "Atendimento virtual")
    keys.press("Enter")
    expect(page.get_by_text("Sou um robô")).to_be_visible()
    keys.type("está dando erro")
    keys.press("Enter")
    expect(page.locator(BOT)).to_have_count(1)
    tab_to(page, "SEI")
    keys.press("Enter")
    expect(page.locator(BOT)).to_have_count(2)
    tab_to(page, "Alterar: Esfera")
    keys.press("Space")
    expect(page.locator(BOT)).to_have_count(3)
    keys.type("estadual")
    keys.press("Enter")
    expect(page.locator(BOT)).to_have_count(4)
    tab_to(page, "Enviar chamado")
    keys.press("Enter")
    expect(page.locator(BOT)).to_have_count(5)
    tab_to(page, "Copiar protocolo")
    keys.press("Enter")
    expect(page.get_by_text("Protocolo copiado.")).to_be_attached()
    keys.press("Escape")

    expect(page.get_by_role("button", name="Atendimento virtual")).to_be_focused()
    assert [turn.get("payload") or turn["text"] for turn in sent] == [
        "está dando erro",
        "/x~sei",
        "/x~esfera",
        "estadual",
        "/x~sim",
    ]


def test_ending_by_keyboard_and_changing_ones_mind(page, portal):
    conversation(page, portal)
    tab_to(page, "Opções")
    page.keyboard.press("Enter")
    tab_to(page, "Encerrar e apagar")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog").get_by_role("button", name="Cancelar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_hidden()

    expect(page.get_by_label("Escreva sua mensagem")).to_be_focused()
    assert said(page) == ["o que é o SEI?"]


def test_the_focus_is_never_stolen_by_an_answer(page, portal):
    ask(opened(page, portal.address), "o que é o SEI?")
    page.get_by_role("button", name="Opções", exact=True).focus()
    page.locator("pen-chat").evaluate(
        """({ shadowRoot }) => {
          shadowRoot.querySelector('textarea').value = 'oi';
          shadowRoot.querySelector('form').requestSubmit();
          shadowRoot.querySelector('[aria-controls=menu]').focus();
        }"""
    )
    expect(page.locator(BOT)).to_have_count(2)

    expect(page.get_by_role("button", name="Opções", exact=True)).to_be_focused()


def test_the_focus_is_never_lost(page, portal):
    """After each thing that goes away under one's fingers, something in the chat has the focus."""
    steps = {
        "a reply": lambda: page.get_by_role("button", name="Quem pode usar").press("Enter"),
        "a removed file": lambda: page.get_by_role("button", name="Remover: erro.log").press("Enter"),
        "a choice": lambda: page.get_by_role("button", name="Nova conversa").press("Enter"),
        "a question": lambda: page.get_by_role("alertdialog").get_by_role("button", name="Cancelar").press("Enter"),
    }
    files(page, portal)
    ask(page, "o que é o SEI?")
    for name, step in steps.items():
        if name == "a choice":
            page.get_by_role("button", name="Opções", exact=True).press("Enter")
        step()
        page.wait_for_timeout(200)
        assert page.evaluate(f"(({FOCUSED})()).closest('[role=dialog]') !== null"), name


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_control_shows_its_focus_and_is_not_covered(browser, portal, scheme):
    context = new_context(browser, reduced_motion="reduce", **SCHEMES[scheme])  # it is there at once, not on its way
    page = context.new_page()
    draft(page, portal)
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate(LOOK) is not None:
            seen.add(focused(page)["name"])
    assert {"Opções", "Minimizar", "Anexar arquivo", "Enviar", "Alterar: Esfera", "Enviar chamado"} <= seen
    context.close()


# --- what is announced -------------------------------------------------------

LISTEN = """() => {
  window.heard = [];
  const region = document.querySelector('pen-chat').shadowRoot.querySelector('[role=log]');
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) window.heard.push(node.textContent);
  }).observe(region, { childList: true, subtree: true, characterData: true });
}"""


def test_the_live_region_tells_the_bots_new_messages_and_nothing_else(page, portal):
    opened(page, portal.address)
    region = page.locator("pen-chat [role=log]")
    assert region.get_attribute("aria-live") == "polite"
    page.evaluate(LISTEN)
    ask(page, "o que é o SEI?")

    (heard,) = page.evaluate("window.heard")
    assert heard.startswith("O SEI é o Sistema Eletrônico de Informações")
    assert "Opções: Para que serve, Quem pode usar" in heard
    assert "o que é o SEI?" not in heard

    page.reload()
    page.locator("pen-chat .launch").wait_for(state="attached")
    page.evaluate(LISTEN)
    expect(page.locator(BOT)).to_have_count(1)
    assert page.evaluate("window.heard") == []


def test_what_the_chat_does_is_told_apart(page, portal):
    error(page, portal)

    expect(page.get_by_role("alert")).to_contain_text("Espere, por favor.")
    assert page.locator("pen-chat [role=log]").inner_text() == ""


def test_the_chat_says_its_language_and_names_everything(page, portal):
    draft(page, portal)

    assert page.locator("pen-chat").get_attribute("lang") == "pt-BR"
    names = page.evaluate(
        """() => {
          const root = document.querySelector('pen-chat').shadowRoot;
          return [...root.querySelectorAll('button'), ...document.querySelectorAll('pen-chat button')]
            .filter((button) => button.checkVisibility())
            .map((button) => button.getAttribute('aria-label') ?? button.textContent.trim());
        }"""
    )
    assert all(names)
    assert len(names) > 8


# --- what can be seen --------------------------------------------------------

SIZES = """() => {
  const root = document.querySelector('pen-chat').shadowRoot;
  const targets = 'button, summary, textarea, label:has(input)';
  return [...root.querySelectorAll(targets), ...document.querySelectorAll('pen-chat button')]
    .filter((element) => element.checkVisibility())
    .map((element) => [element.textContent || element.localName, element.getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`);
}"""


@pytest.mark.parametrize("state", [closed, welcome, conversation, draft, created, menu, ending, error, files])
def test_targets_are_44_pixels_at_least(page, portal, state):
    state(page, portal)

    assert page.evaluate(SIZES) == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (768, 1024), (1280, 800)])
@pytest.mark.parametrize("state", [welcome, draft, ending])
def test_nothing_is_cut_off(browser, portal, width, height, state):
    context = new_context(browser, viewport={"width": width, "height": height})
    page = context.new_page()
    state(page, portal)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("Enviar", "Minimizar") if state is not ending else ("Minimizar",):
        button = page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    overflow = page.evaluate(
        "() => { const root = document.querySelector('pen-chat').shadowRoot;"
        " return ['.panel', '.log', '.ask'].map((name) => root.querySelector(name))"
        ".filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className); }"
    )
    assert overflow == []
    context.close()


def test_text_of_twice_the_size(page, portal):
    draft(page, portal)
    before = page.locator(f"{BOT} p").first.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.locator(f"{BOT} p").first.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)") == 2 * before
    expect(page.get_by_role("button", name="Enviar", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_host_with_a_small_root_size_makes_nothing_smaller(page, portal):
    draft(page, portal)
    page.evaluate("document.documentElement.style.fontSize = '62.5%'")

    assert page.locator(f"{BOT} p").first.evaluate("(p) => getComputedStyle(p).fontSize") == "16px"


@pytest.mark.parametrize(("motion", "moving"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_for_who_asked_so(browser, portal, motion, moving):
    context = new_context(browser, reduced_motion=motion)
    page = opened(context.new_page(), portal.address)
    page.route("**/webhooks/portal/message", lambda route: None)  # never answered
    send(page, "o que é o SEI?")
    expect(page.get_by_text("O assistente está escrevendo")).to_be_visible()
    running = page.locator("pen-chat .panel").evaluate("(panel) => panel.getAnimations({ subtree: true }).length")

    assert (running > 0) == moving
    with contextlib.suppress(Exception):
        context.close()


def test_bubbles_have_edges_in_forced_colours(browser, portal):
    context = new_context(browser, forced_colors="active")
    page = context.new_page()
    conversation(page, portal)
    for part in (BOT, "pen-chat > .pen-user", f"{BOT} button"):
        style = page.locator(part).first.evaluate(
            "(e) => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).borderTopColor]"
        )
        assert style[0] != "0px"
        assert style[1] != "rgba(0, 0, 0, 0)"
    context.close()
