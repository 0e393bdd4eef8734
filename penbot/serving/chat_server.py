"""Rasa's server on loopback, its HTTP API behind a token that no list of processes shows."""

from __future__ import annotations

import argparse
import os
import sys

from penbot.serving.rasa_entry import prepare
from penbot.settings import ROOT, Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="chat_server")
    parser.add_argument("--model", required=True)
    model = parser.parse_args().model
    settings = Settings.read()
    if not settings.api_token:
        raise SystemExit("falta PENBOT_API_TOKEN: a API do Rasa só abre com uma senha")
    prepare()
    from rasa.__main__ import main as rasa

    from penbot.serving.rasa_fixes import remember_event_classes, validate_with_one_validator

    validate_with_one_validator()
    remember_event_classes()
    os.chdir(ROOT)
    sys.argv = ["rasa", "run", "--model", model, "--interface", "127.0.0.1", "--port", str(settings.port)]
    sys.argv += ["--enable-api", f"--auth-token={settings.api_token}"]  # it may begin with "-"
    sys.argv += ["--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml")]
    rasa()


if __name__ == "__main__":
    main()
