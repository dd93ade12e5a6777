"""What callers report: types with their weights, the kind of place, and stories with slots (7.1; the mix is ours). Data.

Every person, number and plate that fills a slot is invented.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """One type of incident: its weight within its top level, where it happens, and what the caller says."""

    code: str
    weight: float
    where: str  # street, shop, home, public
    stories: tuple[str, ...]


def _kinds(*rows: tuple[str, float, str, str]) -> tuple[Kind, ...]:
    return tuple(Kind(code, weight, where, tuple(stories.split("|"))) for code, weight, where, stories in rows)


KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "01": _kinds(
        ("0102", 4, "public", "{place}有人持棍把人打伤了，伤者头部流血，打人的是{who}，往{side}跑了"),
        ("0103", 2, "street", "我在{place}被{who}抢了{thing}，他拿着刀，刚往{side}跑"),
        ("010401", 3, "street", "两个人骑{colour}摩托车在{place}抢了我的{thing}，车牌没看清，往{side}去了"),
        ("010403", 3, "shop", "{who}进{place}抓起柜台上的{thing}就跑，往{side}去了，刚刚发生"),
        ("0107", 10, "home", "{place}的家里被撬门了，{thing}不见了，应该是{when}的事"),
        ("010802", 8, "street", "停在{place}的{colour}摩托车被偷了，车牌{plate}|{when}停在{place}的电瓶车不见了"),
        ("010801", 3, "street", "我停在{place}的{colour}轿车不见了，车牌{plate}"),
        ("0109", 12, "shop", "{place}昨晚被盗，收银柜里的现金没了，监控拍到{who}"),
        (
            "0110",
            38,
            "home",
            "接到自称客服的电话，按他说的转了{yuan}元，现在联系不上了|刷单被骗了{yuan}元，钱刚转出去，能不能止付",
        ),
        ("0111", 8, "shop", "{who}在{place}用假玉骗走{yuan}元，人刚走"),
        ("0112", 3, "home", "有人发短信威胁要把照片发出去，让我转{yuan}元"),
        ("0199", 3, "public", "在{place}捡到一包可疑的东西，像是工具和假证件"),
    ),
    "02": _kinds(
        ("020102", 11, "street", "放在{place}的{colour}电动车被偷了，{when}还在"),
        ("020101", 3, "street", "{place}的共享单车旁边，我的自行车被人骑走了"),
        ("020103", 4, "public", "在{place}手机被扒了，怀疑是{who}"),
        ("020104", 4, "shop", "{place}抓到一个偷东西的，{who}，人还在店里"),
        ("020105", 3, "street", "车停在{place}，玻璃被砸，包被拿走了，车牌{plate}"),
        ("0202", 14, "public", "{place}有人打架，{n}个人，还在打，有人受伤|{place}门口两个人打起来了，快来人"),
        ("0203", 2, "public", "{place}有十几个人互相追打，有人拿着钢管"),
        ("0204", 5, "shop", "{who}喝了酒在{place}砸东西、骂人，不肯走"),
        ("0205", 7, "street", "我停在{place}的车被人划了，车牌{plate}|{place}的橱窗被人砸了"),
        ("0206", 10, "home", "{place}有男的打老婆，一直在哭喊，家里有小孩|我丈夫又动手打我，我在{place}，躲在房间里"),
        ("0207", 5, "home", "有人在{place}门口堵着威胁我，说要弄死我"),
        ("0208", 6, "public", "{place}有人插队闹事，秩序很乱，工作人员劝不住"),
        ("0211", 4, "home", "{place}有人聚众打麻将赌博，天天这样"),
        ("0213", 4, "shop", "{who}在{place}付款时用假截图骗走{yuan}元的货"),
        ("0214", 1, "public", "{place}有个男的腰上别着一把长刀，{who}"),
        ("0215", 13, "home", "{place}楼下KTV很吵，这么晚了还在唱|{place}有人放音响跳舞，影响休息"),
        ("0217", 3, "public", "在{place}被没拴绳的狗咬了，狗主人要走"),
    ),
    "03": _kinds(
        (
            "030301",
            28,
            "street",
            "{place}两辆小车追尾，人没事，{plate}和{plate2}，占了一个车道|{place}两车刮擦，双方说不清",
        ),
        ("030302", 20, "street", "{place}一辆小车和电动车碰了，骑车的说没事，要定责"),
        ("030303", 5, "street", "{place}一辆{colour}小车自己撞了护栏，司机在车上，车牌{plate}"),
        ("0302", 13, "street", "{place}汽车撞了电动车，骑车人躺在地上流血，{plate}|{place}有人被车撞了，腿动不了"),
        ("0301", 0.3, "street", "{place}大货车压到人了，人已经没有反应"),
        ("0304", 6, "street", "{place}一辆{colour}小车撞人后跑了，车牌尾号{tail}，往{side}去了"),
        ("0305", 9, "street", "{place}堵死了，红绿灯不亮，没人指挥"),
        ("0306", 9, "street", "{place}有车停在人行道上，行人过不去，{plate}"),
        ("0307", 2, "street", "前面{colour}小车走S形，司机像是喝了酒，在{place}往{side}开，{plate}"),
        ("0308", 3, "street", "{place}路面井盖不见了，很危险|{place}有大树倒在路上"),
        ("0309", 0.2, "street", "{place}一辆装液体罐的货车在漏东西，味道很大"),
        ("0310", 10, "home", "{place}有车堵住车库出口，出不去，车牌{plate}，没留电话"),
    ),
    "04": _kinds(
        ("0401", 17, "home", "{place}夫妻吵架，女方要跳河，拉着不放|在{place}和对象吵架，他砸手机不让我走"),
        ("0402", 18, "home", "{place}邻居因为漏水吵起来，要打人了|{place}楼上楼下为了噪音吵架"),
        ("0403", 20, "shop", "在{place}消费被多收钱，店家不退，还骂人|{place}买的东西坏了，老板不让走"),
        ("0404", 8, "public", "{place}老板欠{n}个工人工资，工人围着不让走"),
        ("0406", 10, "shop", "{place}有人上门要债，堵着门不让营业"),
        ("0409", 9, "home", "{place}房东把我东西扔出来，锁换了"),
        ("0410", 9, "street", "在{place}坐车因为车费吵起来，司机不让下车"),
        ("0407", 2, "public", "{place}家属和医生吵起来，推搡，围了很多人"),
        ("0408", 2, "public", "孩子在{place}被几个同学打了，家长都来了"),
        ("0499", 5, "public", "{place}两个摊主为摆摊位置吵，越吵越凶"),
    ),
    "05": _kinds(
        ("0501", 0.7, "public", "{place}有人掉进水里了，在挣扎"),
        ("0502", 0.7, "home", "{place}有人从楼上掉下来了，不动了"),
        ("050302", 3, "home", "我朋友在{place}，发消息说不想活了，电话不接"),
        ("050301", 0.6, "home", "{place}楼顶有人坐在外沿要跳，{who}"),
        ("050401", 3, "public", "孩子{age}岁，在{place}走丢了，穿{colour}衣服，找了半小时"),
        ("050402", 5, "home", "家里老人{old}岁，从{place}走出去没回来，有点糊涂，穿{colour}外套"),
        ("0507", 13, "public", "{place}有人突然晕倒，叫不醒|{place}有老人胸口疼，坐在地上"),
        ("0508", 6, "home", "小孩反锁在{place}的屋里，煤气灶还开着|我被困在{place}的车库里出不来"),
        ("0509", 5, "home", "{place}的电线掉下来冒火花|{place}水管爆了，水往配电箱流"),
        ("0510", 13, "street", "{place}有人喝醉躺在路边，{who}，怕被车撞"),
        ("0511", 3, "street", "{place}有个精神不太正常的人在路中间拦车"),
        ("0513", 17, "street", "在{place}掉了一个{thing}|坐出租车把{thing}落在车上了，在{place}下的车"),
        ("0514", 9, "home", "钥匙锁在{place}家里了，进不去"),
        (
            "0599",
            20,
            "public",
            "{place}捡到一个老人，说不清家在哪|游客在{place}迷路了，手机快没电|{place}有个孩子一个人在哭",
        ),
    ),
    "06": _kinds(
        ("0601", 30, "shop", "{place}冒黑烟，看到火苗了，里面可能有人|{place}垃圾堆着火了"),
        ("0602", 12, "home", "{place}楼道里煤气味很大"),
        ("0605", 2, "public", "{place}河中间有人站在石头上下不来，水在涨"),
        ("0607", 24, "home", "{place}电梯停了，里面困了{n}个人|被困在{place}的电梯里，有老人"),
        ("0699", 12, "public", "{place}有马蜂窝，蜇到人了|{place}有蛇进屋了"),
    ),
    "07": _kinds(
        ("0703", 10, "public", "{place}门口聚了几十个人拉横幅"),
        ("0702", 4, "street", "{place}有人用车堵路不让工程车过"),
        ("0799", 6, "public", "{place}围了很多人，情绪激动，怕出事"),
    ),
    "08": _kinds(
        ("0801", 8, "street", "{place}积水没过轮胎，有车熄火在水里"),
        ("0802", 10, "street", "{place}广告牌被风刮下来，挂在半空"),
        ("0804", 10, "public", "{place}工地有人被东西砸到"),
        ("0805", 8, "home", "{place}一家人吃完饭都吐了，怀疑中毒"),
        ("0807", 6, "home", "{place}独居老人好几天没出门，敲门没人应，有味道"),
    ),
    "09": _kinds(
        ("0902", 25, "home", "举报{place}楼上有人开赌场，晚上人进人出"),
        ("0903", 14, "shop", "举报{place}按摩店有问题"),
        ("0901", 6, "home", "{place}有人吸毒，味道很怪，来的人都很年轻"),
        ("0906", 6, "street", "在{place}看到一个很像通缉令上的人，{who}"),
        ("0907", 8, "home", "{place}住了十几个外地人，天天上课，像传销"),
        ("0908", 6, "shop", "{place}卖的酒像是假的"),
    ),
    "10": _kinds(
        ("1002", 6, "public", "我{when}在{place}报过警，到现在没人来"),
        ("1003", 8, "public", "投诉在{place}处理我事情的人态度不好"),
        ("1005", 4, "public", "投诉刚才接电话的人没听完就挂了，地点在{place}"),
    ),
    "11": _kinds(
        ("1101", 10, "home", "{place}自来水停了，没有通知"),
        ("1102", 12, "home", "{place}整栋楼停电了"),
        ("1104", 24, "street", "{place}占道摆摊，走不了路|{place}半夜施工"),
        ("1106", 6, "street", "{place}有人烧垃圾，味道很大"),
        ("1108", 5, "street", "{place}天桥下有流浪人员，天冷了"),
        ("1113", 3, "street", "{place}通信电缆垂下来了，车会挂到"),
    ),
    "12": _kinds(
        ("1201", 16, "public", "问一下被骗几百元在{place}能不能立案"),
        ("1203", 8, "public", "想问{when}在{place}报的事处理得怎么样了"),
        ("1205", 4, "public", "我是执勤辅警，请{place}派人协助查一个人员身份"),
        ("1299", 5, "public", "在{place}想找一位帮过我的民警表示感谢"),
    ),
}
NO_UNIT_NEEDED: Final = frozenset({"10", "11", "12"})  # told by phone, or to another body (7.1)
CALL_KIND: Final = {"05": "CK02", "09": "CK04", "10": "CK03", "11": "CK02", "12": "CK02"}  # CK01 alarm for the others
INTAKE_CLASS: Final = {"04": "IC2", "05": "IC2", "06": "IC2", "08": "IC2", "10": "IC3", "11": "IC2", "12": "IC2"}
HANDLING_MINUTES: Final = {"01": 45, "02": 25, "03": 22, "04": 30, "05": 18, "06": 35, "07": 60, "08": 50, "09": 30}
# Main results by top-level type with their weights (7.5).
RESULTS: Final[dict[str, dict[str, float]]] = {
    "01": {"RS02": 45, "RS20": 35, "RS01": 12, "RS13": 8},
    "02": {"RS07": 32, "RS05": 22, "RS03": 20, "RS17": 12, "RS16": 8, "RS04": 6},
    "03": {"RS08": 62, "RS15": 20, "RS09": 12, "RS21": 6},
    "04": {"RS05": 62, "RS07": 12, "RS21": 14, "RS17": 12},
    "05": {"RS10": 66, "RS11": 10, "RS12": 8, "RS15": 10, "RS16": 6},
    "06": {"RS14": 40, "RS10": 46, "RS16": 14},
    "07": {"RS21": 80, "RS13": 20},
    "08": {"RS14": 60, "RS10": 40},
    "09": {"RS16": 46, "RS13": 30, "RS20": 24},
    "12": {"RS10": 70, "RS13": 30},
}
DANGERS: Final = {  # what a yes to a danger question belongs to; the others are answered no
    "0103": "weapon", "0203": "weapon", "0214": "weapon", "0309": "hazmat", "0602": "explosion_leak",
}  # fmt: skip
INJURED: Final = {"0102": 1, "0302": 1, "0301": 1, "0202": 1, "0804": 1}
