"""Build the stand-in for spaCy's Portuguese model (set-up calls this where the model cannot be fetched)."""

from __future__ import annotations

from penbot.serving.rasa_entry import prepare


def main() -> None:
    prepare()
    from penbot.nlu.spacy_model import build_stand_in

    build_stand_in()


if __name__ == "__main__":
    main()
