"""A real S3 server for the tests (moto), and both kinds of store."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "ru-central1"}


@contextmanager
def running_s3() -> Iterator[str]:
    """Run the server and yield its address, on a free local port; the environment is set as on a site."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    before = dict(os.environ)
    os.environ.update(KEYS, AWS_ENDPOINT_URL=address)
    try:
        yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
        server.stop()


def new_bucket(address: str) -> str:
    """Return the setting that names a new bucket with a prefix."""
    name = f"incubator-{uuid.uuid4().hex[:12]}"
    httpx.put(f"{address}/{name}").raise_for_status()
    return f"s3://{name}/some/prefix"
