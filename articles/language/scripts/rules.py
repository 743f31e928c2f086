"""What a Simplified character is where no dictionary can say: surnames by the titles about them, measures by figures.

Each rule is a pattern that begins with its character, so that a search leaps from one such character to the next.
"""

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_EDGE = "[\\s、，。：；（）()／/|｜:“”「」《》—·]"


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


_TITLES = _words(
    "老师 先生 女士 小姐 太太 夫人 阿姨 叔叔 大爷 大妈 爷爷 奶奶 同学 同志 师傅 老板 校长 教授 教练 "
    "教员 讲师 博士 院士 院长 医生 医师 护士 主任 书记 局长 县长 市长 乡长 镇长 村长 区长 州长 省长 "
    "部长 处长 科长 股长 厅长 署长 所长 站长 队长 班长 组长 连长 团长 营长 排长 旅长 师长 司令 参谋 "
    "政委 主席 会长 理事 委员 代表 议员 经理 总经理 总裁 董事 董事长 秘书 秘书长 律师 法官 检察官 "
    "警官 警员 记者 编辑 主编 主播 导演 演员 作家 画家 诗人 设计师 工程师 研究员 技术员 飞行员 司机 "
    "馆长 行长 社长 台长 总监 督察 专员 法师 住持 道长 家长 嫌犯 被告 奶奶 伯伯 姐姐 哥哥 师父 掌柜"
)
# Titles of two characters that stand before a name.
_BEFORE = _words(
    "老师 先生 女士 小姐 同学 同志 师傅 老板 校长 教授 教练 博士 院士 院长 医生 医师 护士 主任 书记 "
    "局长 县长 市长 乡长 镇长 村长 区长 州长 省长 部长 处长 科长 厅长 署长 所长 站长 队长 班长 组长 "
    "连长 团长 营长 排长 司令 政委 主席 会长 委员 代表 议员 经理 总裁 律师 法官 警官 记者 编辑 主编 "
    "主播 导演 演员 作家 画家 诗人 司机 馆长 行长 社长 台长 总监 督察 专员 村民 居民 牧民 农民 游客 "
    "乘客 市民 网民 干警 民警 战士 选手 球员 歌手 队员 学生 男子 女子 嫌犯 被告 店主 户主 摄影 撰文 "
    "校对 责编"
)

# Of each surname: what it is in Traditional; after which characters it is none; before which ones it is none.
_SURNAMES = {
    "余": (
        "余",
        "0-9０-９十百千万亿廿数其业剩残多有空富结盈年月",
        "干庆下款额震生波热粮党地力温味音晖暇孽辉光缺数量项利火烬毒怒悸兴料钱名位人个家",
    ),
    "范": ("范", "模示规师防典就垂风", "围例畴"),
    "朴": ("朴", "简质淳俭古诚纯素", "素实质"),
    "涂": ("涂", "糊胡乱粉喷", "改抹写鸦料层装药口上了在成满有"),
    "岳": ("岳", "山五东西南北中", "父母家"),
    "郁": ("郁", "忧抑浓馥葱阴沉苍悒蓊", "闷结积金香葱郁"),
    "游": ("游", "旅导春秋出周上中下郊巡漫畅云远神环嬉同网手页端", "泳说览客玩戏行走历记人船牧击离动移街艺学园"),
    "钟": ("鍾", "分秒时点闹座挂警敲丧编半刻", "表声楼点头情爱乳塔鼓摆"),
}

_NAMED = "说|表示|告诉|介绍|认为|指出|称|因涉"
_LEADERS = (
    "书记|主任|局长|县长|市长|镇长|乡长|校长|院长|所长|队长|教授|总裁|经理|主席|会长|委员|代表|部长|处长|科长|厅长|省长"
)
_PLACES = "中内上下里外前后间处边旁场门口家地区市县乡村"
# 于 before a day, a place or a thing is a preposition.
_DAYS = "昨今本当上下去前次同翌日早晚凌中午此该其这那近会现周月年事后是一二三四五六七八九十两零初"

_EITHER = "|".join(sorted(_TITLES, key=len, reverse=True))
_AHEAD = "|".join(_BEFORE)
_NAME = f"{_HAN}{{1,2}}"


def _surname(letter: str, after: str, before: str) -> str:
    titled = f"(?<![{after}]{letter})(?!{_HAN}?[名位个](?:{_EITHER}))(?={_HAN}{{0,2}}(?:{_EITHER}|某))"
    told = f"(?:(?<=(?:{_AHEAD}){letter})|(?<=(?:{_AHEAD})[ \u3000：:]{letter}))(?={_HAN})"
    called = f"(?<=[老小姓叫]{letter})"
    listed = f"(?<=[ \u3000、／/|｜]{letter})(?={_HAN}{{2}}(?:[ \u3000、／/|｜）)]|$))"
    ways = {"游": [titled], "钟": [titled, told]}.get(letter, [titled, told, called, listed])
    return f"{letter}(?![{before}])(?:{'|'.join(ways)})"


def _yu() -> str:
    """于, nearly always a preposition: a surname only where something says so."""
    edge = f"(?:(?<=^于)|(?<={_EDGE}于)|(?<=[和与跟经据请问叫让给被是的说找向为]于)|(?<=(?:{_AHEAD})于))"
    titled = f"{edge}(?={_HAN}{{0,2}}(?:{_EITHER})(?!而言|来说|来讲|们))"
    some = "(?:(?<=^于)|(?<=[，。、：；（“ 人子告犯员者女男]于))(?=某(?![地日年月时天个些种处次公大小学校]))"
    name = f"{_HAN}(?:(?![{_PLACES}]){_HAN})?"
    told = (
        f"(?<=(?:{_AHEAD})于)(?={name}(?:{_NAMED}))"
        f"|(?<=(?:{_LEADERS})于)(?={name}(?:{_EDGE}|$))"
        f"|(?<=(?:{_AHEAD})[ \u3000：:]于)(?={_NAME}(?:{_EDGE}|$|{_NAMED}|报道|摄))"
    )
    listed = f"(?<=[ \u3000、／/|｜]于)(?={_NAME}(?:[ \u3000、（）()／/|｜]|$))"
    return f"于(?![{_DAYS}])(?:{titled}|{some}|{told}|{listed}|(?<=[姓叫]于))"


_FIGURES = "0-9０-９十百千万亿"
_ONLY = "是有能要需够剩会占许限收用花差见算好得不"  # 五十只是最低要求
# 300只羊, 三百余只羊; not 五十只是最低要求.
_BEASTS = f"只(?:(?<=[{_FIGURES}]只)|(?<=[{_FIGURES}][余多几来 ]只)|(?<=[{_FIGURES}]多 只))(?![{_ONLY}])"
_MERELY = f"只(?<=[{_FIGURES}]只)(?=[{_ONLY}])"
# 30里, 百余里, 三里屯; not 十里面有三个, 百里挑一.
_MILES = f"里(?:(?<=[{_FIGURES}二三四五六七八九两半]里)|(?<=[{_FIGURES}][余多几来]里)|(?<=[0-9] 里))(?![面边头挑])"

# 平里村, 永安里社区; not 山里村民, 这里乡.
_VILLAGES = (
    "里(?<![这那哪县乡镇市省州区城山心家村寨校队班厂店院寺庙草森群水河湖夜梦手嘴眼]里)"
    "(?:(?=社区|小区|街道)|(?=[村乡镇](?:[，。、；：（）()\\s位的党委第]|$)))"
)
# 10天后, 数天后; not 天后宫.
_LATER = f"后(?<=[{_FIGURES}多几数两余]天后)"
# 怀孕20周, 第5周
_WEEKS = "周(?<=[0-9０-９]周)(?<![0-9]{4}周)"

# Patterns, each beginning with its character, and what that character becomes.
RULES: tuple[tuple[str, str], ...] = (
    *((_surname(letter, after, before), became) for letter, (became, after, before) in _SURNAMES.items()),
    (_yu(), "于"),
    (_BEASTS, "隻"),
    (_MERELY, "只"),
    (_MILES, "里"),
    (_VILLAGES, "里"),
    (_LATER, "後"),
    (_WEEKS, "週"),
)

# Where a character that no phrase decides is nevertheless what it mostly is: 余 after figures, 里 but before a village,
# surnames whose own form is that one; 乾 that is dry.
CERTAIN = {
    "Hans": (
        f"(?<=[{_FIGURES}多几])余|里(?![村乡镇县市区路街巷弄坝桥社小派])|[叶沈姜周谷卜胡丰](?=(?:{_EITHER}|某|氏|家))"
    ),
    "Hant": (
        "乾(?=[淨燥旱脆杯枯涸糧貨果洗冰電草柴屍媽爹女咳癟裂巴酪熱濕溼掉透菜貝式粉肉魚麵衣鍋酒])"
        "|(?<=[餅萄曬烘風肉腐擦吹瀝擰晾口魚陰烤晒果菜外未半])乾|乾(?=[，。、了])"
    ),
}
