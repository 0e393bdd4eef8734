"""What every desk does, whatever the system behind it. The system is real wherever it can be had."""

from __future__ import annotations

import dataclasses
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from penbot.serving.supervisor import free_port
from penbot.ticketing.desk import (
    Ambiguous,
    AuthFailed,
    DeskError,
    File,
    NotFound,
    ProtocolError,
    RateLimited,
    Ref,
    Rejected,
    Status,
    Ticket,
    Unavailable,
    lost,
)
from tests.desks.proxy import Fault

PICTURE = File("tela da assinatura, çã.png", "image/png", b"\x89PNG\r\n\x1a\n\x00\xff\xfe")
LOG = File("sei.log", "text/plain", "não abriu".encode())
MISSING = Ref("99999999", "99999999")
HOSTILE = [
    "<script>alert(1)</script> <b>negrito</b> &amp; &lt;i&gt; <!-- -->",
    "'; DROP TABLE Tickets; -- \" OR '1'='1",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {$Ticket->Id} {% raw %} %PT1 $(id) `id`",
    "ação, órgão, pêndulo, 日本語, 👩‍💻 e 📎",
    "uma linha\n\n.\nFrom aqui\n-- \nassinatura\n> citação",
]


def a_ticket(**changes) -> Ticket:
    ticket = Ticket(
        key=f"pen-{uuid.uuid4().hex}",
        protocol=f"PEN-20261125-{uuid.uuid4().hex[:6].upper()}",
        product="sei",
        sphere="executivo_federal",
        support_type="reportar_erro",
        subject="Não consigo assinar um documento",
        body="Ao clicar em «Assinar» aparece um erro.\n\nAmbiente: produção",
        requester_name="Fulana de Tal",
        requester_email="fulana.de.tal@orgao.gov.br",
    )
    return dataclasses.replace(ticket, **changes)


@pytest.fixture
def desk(harness):
    return harness.desk()


@pytest.fixture
def proxy(harness, proxy_to):
    """Between the desk and its system, for the desks that have HTTP between them."""
    if harness.address is None:
        pytest.skip("entre este livro e nós não há rede")
    return proxy_to(harness.address)


@pytest.fixture
def refused(harness):
    """A call fails with exactly this error, and neither it nor what caused it tells anything private."""

    def refused(kind: type[DeskError], call, *arguments, **named) -> DeskError:
        with pytest.raises(kind) as caught:
            call(*arguments, **named)
        assert caught.type is kind
        private = [*harness.secrets, *_private(arguments)]
        for error in _chain(caught.value):
            assert not [text for text in private if text in f"{error} {error!r}"]
        return caught.value

    return refused


def _private(arguments) -> list[str]:
    texts = [argument for argument in arguments if isinstance(argument, str)]
    for ticket in (argument for argument in arguments if isinstance(argument, Ticket)):
        texts += [ticket.subject, ticket.body, ticket.requester_name, ticket.requester_email]
    return [text for text in texts if len(text.strip()) > 5 and not text.startswith("pen-")]


def _chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


# --- a ticket's life ---------------------------------------------------------------------------------------


def test_a_desk_that_is_set_up_is_ready(desk):
    desk.check()


def test_a_ticket_is_read_back_with_nothing_lost(desk):
    ticket = a_ticket()

    view = desk.read(desk.create(ticket))

    assert lost(ticket, view) == ()
    assert (view.status, view.subject, view.reply, view.closed_at) == (Status.OPEN, ticket.subject, "", None)
    assert view.updated_at.tzinfo is not None


def test_a_ticket_is_found_by_its_key_and_no_other_key(desk):
    ticket = a_ticket()
    ref = desk.create(ticket)

    assert desk.find(ticket.key) == (ref,)
    assert desk.find(ticket.key[:-1]) == ()
    assert desk.find(f"pen-{uuid.uuid4().hex}") == ()


@pytest.mark.parametrize("text", HOSTILE, ids=["html", "sql", "templates", "unicode", "mail"])
def test_text_arrives_as_text(desk, harness, text):
    ticket = a_ticket(subject=text.splitlines()[0], body=f"antes\n{text}\ndepois")

    ref = desk.create(ticket)
    desk.comment(ref, f"mais: {text}")

    assert desk.read(ref).subject == ticket.subject
    assert ticket.body in harness.text(ref)
    assert f"mais: {text}" in harness.text(ref)


def test_a_long_text_arrives_whole(desk, harness):
    body = "\n".join(f"{n}: uma linha de registro com acentuação" for n in range(500))

    assert body in harness.text(desk.create(a_ticket(body=body)))


def test_signs_that_no_text_has_do_no_harm(desk, harness):
    body = "antes\x00\x1b[31m\x08\x7f\ud83d depois\r\nfim"

    text = harness.text(desk.create(a_ticket(body=body, subject="linha\r\nBcc: x\x00")))

    assert "antes" in text
    assert "depois\nfim" in text
    assert "linha Bcc: x" in text


def test_the_requesters_name_and_the_protocol_are_there_for_who_attends(desk, harness):
    ticket = a_ticket()

    text = harness.text(desk.create(ticket))

    assert ticket.requester_name in text
    assert ticket.protocol in text


def test_files_arrive_as_they_were_sent(desk, harness):
    ref = desk.create(a_ticket(files=(PICTURE,)))
    desk.comment(ref, "o registro", files=[LOG])

    files = harness.files(ref)

    assert sorted(files.values()) == sorted([PICTURE.content, LOG.content])
    assert all(name.isascii() and name.endswith((".png", ".log")) for name in files)


def test_internal_and_public_comments_are_kept_and_neither_is_a_reply(desk, harness):
    ref = desk.create(a_ticket())

    desk.comment(ref, "isto o usuário também contou")
    desk.comment(ref, "isto é só do atendimento", public=False)

    assert "isto o usuário também contou" in harness.text(ref)
    assert "isto é só do atendimento" in harness.text(ref)
    assert desk.read(ref).reply == ""


def test_the_last_reply_of_the_staff_is_told(desk, harness):
    ref = desk.create(a_ticket())
    harness.reply(ref, "Qual é a versão?")
    harness.reply(ref, "E o navegador?")
    desk.comment(ref, "Firefox")

    assert desk.read(ref).reply == "E o navegador?"


def test_a_closed_ticket_says_when_it_was_closed(desk, harness):
    ref = desk.create(a_ticket())
    harness.close(ref)

    view = desk.read(ref)

    assert view.status is Status.CLOSED
    assert view.closed_at.tzinfo is not None


def test_a_public_comment_never_reopens_a_closed_ticket(desk, harness):
    ref = desk.create(a_ticket())
    harness.close(ref)

    with pytest.raises(Rejected):
        desk.comment(ref, "e agora?")

    assert desk.read(ref).status is Status.CLOSED


def test_reopening_twice_opens_once_and_says_why_once(desk, harness):
    ref = desk.create(a_ticket())
    harness.close(ref)

    desk.reopen(ref, "o erro voltou hoje")
    desk.reopen(ref, "o erro voltou hoje")

    view = desk.read(ref)
    assert view.status not in (Status.CLOSED, Status.UNKNOWN)
    assert view.closed_at is None
    assert harness.text(ref).count("o erro voltou hoje") == 1


def test_reopening_an_open_ticket_does_nothing(desk, harness):
    ref = desk.create(a_ticket())

    desk.reopen(ref, "o erro voltou hoje")

    assert desk.read(ref).status is Status.OPEN
    assert "o erro voltou hoje" not in harness.text(ref)


def test_two_tickets_at_the_same_moment_are_two_tickets(desk):
    tickets = [a_ticket(), a_ticket()]
    with ThreadPoolExecutor(2) as pool:
        refs = list(pool.map(desk.create, tickets))

    assert [desk.find(ticket.key) for ticket in tickets] == [(ref,) for ref in refs]


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("requester_email", "isto não é um e-mail"),
        ("requester_email", ""),
        ("subject", " \n"),
        ("body", " "),
        ("key", "curta"),
        ("key", "pen-chave' OR 1=1 --"),
    ],
)
def test_a_ticket_that_is_wrong_is_refused_before_any_write(harness, proxy_to, refused, field, value):
    ticket = a_ticket(**{field: value})

    error, writes = _refused_without_writes(harness, proxy_to, refused, ticket)

    assert field in error.fields
    assert writes == 0


@pytest.mark.parametrize("field", ["product", "sphere", "support_type"])
def test_a_value_that_the_desk_does_not_know_is_refused_before_any_write(harness, proxy_to, refused, field):
    if field not in harness.lists:
        pytest.skip(f"este sistema guarda {field} como texto livre")

    error, writes = _refused_without_writes(harness, proxy_to, refused, a_ticket(**{field: "nao_existe"}))

    assert field in error.fields
    assert writes == 0


def _refused_without_writes(harness, proxy_to, refused, ticket):
    if harness.address is None:
        return refused(Rejected, harness.desk().create, ticket), 0
    proxy = proxy_to(harness.address)
    return refused(Rejected, harness.desk(proxy.url).create, ticket), proxy.writes


def test_a_key_that_is_no_key_is_not_searched(desk):
    with pytest.raises(Rejected):
        desk.find("pen-chave' OR 1=1 --")


def test_a_ticket_that_is_not_there_is_not_found(desk, refused):
    refused(NotFound, desk.read, MISSING)
    refused(NotFound, desk.comment, MISSING, "uma mensagem qualquer")
    refused(NotFound, desk.reopen, MISSING, "uma razão qualquer")


def test_bad_credentials_are_told_apart(harness, proxy, refused):
    desk = harness.desk(good_credentials=False)

    refused(AuthFailed, desk.check)
    refused(AuthFailed, desk.find, a_ticket().key)
    refused(AuthFailed, desk.create, a_ticket())


# --- what goes wrong on the way ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [Fault.LOST, Fault.CUT, Fault.BROKEN, Fault.BAD_GATEWAY, Fault.GATEWAY_TIMEOUT],
    ids=lambda fault: fault.name.lower(),
)
def test_a_write_whose_answer_is_lost_is_unclear_and_can_be_found(harness, proxy, refused, fault):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    proxy.faults = [fault]

    refused(Ambiguous, desk.create, ticket)

    assert proxy.writes == 1
    assert len(desk.find(ticket.key)) == 1


def test_a_write_that_may_not_have_arrived_is_unclear_too(harness, proxy, refused):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    proxy.faults = [Fault.HANG_UP]

    refused(Ambiguous, desk.create, ticket)

    assert desk.find(ticket.key) == ()


def test_a_write_that_is_not_answered_in_time_is_unclear_and_can_be_found(harness, proxy, refused):
    ticket, desk = a_ticket(), harness.desk(proxy.url, timeout=(5, 3))
    proxy.faults = [Fault.SILENT]

    refused(Ambiguous, desk.create, ticket)

    proxy.settle()
    assert len(harness.desk().find(ticket.key)) == 1


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.BROKEN], ids=lambda fault: fault.name.lower())
def test_a_reopening_whose_answer_is_lost_is_unclear_and_can_be_repeated(harness, proxy, refused, fault):
    desk = harness.desk(proxy.url)
    ref = desk.create(a_ticket())
    harness.close(ref)
    proxy.faults = [fault]

    refused(Ambiguous, desk.reopen, ref, "o erro voltou hoje")
    desk.reopen(ref, "o erro voltou hoje")

    assert desk.read(ref).status is not Status.CLOSED


def test_a_busy_desk_has_done_nothing(harness, proxy, refused):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    proxy.faults = [Fault.BUSY]

    refused(Unavailable, desk.create, ticket)

    assert desk.find(ticket.key) == ()


def test_a_desk_that_limits_calls_says_when_to_come_back(harness, proxy, refused):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    proxy.faults = [Fault.LIMITED]

    error = refused(RateLimited, desk.create, ticket)

    assert error.retry_after == 7
    assert desk.find(ticket.key) == ()


@pytest.mark.parametrize(
    "fault",
    [Fault.BUSY, Fault.BROKEN, Fault.BAD_GATEWAY, Fault.GATEWAY_TIMEOUT, Fault.HANG_UP, Fault.LOST],
    ids=lambda fault: fault.name.lower(),
)
def test_a_reading_that_fails_may_be_repeated(harness, proxy, refused, fault):
    desk = harness.desk(proxy.url)
    ref = desk.create(a_ticket())
    proxy.spoils, proxy.faults = "reads", [fault]

    refused(Unavailable, desk.read, ref)

    assert desk.read(ref).status is Status.OPEN


def test_a_desk_that_is_down_has_done_nothing(harness, proxy, refused):
    desk = harness.desk(f"http://127.0.0.1:{free_port()}")

    refused(Unavailable, desk.check)
    refused(Unavailable, desk.find, a_ticket().key)
    refused(Unavailable, desk.create, a_ticket())


@pytest.mark.parametrize("spoils", ["reads", "writes"])
def test_a_redirect_to_another_host_is_not_followed(harness, proxy, refused, spoils):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    ref = desk.create(a_ticket())
    proxy.spoils, proxy.faults = spoils, [Fault.REDIRECT]

    if spoils == "reads":
        refused(ProtocolError, desk.read, ref)
    else:
        refused(ProtocolError, desk.create, ticket)
        assert desk.find(ticket.key) == ()


# --- written twice -----------------------------------------------------------------------------------------


def test_what_was_written_twice_is_found_oldest_first_and_merged_into_one(harness, proxy):
    ticket, desk = a_ticket(), harness.desk(proxy.url)
    proxy.faults = [Fault.TWICE]
    desk.create(ticket)

    oldest, younger = desk.find(ticket.key)
    assert int(oldest.id) < int(younger.id)
    for _ in range(2):
        desk.merge(younger, oldest)

    assert desk.find(ticket.key) == (oldest,)
    assert lost(ticket, desk.read(oldest)) == ()
    gone = desk.read(younger)
    assert gone.ref.id == oldest.id or gone.status is Status.CLOSED


def test_merging_into_a_ticket_that_is_not_there_is_no_success(harness, proxy):
    desk = harness.desk()
    ref = desk.create(a_ticket())

    with pytest.raises((NotFound, Rejected)):
        desk.merge(ref, MISSING)

    assert desk.read(ref).status is Status.OPEN
