"""Rasa's action server on loopback only: its own command listens on every interface.

Beside the actions it delivers what the outbox holds.
"""

from __future__ import annotations

import argparse
import logging

from rasa_sdk.endpoint import create_app

from penbot.app import app


def main() -> None:
    parser = argparse.ArgumentParser(prog="action_server")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    server = create_app("actions", cors_origins="")
    worker = app().worker
    if worker:
        worker.start()
    try:
        server.run("127.0.0.1", arguments.port, access_log=False, motd=False)
    finally:
        if worker:
            worker.stop()


if __name__ == "__main__":
    main()
