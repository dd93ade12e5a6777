"""What comes in during the shift, and what becomes of it. Data, dealt by a seed. Persons and numbers are invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

SEED: Final = 110
# Contacts by how they come in and what they are; 200 together.
CONTACTS: Final = {
    "voice": 40,  # 110 voice with an incident
    "traffic": 12,  # 122 voice
    "video": 2,
    "again": 16,  # another caller of an event that is known
    "not_police": 12,  # passed to 12345, which settles or returns it
    "enquiry": 10,
    "nuisance": 8,
    "misdial": 6,
    "line_test": 2,
    "officer": 4,
    "chasing": 4,
    "abandoned": 5,  # nobody was quick enough
    "dropped": 5,  # the line broke before a kind was known
    "text": 10,
    "web": 14,
    "device": 8,  # one-key devices, panels, vehicles
    "device_test": 3,
    "walk_in": 6,
    "brought_in": 2,
    "found": 7,  # by a patrol
    "walk_up": 6,  # to a patrol
    "from_body": 14,  # 12345, 119, 120, another city
    "found_by_video": 2,
    "other": 2,
}
# What becomes of an incident, in weights.
ENDINGS: Final = {
    "handled": 62,
    "two_units": 8,
    "refused": 5,  # the first unit refuses, the next one goes
    "withdrawn": 4,  # a nearer one goes
    "held_up": 5,  # late, the caller is told
    "arrest": 4,
    "by_telephone": 5,
    "cancelled": 4,
    "handed_over": 3,
}
TYPES: Final = ("020101", "0202", "0205", "0303", "0302", "0402", "0403", "0504", "0508", "0510", "0215", "020102")
SPOTS: Final = (
    ("锦衣坊服装店", 24.5112, 117.6540), ("市医院门诊", 24.5140, 117.6450), ("中心市场", 24.5090, 117.6590),
    ("九龙公园南门", 24.5175, 117.6600), ("元光路便利店", 24.5170, 117.6695), ("碧湖万达广场", 24.4980, 117.6900),
    ("步文公园东门", 24.5172, 117.7050), ("漳州古城牌坊", 24.5070, 117.6510), ("师大西门", 24.5190, 117.6465),
    ("蓝田工业区门口", 24.5200, 117.7200),
)  # fmt: skip
WORDS: Final = ("有人打架", "车被刮了", "邻居吵闹", "老人走失", "自行车被偷", "有人受伤", "买东西起纠纷", "门打不开")


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of the script."""

    number: int
    kind: str
    ending: str
    type: str
    place: str
    lat: float
    lng: float
    words: str

    @property
    def phone(self) -> str:
        """Return the contact's invented telephone number."""
        return f"1900000{self.number:04d}"

    @property
    def incident(self) -> dict[str, object]:
        """Return the facts of its incident."""
        point = {"lat": self.lat, "lng": self.lng, "crs": "WGS84", "accuracy_m": 10}
        return {"type_reported": self.type, "address_text": self.place, "point": point, "point_status": "verified"}


def contacts(seed: int = SEED) -> list[Contact]:
    """Deal the shift's contacts in their order."""
    random = Random(seed)
    kinds = [kind for kind, count in CONTACTS.items() for _ in range(count)]
    random.shuffle(kinds)
    kinds.remove("voice")
    dealt = []
    for number, kind in enumerate(["voice", *kinds], 1):
        place, lat, lng = random.choice(SPOTS)
        ending = random.choices(list(ENDINGS), weights=list(ENDINGS.values()))[0]
        dealt.append(
            Contact(number, kind, ending, random.choice(TYPES), f"{place}{number}号", lat, lng, random.choice(WORDS))
        )
    return dealt
