"""The container files say what `make run` does: read here, because a test machine need not have a container engine."""

import re
import shlex
from typing import Any

import pytest
import yaml

from zz110.home import CHECKOUT
from zz110.postgres import OPTIONS as POSTGRES_OPTIONS
from zz110.programs import QUEUES, Settings, programs
from zz110.valkey import OPTIONS as VALKEY_OPTIONS

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
EXAMPLE = dict(
    line.split("=", 1)
    for line in (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "ZZ110_SECRET_KEY")


def test_the_services_are_those_of_make_run() -> None:
    workers = {f"worker-{queue}" for queue in QUEUES}
    assert set(SERVICES) == {"db", "redis", "prepare", "web", "beat"} | workers


def test_every_variable_of_the_compose_file_is_explained_in_the_example_and_used() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"(?<!\$)\$\{(\w+)", text)) == set(EXAMPLE)


def test_a_missing_secret_stops_the_start_and_none_is_in_the_checkout() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in SECRETS:
        assert set(re.findall(rf"\$\{{{name}([^}}]*)\}}", text)) == {":?set it in .env"}
        assert EXAMPLE[name] == ""


@pytest.mark.parametrize("queue", QUEUES)
def test_a_worker_in_a_container_runs_as_in_make_run(queue: str) -> None:
    service = SERVICES[f"worker-{queue}"]
    own = {"QUEUE": queue, "THREADS": str(QUEUES[queue])}
    assert {name: service["environment"][name] for name in own} == own
    line = service["command"][2].removeprefix("exec ")
    for name, value in own.items():
        line = line.replace(f"$${name}", value)
    plan = programs(Settings.read({}), listener=3)
    here = next(program.command for program in plan if program.name == f"worker-{queue}")
    assert sorted(shlex.split(line)[1:]) == sorted(here[1:])


def test_the_servers_in_containers_have_the_options_of_ours() -> None:
    options = dict(part.split("=", 1) for part in shlex.split(SERVICES["db"]["command"]) if "=" in part)
    for name in (
        "max_connections",
        "synchronous_commit",
        "timezone",
        "shared_preload_libraries",
        "max_locks_per_transaction",
    ):
        assert options[name] == POSTGRES_OPTIONS[name]
    words = shlex.split(SERVICES["redis"]["command"])
    for name in ("save", "appendonly", "maxmemory", "maxmemory-policy"):
        assert words[words.index(f"--{name}") + 1] == VALKEY_OPTIONS[name]


def test_servers_and_web_tell_their_health_and_the_others_wait_for_it() -> None:
    assert all("healthcheck" in SERVICES[name] for name in ("db", "redis", "web", "worker-urgent"))
    assert SERVICES["prepare"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "beat", "worker-bulk"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_nothing_but_the_web_server_is_published_and_that_on_loopback_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${ZZ110_PORT:-8110}:8000"]}


def test_the_image_runs_as_an_ordinary_user_on_hash_checked_libraries() -> None:
    assert re.search(r"^USER zz110$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER zz110") < DOCKERFILE.index("CMD ")
    assert "--require-hashes" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    ignored = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git"} <= set(ignored)
