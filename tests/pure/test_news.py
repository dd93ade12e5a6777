"""Only what is new in a further caller's words goes to the units (targets 6.1, point 12)."""

from __future__ import annotations

import pytest

from incidents.news import Known, new_in

FIGHT = Known(text="延安路18号有人打架，两个人，一个戴红帽子", type="0202")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("延安路18号有人打架", []),
        ("沿按路18号有人打架，快来人", []),  # homophones, and nothing but haste
        ("有人报过了吗？这里打起来了", []),  # says once more what kind of thing happens
        ("有一个头上流血了", [("injured", "有一个头上流血了")]),
        ("其中一个拿着刀", [("danger", "其中一个拿着刀")]),
        ("红帽子往中山桥跑了", [("direction", "红帽子往中山桥跑了")]),
        ("他开的车是闽E·A0123", [("plate", "他开的车是闽E·A0123")]),
        ("还有一个穿绿色雨衣", [("looks", "还有一个穿绿色雨衣")]),
        ("没有人受伤", [("words", "没有人受伤")]),  # good news are news, and no injury
        ("便利店老板把门锁起来了", [("words", "便利店老板把门锁起来了")]),
    ],
)
def test_what_is_known_is_left_out_and_what_is_new_is_kept_in_the_callers_words(
    words: str, wanted: list[tuple[str, str]]
) -> None:
    assert [(one.what, one.text) for one in new_in(words, FIGHT)] == wanted


def test_what_was_told_once_is_not_told_again_and_known_answers_count() -> None:
    found = new_in("有人流血了，拿着刀，有人流血了", FIGHT)
    assert [one.what for one in found] == ["injured", "danger"]
    known = Known(
        text=FIGHT.text, type="0202", dangers=frozenset({"weapon"}), injured=True, plates=frozenset({"闽EA0123"})
    )
    assert new_in("车牌闽E·A0123", known) == []
    assert [one.what for one in new_in("拿着刀", known)] != ["danger"]
