"""One model for each state of what teaches: found if it is there, trained if not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from penbot.knowledge import Knowledge
from penbot.nlu.examples import taught
from penbot.settings import ROOT, Settings

_TRAINING_LIMIT = 900  # seconds; it takes about 40 on two cores
_LOG_LINES = 12


class TrainingError(Exception):
    """Training failed. The message holds the end of Rasa's own."""


def fingerprint(knowledge: Knowledge) -> str:
    """What a model depends on, in 12 signs: examples and names of the content, Rasa's files, our components.

    A change of an answer's text changes nothing here: texts are read live.
    """
    content = {
        "examples": list(taught(knowledge)),
        "names": sorted((n.kind, n.text, *n.ids) for n in knowledge.names()),
        "synonyms": sorted(knowledge.synonyms.items()),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
    for path in _rasa_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _rasa_files() -> Iterator[Path]:
    yield from (ROOT / "config.yml", ROOT / "domain.yml", ROOT / "uv.lock")
    for folder, ending in (("data", "*.yml"), ("penbot/nlu", "*.py"), ("penbot/language", "*.py")):
        yield from sorted((ROOT / folder).rglob(ending))


def model_path(knowledge: Knowledge, settings: Settings) -> Path:
    return settings.home / "models" / f"{fingerprint(knowledge)}.tar.gz"


def train(knowledge: Knowledge, settings: Settings) -> float:
    """Train the model of this content. Returns the seconds it took; raises TrainingError."""
    model = model_path(knowledge, settings)
    model.parent.mkdir(parents=True, exist_ok=True)
    draft = f"treinando-{os.getpid()}"
    command = [sys.executable, "-m", "penbot.serving.rasa_entry", "train", "--fixed-model-name", draft]
    command += [
        "--out",
        str(model.parent),
        "--data",
        str(ROOT / "data"),
        "--domain",
        str(ROOT / "domain.yml"),
    ]
    command += ["--config", str(ROOT / "config.yml"), "--force"]
    threads = str(os.cpu_count() or 1)
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    environment |= {"PENBOT_HOME": str(settings.home), "PENBOT_KNOWLEDGE": str(settings.knowledge)}
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TRAINING_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as err:
        raise TrainingError(f"o treino passou de {_TRAINING_LIMIT} segundos e foi encerrado") from err
    trained = model.parent / f"{draft}.tar.gz"
    if done.returncode or not trained.exists():
        end = "\n".join((done.stdout + done.stderr).strip().splitlines()[-_LOG_LINES:])
        raise TrainingError(f"o treino do modelo falhou:\n{end}")
    trained.replace(model)
    return time.monotonic() - started
