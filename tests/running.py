"""The app as a user starts it: a process of its own, in a folder without a landscape, that can be killed."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from kolgraph.queue import Queue


class Running:
    """`home` will hold the landscapes; `sources` says at which address each source is asked."""

    def __init__(self, home: Path, sources: dict[str, str]):
        self.home, self.sources = home, sources
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KOLGRAPH_")}
        environment |= {"KOLGRAPH_BASE_URLS": json.dumps(self.sources), "KOLGRAPH_USER": "Mara Sand"}
        command = [sys.executable, "-c", "from kolgraph.cli import main; main()"]
        words = ["--workspace", str(self.home / "workspace"), "serve", "--port", str(self.port)]
        self.process = subprocess.Popen([*command, *words], env=environment, stdout=subprocess.PIPE, cwd=self.home)
        assert self.process.stdout
        assert b"is open at" in self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def queue(self) -> Queue:
        return Queue(self.home)
