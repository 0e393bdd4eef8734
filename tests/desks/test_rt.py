"""What is Request Tracker's own, on a real one. What every desk does: test_contract.py."""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess

import pytest

from penbot.ticketing.desk import Forbidden, Ref, Rejected, Status, lost
from penbot.ticketing.desks.rt_setup import initialdata
from tests.desks.rt_server import ONE_WAY
from tests.desks.test_contract import PICTURE, a_ticket


@pytest.fixture
def desk(rt):
    return rt.desk()


@pytest.fixture
def proxy(rt, proxy_to):
    return proxy_to(rt.address)


def queue(rt, product):
    return rt.as_root("GET", f"/queue/{product}")


@contextlib.contextmanager
def changed(rt, path, before, after):
    """Something in RT, changed for a while."""
    rt.as_root("PUT", path, json=after)
    try:
        yield
    finally:
        rt.as_root("PUT", path, json=before)


# --- RT as it was set up -----------------------------------------------------------------------------------


def test_a_queue_that_is_missing_is_told_before_anything_is_written(rt, proxy):
    path = f"/queue/{queue(rt, 'nup')['id']}"
    with changed(rt, path, {"Disabled": 0}, {"Disabled": 1}):
        with pytest.raises(Forbidden, match="a fila nup"):
            rt.desk().check()
        with pytest.raises(Forbidden, match="a fila nup"):
            rt.desk(proxy.url).create(a_ticket(product="nup"))

    assert proxy.writes == 0
    rt.desk().check()


def test_a_value_that_is_missing_from_a_list_is_told_before_anything_is_written(rt, proxy):
    """RT itself would answer 201 and drop it."""
    desk = rt.desk(proxy.url)
    (field,) = (f["id"] for f in queue(rt, "sei")["TicketCustomFields"] if f["name"] == "Esfera")
    values = rt.as_root("GET", f"/customfield/{field}/values")["items"]
    (value,) = (value["id"] for value in values if value["name"] == "outros_poderes")
    rename = f"/customfield/{field}/value/{value}"
    with changed(rt, rename, {"Name": "outros_poderes"}, {"Name": "outros"}):
        with pytest.raises(Forbidden, match="o valor outros_poderes no campo «Esfera»"):
            desk.check()
        with pytest.raises(Forbidden, match="outros_poderes"):
            desk.create(a_ticket(sphere="outros_poderes"))
        assert proxy.writes == 0
        desk.create(a_ticket())

    desk.create(a_ticket(sphere="outros_poderes"))


def test_a_value_that_disappears_while_we_run_is_missing_from_what_is_read_back(rt, desk):
    ticket = a_ticket(sphere="outros_poderes")
    desk.create(a_ticket(sphere="outros_poderes"))  # its lists are known now
    (field,) = (f["id"] for f in queue(rt, "sei")["TicketCustomFields"] if f["name"] == "Esfera")
    with changed(rt, f"/customfield/{field}", {"Disabled": 0}, {"Disabled": 1}):
        view = desk.read(desk.create(ticket))

    assert lost(ticket, view) == ("sphere",)


def test_the_assistants_user_may_do_nothing_in_other_queues(rt, desk):
    other = Ref(rt.as_root("POST", "/ticket", json={"Queue": "General", "Subject": "de outra área"})["id"], "")

    for call in (desk.read, lambda ref: desk.comment(ref, "oi"), lambda ref: desk.reopen(ref, "oi")):
        with pytest.raises(Forbidden):
            call(other)


def test_the_set_up_holds_any_name_as_it_is(knowledge, tmp_path):
    name = "d'água \\ \"@x\" $y {z} 'fim\\'"
    products = {"sei": dataclasses.replace(knowledge.products["sei"], nome=name)}
    path = tmp_path / "dados.pl"
    path.write_text(initialdata(dataclasses.replace(knowledge, products=products)), encoding="utf-8")

    script = f"our @Queues; do '{path}' or die $@; print $Queues[0]{{Description}}"
    done = subprocess.run(["perl", "-CS", "-e", script], capture_output=True, text=True, timeout=30)

    assert done.stdout == name


# --- people ------------------------------------------------------------------------------------------------


def test_a_requester_who_has_an_account_under_another_name_is_known_by_address(rt, desk):
    rt.as_root("POST", "/user", json={"Name": "beltrana", "EmailAddress": "beltrana@orgao.gov.br", "Privileged": 1})
    ticket = a_ticket(requester_email="Beltrana@orgao.gov.br")

    assert lost(ticket, desk.read(desk.create(ticket))) == ()


@pytest.mark.parametrize(
    "email", ["a@x.gov.br, b@x.gov.br", "joão@x.gov.br", "a..b@x.gov.br", "a@x..br", "Ana <a@x.br>"]
)
def test_an_address_that_rt_would_drop_or_take_for_two_is_refused(desk, email):
    with pytest.raises(Rejected) as caught:
        desk.create(a_ticket(requester_email=email))

    assert caught.value.fields == ("requester_email",)


def test_the_requester_gets_rts_own_mail(rt, desk):
    ticket = a_ticket(requester_email="sicrana@orgao.gov.br")
    desk.create(ticket)

    assert any("To: sicrana@orgao.gov.br" in mail for mail in rt.mails())


# --- what a ticket says ------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["á" * 100, "á" * 101, "assunto longo 📎 " * 30], ids=["fits", "cut", "emoji"])
def test_a_subject_that_rt_cuts_stands_whole_in_the_text(rt, desk, subject):
    ref = desk.create(a_ticket(subject=subject))

    assert subject.strip() in rt.text(ref)
    assert desk.read(ref).subject.removesuffix("…") in subject


def test_a_reply_written_as_html_is_read_as_text(rt, desk):
    ref = desk.create(a_ticket())
    rt.reply(ref, "<p>Bom dia,</p><p>qual é a <b>versão</b>?</p>", "text/html")

    assert desk.read(ref).reply == "Bom dia,\n\nqual é a versão?"


def test_an_empty_file_is_refused(desk):
    empty = dataclasses.replace(PICTURE, content=b"")

    with pytest.raises(Rejected) as caught:
        desk.create(a_ticket(files=(empty,)))
    assert caught.value.fields == ("files",)

    with pytest.raises(Rejected) as caught:
        desk.comment(desk.create(a_ticket()), "em anexo", files=[empty])
    assert caught.value.fields == ("files",)


# --- statuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("open", Status.TRIAGE),
        ("stalled", Status.WAITING),
        ("resolved", Status.CLOSED),
        ("rejected", Status.CLOSED),
        ("deleted", Status.CLOSED),
    ],
)
def test_every_status_of_rt_is_known(rt, desk, raw, status):
    ref = desk.create(a_ticket())
    rt.set_status(ref, raw)

    view = desk.read(ref)

    assert (view.status, view.raw_status) == (status, raw)
    assert (view.closed_at is not None) == (status is Status.CLOSED)


@pytest.fixture
def one_way(rt):
    """A product whose tickets have statuses of their own, and are never reopened."""
    path = f"/queue/{queue(rt, 'nup')['id']}"
    with changed(rt, path, {"Lifecycle": "default"}, {"Lifecycle": ONE_WAY}):
        yield "nup"


def test_a_status_that_we_do_not_know_is_no_error_and_is_left_alone(rt, desk, one_way):
    ref = desk.create(a_ticket(product=one_way))
    rt.set_status(ref, "com_n3")

    with pytest.raises(Rejected):
        desk.reopen(ref, "de novo")

    view = desk.read(ref)
    assert (view.status, view.raw_status) == (Status.UNKNOWN, "com_n3")
    rt.set_status(ref, "open")


def test_a_reopening_that_rt_refuses_is_no_success(rt, desk, one_way):
    """RT answers 201 all the same."""
    ref = desk.create(a_ticket(product=one_way))
    rt.close(ref)

    with pytest.raises(Rejected, match="não reabriu"):
        desk.reopen(ref, "o erro voltou hoje")

    assert desk.read(ref).status is Status.CLOSED


# --- merged ------------------------------------------------------------------------------------------------


def test_what_an_operator_merged_into_a_ticket_without_our_key_is_found_there(rt, desk):
    ticket = a_ticket()
    ref = desk.create(ticket)
    other = rt.as_root("POST", "/ticket", json={"Queue": "sei", "Subject": "por telefone"})["id"]
    rt.as_root("PUT", f"/ticket/{ref.id}", json={"MergeInto": other})

    (found,) = desk.find(ticket.key)

    assert found.id == str(other)
    assert desk.read(ref).ref == found


def test_a_merge_that_rt_refuses_is_no_success(rt, desk):
    """RT answers 200 all the same: here the user may not change the other ticket."""
    ref = desk.create(a_ticket())
    other = Ref(str(rt.as_root("POST", "/ticket", json={"Queue": "General", "Subject": "de outra área"})["id"]), "")

    with pytest.raises((Rejected, Forbidden)):
        desk.merge(ref, other)

    assert desk.read(ref).ref == ref
