"""Addressed randomness: every block of replications draws from a counter-based generator that its address fixes.

The address is (seed, claim, stream, block number). No global state, no spawning: any worker can compute any block,
in any order, and gets the same numbers. The generator is NumPy's Philox 4x64-10 with the key taken from a hash of
(seed, claim, stream) and the counter from the block number; words are what is promised, the transforms are our own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


@dataclass
class Block:
    """`size` replications of one claim's stream. Successive draws from the same block continue its word sequence."""

    seed: int
    claim: str
    stream: str
    number: int
    size: int
    _bits: np.random.Philox = field(init=False, repr=False)

    def __post_init__(self) -> None:
        address = f"{self.seed}\0{self.claim}\0{self.stream}".encode()
        key = np.frombuffer(blake2b(address, digest_size=16).digest(), dtype="<u8").astype(np.uint64)
        self._bits = np.random.Philox(key=key, counter=np.array([0, self.number, 0, 0], dtype=np.uint64))

    def words(self, *shape: int) -> NDArray[np.uint64]:
        """Independent uniform 64-bit words."""
        count = int(np.prod(shape, dtype=np.int64))
        return np.asarray(self._bits.random_raw(count), dtype=np.uint64).reshape(shape)

    def uniforms(self, *shape: int) -> NDArray[np.float64]:
        """Independent doubles in [0, 1), multiples of 2^-53."""
        return (self.words(*shape) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normals(self, *shape: int) -> NDArray[np.float64]:
        """Independent standard normals, by inversion."""
        from scipy.special import ndtri

        return np.asarray(ndtri(self.uniforms(*shape) + 2.0**-54), dtype=np.float64)

    def exponentials(self, *shape: int) -> NDArray[np.float64]:
        """Independent exponentials of mean one, by inversion."""
        return -np.log1p(-self.uniforms(*shape))

    @property
    def generator(self) -> np.random.Generator:
        """NumPy generator on the same words, for library code that wants one (equal bits on equal NumPy builds)."""
        return np.random.Generator(self._bits)
