"""What a person does in the chat, for tests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

BOT = "pen-chat > .pen-bot"
USER = "pen-chat > .pen-user"


def visit(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("pen-chat .launch").wait_for(state="attached")
    return page


def opened(page: Page, address: str) -> Page:
    visit(page, address)
    page.get_by_role("button", name="Atendimento virtual").click()
    expect(page.get_by_text("Sou um robô")).to_be_visible()
    return page


def send(page: Page, text: str) -> None:
    page.get_by_label("Escreva sua mensagem").fill(text)
    page.get_by_label("Escreva sua mensagem").press("Enter")


def ask(page: Page, text: str, answers: int = 1) -> None:
    """Says something, and waits for so many more answers."""
    wanted = page.locator(BOT).count() + answers
    send(page, text)
    expect(page.locator(BOT)).to_have_count(wanted, timeout=30_000)
    expect(page.locator("pen-chat .typing")).to_be_hidden()


def said(page: Page) -> list[str]:
    """What the user said, as it is shown."""
    return [text.removeprefix("Você disse:").strip() for text in page.locator(USER).all_inner_texts()]
