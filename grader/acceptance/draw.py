"""Request data drawn from the run's seed: the same seed gives the same requests."""

import random
import string
import uuid
from typing import List, Optional, Sequence, TypeVar

T = TypeVar("T")

FIRST_NAMES = (
    "Ada Alan Amara Barbara Carlos Chen Dana Edsger Elif Femi Grace Hedy Ibrahim Ines Joan "
    "Kenji Katherine Lena Leslie Linus Margaret Mateo Nadia Niklaus Olga Priya Radia Rosa Sofia "
    "Tim Tomasz Vera Yasmin Yuki Zoe"
).split()
LAST_NAMES = (
    "Adeyemi Allen Bachmann Baranov Costa Dijkstra Eriksen Fischer Garcia Goldberg Hamilton "
    "Hopper Ito Jensen Johnson Kowalska Lamarr Lamport Lindqvist Lovelace Mendes Moreau "
    "Nakamura Novak Okafor Perlman Rossi Sato Schmidt Silva Tanaka Torvalds Turing Weber Wirth"
).split()
WORDS = (
    "amber anchor apex arbor aster atlas beacon birch bright canyon cedar cobalt comet copper "
    "coral crest delta ember falcon fern flint forge garnet glacier granite harbor hazel indigo "
    "iron juniper lantern lark linden lumen maple meadow mesa nimbus north oak onyx orbit otter "
    "pine plume quarry quartz raven ridge river saffron sierra silver slate solar spruce stone "
    "summit tide timber vale velvet violet willow zephyr"
).split()
KINDS = ("Analytics Consulting Foods Health Labs Logistics Media Robotics Software Systems").split()
ENDINGS = ("com", "io", "net", "org", "co", "eu")


class Draw:
    """Random data of one test; ``random`` is its generator."""

    def __init__(self, seed: int, name: str) -> None:
        self.random = random.Random(f"{seed}/{name}")

    def integer(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return self.random.randint(low, high)

    def choice(self, items: Sequence[T]) -> T:
        """One of ``items``."""
        return self.random.choice(items)

    def sample(self, items: Sequence[T], count: int) -> List[T]:
        """``count`` different ones of ``items``."""
        return self.random.sample(list(items), count)

    def shuffled(self, items: Sequence[T]) -> List[T]:
        """``items`` in random order."""
        return self.random.sample(list(items), len(items))

    def word(self) -> str:
        """A plain English word in lower case."""
        return self.choice(WORDS)

    def first_name(self) -> str:
        """A person's first name."""
        return self.choice(FIRST_NAMES)

    def last_name(self) -> str:
        """A person's last name."""
        return self.choice(LAST_NAMES)

    def company(self) -> str:
        """A company's name."""
        return f"{self.word().title()} {self.choice(KINDS)}"

    def business_domain(self) -> str:
        """An ordinary domain that is no free e-mail provider's."""
        return f"{self.word()}-{self.word()}{self.integer(2, 99)}.{self.choice(ENDINGS)}"

    def email(self, domain: Optional[str] = None) -> str:
        """An ordinary address, at ``domain`` or at a business domain."""
        name = f"{self.first_name()}.{self.last_name()}".lower()
        return f"{name}{self.integer(1, 999)}@{domain or self.business_domain()}"

    def token(self, length: int) -> str:
        """``length`` random letters and digits."""
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=length))

    def uuid(self) -> str:
        """A random UUID (version 4)."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def user_id(self) -> str:
        """A user id as applications have them."""
        return self.choice(
            [f"user-{self.integer(1, 10**6)}", self.uuid(), str(self.integer(1, 10**9))]
        )

    def mixed_case(self, text: str) -> str:
        """``text`` with the case of its letters drawn, and not as it was where that can be."""
        for _ in range(20):
            mixed = "".join(self.choice((c.upper(), c.lower())) for c in text)
            if mixed != text:
                return mixed
        return text.swapcase()
