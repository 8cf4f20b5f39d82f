"""A real OpenSearch cluster for tests: three nodes on loopback, from the plain distribution that Maven serves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = "3.6.0"  # the newest that is published so
_ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"

# What the engine's index needs of the cluster, and what a node cannot do without. The others only take time to load.
NEEDED_MODULES = frozenset({"analysis-common", "lang-painless", "mapper-extras"})
_MODULES = (*sorted(NEEDED_MODULES), "transport-netty4")

_LEAST_JAVA = 21
_NODES = 3

# A cluster is formed in some 20 s where nothing else runs.
_START_S = 240.0

# As for a service that starts often and lives for minutes: no second compiler, one collector.
_JAVA_OPTIONS = (
    *("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
    *("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true", "-Dio.netty.noUnsafe=true"),
    *("-Dio.netty.allocator.numDirectArenas=0", "-Dio.netty.recycler.maxCapacityPerThread=0"),
    *("-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true"),
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1",
)


class NoClusterError(Exception):
    """There is no cluster to be had here; the message says what is lacking."""


@dataclass
class Node:
    """One node, as the process that it is."""

    name: str
    folder: Path
    port: int
    command: list[str]
    environment: Mapping[str, str]
    user: str | None
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "out").open("ab") as out:
            self.process = subprocess.Popen(
                self.command, user=self.user, env=dict(self.environment), cwd=self.folder, stdout=out, stderr=out
            )

    def kill(self) -> None:
        """As a machine fails: nothing is said, nothing is written."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        return (self.folder / "out").read_text("utf-8", "replace")[-4_000:]


@dataclass(frozen=True)
class RunningCluster:
    """Nodes that form one cluster."""

    nodes: tuple[Node, ...]

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(node.url for node in self.nodes)

    def ask(self, method: str, path: str, body: object = None, node: Node | None = None) -> Any:
        """What a node answers (the first that runs); raises urllib's errors."""
        asked = node or next(one for one in self.nodes if one.process is not None)
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(asked.url + path, data, headers, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read())

    def wait(self, *, nodes: int = _NODES, status: str = "green", for_s: float = _START_S) -> None:
        """Until so many nodes are one cluster in this state; raises TimeoutError with the end of their logs."""
        until = time.monotonic() + for_s
        wanted = {"green"} if status == "green" else {"green", "yellow"}
        while time.monotonic() < until:
            for node in self.nodes:
                if node.process is not None and node.process.poll() is not None:
                    raise NoClusterError(f"{node.name} ended by itself: {node.log()}")
            try:
                health = self.ask("GET", "/_cluster/health")
            except (OSError, urllib.error.URLError):
                health = {}
            if health.get("status") in wanted and health["number_of_nodes"] == nodes:
                return
            time.sleep(0.25)
        raise TimeoutError("\n".join(f"{node.name}: {node.log()}" for node in self.nodes))

    def restore(self) -> None:
        """Start what was killed, and wait until all is as before."""
        for node in self.nodes:
            if node.process is None:
                node.start()
        self.wait()


def started(stack: ExitStack) -> RunningCluster:
    """A cluster that ends with ``stack``. Raises NoClusterError where it is not to be had, TimeoutError."""
    java, distribution = _java(), _distribution()
    folder = Path(tempfile.mkdtemp(prefix="gongkai-os-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    user = "nobody" if os.geteuid() == 0 else None  # OpenSearch refuses to run as root
    if user:
        folder.chmod(0o755)
    home = _home(folder / "home", distribution)
    ports = _free_ports(2 * _NODES)
    http, transport = ports[:_NODES], ports[_NODES:]
    nodes = tuple(_node(number, folder, home, java, http, transport, user) for number in range(_NODES))
    cluster = RunningCluster(nodes)
    for node in nodes:
        stack.callback(node.kill)
        node.start()
    cluster.wait()
    modules = cluster.ask("GET", "/_nodes/plugins?filter_path=nodes.*.modules.name")["nodes"]
    for found in modules.values():
        lacking = NEEDED_MODULES - {module["name"] for module in found["modules"]}
        if lacking:
            raise NoClusterError(f"this distribution lacks the modules {sorted(lacking)}")
    return cluster


def _node(
    number: int, folder: Path, home: Path, java: Path, http: list[int], transport: list[int], user: str | None
) -> Node:
    own = folder / f"node-{number}"
    config = own / "config"
    for name in ("config", "data", "logs", "tmp"):
        (own / name).mkdir(parents=True)
    seeds = ", ".join(f'"127.0.0.1:{port}"' for port in transport)
    names = ", ".join(f'"node-{other}"' for other in range(_NODES))
    (config / "opensearch.yml").write_text(
        f"""cluster.name: {folder.name}
node.name: node-{number}
path.data: {own / "data"}
path.logs: {own / "logs"}
network.host: 127.0.0.1
http.port: {http[number]}
transport.port: {transport[number]}
discovery.seed_hosts: [{seeds}]
cluster.initial_cluster_manager_nodes: [{names}]
cluster.routing.allocation.disk.threshold_enabled: false
node.store.allow_mmap: true
"""
    )
    (config / "log4j2.properties").write_text(
        "status = error\nappender.console.type = Console\nappender.console.name = console\n"
        "appender.console.layout.type = PatternLayout\n"
        "appender.console.layout.pattern = [%d][%-5p][%-25c{1.}] %m%n\n"
        "rootLogger.level = warn\nrootLogger.appenderRef.console.ref = console\n"
    )
    (config / "jvm.options").write_text("")
    if user:
        for path in (own, *own.iterdir(), *config.iterdir()):
            shutil.chown(path, user)
    command = [
        str(java),
        *_JAVA_OPTIONS,
        *_vectors(java),
        f"-javaagent:{home / 'agent' / 'opensearch-agent.jar'}",
        f"-Djava.io.tmpdir={own / 'tmp'}",
        f"-Dopensearch.path.home={home}",
        f"-Dopensearch.path.conf={config}",
        "-Dopensearch.distribution.type=zip",
        "-Dopensearch.bundled_jdk=false",
        *("-cp", f"{home}/lib/*", "org.opensearch.bootstrap.OpenSearch"),
    ]
    return Node(f"node-{number}", own, http[number], command, {"PATH": os.environ["PATH"], "HOME": str(own)}, user)


def _home(home: Path, distribution: Path) -> Path:
    """The distribution with the modules that are needed alone, none of it copied."""
    (home / "modules").mkdir(parents=True)
    (home / "plugins").mkdir()
    for name in ("lib", "agent", "bin"):
        (home / name).symlink_to(distribution / name)
    for name in _MODULES:
        if (distribution / "modules" / name).is_dir():
            shutil.copytree(distribution / "modules" / name, home / "modules" / name, copy_function=os.link)
    return home


def _java() -> Path:
    """A Java that is new enough, wherever it is installed."""
    homes = [os.environ.get("OPENSEARCH_JAVA_HOME"), os.environ.get("JAVA_HOME"), *map(str, _installed())]
    for java in (Path(home) / "bin" / "java" for home in homes if home):
        if java.is_file() and _version_of(java) >= _LEAST_JAVA:
            return java
    raise NoClusterError(f"no Java {_LEAST_JAVA} or newer; apt-get install a newer JRE, or set OPENSEARCH_JAVA_HOME")


def _vectors(java: Path) -> Iterator[str]:
    """Vector instructions, for which OpenSearch asks, where this Java has them."""
    said = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=False)
    if "jdk.incubator.vector" in said.stdout:
        yield "--add-modules=jdk.incubator.vector"


def _installed() -> Iterator[Path]:
    yield from sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    if found := shutil.which("java"):
        yield Path(found).resolve().parent.parent


def _version_of(java: Path) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found[1]) if found else 0


def _distribution() -> Path:
    """The unpacked distribution in the cache, fetched by Maven when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gongkai"
    if os.geteuid() == 0:  # who runs the nodes has to be able to read it
        cache = Path("/var/cache/gongkai")
    unpacked = cache / f"opensearch-{VERSION}"
    if not unpacked.is_dir():
        with tempfile.TemporaryDirectory(dir=_made(cache)) as fresh:
            with zipfile.ZipFile(_fetched(Path(fresh))) as archive:
                archive.extractall(fresh)
            (Path(fresh) / unpacked.name).rename(unpacked)
    return unpacked


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fetched(folder: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoClusterError("no Maven, which fetches OpenSearch; apt-get install maven")
    plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
    asked = [maven, "-q", "-B", f"{plugin}:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    found = list(folder.glob("*.zip"))
    if done.returncode or not found:
        raise NoClusterError(f"Maven does not fetch {_ARTIFACT}: {(done.stdout + done.stderr)[-500:]}")
    return found[0]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
