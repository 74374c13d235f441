"""The house has one door to the network: who imports what opens connections, and for what."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from witnessmark.store.timestamp_send import authorities

SOURCE = Path(__file__).resolve().parent.parent.parent / "src/witnessmark"
MODULES = sorted(SOURCE.rglob("*.py"))
DOOR = "store/connections.py"

OUTWARD = {
    "socket",
    "_socket",
    "ssl",
    "http",
    "http.client",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "asyncio",
    "ftplib",
    "smtplib",
    "poplib",
    "imaplib",
    "telnetlib",
    "xmlrpc",
    "socketserver",
    "multiprocessing.connection",
    "webbrowser",
}
"""Modules that can open a connection, or have another program open one."""

SPEAKS_ON_THIS_MACHINE = {
    "store/agent.py": "the key agent's Unix socket",
    "store/agent_server.py": "the key agent's Unix socket",
    "store/lock.py": "the name of this machine, for the lock",
}
"""Who imports ``socket`` beside the door, and why."""

INTERNET = {
    "AF_INET",
    "AF_INET6",
    "create_connection",
    "create_server",
    "getaddrinfo",
    "gethostbyname",
    "socketpair",
    "fromfd",
}
"""What of ``socket`` reaches beyond this machine, or hides that it does."""

PROGRAMS = {
    "curl",
    "wget",
    "ssh",
    "scp",
    "rsync",
    "nc",
    "ncat",
    "s_client",
    "ftp",
    "git",
    "xdg-open",
}
"""Other programs that open connections."""


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute | ast.Name)
            and getattr(node.func, "attr", getattr(node.func, "id", ""))
            in {"import_module", "__import__"}
        ):
            found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return found


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_one_module_opens_connections(path: Path) -> None:
    """No other module imports what could: a second way out would have no log and no permission."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {
        name
        for name in _imported(tree)
        if any(name == one or name.startswith(f"{one}.") for one in OUTWARD)
    }
    if _name(path) == DOOR:
        assert {"socket", "ssl", "http.client"} <= found
    elif _name(path) in SPEAKS_ON_THIS_MACHINE:
        assert found == {"socket"}
    elif _name(path) == "doors/cli/demo.py":
        # the demo's dossier, shown in a browser when --open was given: a file of this machine
        assert found == {"webbrowser"}
        assert "webbrowser.open(done.written.dossier.resolve().as_uri())" in ast.unparse(tree)
    else:
        assert found == set()


@pytest.mark.parametrize("name", sorted(SPEAKS_ON_THIS_MACHINE))
def test_the_exceptions_stay_on_this_machine(name: str) -> None:
    """What imports ``socket`` beside the door names no address family but Unix."""
    tree = ast.parse((SOURCE / name).read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert used.isdisjoint(INTERNET)
    makes = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "socket.socket"
    ]
    unix = ("socket.socket(socket.AF_UNIX, ", "socket.socket(fileno=")  # the agent's own, inherited
    assert [call for call in makes if not call.startswith(unix)] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_other_program_opens_one(path: Path) -> None:
    """No list of arguments begins with a program that connects."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("subprocess.", "os."))
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    assert PROGRAMS.isdisjoint(word for value in named for word in value.split())


def test_a_permission_is_made_from_an_option_only() -> None:
    """Only a command makes a permission, from ``--send``, ``--llm`` here or ``--send-text-to``."""
    makers: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"permit", "Permission"}:
                given = [ast.unparse(one.value) for one in node.keywords if one.arg == "given"]
                makers.setdefault(_name(path), []).extend(given)
    assert makers.pop("store/connection_permission.py") == []
    assert makers == {
        "doors/cli/custody.py": ["send"],
        "doors/cli/fetch.py": ["send"],
        "doors/cli/language_model.py": ["here or self.send_text_to is not None"],
    }


def test_nobody_is_asked_from_a_list() -> None:
    """The addresses of authorities stand in the rule file only, not in the program."""
    hosts = {one.url.split("/")[2] for one in authorities()}
    assert len(hosts) >= 3
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not [host for host in hosts if host in text], path
