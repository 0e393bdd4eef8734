"""penbot desk: attend to the tickets of the local desk; prepare another one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from penbot.app import app
from penbot.cli.command import command
from penbot.knowledge import Knowledge
from penbot.ticketing.clock import utc_now
from penbot.ticketing.desk import DeskError, Status, View
from penbot.ticketing.desks.attendance import Attendance, Entry
from penbot.ticketing.desks.rt_setup import initialdata

_STATUS = {
    Status.OPEN: "aberto",
    Status.TRIAGE: "em triagem (N2)",
    Status.SPECIALIST: "com especialista (N3)",
    Status.WAITING: "aguardando o usuário",
    Status.CLOSED: "encerrado",
    Status.REOPENED: "reaberto",
}


def add(verbs: Any) -> None:
    verb = command(verbs, "desk", "atende os chamados do balcão local")
    what = verb.add_subparsers(title="o que fazer", dest="o_que", required=True)
    what.add_parser("list", help="mostra os chamados abertos").set_defaults(run=_at_desk(_list))
    _of_one(what, "show", _show, "mostra um chamado com seu histórico")
    reply = _of_one(what, "reply", _reply, "responde ao usuário")
    reply.add_argument("texto")
    reply.add_argument("--aguardar", action="store_true", help="espera a resposta do usuário (72 horas)")
    _of_one(what, "wait", _wait, "espera a resposta do usuário (72 horas)")
    _of_one(what, "forward", _forward, "encaminha ao nível seguinte: N2, depois N3")
    close = _of_one(what, "close", _close, "encerra, com uma última resposta ao usuário")
    close.add_argument("texto")
    setup = what.add_parser("setup-rt", help="mostra o que um Request Tracker precisa ter, para o rt-setup-database")
    setup.set_defaults(run=_setup_rt)


Task = Callable[[Attendance, argparse.Namespace, Knowledge], None]


def _of_one(what: Any, name: str, task: Task, help_: str) -> Any:
    parser = what.add_parser(name, help=help_)
    parser.add_argument("protocolo")
    parser.set_defaults(run=_at_desk(task))
    return parser


def _at_desk(task: Task) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        application = app()
        if application.settings.desk != "local":
            print(f"o balcão local não está em uso: PENBOT_DESK={application.settings.desk}", file=sys.stderr)
            return 1
        try:
            task(Attendance(application.database, utc_now), arguments, application.store.current())
        except DeskError as err:
            print(err, file=sys.stderr)
            return 1
        return 0

    return run


def _list(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    views = attendance.open_tickets()
    for view in views:
        print(f"{view.ref.number} · {_STATUS[view.status]} · {_triple(view, knowledge)} · {view.subject}")
    print("1 chamado aberto" if len(views) == 1 else f"{len(views)} chamados abertos")


def _show(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    print("\n".join(_lines(attendance.entry(arguments.protocolo), knowledge)))


def _lines(entry: Entry, knowledge: Knowledge) -> Iterator[str]:
    view = entry.view
    yield f"{view.ref.number} · {_STATUS[view.status]}"
    yield _triple(view, knowledge)
    yield f"{entry.requester_name} <{view.requester_email}>"
    yield f"\n{view.subject}\n\n{entry.body}"
    yield from (f"Anexo: {name}" for name in entry.files)
    yield "\nMensagens:" if entry.comments else "\nSem mensagens."
    for comment in entry.comments:
        kind = ("resposta" if comment.by_staff else "usuário") if comment.public else "interna"
        yield f"  {_time(comment.at)} {kind}: {comment.text}"
        yield from (f"    Anexo: {name}" for name in comment.files)
    yield "\nHistórico:"
    yield from (f"  {_time(change.at)} {_STATUS[change.status]}: {change.note}" for change in entry.history)


def _reply(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    attendance.reply(arguments.protocolo, arguments.texto, wait=arguments.aguardar)
    print("resposta gravada")


def _wait(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    attendance.wait(arguments.protocolo)
    print("aguardando o usuário: sem resposta em 72 horas, o chamado se encerra")


def _forward(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    print(f"agora: {_STATUS[attendance.forward(arguments.protocolo)]}")


def _close(attendance: Attendance, arguments: argparse.Namespace, knowledge: Knowledge) -> None:
    attendance.close(arguments.protocolo, arguments.texto)
    print("encerrado: pode ser reaberto em até 48 horas")


def _setup_rt(arguments: argparse.Namespace) -> int:
    print(initialdata(app().store.current()), end="")
    return 0


def _triple(view: View, knowledge: Knowledge) -> str:
    terms: tuple[Any, ...] = (
        knowledge.products.get(view.product),
        knowledge.spheres.get(view.sphere),
        knowledge.support_types.get(view.support_type),
    )
    ids = (view.product, view.sphere, view.support_type)
    return " · ".join(term.nome if term else id_ for term, id_ in zip(terms, ids, strict=True))


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")
