"""The pages of the portal as a browser without JavaScript sees them."""

import html
import re

import pytest
import requests

from tests.portal import ALLOWED, address
from tests.xss import CORPUS


class Browser:
    """Follows forms and cookies; runs no script."""

    def __init__(self, server):
        self.server = server
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["X-Forwarded-For"] = address()
        self.page = self.http.get(f"{server}/chat", timeout=30)

    @property
    def text(self):
        return html.unescape(self.page.text)

    def post(self, path="/chat", headers=None, files=None, **fields):
        headers = {"Origin": self.server, **(headers or {})}
        self.page = self.http.post(f"{self.server}{path}", data=fields, files=files, headers=headers, timeout=60)
        return self

    def number(self):
        return re.findall(r'name="numero" value="(\d+)"', self.page.text)[-1]

    def say(self, text):
        return self.post(numero=self.number(), texto=text)

    def press(self, title):
        found = re.search(rf'<button name="botao" value="([^"]*)"[^>]*>{title}</button>', self.page.text)
        return self.post(numero=self.number(), botao=html.unescape(found[1]))


@pytest.fixture
def browser(portal):
    return Browser(portal.address)


def test_the_chat_says_what_it_is_before_anything_is_said(browser):
    assert "Sou um robô" in browser.text
    assert "Não informe" in browser.text
    assert not browser.http.cookies


def test_a_conversation_without_javascript(browser):
    browser.say("o que é o SEI?")
    assert "Sistema Eletrônico de Informações" in browser.text
    assert "Fonte: Guia do Usuário, seção 10" in browser.text

    browser.press("Quem pode usar")
    assert browser.page.status_code == 200
    assert "Executivo Federal" in browser.text
    assert browser.text.count("o que é o SEI?") == 1


def test_a_form_sent_twice_says_it_once(browser):
    browser.say("o que é o NUP?")
    number = "1"
    browser.post(numero=number, texto="o que é o NUP?")

    assert browser.text.count("o que é o NUP?") == 1


def test_another_text_with_an_old_number_is_not_lost(browser):
    browser.say("o que é o NUP?")
    browser.post(numero="1", texto="o que é o SEI?")

    assert "o que é o SEI?" in browser.text
    assert "Sistema Eletrônico de Informações" in browser.text


def test_a_refusal_is_told_in_the_page_and_the_text_is_still_there(browser):
    browser.say("a" * 2001)

    assert browser.page.status_code == 400
    assert "passa de 2.000 caracteres" in browser.text
    assert "a" * 2001 in browser.text


def test_only_what_was_said_last_can_be_pressed(browser):
    browser.say("o que é o SEI?").say("o que é o NUP?")

    assert browser.page.text.count('role="group"') == 1


def test_ending_erases(browser):
    browser.say("meu segredo é abacaxi").post(acao="apagar")

    assert "Conversa encerrada e apagada" in browser.text
    assert "abacaxi" not in browser.text
    assert "abacaxi" not in browser.http.get(f"{browser.server}/chat", timeout=30).text


def test_a_file_can_be_attached(browser):
    browser.post("/chat/anexo", files={"arquivo": ("erro.log", b"linha")})
    assert "Arquivo anexado: erro.log" in browser.text

    browser.post("/chat/anexo", files={"arquivo": ("x.exe", b"MZ\x00")})
    assert "não pode ser anexado" in browser.text
    browser.post("/chat/anexo")
    assert "está vazio" in browser.text


@pytest.mark.parametrize("origin", [ALLOWED, "https://mau.com", "null"])
def test_another_site_cannot_speak_in_ones_conversation(browser, origin):
    browser.say("o que é o SEI?")
    browser.post(headers={"Origin": origin}, numero="2", texto="abra um chamado")

    assert browser.page.status_code == 403
    assert "abra um chamado" not in browser.http.get(f"{browser.server}/chat", timeout=30).text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser):
    answer = browser.http.post(
        f"{browser.server}/chat",
        data={"numero": "1", "texto": "oi"},
        headers={"Origin": browser.server},
        allow_redirects=False,
        timeout=60,
    )
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/chat" in cookie


def test_nothing_typed_becomes_an_element(browser):
    plain = tags(browser.say("bom dia").page.text)
    for start in range(0, len(CORPUS), 16):
        for text in CORPUS[start : start + 16]:
            browser.say(text)
            assert browser.page.status_code == 200
        browser.http.headers["X-Forwarded-For"] = address()
        assert tags(browser.page.text) <= plain | {"h3", "button", "a", "ul", "li", "ol"}
        assert not re.search(r"<[^>]+\son\w+=", browser.page.text)
        browser = Browser(browser.server)


def tags(page):
    return set(re.findall(r"<([a-z0-9-]+)", page))


@pytest.mark.parametrize(("path", "frames"), [("/", "'none'"), ("/chat", "'none'"), ("/embed", f"'self' {ALLOWED}")])
def test_pages_have_a_strict_policy(portal, path, frames):
    headers = requests.get(portal.address + path, timeout=10).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == frames
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not any(name.startswith("Access-Control") for name in headers)


def test_the_widget_is_public_and_not_sent_twice(portal):
    first = requests.get(f"{portal.address}/widget.js", timeout=10)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Content-Type"].startswith("text/javascript")

    tag = first.headers["ETag"]
    assert requests.get(f"{portal.address}/widget.js", headers={"If-None-Match": tag}, timeout=10).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "../penbot/app.py",
        "..%2f..%2fcredentials.yml",
        "package.json",
        "src/../package.json",
        "node_modules/axe-core/axe.js",
        "%00",
        "src/",
        "/etc/passwd",
    ],
)
def test_no_other_file_is_served(portal, path):
    request = requests.Request("GET", f"{portal.address}/widget/x").prepare()
    request.url = f"{portal.address}/widget/{path}"
    answer = requests.Session().send(request, timeout=10)

    assert answer.status_code in (400, 404)
    assert "import" not in answer.text
