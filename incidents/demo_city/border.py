"""Gateways and alarm devices of the demo city; the sites are its fictional landmarks."""

from __future__ import annotations

from typing import Final

GATEWAYS: Final = (
    ("exchange", "exchange", "110电话交换机（模拟）"),
    ("sms", "text", "12110短信网关（模拟）"),
    ("web", "web", "网上报警"),
    ("alarm", "device", "一键报警与技防接入（模拟）"),
    ("video", "video", "视频平台（模拟画面）"),
)
# number, channel, name, address, latitude, longitude, contact
DEVICES: Final = (
    ("K1001", "CH31", "锦衣坊服装店一键报警", "新华路 锦衣坊服装店", 24.5112, 117.6540, "店长"),
    ("K1002", "CH31", "市医院急诊一键报警", "市医院急诊楼", 24.5140, 117.6450, "保卫科"),
    ("K1003", "CH31", "元光路便利店一键报警", "元光路便利店", 24.5170, 117.6695, "值班店员"),
    ("T2001", "CH32", "碧湖万达金店周界报警", "碧湖万达广场一层", 24.4980, 117.6900, "安保中心"),
    ("T2002", "CH32", "中心市场红外报警", "中心市场", 24.5090, 117.6590, "市场管理处"),
    ("B3001", "CH33", "1路公交车载报警", "1路公交（行驶中）", 24.5140, 117.6600, "公交调度"),
)
