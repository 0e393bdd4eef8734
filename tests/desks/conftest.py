"""The systems behind the desks, each started once, when first needed."""

from __future__ import annotations

import contextlib

import pytest

from tests.desks.adapters import ADAPTERS
from tests.desks.proxy import Proxy
from tests.needs import needs


@pytest.fixture(scope="session")
def running(knowledge, tmp_path_factory):
    """An adapter's name -> its harness."""
    adapters = {adapter.name: adapter for adapter in ADAPTERS}
    started = {}
    with contextlib.ExitStack() as stack:

        def get(name):
            needs(adapters[name].missing())
            if name not in started:
                folder = tmp_path_factory.mktemp(name)
                started[name] = stack.enter_context(adapters[name].start(folder, knowledge))
            return started[name]

        yield get


@pytest.fixture(params=[adapter.name for adapter in ADAPTERS])
def harness(request, running):
    return running(request.param)


@pytest.fixture
def rt(running):
    return running("rt")


@pytest.fixture
def proxy_to():
    """Starts proxies to an address, and stops them."""
    with contextlib.ExitStack() as stack:

        def start(address):
            proxy = Proxy(address)
            stack.callback(proxy.close)
            return proxy

        yield start
