"""Prepares the environment: any Python 3 in, a ready .venv out. Nothing outside the checkout is changed.

Uses only the standard library and old syntax, for it runs on whatever Python 3 there is. Rasa 3.6 needs
Python 3.10; uv builds the environment from uv.lock. Run by `make setup`, and by every other target
before its own work; when nothing changed it ends at once.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
TOOLS = os.path.join(ROOT, ".tools")
STAMP = os.path.join(VENV, "penbot-pronto")
WANTED = (3, 10)
SPACY_LIMIT = 60  # seconds to try to download the spaCy model


class Stop(Exception):
    """Set-up cannot go on. The message says what to install."""


def main():
    state = fingerprint()
    if os.path.exists(STAMP) and read(STAMP) == state:
        return 0
    started = time.time()
    try:
        uv = find_uv()
        python = find_python(uv)
        say("criando o ambiente em .venv (na primeira vez, um ou dois minutos)...")
        call(
            [uv, "sync", "--quiet", "--locked", "--python", python],
            {
                "UV_PYTHON_DOWNLOADS": "never",
                "UV_PROJECT_ENVIRONMENT": VENV,
                "UV_SYSTEM_CERTS": "1",  # an office's proxy has a certificate of its own
                "UV_NATIVE_TLS": "1",  # what older versions of uv call it
            },
        )
        add_spacy_model()
    except Stop as stop:
        sys.stderr.write("preparo: %s\n" % stop)
        return 1
    with open(STAMP, "w") as stamp:
        stamp.write(state)
    say("ambiente pronto em %d s" % (time.time() - started))
    return 0


def fingerprint():
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml", os.path.join("scripts", "bootstrap.py")):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


# --- uv ----------------------------------------------------------------------


def find_uv():
    """uv of the PATH, or one of our own in .tools: never installed into the system's Python."""
    own = os.path.join(TOOLS, "bin", "uv")
    for candidate in (shutil.which("uv"), own):
        if candidate and runs([candidate, "--version"]):
            return candidate
    say("instalando o uv em .tools...")
    if runs([sys.executable, "-m", "venv", TOOLS]):
        runs([os.path.join(TOOLS, "bin", "python"), "-m", "pip", "install", "--quiet", "uv"])
    if not runs([own, "--version"]):  # no venv module, or no pip in it: a folder needs neither
        runs([sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", TOOLS, "uv"])
    if runs([own, "--version"]):
        return own
    raise Stop(
        "não consegui instalar o uv. Instale o módulo venv do Python (no Debian e no Ubuntu: "
        "apt install python3-venv) ou o próprio uv (https://docs.astral.sh/uv/), e repita"
    )


# --- Python 3.10 -------------------------------------------------------------


def find_python(uv):
    """A Python 3.10 that really runs: a version manager's shim may exist and fail."""
    chosen = os.environ.get("PENBOT_PYTHON")
    if chosen and not usable(chosen):
        raise Stop("PENBOT_PYTHON=%s não é um Python 3.10 que funcione; corrija ou retire a variável" % chosen)
    for candidate in candidates():
        if usable(candidate):
            return candidate
    say("não há Python 3.10 nesta máquina: o uv vai instalar um só para este ambiente...")
    os.environ["UV_PYTHON_INSTALL_DIR"] = os.path.join(TOOLS, "python")  # nothing outside the checkout
    if runs([uv, "python", "install", "3.10"]):
        found = output([uv, "python", "find", "--managed-python", "3.10"])
        if found and usable(found):
            return found
    raise Stop(
        "o Rasa 3.6 precisa do Python 3.10, que não achei nem consegui baixar. Instale-o "
        "(por exemplo: pyenv install 3.10, ou o pacote python3.10 do sistema) e repita; "
        "ou diga onde está: PENBOT_PYTHON=/caminho/do/python3.10 make run"
    )


def candidates():
    home = os.path.expanduser("~")
    yield os.environ.get("PENBOT_PYTHON")
    if sys.version_info[:2] == WANTED:
        yield sys.executable
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield os.path.join(folder, "python3.10")
    managers = (
        os.path.join(os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv"), "versions", "3.10*"),
        os.path.join(os.environ.get("ASDF_DATA_DIR") or os.path.join(home, ".asdf"), "installs", "python", "3.10*"),
        os.path.join(home, ".local", "share", "mise", "installs", "python", "3.10*"),
        os.path.join(home, ".local", "share", "uv", "python", "cpython-3.10*"),
        os.path.join(home, "*conda*", "envs", "*"),
        "/opt/python*",
        "/usr/local",
    )
    for pattern in managers:
        for folder in sorted(glob.glob(pattern), reverse=True):
            yield os.path.join(folder, "bin", "python3.10")


def usable(python):
    test = "import sys, ssl, sqlite3, ctypes; sys.exit(sys.version_info[:2] != (3, 10))"
    return bool(python) and os.path.exists(python) and runs([python, "-c", test])


# --- spaCy's Portuguese model ------------------------------------------------


def add_spacy_model():
    """pt_core_news_sm if it can be had, else the stand-in (penbot/nlu/spacy_model.py)."""
    python = os.path.join(VENV, "bin", "python")
    if runs([python, "-c", "import pt_core_news_sm"]):
        return
    if not os.environ.get("PENBOT_OFFLINE"):
        say("baixando o modelo pt_core_news_sm do spaCy...")
        if runs([python, "-m", "spacy", "download", "pt_core_news_sm"], SPACY_LIMIT):
            return
        say("não deu para baixar o pt_core_news_sm: fica o modelo básico de português, feito aqui")
    call([python, "-m", "penbot.serving.spacy_stand_in"])


# --- helpers -----------------------------------------------------------------


def say(text):
    print(text)
    sys.stdout.flush()


def read(path):
    with open(path) as file:
        return file.read()


def runs(command, limit=600):
    """Whether a command ends well within the limit (seconds)."""
    try:
        with open(os.devnull, "w") as nothing:
            return subprocess.call(command, cwd=ROOT, stdout=nothing, stderr=nothing, timeout=limit) == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def output(command):
    try:
        return subprocess.check_output(command, cwd=ROOT, timeout=60).decode().strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def call(command, environment=None):
    try:
        code = subprocess.call(command, cwd=ROOT, env=dict(os.environ, **(environment or {})), timeout=1800)
    except (OSError, subprocess.TimeoutExpired) as err:
        raise Stop("%s: %s" % (" ".join(command), err)) from err
    if code:
        raise Stop("o comando falhou: %s" % " ".join(command))


if __name__ == "__main__":
    sys.exit(main())
