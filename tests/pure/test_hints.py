"""What a narrative suggests: right types, no trap taken for a death, nothing denied taken for said (domain 7.2)."""

from __future__ import annotations

from random import Random

import pytest

from dispatch.simulator import scenes, words
from incidents import hints
from incidents.code_tables import TABLES

TYPES = {row.code for row in TABLES["incident_type"]}


def test_every_rule_names_a_type_and_no_word_twice() -> None:
    known = hints.rules()
    assert set(known.types) <= TYPES
    for code, said in known.types.items():
        assert len(set(said)) == len(said), code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我停在店门口的自行车被偷了，银色山岚牌", "020101"),
        ("有人抢了我的店，往北跑了", "010403"),
        ("我老公打我，孩子在哭", "0206"),
        ("楼下一群人打起来了", "0202"),
        ("有人掉河里了快来", "0501"),
        ("我家门锁被撬，家里被偷了", "0107"),
        ("两车相撞，没有人受伤", "0303"),
        ("我妈妈老年痴呆，早上走失了", "050403"),
        ("有人站在楼顶要跳", "050301"),
        ("电梯里困了三个人", "0607"),
        ("我刚才刷单被骗了三万", "0110"),
        ("楼上装修太吵", "0215"),
    ],
)
def test_the_type_is_among_the_first_three(text: str, code: str) -> None:
    found = [hint.value for hint in hints.read(text).types]
    assert any(one.startswith(code) or code.startswith(one) for one in found), found


@pytest.mark.parametrize(
    "text",
    [
        "死胡同里停了辆车",
        "监控有死角",
        "铁门被焊死了",
        "河里有很多死鱼",
        "隔壁的狗吵死了",
        "死亡赔偿的钱还没给",
        "医院在消毒",
        "路口在抢修",
        "吃刀削面没给钱",
        "他发火了",
        "问一下死亡证明怎么开",
    ],
)
def test_a_trap_raises_nothing(text: str) -> None:
    assert hints.read(text).priority is None


@pytest.mark.parametrize(
    "text",
    [
        "两车碰撞，没有人受伤",
        "没有刀，就是推了一下",
        "没人受伤",
        "不是打群架",
        "没有着火，只是有味道",
        "人没死",
        "未发现煤气泄漏",
    ],
)
def test_what_is_denied_raises_nothing(text: str) -> None:
    found = hints.read(text)
    assert found.priority is None, found.priority
    assert "weapon" not in {hint.value for hint in found.dangers}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("有人跳楼", "1"),
        ("他手里拿着刀", "2"),
        ("对方拿刀砍人", "1"),
        ("家里着火了", "1"),
        ("孩子不见了", "2"),
        ("河边发现一具尸体", "2"),
        ("没有着火，但有人受伤", "2"),
        ("不要紧，但是他流血了", "2"),
        ("捡到一个弃婴", "2"),
        ("学生被霸凌受伤", "2"),
    ],
)
def test_danger_raises_and_says_because_of_what(text: str, level: str) -> None:
    found = hints.read(text).priority
    assert found is not None
    assert found.value == level
    assert all(part in text for word in found.because for part in word.split("~"))


def test_dangers_are_proposed_for_their_questions() -> None:
    found = {hint.value for hint in hints.read("两个人拿着棍子，旁边有煤气味").dangers}
    assert found == {"weapon", "explosion_leak"}


def test_strange_texts_do_no_harm() -> None:
    for text in ("", " ", "□" * 50, "死" * 10_000, "\u202e反", "ＡＢＣ１２３", "没有" * 3_000):
        assert hints.read(text).version == 1


def test_full_width_and_composed_signs_meet() -> None:
    assert hints.read("Ｋ粉").types[0].value == "0901"


def test_simulated_callers_are_mostly_understood() -> None:
    """The simulator's stories, of which the rules know; a fall below the measured share is a broken rule."""
    random = Random(110)
    stories = [
        (kind.code, words.filled(story, "新华路", random))
        for kinds in scenes.KINDS.values()
        for kind in kinds
        for story in kind.stories
    ]
    missed = [(code, text) for code, text in stories if not understood(code, text)]
    assert len(stories) > 100
    assert 1 - len(missed) / len(stories) >= 0.7, missed


def understood(code: str, text: str) -> bool:
    """Tell whether a type of the same top level is among the suggestions."""
    return any(hint.value[:2] == code[:2] for hint in hints.read(text).types)
