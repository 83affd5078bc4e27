"""The key pair of the app: drawn from the sandbox's seed, so that it is the same at every start.

The private half is written into the state folder, where a client finds it; the org knows the
public half only, or that of a certificate which has been uploaded instead.
"""

import random
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate

from connectors.sandbox.context import Sandbox

_EXPONENT = 65_537
_BITS = 1_024
"""Of each of the two primes."""
_SMALL_PRIMES = tuple(n for n in range(3, 2_000, 2) if all(n % d for d in range(3, 45, 2) if d < n))
_CERTIFICATE = "salesforce certificate"


def write_private_key(sandbox: Sandbox) -> None:
    """Write the app's private key into the state folder, unless it is there."""
    path = Path(sandbox.private_key_file)
    if not path.exists():
        pem = _drawn_key(sandbox.secret("private key", 64)).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        draft.replace(path)


def upload_certificate(sandbox: Sandbox, pem: str) -> None:
    """Let assertions be signed with the key of another certificate from now on.

    Raises:
        ValueError: the text is no certificate in PEM, or one of another key than RSA.
    """
    if not isinstance(load_pem_x509_certificate(pem.encode()).public_key(), rsa.RSAPublicKey):
        raise ValueError("the certificate is of another key than RSA")
    sandbox.store.keep_state(_CERTIFICATE, pem)


def public_key(sandbox: Sandbox) -> rsa.RSAPublicKey:
    """Return the key that assertions are checked with."""
    uploaded = sandbox.store.read_state(_CERTIFICATE)
    if uploaded is not None:
        key = load_pem_x509_certificate(uploaded.encode()).public_key()
    else:
        pem = Path(sandbox.private_key_file).read_bytes()
        key = serialization.load_pem_private_key(pem, password=None).public_key()  # type: ignore[assignment]
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("the app's key is no RSA key")
    return key


def _drawn_key(secret: str) -> rsa.RSAPrivateKey:
    rng = random.Random(secret)  # noqa: S311 - a key that protects an invented company
    p, q = sorted((_drawn_prime(rng), _drawn_prime(rng)), reverse=True)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
    halves = (d % (p - 1), d % (q - 1), pow(q, -1, p))
    return rsa.RSAPrivateNumbers(p, q, d, *halves, public).private_key()


def _drawn_prime(rng: random.Random) -> int:
    number = 0
    while not _is_prime(number, rng):
        # The two highest bits give the product its full length, the lowest makes it odd.
        number = rng.getrandbits(_BITS) | (3 << (_BITS - 2)) | 1
    return number


def _is_prime(number: int, rng: random.Random) -> bool:
    """Return whether a number is prime, and fit for the exponent."""
    if not all(number % small for small in (*_SMALL_PRIMES, _EXPONENT)):
        return False
    fits = (number - 1) % _EXPONENT != 0
    return fits and all(_passes(number, rng.randrange(2, number - 1)) for _ in range(6))


def _passes(number: int, witness: int) -> bool:
    """Return whether a number passes for a prime before a witness, by Miller and Rabin."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
