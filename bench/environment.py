"""The second environment: Rasa as it comes, with the TensorFlow that ours leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.bots import BotError
from penbot.settings import ROOT

PACKAGES = ("rasa==3.6.21", "setuptools<81")
FOLDER = ROOT / "var" / "bench" / "venv"

_CREATE_LIMIT, _INSTALL_LIMIT, _TRY_LIMIT = 120, 1800, 180  # seconds
_LOG_LINES = 3


def ready_environment(outside: Path) -> Path:
    """Its Python; built if it is not there yet. Raises BotError where it cannot be had.

    `outside` is a folder outside the checkout: uv run there does not see our pyproject.toml, whose overrides
    would leave TensorFlow out here too.
    """
    python, stamp = FOLDER / "bin" / "python", FOLDER / "penbot-bench"
    wanted = "\n".join((*PACKAGES, sys.version))
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return python
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".tools" / "bin"))
    if uv is None:
        raise BotError("não achei o uv (make setup o instala)")
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    _call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)], outside, _CREATE_LIMIT)
    _call([uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES], outside, _INSTALL_LIMIT)
    _call([str(python), "-c", "import tensorflow, rasa.core.run"], outside, _TRY_LIMIT)
    stamp.write_text(wanted)
    return python


def clean_variables() -> dict[str, str]:
    """Our environment's variables without what would lead the second one back to the first."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**kept, **quiet}


def _call(command: list[str], folder: Path, limit: int) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=clean_variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        raise BotError(f"«{' '.join(command[:3])}» não terminou: {err}") from err
    if done.returncode:
        end = " ".join((done.stderr or done.stdout).strip().splitlines()[-_LOG_LINES:])
        raise BotError(f"«{' '.join(command[:3])}» falhou: {end}")
