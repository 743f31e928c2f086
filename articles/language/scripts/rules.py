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
# Titles, or their last two characters, that stand before a name.
_BEFORE = _words(
    "老师 先生 女士 小姐 同学 同志 师傅 老板 校长 教授 教练 博士 院士 院长 医生 医师 护士 主任 书记 "
    "局长 县长 市长 乡长 镇长 村长 区长 州长 省长 部长 处长 科长 厅长 署长 所长 站长 队长 班长 组长 "
    "连长 团长 营长 排长 司令 政委 主席 会长 委员 代表 议员 经理 总裁 律师 法官 警官 记者 编辑 主编 "
    "主播 导演 演员 作家 画家 诗人 司机 馆长 行长 社长 台长 总监 督察 专员 村民 居民 牧民 农民 游客 "
    "乘客 市民 网民 干警 民警 战士 选手 球员 歌手 队员 学生 男子 女子 嫌犯 被告 店主 户主 摄影 撰文 "
    "校对 责编 厂长 股长 旅长 师长 庭长 船长 机长 店长 园长 事长 书长 察长 判长 士长 车长 支书"
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
# What a person does, but what is done in places too.
_DOES = (
    "因|到|带|摄|抱|率|向|前往|赶|出席|参加|主持|宣布|强调|回应|透露|回忆|坦言|补充|解释|陪同|走访|致辞|讲话|发言|"
    "亲自|深入|被|涉|接受|担任|当选|当场|落马|牺牲|辞职|列席|赛后|冲|背|扶"
)
_LEADERS = (
    "书记|主任|局长|县长|市长|镇长|乡长|校长|院长|所长|队长|教授|总裁|经理|主席|会长|委员|代表|部长|处长|科长|厅长|省长|"
    "州长|村长|区长|署长|站长|组长|社长|馆长|台长|行长|厂长|庭长|事长|书长|察长|支书"
)
_PLACES = "中内上下里外前后间处边旁场门口家地区市县乡村"
_SITES = f"{_PLACES}站校院房楼店厂路街道桥岸城州途时夜室馆园局所段点"
# 于 before a day, a place or a thing is a preposition.
_DAYS = "昨今本当上下去前次同翌日早晚凌中午此该其这那近会现周月年事后是一二三四五六七八九十两零初"
_TOWNS = "|".join(
    _words(
        "拉萨 日喀 林芝 昌都 那曲 山南 阿里 北京 上海 天津 重庆 广东 深圳 成都 四川 云南 昆明 贵阳 西安 西宁 西藏 青海 "
        "甘肃 新疆 香港 澳门 台北 台湾 高雄 台南 新竹 南京 武汉 长沙 南宁 海口 海南 沈阳 长春 济南 青岛 大连 太原 东京 "
        "首尔 纽约 伦敦 巴黎 欧洲 美国 英国 法国 德国 日本 韩国 印度 泰国 国内 国外 海外 大会 灾区 山区 公司"
    )
)

_EITHER = "|".join(sorted(_TITLES, key=len, reverse=True))
_AHEAD = "|".join(_BEFORE)
_NAME = f"{_HAN}{{1,2}}"


def _surname(letter: str, after: str, before: str) -> str:
    titled = f"(?<![{after}]{letter})(?!{_HAN}?[名位个](?:{_EITHER}))(?={_HAN}{{0,2}}(?:{_EITHER}|某))"
    told = f"(?:(?<=(?:{_AHEAD}){letter})|(?<=(?:{_AHEAD})[ \u3000：:]{letter}))(?={_HAN})"
    called = f"(?<=[老小姓叫]{letter})"
    listed = f"(?<=[ \u3000、／/|｜]{letter})(?={_HAN}{{2}}(?:[ \u3000、／/|｜）)]|$))"
    ways = {"游": [titled], "钟": [titled, told]}.get(letter, [titled, told, called, listed])
    kin = f"(?<![{after}]{letter})(?=姓(?![名氏]))"
    return f"{letter}(?![{before}])(?:{'|'.join([*ways, kin])})"


def _yu() -> str:
    """于, nearly always a preposition: a surname only where something says so."""
    edge = f"(?:(?<=^于)|(?<={_EDGE}于)|(?<=[和与跟经据请问叫让给被是的说找向为]于)|(?<=(?:{_AHEAD})于))"
    titled = f"{edge}(?={_HAN}{{0,2}}(?:{_EITHER})(?!而言|来说|来讲|们))"
    known = f"(?:(?<=^于)|(?<=[，。、：；（“ 人子告犯员者女男警]于)|(?<=(?:{_AHEAD})于))"
    some = f"{known}(?=某(?![地日年月时天个些种处次公大小学校]))"
    name = f"{_HAN}(?:(?![{_PLACES}]){_HAN})?"
    told = (
        f"(?<=(?:{_AHEAD})于)(?={name}(?:{_NAMED}))"
        f"|(?<=(?:{_AHEAD})于)(?!{_TOWNS})(?={_HAN}(?:(?![{_SITES}]){_HAN})?(?:{_DOES}))"
        f"|(?<=(?:{_LEADERS})于)(?={name}(?:{_EDGE}|$))"
        f"|(?<=(?:记者|编辑|摄影|撰文|校对|责编)于)(?!{_TOWNS})(?={_NAME}[）)、/／])"
        f"|(?<=(?:{_AHEAD})[ \u3000：:]于)(?={_NAME}(?:{_EDGE}|$|{_NAMED}|报道|摄))"
    )
    listed = f"(?<=[ \u3000、／/|｜]于)(?={_NAME}(?:[ \u3000、（）()／/|｜]|$))"
    kin = f"(?:(?<=^于)|(?<={_EDGE}于)|(?<=[名位个的和及]于))(?=姓[男女老村商青少学司店员嫌居])"
    house = "(?=家(?:大院|老宅|祠堂|[村庄堡沟湾岭屯店埠坟窑峪寨洼祖]))"
    return f"于(?![{_DAYS}])(?:{titled}|{some}|{told}|{listed}|{kin}|{house}|(?<=[姓叫]于))"


_FIGURES = "0-9０-９十百千万亿"
_ONLY = "是有能要需够剩会占许限收用花差见算好得不"  # 五十只是最低要求
# 300只羊, 三百余只羊, 两只手表; not 五十只是最低要求, 两只手表示.
_BEASTS = (
    f"只(?:(?:(?<=[{_FIGURES}]只)|(?<=[{_FIGURES}][余多几来 ]只)|(?<=[{_FIGURES}]多 只))(?![{_ONLY}])"
    "|(?<=[一二两三四五六七八九几]只)(?=手表(?![示明演达面现])))"
)
_MERELY = f"只(?<=[{_FIGURES}]只)(?=[{_ONLY}])"
_CREATURES = "羊牛狗犬猫鸟鸡鸭鹅猴熊鹉鹰豹虎狼狐兔鼠龟蛙蝶鱼鹿象猪马鹤雕鸽燕獒獭驴骡驼鲸鲨鹏隼"
# 这只会增加成本; not 这只羊, 这只会说话的鹦鹉.
_THIS = (
    "只(?<=[这那]只)"
    "(?=[是能会要需够剩占许限收花算得不因为供靠让]|有(?!趣|名)|用(?!心)|好[在等让把将由去先再跟向从了]|可[能以用]|"
    "适[用合]|允许|涉及|代表|反映|影响|针对|增加|减少|发生|存在|说明|表明|表示|证明|意味|属于|取决|见[到过]|在(?!逃))"
    f"(?!{_HAN}{{0,10}}的{_HAN}{{0,4}}[{_CREATURES}])"
)
# 野猪只怕火; not 犬只在公共场所须拴绳.
_HERDS = (
    "只(?:(?<=[犬猪狗猫鸟鸡鸭鹅鹿牛马]只)(?=怕|[会肯敢剩]|能(?!否|不能)|有(?!序|效|关)|[吃喝认听爱][^，。]|好[在等让])"
    "|(?<=[猎獒牧警狼藏盲]犬只)(?=[在要需用想为对]))"
)
# 30里, 百余里, 三里屯; not 十里面有三个, 百里挑一.
_MILES = f"里(?:(?<=[{_FIGURES}二三四五六七八九两半]里)|(?<=[{_FIGURES}][余多几来]里)|(?<=[0-9] 里))(?![面边头挑])"

# 平里村, 永安里社区; not 山里村民, 这里乡.
_VILLAGES = (
    "里(?<![这那哪县乡镇市省州区城山心家村寨校队班厂店院寺庙草森群水河湖夜梦手嘴眼]里)"
    "(?:(?=社区|小区|街道)|(?=[村乡镇](?:[，。、；：（）()\\s位的党委第]|$)))"
)
# 10天后, 数天后; not 天后宫.
_LATER = f"后(?<=[{_FIGURES}多几数两余]天后)"
_COUNTS = f"{_FIGURES}一二三四五六七八九两半几数"
# Laps: 绕场三周, 自转一周, 转体两周半; not 围绕这两周.
_ROUNDS = (
    "周(?:"
    + "|".join(f"(?<=(?<!围)绕{'[^这近过前后，。、；道开]' * between}[{_COUNTS}]周)" for between in range(5))
    + f"|(?<=(?:[自公旋]转|转体|空翻|[环沿][岛湖城球])[{_COUNTS}]周))"
)
# 怀孕20周, 第5周
_WEEKS = "周(?<=[0-9０-９]周)(?<![0-9]{4}周)"

_PLAYS = (
    "(?:大型?|小|好|新|老|名|重头|经典|传统|原创|精彩|现代|当代|历史|古装|折子|闹|悲|喜|独幕|舞台|音乐|[藏京川越昆粤豫话歌舞秦黄]|"
    "儿童|木偶|皮影|地方|压轴|保留|拿手|完整|爱情|荒诞|讽刺|人间|政治|的){0,4}"
)
# 这出戏, 二十四出; not 一出戏院, 三进三出.
_ACTS = (
    f"出(?:(?:(?<=[这那每整首{_COUNTS}]出)|(?<=[{_FIGURES}][余多几]出))"
    f"(?={_PLAYS}(?:戏(?![院台份])|剧(?![场院组本情团])|折子))"
    "|(?<=[一二三四五六七八九]十[一二三四五六七八九]出)(?=[，。、；）)]|$)"
    + "".join(f"|(?<=[共第]{f'[{_COUNTS}]' * digits}出)(?=[，。、；）)《「]|$)" for digits in range(1, 5))
    + ")"
)
# 井干了; not 油井干了三十年.
_DRY = f"干(?<=[井塘渠池溪泉汗墨漆泥河湖]干)(?=了(?![{_COUNTS}多这那很好不]))"
_KINDRED = (
    "关体联维派谱星水学语文理化律济教史术音美院科直旁嫡父母干菜根山色世血阳河营班全各校生药商工农林"
    "法德日韩欧扣连拴心情太"
)
# Is, in the words of courts and reports: 协议系真实意思, 火灾系电线短路引起; not 关系该如何, 物理系该学期.
_BEING = (
    "系(?:(?<![关体联维院科派]系)(?=真实|虚假|不实|谣言|误传|误会|伪造|假冒|本案|电线|电气|电器|电路|人为|走私|违法|违规|违章|非法|"
    "自愿|自杀|他杀|意外|酒后|初犯|累犯|未成年|夫妻|父子|父女|母女|母子|兄弟|姐妹|同一人|合成|摆拍|编造|捏造)"
    f"|(?<![{_KINDRED}]系)(?=该[公村校县市店院厂所局小乡镇]|其(?![他它余])|某|遭|被))"
)

# Patterns, each beginning with its character, and what that character becomes.
RULES: tuple[tuple[str, str], ...] = (
    *((_surname(letter, after, before), became) for letter, (became, after, before) in _SURNAMES.items()),
    (_yu(), "于"),
    (_BEASTS, "隻"),
    (_MERELY, "只"),
    (_THIS, "只"),
    (_HERDS, "只"),
    (_MILES, "里"),
    (_VILLAGES, "里"),
    (_LATER, "後"),
    (_ROUNDS, "周"),
    (_WEEKS, "週"),
    (_ACTS, "齣"),
    (_DRY, "乾"),
    (_BEING, "係"),
)

# Where a surname may stand after a title, whatever a phrase of a dictionary says (长于 in 乡长于海涛).
SUSPECT = {"Hans": f"于(?<=(?:{_AHEAD})于)(?![{_DAYS}])(?={_HAN})", "Hant": "(?!)"}

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
