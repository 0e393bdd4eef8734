"""A real browser, and pages of hosts that embed the chat."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from penbot.settings import ROOT
from tests.needs import needs
from tests.portal import address
from tests.widget.host import Host
from tests.widget.line import Line

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
NODE_MODULES = ROOT / "widget" / "node_modules"
SCREENS = Path(os.environ.get("PENBOT_ARTEFATOS") or ROOT / "artefatos")


@pytest.fixture(scope="session")
def browser():
    program = shutil.which("chromium") or ""
    needs("" if program else "falta um navegador: apt-get install --no-install-recommends chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        except Error as err:
            needs(f"o navegador não abre: {err.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def node() -> Path:
    """axe-core, esbuild and tsc, by npm."""
    done = subprocess.run(
        [sys.executable, "scripts/widget.py", "types"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    installed = (NODE_MODULES / "axe-core" / "axe.min.js").exists()
    needs("" if installed else f"faltam os pacotes de widget/package.json: {done.stderr.strip()[-200:]}")
    return NODE_MODULES


@pytest.fixture
def context(browser: Browser):
    context = new_context(browser)
    yield context
    context.close()


def new_context(browser: Browser, proxied: bool = True, **options) -> BrowserContext:
    """Another person's browser: a storage of its own, and an address if it comes through our proxy.

    Not so for pages of other sites: the browser would ask them for leave to send a header of ours.
    """
    headers = {"X-Forwarded-For": address()} if proxied else {}
    options = {"viewport": {"width": 1280, "height": 800}, "locale": "pt-BR", **options}
    context = browser.new_context(extra_http_headers=headers, **options)
    context.set_default_timeout(20_000)
    context.add_init_script(
        "window.reports = []; document.addEventListener('securitypolicyviolation',"
        " (e) => window.reports.push(`${e.violatedDirective} ${e.blockedURI}`));"
    )
    return context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return watched(context.new_page())


def watched(page: Page) -> Page:
    """Errors of the page's scripts are kept in `page.broken`."""
    page.broken = []
    page.on("pageerror", lambda error: page.broken.append(str(error)))
    return page


@pytest.fixture
def line(portal):
    """A network between browser and server that can fail."""
    line = Line(portal.settings.port)
    yield line
    line.close()


@pytest.fixture
def host():
    """A site of somebody else that embeds the chat."""
    host = Host()
    yield host
    host.close()
