"""The pages of the examples in a browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import chromium
from tests.support.examples import example, need


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The FastAPI example, served on a free port of this machine."""
    need("fastapi", "python_multipart", "uvicorn")
    import uvicorn

    config = uvicorn.Config(example("fastapi_app").app, port=0, log_level="error", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
