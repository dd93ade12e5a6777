"""The words of the agents: what fills a story's slots, what callers who need no police say, what officers write. Data."""

from __future__ import annotations

from random import Random
from typing import Final

SURNAMES: Final = "卓蓝苏沈游洪石涂戴柳庄施卢纪简汤连康尤欧"
GIVEN: Final = [
    "阿明",
    "小芳",
    "建国",
    "丽华",
    "志强",
    "美玲",
    "国栋",
    "秀英",
    "海燕",
    "文彬",
    "晓东",
    "淑珍",
    "永福",
    "春梅",
    "伟杰",
    "雅婷",
]
COLOURS: Final = ["黑色", "白色", "红色", "蓝色", "灰色", "银色", "黄色"]
SIDES: Final = ["东边", "西边", "南边", "北边", "桥的方向", "市场方向", "河边"]
THINGS: Final = ["手机", "钱包", "背包", "项链", "平板电脑", "身份证和银行卡", "首饰盒"]
WHENS: Final = ["今天早上", "昨天晚上", "半小时前", "一小时前", "中午", "刚才"]
PERSONS: Final = (
    "一名穿黑色上衣的男子", "一个戴帽子的年轻人", "一名三十来岁的男子", "一个光头、穿花衬衫的人", "一名背双肩包的男子", "一个染黄头发的小伙",
)  # fmt: skip
NO_POLICE: Final = (
    "家里水管漏了，物业不来", "小区停电，什么时候来电", "楼下夜市油烟大", "快递一直不送", "公交车等了一小时", "问一下社保怎么办", "路灯坏了好几天",
    "宽带断了没人修", "楼上装修太吵，现在是白天", "垃圾没人清运",
)  # fmt: skip
ENQUIRIES: Final = (
    "身份证丢了怎么补办", "居住证到期了去哪里办", "网上买的东西算不算诈骗，怎么看", "昨天报的警现在到哪一步了", "车被拖走了去哪里领", "出入境窗口几点上班",
)  # fmt: skip
NUISANCES: Final = ("喂，喂，你猜我是谁", "反复拨打，不说事情，只骂人", "醉酒闲聊，劝其休息")
OFFICER_CALLS: Final = ("处警反馈：现场已处理完毕，双方已离开", "现场反馈：当事人联系不上，已在周边查找")
PROCESS: Final = {
    "RS01": "到场控制嫌疑人{n}名，已带回所里审查。",
    "RS02": "到场勘查、询问，符合立案条件，已受理。",
    "RS03": "双方均已询问，按治安案件受理。",
    "RS04": "现场查明事实，当场处罚并教育。",
    "RS05": "到场分开双方，经调解双方达成一致，各自离开。",
    "RS07": "到场制止并批评教育，当事人承认错误。",
    "RS08": "事实清楚，双方无异议，按简易程序处理，已撤离现场。",
    "RS09": "有人受伤，现场勘查后按一般程序处理，车辆已移走。",
    "RS10": "到场帮助当事人，问题已解决，当事人表示感谢。",
    "RS11": "到场后协助120将人员送医，已通知家属。",
    "RS12": "沿途查找，已找到人员并交给家属。",
    "RS13": "已移交有管辖权的单位继续处理。",
    "RS14": "现场警戒并疏散，已移交主管部门处置。",
    "RS15": "双方自行协商解决，无需进一步处理。",
    "RS16": "到场查看，周边走访，未见异常。",
    "RS17": "到场时当事人已离开，电话回访无异议。",
    "RS20": "调取周边视频，走访目击者，继续侦查。",
    "RS21": "到场劝离、疏导，秩序恢复。",
}  # fmt: skip
HOSPITALS: Final = ("市医院", "龙文区医院", "市妇幼保健院")
BODIES: Final = ("消防救援站", "供电公司", "区应急管理局", "物业公司")
REFUSALS: Final = {
    "RF1": "车辆故障，无法启动。",
    "RF2": "途中遇到更急警情，正在处置。",
    "RF4": "前方道路施工封闭，绕不过去。",
    "RF5": "现场人多，本组人手不够，请增派。",
    "RF6": "该警情已有其他单位到场。",
}
DELAYS: Final = {
    "DL1": "路口拥堵，缓行。",
    "DL2": "前方临时封路，绕行。",
    "DL3": "雨大，减速行驶。",
    "DL9": "距离较远，正在赶往。",
}
OVERRIDES: Final = ("OV3", "OV4", "OV5", "OV7")
BACKUP: Final = ("现场人数多，请求增援", "嫌疑人反抗，请求增援", "需要一组协助维持秩序")
FOUND: Final = (  # what a patrol finds itself (巡逻发现): type and words
    ("0308", "巡逻发现路面有散落物，现场清理"),
    ("0306", "巡逻发现车辆占用消防通道"),
    ("0510", "巡逻发现路边有醉酒人员"),
    ("0204", "巡逻发现有人酒后滋事"),
    ("0599", "巡逻发现老人迷路，上前询问"),
)  # fmt: skip


def person(random: Random) -> tuple[str, str]:
    """Draw a caller's name and sex."""
    sex = random.choice(("male", "female"))
    return random.choice(SURNAMES) + random.choice(GIVEN), sex


def phone(random: Random) -> str:
    """Draw a number of the range that stands for nobody: 190 0000 0xxx."""
    return f"190000{random.randrange(1000):05d}"


def plate(random: Random) -> str:
    """Draw an invented plate of the demo city."""
    return f"闽E·{random.choice('ABDHKQ')}{random.randrange(1000):04d}"


def filled(story: str, place: str, random: Random) -> str:
    """Fill a story's slots."""
    return story.format(
        place=place,
        who=random.choice(PERSONS),
        side=random.choice(SIDES),
        thing=random.choice(THINGS),
        colour=random.choice(COLOURS),
        when=random.choice(WHENS),
        plate=plate(random),
        plate2=plate(random),
        tail=f"{random.randrange(100):02d}",
        n=random.randint(2, 6),
        yuan=random.choice((300, 800, 1_500, 2_800, 6_000, 18_000)),
        age=random.randint(4, 9),
        old=random.randint(68, 86),
    )
