# Needs git, make and any Python 3. Everything else is set up in .venv on the first call.

PYTHON3 := $(shell command -v python3 || command -v python)
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED = 1
export PYTHONWARNINGS = ignore::DeprecationWarning

.PHONY: help setup run chat train check test eval bench widget clean

help:            ## this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup:           ## the environment, and spaCy's Portuguese model
	@$(PYTHON3) scripts/bootstrap.py

run: setup       ## the assistant on this machine
	@$(PYTHON) -m penbot run

chat: setup      ## talk to it in the terminal
	@$(PYTHON) -m penbot chat

train: setup     ## the model of the present content
	@$(PYTHON) -m penbot train

check: setup     ## ruff, mypy, content, Rasa's own data check
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m penbot validate
	@$(PYTHON) -m penbot.serving.rasa_entry data validate --fail-on-warnings --max-history 5

test: setup      ## all tests
	@$(PYTHON) -m pytest

eval: setup      ## the evaluation kit, where it is there
	@$(PYTHON) -m penbot eval

bench: setup     ## speed and memory, beside Rasa's default pipeline
	@$(PYTHON) -m bench

widget: setup    ## the chat's one file, from widget/src (its hash is printed)
	@$(PYTHON) scripts/widget.py build

clean:           ## what was written at run time: models, databases, logs
	rm -rf var
