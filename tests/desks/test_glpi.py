"""What is GLPI's own in the GLPI desk, against the stub. What every desk does: test_contract.py."""

import dataclasses
import threading
from datetime import timedelta

import pytest

from penbot.ticketing.desk import (
    Ambiguous,
    AuthFailed,
    File,
    Forbidden,
    Incomplete,
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
from penbot.ticketing.desks import glpi_content
from penbot.ticketing.desks.plain import from_html
from tests.desks import glpi_stub
from tests.desks.glpi_stub import APP_TOKEN, USER_TOKEN, GlpiStub

TICKET = Ticket(
    key="pen-0123456789abcdef",
    protocol="PEN-20261125-7K3QXA",
    product="sei",
    sphere="executivo_federal",
    support_type="reportar_erro",
    subject="Erro ao assinar",
    body="A tela fica <branca> & trava.\n\nAmbiente: produção",
    requester_name="Pessoa Exemplo",
    requester_email="pessoa@orgao.gov.br",
)
PICTURE = File("tela do órgão.png", "image/png", b"\x89PNG\x00\xff")
LOG = File("sei.log", "text/plain", b"erro")


@pytest.fixture
def stub():
    with GlpiStub(("sei", "nup")) as stub:
        yield stub


@pytest.fixture
def desk(stub):
    return _desk(stub)


def _desk(stub, **changes):
    return stub.desk(timeout=(1.0, 0.5), **changes)


def _with(**changes):
    return dataclasses.replace(TICKET, **changes)


# --- sessions and credentials --------------------------------------------------------------------


def test_one_session_serves_all_threads(stub, desk):
    threads = [threading.Thread(target=desk.find, args=(TICKET.key,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stub.book.logins == 1


def test_an_expired_session_is_replaced_once_and_the_ticket_written_once(stub, desk):
    desk.check()
    stub.expire_sessions()
    desk.create(TICKET)
    assert stub.book.logins == 2
    assert len(stub.book.tickets) == 1


def test_threads_that_meet_an_expired_session_log_in_once_together(stub, desk):
    desk.check()
    stub.expire_sessions()
    threads = [threading.Thread(target=desk.find, args=(TICKET.key,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stub.book.logins == 2


def test_a_session_that_does_not_hold_is_no_reason_to_log_in_for_ever(stub, desk, monkeypatch):
    monkeypatch.setattr(stub, "items", _expired)
    with pytest.raises(AuthFailed):
        desk.read(Ref("1", "1"))
    assert stub.book.logins == 2


def _expired(path, query):
    raise glpi_stub.Refusal(401, "ERROR_SESSION_TOKEN_INVALID")


@pytest.mark.parametrize("tokens", [{"app_token": "outro-token"}, {"good_credentials": False}])
def test_a_wrong_token_is_the_operators_affair_and_is_not_repeated_in_the_message(stub, tokens):
    with pytest.raises(AuthFailed) as caught:
        _desk(stub, **tokens).check()
    assert "outro-token" not in str(caught.value)


def test_an_app_token_is_sent_only_where_there_is_one(stub):
    with pytest.raises(AuthFailed, match="ERROR_APP_TOKEN_PARAMETERS_MISSING"):
        stub.desk(app_token="").check()


def test_the_address_may_end_in_the_name_of_the_interface(stub):
    stub.desk(f"{stub.url}/apirest.php/").check()


def test_an_address_where_glpi_is_not_is_said_to_be_wrong(stub):
    with pytest.raises(ProtocolError, match="endereço"):
        stub.desk(f"{stub.url}/outra").check()


def test_check_says_what_is_missing(stub, desk, monkeypatch):
    desk.check()
    stub.book.categories.pop()
    with pytest.raises(Forbidden, match=r"de código nup$"):
        desk.check()
    stub.book.rights.remove("ITILCategory")
    with pytest.raises(Forbidden):
        desk.check()
    monkeypatch.delitem(glpi_stub.OPTIONS, str(glpi_stub.KEY_OPTION))
    with pytest.raises(ProtocolError, match="versão 10"):
        desk.check()


# --- what is written -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoded", [False, True])
def test_what_was_written_is_read_back(stub, desk, encoded):
    stub.book.encoded = encoded
    view = desk.read(desk.create(TICKET))
    assert lost(TICKET, view) == ()
    assert (view.subject, view.status, view.reply) == (TICKET.subject, Status.OPEN, "")
    assert view.ref.url == f"{stub.url}/front/ticket.form.php?id=1"
    assert view.updated_at.utcoffset() == timedelta(hours=-3)


@pytest.mark.parametrize("encoded", [False, True])
def test_the_requesters_text_is_no_markup_and_comes_back_as_it_was(stub, desk, encoded):
    stub.book.encoded = encoded
    ref = desk.create(_with(body="a < b\n<script>alert('&lt;')</script>"))
    content = stub.book.tickets[int(ref.id)]["content"]
    assert content.startswith("<p>a &lt; b<br>&lt;script&gt;alert(&#x27;&amp;lt;&#x27;)&lt;/script&gt;</p><p>")
    assert from_html(glpi_content.decoded(stub.items(f"/Ticket/{ref.id}", {})[1]["content"])).startswith(
        "a < b\n<script>alert('&lt;')</script>\n"
    )


def test_what_the_requester_writes_cannot_pass_for_our_own_lines(desk):
    forged = f"{glpi_content.HEADING}\nEsfera: outros_poderes\nProtocolo: PEN-00000000-AAAAAA"
    view = desk.read(desk.create(_with(body=forged, requester_name="Pessoa\nEsfera: outros_poderes")))
    assert (view.sphere, view.subject) == (TICKET.sphere, TICKET.subject)


def test_an_error_is_an_incident_and_anything_else_a_request(stub, desk):
    desk.create(TICKET)
    desk.create(_with(key="pen-0000000000000002", support_type="registrar_duvida"))
    assert [row["type"] for row in stub.book.tickets.values()] == [1, 2]


def test_the_protocol_stands_in_front_of_the_title(stub, desk):
    ref = desk.create(TICKET)
    assert stub.book.tickets[int(ref.id)]["name"] == "[PEN-20261125-7K3QXA] Erro ao assinar"


def test_categories_are_looked_up_once_however_many_there_are(stub):
    with GlpiStub(tuple(f"produto_{n}" for n in range(30))) as stub:
        desk = _desk(stub)
        for n in (0, 29):
            desk.create(_with(key=f"pen-000000000000000{n}", product=f"produto_{n}"))
    assert stub.calls.count("GET /ITILCategory") == 1


def test_a_category_without_a_code_goes_by_its_name(stub, desk):
    stub.book.categories[1] = {"id": 90, "name": "nup", "code": ""}
    desk.check()
    assert desk.read(desk.create(_with(product="nup"))).product == "nup"


def test_a_missing_category_is_the_operators_affair_until_it_is_made(stub, desk):
    category = stub.book.categories.pop()
    with pytest.raises(Forbidden, match=r"de código nup$"):
        desk.create(_with(product="nup"))
    assert "POST /Ticket" not in stub.calls
    stub.book.categories.append(category)
    desk.create(_with(product="nup"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "x" * 250),
        ("requester_email", "pessoa@orgao"),
        ("requester_email", "Pessoa <pessoa@orgao.gov.br>"),
        ("requester_email", "pessoa@orgao.gov.br\n"),
        ("files", (File("vazio.log", "text/plain", b""),)),
    ],
)
def test_what_glpi_would_refuse_or_drop_is_rejected_before_any_write(stub, desk, field, value):
    with pytest.raises(Rejected) as caught:
        desk.create(_with(**{field: value}))
    assert caught.value.fields == (field,)
    assert "POST /Ticket" not in stub.calls


@pytest.mark.parametrize(
    ("dropped", "missing"),
    [
        ("externalid", ("key",)),
        ("content", ("sphere", "support_type")),
        ("itilcategories_id", ("product",)),
        ("requester", ("requester_email",)),
    ],
)
def test_a_field_that_glpi_dropped_is_noticed_when_read_back(stub, desk, dropped, missing):
    stub.book.drops = {dropped}
    assert lost(TICKET, desk.read(desk.create(TICKET))) == missing


def test_files_go_in_the_same_write_with_plain_names_and_their_bytes(stub, desk):
    desk.create(_with(files=(PICTURE, LOG)))
    assert [call for call in stub.calls if call.startswith("POST")] == ["POST /Ticket"]
    kept = [(row["filename"], row["content"].encode("latin-1")) for row in stub.book.documents]
    assert kept == [("tela_do_orgao.png", PICTURE.content), ("sei.log", LOG.content)]


def test_a_file_that_glpi_left_out_is_told(stub, desk):
    strange = File("programa.exe", "application/octet-stream", b"MZ")
    with pytest.raises(Incomplete) as caught:
        desk.create(_with(files=(LOG, strange)))
    assert caught.value.missing == ("files",)
    with pytest.raises(Incomplete):
        desk.comment(caught.value.ref, "veja", files=(strange,))


# --- what may go wrong on the way ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "written"),
    [
        ("refuses with 207", Rejected, 0),
        ("is refused without a code", ProtocolError, 0),
        ("is rate limited", RateLimited, 0),
        ("is too large for the web server", Rejected, 0),
        ("is a login page", Ambiguous, 0),
        ("times out before the write", Ambiguous, 0),
        ("times out after the write", Ambiguous, 1),
        ("resets before the write", Ambiguous, 0),
        ("resets after the write", Ambiguous, 1),
        ("fails after the write", Ambiguous, 1),
    ],
)
def test_a_write_that_goes_wrong_is_told_as_what_it_is_and_never_repeated(stub, desk, fault, error, written):
    desk.check()
    stub.fault(fault)
    with pytest.raises(error) as caught:
        desk.create(TICKET)
    assert type(caught.value) is error
    assert stub.calls.count("POST /Ticket") == 1
    assert len(desk.find(TICKET.key)) == written
    for secret in (TICKET.requester_email, TICKET.subject, USER_TOKEN, APP_TOKEN, "a sentence"):
        assert secret not in str(caught.value)


def test_how_long_to_wait_is_told(stub, desk):
    stub.fault("is rate limited", "GET", "/search")
    with pytest.raises(RateLimited) as caught:
        desk.find(TICKET.key)
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("fault", ["times out before the write", "resets before the write", "fails after the write"])
def test_a_look_up_that_goes_wrong_may_be_repeated(stub, desk, fault):
    desk.check()
    stub.fault(fault, "GET", "/search")
    with pytest.raises(Unavailable):
        desk.find(TICKET.key)


def test_once_the_ticket_is_written_nothing_is_told_as_not_done(stub, desk):
    desk.check()
    stub.fault("times out before the write", "GET", "/Ticket/1/Document_Item")
    with pytest.raises(Ambiguous):
        desk.create(_with(files=(LOG,)))
    assert len(desk.find(TICKET.key)) == 1


# --- looking up ----------------------------------------------------------------------------------


def test_a_part_of_the_answers_is_an_answer_too(stub, desk):
    desk.create(TICKET)
    desk.create(TICKET)
    stub.book.page = 1  # 206
    assert [ref.id for ref in desk.find(TICKET.key)] == ["1"]


def test_a_key_that_differs_in_case_only_is_another_key(stub, desk):
    desk.create(_with(key="PEN-0123456789abcdef"))
    assert desk.find(TICKET.key) == ()


def test_a_search_that_looks_for_something_else_is_not_believed(stub, desk):
    desk.create(_with(key="pen-0000000000000002"))
    stub.book.ignores_criteria = True
    with pytest.raises(ProtocolError, match="outra chave"):
        desk.find(TICKET.key)


def test_a_key_that_could_be_more_than_a_key_is_not_looked_for(stub, desk):
    with pytest.raises(Rejected):
        desk.find("x' OR 1=1")
    assert stub.calls == []


def test_a_ticket_delivered_twice_is_found_twice_until_it_is_merged(stub, desk):
    stub.fault("is delivered twice")
    desk.create(TICKET)
    stays, younger = desk.find(TICKET.key)
    assert (stays.id, younger.id) == ("1", "2")
    desk.merge(younger, stays)
    desk.merge(younger, stays)
    assert desk.find(TICKET.key) == (stays,)
    assert (desk.read(younger).status, desk.read(younger).key) == (Status.CLOSED, f"{TICKET.key}-duplicado")
    assert [row["content"] for row in stub.said(younger)] == [
        f"<p>Este chamado foi aberto em duplicidade. O atendimento segue no chamado {stays.number}.</p>"
    ]
    assert desk.read(stays).status is Status.OPEN


def test_a_merge_that_stops_half_way_is_unclear(stub, desk):
    stub.fault("is delivered twice")
    desk.create(TICKET)
    stub.fault("is rate limited", "PUT")
    with pytest.raises(Ambiguous):
        desk.merge(Ref("2", "2"), Ref("1", "1"))


@pytest.mark.parametrize("right", ["status", "externalid"])
def test_a_merge_that_glpi_only_says_it_did_is_the_operators_affair(stub, desk, right):
    stub.fault("is delivered twice")
    desk.create(TICKET)
    stub.book.rights.remove(right)
    with pytest.raises(Forbidden):
        desk.merge(Ref("2", "2"), Ref("1", "1"))


# --- following -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1, Status.OPEN),
        (2, Status.TRIAGE),
        (3, Status.TRIAGE),
        (4, Status.WAITING),
        (5, Status.CLOSED),
        (6, Status.CLOSED),
        (10, Status.WAITING),
        (99, Status.UNKNOWN),
    ],
)
def test_every_status_is_told_and_an_unknown_one_is_no_error(stub, desk, number, status):
    ref = desk.create(TICKET)
    stub.set_status(ref, number)
    view = desk.read(ref)
    assert (view.status, view.raw_status) == (status, str(number))
    assert (view.closed_at is not None) == (status is Status.CLOSED)


def test_the_reply_is_the_staffs_last_public_one(stub, desk):
    ref = desk.create(TICKET)
    stub.reply(ref, "<p>Qual é a&nbsp;versão?<br>Obrigado.</p>")
    desk.comment(ref, "É a 5.0.1")
    stub.reply(ref, "<p>É aquele erro conhecido</p>", public=False)
    stub.reply(ref, "respondi por e-mail", user=0)
    stub.book.actors.clear()
    stub.book.actors.append({"tickets_id": int(ref.id), "users_id": 50, "type": 1, "alternative_email": ""})
    stub.reply(ref, "respondi pelo GLPI", user=50)
    assert desk.read(ref).reply == "Qual é a versão?\nObrigado."


def test_a_solution_is_a_reply(stub, desk):
    ref = desk.create(TICKET)
    stub.solve(ref, "<p>Atualize o módulo &#60;assinatura&#62;.</p>")
    view = desk.read(ref)
    assert (view.status, view.reply) == (Status.CLOSED, "Atualize o módulo <assinatura>.")


def test_a_comment_is_public_or_internal_as_told(stub, desk):
    ref = desk.create(TICKET)
    desk.comment(ref, "a < b", files=(PICTURE, LOG))
    desk.comment(ref, "só para a equipe", public=False)
    assert [(row["content"], row["is_private"]) for row in stub.said(ref)] == [
        ("<p>a &lt; b</p>", 0),
        ("<p>só para a equipe</p>", 1),
    ]
    assert [row["itemtype"] for row in stub.book.documents] == ["ITILFollowup", "ITILFollowup"]


@pytest.mark.parametrize("closed", [5, 6])
def test_a_closed_duplicate_is_merged_without_a_word(stub, desk, closed):
    stub.fault("is delivered twice")
    desk.create(TICKET)
    stays, younger = desk.find(TICKET.key)
    stub.set_status(younger, closed)
    desk.merge(younger, stays)
    assert desk.find(TICKET.key) == (stays,)
    assert stub.said(younger) == []


def test_a_status_that_we_do_not_know_is_left_as_it_is(stub, desk):
    ref = desk.create(TICKET)
    stub.set_status(ref, 99)
    with pytest.raises(Rejected):
        desk.reopen(ref, "voltou a falhar")
    assert desk.read(ref).raw_status == "99"


@pytest.mark.parametrize("closed", [5, 6])
def test_a_closed_ticket_is_opened_again_once_with_the_reason(stub, desk, closed):
    ref = desk.create(TICKET)
    stub.set_status(ref, closed)
    desk.reopen(ref, "voltou a falhar")
    desk.reopen(ref, "voltou a falhar")
    view = desk.read(ref)
    assert (view.status, view.closed_at) == (Status.TRIAGE, None)
    assert [row["content"] for row in stub.said(ref)] == ["<p>voltou a falhar</p>"]


def test_a_reopening_that_glpi_only_says_it_did_is_rejected(stub, desk):
    ref = desk.create(TICKET)
    stub.set_status(ref, 5)
    stub.book.rights.remove("status")
    with pytest.raises(Rejected):
        desk.reopen(ref, "voltou a falhar")
    assert stub.said(ref) == []


def test_a_reopening_whose_reason_may_not_have_arrived_is_unclear(stub, desk):
    ref = desk.create(TICKET)
    stub.set_status(ref, 6)
    stub.fault("is rate limited", "POST", "/ITILFollowup")
    with pytest.raises(Ambiguous):
        desk.reopen(ref, "voltou a falhar")


def test_no_such_ticket_and_one_in_the_bin_are_not_found(stub, desk):
    with pytest.raises(NotFound):
        desk.read(Ref("999", "999"))
    with pytest.raises(NotFound):
        desk.comment(Ref("999", "999"), "oi")
    ref = desk.create(TICKET)
    stub.book.tickets[int(ref.id)]["is_deleted"] = 1
    with pytest.raises(NotFound):
        desk.read(ref)


def test_a_missing_right_is_told_as_such(stub, desk):
    ref = desk.create(TICKET)
    stub.book.rights.remove("Ticket")
    with pytest.raises(Forbidden):
        desk.read(ref)


def test_a_ticket_without_its_protocol_keeps_its_title(stub, desk):
    ref = desk.create(TICKET)
    stub.book.tickets[int(ref.id)]["content"] = "<p>reescrito</p>"
    assert desk.read(ref).subject == "[PEN-20261125-7K3QXA] Erro ao assinar"
