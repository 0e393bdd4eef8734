"""A real Request Tracker 5 of Debian's packages: SQLite, loopback, all of it in one folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from penbot.knowledge import Knowledge
from penbot.serving.supervisor import free_port, local
from penbot.ticketing.desk import Ref
from penbot.ticketing.desks.rt import RtDesk
from penbot.ticketing.desks.rt_setup import GROUP, initialdata

PACKAGES = "request-tracker5 rt5-standalone rt5-db-sqlite dbconfig-no-thanks nullmailer w3m"
OWN_USER = "assistente"
ONE_WAY = "sem_volta"
"""A life cycle, for queues that are given it."""
_SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
_SETUP = Path("/usr/sbin/rt-setup-database-5")
_READY_WITHIN = 90  # seconds

_CONFIG = r"""
Set($DatabaseType, 'SQLite'); Set($DatabaseName, '{folder}/rt.sqlite');
Set($DatabaseHost, ''); Set($DatabaseUser, ''); Set($DatabasePassword, '');
Set($rtname, 'rt.teste'); Set($Organization, 'rt.teste'); Set($Timezone, 'America/Sao_Paulo');
Set($WebDomain, '127.0.0.1'); Set($WebPort, {port}); Set($WebBaseURL, 'http://127.0.0.1:{port}'); Set($WebPath, '');
Set($CorrespondAddress, 'rt@rt.teste'); Set($CommentAddress, 'rt@rt.teste'); Set($OwnerEmail, 'root@rt.teste');
Set($MailCommand, 'sendmailpipe'); Set($SendmailPath, '{folder}/sendmail');
Set($SendmailArguments, '-oi'); Set($SendmailBounceArguments, '');
Set($LogToSyslog, undef); Set($LogToSTDERR, 'warning'); Set($LogDir, '{folder}/log'); Set($StatementLog, undef);
Set($MasonDataDir, '{folder}/mason'); Set($MasonSessionDir, '{folder}/sessions');
Set($WebSessionClass, 'Apache::Session::File'); Set($DevelMode, 0); Set($HTMLFormatter, 'core');
Set($BcryptCost, 4);  # a password or token is checked at every call
# A life cycle in which what is closed stays closed, and with a status that we do not know.
Set(%Lifecycles, {lifecycle} => {{
    initial => ['new'], active => ['open', 'stalled', 'com_n3'], inactive => ['resolved', 'rejected', 'deleted'],
    defaults => {{ on_create => 'new', approved => 'open', denied => 'rejected' }},
    transitions => {{
        '' => ['new'], new => ['open', 'com_n3', 'resolved'], open => ['com_n3', 'resolved'], stalled => ['open'],
        com_n3 => ['open'], resolved => [], rejected => [], deleted => [],
    }},
}});
1;
"""

_USERS = r"""
use utf8;
@Users = ({{
    Name => '{user}', EmailAddress => '{user}@rt.teste', Privileged => 1, Password => $ENV{{RT_TEST_PASSWORD}},
}});
@Final = (sub {{
    my $user = RT::User->new(RT->SystemUser);
    $user->Load('{user}');
    my $group = RT::Group->new(RT->SystemUser);
    $group->LoadUserDefinedGroup('{group}');
    my ($added, $why) = $group->AddMember($user->PrincipalId);
    die $why unless $added;
    my ($ok, $message, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->id, Description => 'teste');
    die $message unless $ok;
    open my $file, '>', '{folder}/token' or die $!;
    print $file $token;
    close $file;
}});
1;
"""


def missing() -> str:
    """Why there can be no such server here, '' if there can."""
    if _SERVER.exists() and _SETUP.exists():
        return ""
    return f"falta o Request Tracker 5: apt-get install --no-install-recommends {PACKAGES}"


@dataclass(frozen=True)
class Rt:
    """A server that answers. `token`: of the assistant's user; `password`: of RT's own root."""

    folder: Path
    port: int
    token: str = field(repr=False)
    password: str = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    lists = ("product", "sphere", "support_type")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token,)

    def desk(self, url: str = "", *, timeout: tuple[float, float] = (5, 30), good_credentials: bool = True) -> RtDesk:
        return RtDesk(
            url or self.url,
            self.token if good_credentials else "1-99-naoexiste",
            products=self.knowledge.products,
            spheres=self.knowledge.spheres,
            support_types=self.knowledge.support_types,
            timeout=timeout,
        )

    def as_root(self, method: str, path: str, **options: object) -> Any:
        """What an operator does, by the same REST 2 interface."""
        answer = local.request(
            method, f"{self.url}/REST/2.0{path}", auth=("root", self.password), timeout=30, **options
        )
        answer.raise_for_status()
        return answer.json()

    def set_status(self, ref: Ref, status: str) -> None:
        self.as_root("PUT", f"/ticket/{ref.id}", json={"Status": status})
        assert self.as_root("GET", f"/ticket/{ref.id}")["Status"] == status

    def close(self, ref: Ref) -> None:
        self.set_status(ref, "resolved")

    def reply(self, ref: Ref, text: str, content_type: str = "text/plain") -> None:
        self.as_root("POST", f"/ticket/{ref.id}/correspond", json={"Content": text, "ContentType": content_type})

    def text(self, ref: Ref) -> str:
        subject = self.as_root("GET", f"/ticket/{ref.id}")["Subject"]
        return "\n".join([subject, *(part["Content"] for part in self._parts(ref) if not part["Filename"])])

    def files(self, ref: Ref) -> dict[str, bytes]:
        named = [part for part in self._parts(ref) if part["Filename"]]
        whole = {part["Filename"]: self.as_root("GET", f"/attachment/{part['id']}") for part in named}
        return {name: b64decode(attachment["Content"]) for name, attachment in whole.items()}

    def mails(self) -> list[str]:
        return [path.read_text(errors="replace") for path in (self.folder / "mail").iterdir()]

    def _parts(self, ref: Ref) -> list[dict[str, Any]]:
        """The parts of what was written in the ticket: RT also keeps the mails it sent about it."""
        history = self.as_root("GET", f"/ticket/{ref.id}/history", params={"fields": "Type", "per_page": "100"})
        written = [row["id"] for row in history["items"] if row["Type"] in ("Create", "Correspond", "Comment")]
        fields = {"fields": "ContentType,Content,Filename", "per_page": "100"}
        return [
            part
            for id_ in written
            for part in self.as_root("GET", f"/transaction/{id_}/attachments", params=fields)["items"]
        ]


@contextlib.contextmanager
def running(folder: Path, knowledge: Knowledge) -> Iterator[Rt]:
    """A server of its own in a folder."""
    port, password = free_port(), secrets.token_urlsafe(16)
    environment = _prepare(folder, port)
    with _secret_file(folder / "senha", password) as path:
        _setup(folder, environment, "--action", "init", "--root-password-file", str(path))
    _insert(folder, environment, initialdata(knowledge))
    own = {**environment, "RT_TEST_PASSWORD": secrets.token_urlsafe(16)}
    _insert(folder, own, _USERS.format(user=OWN_USER, group=GROUP, folder=folder))
    server = Rt(folder, port, (folder / "token").read_text(), password, knowledge)
    command = [_SERVER, "--server", "Starlet", "--host", "127.0.0.1", "--port", str(port), "--max-workers", "3"]
    with (folder / "log/server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        _wait(server, process)
        yield server
    finally:
        _stop(process)


def _prepare(folder: Path, port: int) -> dict[str, str]:
    for name in ("log", "mason", "sessions", "mail", "config.d"):
        (folder / name).mkdir(parents=True)
    sink = folder / "sendmail"
    sink.write_text(f'#!/bin/sh\nexec cat > "$(mktemp {folder}/mail/XXXXXX)"\n')
    sink.chmod(0o755)
    config = folder / "RT_SiteConfig.pm"
    config.write_text(_CONFIG.format(folder=folder, port=port, lifecycle=ONE_WAY), encoding="utf-8")
    return {**os.environ, "RT_SITE_CONFIG": str(config), "RT_SITE_CONFIG_DIR": str(folder / "config.d")}


@contextlib.contextmanager
def _secret_file(path: Path, text: str) -> Iterator[Path]:
    path.touch(mode=0o600)
    path.write_text(text)
    yield path
    path.unlink()


def _insert(folder: Path, environment: dict[str, str], initialdata: str) -> None:
    path = folder / "dados.pl"
    path.write_text(initialdata, encoding="utf-8")
    _setup(folder, environment, "--action", "insert", "--datafile", str(path))


def _setup(folder: Path, environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([_SETUP, *arguments], env=environment, capture_output=True, text=True, timeout=_READY_WITHIN)
    (folder / "log/setup.log").open("a").write(done.stdout + done.stderr)
    # RT goes on after an error in its data, and only says so
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[error]" not in done.stderr, done.stderr


def _wait(server: Rt, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, (server.folder / "log/server.log").read_text()
        with contextlib.suppress(requests.RequestException):
            server.as_root("GET", "/rt")
            return
        time.sleep(0.1)
    raise AssertionError((server.folder / "log/server.log").read_text())


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
