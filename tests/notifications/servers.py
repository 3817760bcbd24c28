"""SMTP servers that misbehave in ways the sink does not."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[str, int], str | None]


@contextmanager
def scripted(answer: Answer) -> Iterator[str]:
    """A server whose replies `answer` gives from the command and the number of mails begun; None hangs up.

    The end of the content is the command ".". Yields the server's URL.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    begun = [0]

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as wire:

            def say(reply: str) -> None:
                wire.write(f"{reply}\r\n".encode())
                wire.flush()

            say("220 scripted")
            content = False
            for line in wire:
                command = line.decode().strip()
                if content and command != ".":
                    continue
                begun[0] += command.startswith("MAIL")
                reply = answer(command, begun[0])
                content = reply is not None and reply.startswith("354")
                if reply is None:
                    return
                say(reply)
                if command == "QUIT":
                    return

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def polite(command: str, _begun: int) -> str:
    """What a server says that takes everything."""
    return "354 go on" if command == "DATA" else "221 bye" if command == "QUIT" else "250 OK"


def closed_port() -> str:
    """The URL of a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"smtp://127.0.0.1:{taken.getsockname()[1]}"
