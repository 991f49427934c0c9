"""The examples in deploy/: nginx, systemd, backup and restore, as they are shipped."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from incubator.config import ROOT
from incubator.files.keep import LARGEST
from incubator.server import HEADERS
from tests.chromium import free_port, serving
from tests.engines import own_server
from tests.http.slow_clients import FORM, crowd
from tests.test_cli import incubator

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


def directive(text: str, name: str) -> str:
    (value,) = re.findall(rf"^\s*{name} ([^;]+);", text, re.MULTILINE)
    return str(value)


def test_nginx_fits_the_site() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert int(directive(text, "client_max_body_size").removesuffix("m")) * 2**20 > LARGEST
    assert directive(text, "proxy_request_buffering") == "on"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text  # replaced, never appended to
    idle = int(found(r"keepalive_timeout (\d+)s;  # less", text))
    assert idle * 1000 < HEADERS
    unit = (DEPLOY / "incubator.service").read_text("utf-8")
    site = f"{found('--host ([0-9.]+)', unit)}:{found('--port ([0-9]+)', unit)}"
    assert f"server {site};" in text


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Without systemd on the machine, at least what it starts is a command of ours."""
    text = (DEPLOY / "incubator.service").read_text("utf-8")
    program, command, *_options = found("ExecStart=(.+)", text).split()
    assert (Path(program).name, command) == ("incubator", "serve")
    if (verify := shutil.which("systemd-analyze")) is not None:
        unit = tmp_path / "incubator.service"
        unit.write_text(text.replace(program, sys.executable), "utf-8")
        run = subprocess.run([verify, "verify", unit], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs a command as somebody else")
def test_a_command_runs_as_the_service_does(tmp_path: Path) -> None:
    """As docs/operations.md writes it: the settings are read by root alone, the command runs as another user."""
    docs = (ROOT / "docs" / "operations.md").read_text("utf-8")
    line = found(r"^    (\(set -a; .+ check\))$", docs)
    settings = tmp_path / "incubator.env"
    settings.write_text("INCUBATOR_DATA=/var/lib/incubator\nINCUBATOR_SMTP_URL='smtp://user:a$b&c@host'\n", "utf-8")
    settings.chmod(0o600)
    for old, new in (
        ("/etc/incubator.env", str(settings)), ("-u incubator", "-u nobody"), ("/opt/incubator/bin/incubator check", "/usr/bin/env")
    ):  # fmt: skip
        assert old in line
        line = line.replace(old, new)
    said = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout.splitlines()
    assert {"INCUBATOR_DATA=/var/lib/incubator", "INCUBATOR_SMTP_URL=smtp://user:a$b&c@host"} <= set(said)


def found(pattern: str, text: str) -> str:
    (value,) = re.findall(pattern, text, re.MULTILINE)
    return str(value)


def local_nginx(folder: Path, site: str, port: int) -> Path:
    """Write the shipped configuration, changed only where it names ports, paths, certificates and a user."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out",
         certificate], check=True, capture_output=True,
    )  # fmt: skip
    for old, new in (
        ("user www-data;", ""), ("/run/nginx.pid", f"{folder}/nginx.pid"), ("127.0.0.1:8000", site),
        ("/var/log/nginx/error.log", f"{folder}/error.log"), ("listen [::]:80;", ""), ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"), ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/letsencrypt/live/incubator.example.org/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/incubator.example.org/privkey.pem", str(key)),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text, "utf-8")
    return path


def test_the_unit_names_existing_commands_and_hardens() -> None:
    unit = (DEPLOY / "incubator.service").read_text("utf-8")
    words = re.search(r"^ExecStart=\S+/incubator (\S+)", unit, re.MULTILINE)
    assert words is not None
    assert words[1] == "serve"
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "StateDirectory=incubator",
        "UMask=0077",
        "Restart=always",
    ):
        assert f"\n{line}\n" in unit


def backed_up(data: Path, to: Path, script: str, *words: str, path: str = "", **settings: str) -> str:
    """Run ``backup`` or ``restore`` as it is shipped; return what it says."""
    env = {"PATH": f"{path}:/usr/bin:/bin", "INCUBATOR_DATA": str(data), "PYTHON": sys.executable, **settings}
    done = subprocess.run([DEPLOY / script, *words], env=env, cwd=to, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_backup_of_a_running_site_can_be_restored(tmp_path: Path) -> None:
    there = tmp_path / "there"
    assert incubator(there, "migrate").returncode == 0
    with serving("", there):
        assert incubator(there, "create-organiser", "office@example.org").returncode == 0
        (there / "files" / "ab").mkdir(parents=True, exist_ok=True)
        (there / "files" / "ab" / "one").write_text("bytes")
        copy = backed_up(there, tmp_path, "backup", str(tmp_path / "copies"))
        assert incubator(there, "create-organiser", "later@example.org").returncode == 0
    restored = backed_up(there, tmp_path, "restore", copy)
    assert "incubator migrate" in restored
    with sqlite3.connect(there / "incubator.sqlite") as db:
        assert db.execute("SELECT count(*) FROM invitation").fetchall() == [(1,)]
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert (there / "files" / "ab" / "one").read_text() == "bytes"
    assert [path.name for path in there.glob("before-restore-*/*.sqlite")] == ["incubator.sqlite"]
    assert incubator(there, "check").returncode == 0


def test_a_backup_of_postgresql_can_be_restored(tmp_path: Path) -> None:
    with own_server() as postgres:
        url = postgres.get_uri()
        where = {"path": str(postgres.bin_path), "DATABASE_URL": url}
        postgres.psql("INSERT INTO person (email) VALUES ('office@example.org')")
        copy = backed_up(tmp_path, tmp_path, "backup", str(tmp_path / "copies"), **where)
        postgres.psql("INSERT INTO person (email) VALUES ('later@example.org')")
        backed_up(tmp_path, tmp_path, "restore", copy, **where)
        assert "office@example.org" in postgres.psql("SELECT email FROM person")
        assert "later@example.org" not in postgres.psql("SELECT email FROM person")


def test_slow_clients_stop_nobody_behind_nginx(tmp_path: Path) -> None:
    """Without nginx on the machine, the site itself is put to the same test (tests/http/test_slow_bodies.py)."""
    assert incubator(tmp_path, "migrate").returncode == 0
    with serving("", tmp_path) as base:
        if NGINX is None:
            return
        port = free_port()
        configuration = local_nginx(tmp_path, base.removeprefix("http://"), port)
        subprocess.run([NGINX, "-t", "-c", configuration], check=True, capture_output=True)
        subprocess.run([NGINX, "-c", configuration], check=True)  # returns when it listens, and goes on as a daemon
        try:
            with crowd(f"https://127.0.0.1:{port}", 1100, FORM) as clients:
                clients.watch(f"https://127.0.0.1:{port}/health", until_closed=1100, seconds=60)
            assert clients.closed == 1100
            assert clients.slowest < 5
        finally:
            subprocess.run([NGINX, "-c", configuration, "-s", "stop"], check=True)
