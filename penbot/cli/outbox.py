"""penbot outbox: the tickets on their way to the desk."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from penbot.app import app
from penbot.cli.command import command
from penbot.ticketing.desk import DeskError
from penbot.ticketing.outbox import OPEN, Row, State
from penbot.ticketing.reconciliation import disagreements

_STATES = {
    State.PENDING: "a entregar",
    State.SENDING: "em envio",
    State.DONE: "entregue",
    State.REJECTED: "recusado pelo sistema",
    State.INCOMPLETE: "entregue sem todos os campos",
    State.STOPPED: "parado: precisa de alguém",
}
_RESUMABLE = (State.STOPPED, State.REJECTED, State.INCOMPLETE)


def add(verbs: Any) -> None:
    verb = command(verbs, "outbox", "chamados a caminho do sistema de chamados")
    what = verb.add_subparsers(title="o que fazer", dest="o_que", required=True)
    listed = what.add_parser("list", help="mostra os que ainda não foram entregues")
    listed.add_argument("--todos", action="store_true", help="mostra também os entregues")
    listed.set_defaults(run=_list)
    deliver = what.add_parser("deliver", help="entrega o que está na vez")
    deliver.add_argument("--continuar", action="store_true", help="continua entregando até Ctrl-C")
    deliver.set_defaults(run=_deliver)
    reconcile = what.add_parser("reconcile", help="compara o que temos com o que o sistema de chamados tem")
    reconcile.set_defaults(run=_reconcile)
    resume = what.add_parser("resume", help="volta a tentar os que pararam")
    resume.add_argument("protocolos", nargs="*", metavar="PROTOCOLO", help="só estes, mesmo recusados ou incompletos")
    resume.set_defaults(run=_resume)


def _list(arguments: argparse.Namespace) -> int:
    rows = [row for row in app().outbox.rows() if arguments.todos or row.state is not State.DONE]
    for row in rows:
        print(_line(row))
    print(_count(len(rows), "chamado", "chamados"))
    return 0


def _line(row: Row) -> str:
    parts = [row.protocol, f"{row.product}/{row.sphere}/{row.support_type}", _STATES[row.state]]
    if row.ref and row.ref.number != row.protocol:
        parts.append(f"número {row.ref.number}")
    if row.state in OPEN and row.attempts:
        parts.append(f"{_count(row.attempts, 'tentativa', 'tentativas')}, a próxima {_time(row.next_at)}")
    if row.last_error:
        parts.append(row.last_error)
    return " · ".join(parts)


def _deliver(arguments: argparse.Namespace) -> int:
    application = app()
    if application.delivery is None or application.worker is None:
        return _no_desk()
    if arguments.continuar:
        print("entregando (Ctrl-C termina)", flush=True)
        application.worker.run()
        return 0
    tried = 0
    while application.delivery.one():
        tried += 1
    rows = application.outbox.rows()
    waiting = sum(row.state in OPEN for row in rows)
    halted = sum(row.state in _RESUMABLE for row in rows)
    print(f"{_count(tried, 'tentativa', 'tentativas')}; a entregar: {waiting}; precisam de alguém: {halted}")
    return 1 if halted else 0


def _reconcile(arguments: argparse.Namespace) -> int:
    application = app()
    if application.desk is None:
        return _no_desk()
    rows = application.outbox.rows()
    try:
        found = disagreements(rows, application.desk, application.outbox.requester)
    except DeskError as err:
        print(f"o sistema de chamados não respondeu: {err}", file=sys.stderr)
        return 1
    for problem in found:
        print(problem)
    print(f"{_count(len(rows), 'chamado comparado', 'chamados comparados')}; diferenças: {len(found)}")
    return 1 if found else 0


def _resume(arguments: argparse.Namespace) -> int:
    application = app()
    wanted = {protocol.upper() for protocol in arguments.protocolos}
    rows = {row.protocol: row for row in application.outbox.rows() if _resumes(row, wanted)}
    for row in rows.values():
        application.outbox.resume(row)
        print(f"{row.protocol} volta à fila")
    missing = sorted(wanted - set(rows))
    for protocol in missing:
        print(f"{protocol} não está parado", file=sys.stderr)
    print(_count(len(rows), "chamado", "chamados"))
    return 1 if missing else 0


def _resumes(row: Row, wanted: set[str]) -> bool:
    return row.state in _RESUMABLE and row.protocol in wanted if wanted else row.state is State.STOPPED


def _no_desk() -> int:
    print("com PENBOT_DESK=portal nada é entregue: os chamados são abertos no Portal de Serviços")
    return 0


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m %H:%M:%S")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
