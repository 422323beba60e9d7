"""A member's answer is sealed until its wave closes: who can read the database, or a backup of it, can read no answer.

X25519 with a key of its own for each answer, HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180's base mode in its plainest
shape). The wave keeps the public half; the private one is a file outside of the database, deleted when the wave closes.
So the order of rows, their versions and every old backup lead from a token to a box that nobody can open any more.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PUBLIC = 32
_NONCE = bytes(12)  # each box has a key of its own, used once
_BLOCK = 1024
"""Boxes are filled up to a multiple of this, so that their length says nothing of the answers."""


class SealError(Exception):
    """The key is not there, or a box was not made with it."""


def make_lock(where: Callable[[bytes], Path]) -> bytes:
    """A new lock: its public half. The private one goes to the file that `where` names, read by its owner alone."""
    key = X25519PrivateKey.generate()
    lock = key.public_key().public_bytes_raw()
    path = where(lock)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes_raw())
    return lock


def seal(lock: bytes, content: Mapping[str, object]) -> bytes:
    """Content that only the holder of the private half can read. Equal contents give boxes that share nothing."""
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes_raw()
    text = json.dumps(content, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _BLOCK)
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(lock)), public + lock)
    return public + ChaCha20Poly1305(key).encrypt(_NONCE, text, None)


def unseal(path: Path, boxes: list[bytes]) -> list[dict[str, object]]:
    """What is in the boxes, by the private key in a file. Raises SealError, and then nothing is lost."""
    try:
        private = X25519PrivateKey.from_private_bytes(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SealError(f"{path.name}: the key of this wave is not there; bring it back before closing") from error
    lock = private.public_key().public_bytes_raw()
    return [_opened(private, lock, box) for box in boxes]


def _opened(private: X25519PrivateKey, lock: bytes, box: bytes) -> dict[str, object]:
    public = box[:_PUBLIC]
    try:
        key = _key(private.exchange(X25519PublicKey.from_public_bytes(public)), public + lock)
        content: dict[str, object] = json.loads(ChaCha20Poly1305(key).decrypt(_NONCE, box[_PUBLIC:], None))
    except (InvalidTag, ValueError) as error:
        raise SealError("an answer was not sealed for this wave") from error
    return content


def _key(shared: bytes, context: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"socialt-indeks answer" + context).derive(shared)
