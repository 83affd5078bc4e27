"""A server on loopback that speaks TLS, and breaks it off when it is told to."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from urllib3 import HTTPSConnectionPool

from connectors.http import Transport

Fault = Literal["none", "handshake", "before-the-answer", "in-the-answer"]
_BROKEN_RECORD = b"\x17\x03\x03\x00\x20" + b"z" * 32
_HALF = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":1'


class Encrypted:
    """Makes its own certificate; a transport takes it only after `trust`."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        _make(self.certificate, key)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, key)

    def trust(self, transport: Transport, url: str) -> None:
        origin = url.removesuffix("/x")
        port = int(origin.rpartition(":")[2])
        pool = HTTPSConnectionPool("127.0.0.1", port, ca_certs=str(self.certificate))
        transport._routes[origin] = pool, False

    @contextmanager
    def serve(self, fault: Fault) -> Iterator[str]:
        """Yield an address where every call meets the fault."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=self._answer, args=(server, fault))
            thread.start()
            try:
                yield f"https://127.0.0.1:{server.getsockname()[1]}/x"
            finally:
                server.shutdown(socket.SHUT_RDWR)
                thread.join()

    def _answer(self, server: socket.socket, fault: Fault) -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            with plain, suppress(OSError):
                if fault == "handshake":
                    plain.recv(4_096)
                    continue
                self._break_off(plain, fault)

    def _break_off(self, plain: socket.socket, fault: Fault) -> None:
        encrypted = self._context.wrap_socket(plain, server_side=True)
        encrypted.recv(65_536)
        if fault == "in-the-answer":
            encrypted.sendall(_HALF)
        with socket.socket(fileno=encrypted.detach()) as below:
            below.sendall(_BROKEN_RECORD)


def _make(certificate: Path, key: Path) -> None:
    private = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=400))
        .not_valid_after(today + timedelta(days=400))
        .add_extension(address, critical=False)
        .sign(private, SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key.write_bytes(private.private_bytes(*form))
