"""Plain text from one Chinese script to another: sentences, names, addresses, figures, quotation marks, odd input."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language.scripts import VERSION, convert
from articles.language.scripts.engine import ambiguous, converter, entries
from articles.language.scripts.tags import HONG_KONG, SIMPLIFIED, TAIWAN, form
from articles.language.style.letters import TRADITIONAL

FORMS = [SIMPLIFIED, TAIWAN, HONG_KONG]
PAIRS = [(source, target) for source in FORMS for target in FORMS if source != target]
TW, HK = re.compile(r"\{(.)(.)\}"), r"\2"


def read() -> list[tuple[str, str, str]]:
    lines = Path(__file__).with_name("script_sentences.txt").read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(simple, TW.sub(r"\1", both), TW.sub(HK, both)) for simple, both in pairs]


SENTENCES = read()


def wrong(given: list[str], wanted: list[str], source: str, target: str) -> list[tuple[str, str]]:
    """What comes out, and what should, where both differ."""
    found = [(convert(text, source, target), right) for text, right in zip(given, wanted, strict=True)]
    return [pair for pair in found if pair[0] != pair[1]]


# Sentences ----------------------------------------------------------------------------------------------------------


def test_there_are_sentences_enough():
    assert len(SENTENCES) >= 900
    assert sum(taiwan != hong_kong for _, taiwan, hong_kong in SENTENCES) >= 90


@pytest.mark.parametrize(("target", "column"), [(TAIWAN, 1), (HONG_KONG, 2)])
def test_every_sentence_comes_out_as_the_region_prints_it(target: str, column: int):
    assert wrong([row[0] for row in SENTENCES], [row[column] for row in SENTENCES], SIMPLIFIED, target) == []


@pytest.mark.parametrize(("source", "column"), [(TAIWAN, 1), (HONG_KONG, 2)])
def test_every_sentence_comes_back(source: str, column: int):
    assert wrong([row[column] for row in SENTENCES], [row[0] for row in SENTENCES], source, SIMPLIFIED) == []
    assert not [row[0] for row in SENTENCES if TRADITIONAL & set(row[0]) - set("矽锺")]


def test_the_regions_differ_in_their_letters():
    assert wrong([row[1] for row in SENTENCES], [row[2] for row in SENTENCES], TAIWAN, HONG_KONG) == []
    tobacco = str.maketrans("菸", "煙")  # which Hong Kong does not tell from smoke
    given, wanted = [row[2] for row in SENTENCES], [row[1].translate(tobacco) for row in SENTENCES]
    assert wrong(given, wanted, HONG_KONG, TAIWAN) == []


@pytest.mark.parametrize("tag", FORMS)
def test_a_text_in_the_same_script_is_left_alone(tag: str):
    column = FORMS.index(tag)
    assert wrong([row[column] for row in SENTENCES], [row[column] for row in SENTENCES], tag, tag) == []


def test_sentences_read_as_one_text_come_out_the_same():
    whole = "\n".join(row[0] for row in SENTENCES)
    assert convert(whole, SIMPLIFIED, TAIWAN) == "\n".join(row[1] for row in SENTENCES)
    assert convert(whole, SIMPLIFIED, HONG_KONG) == "\n".join(row[2] for row in SENTENCES)


@pytest.mark.parametrize(
    ("mixed", "simple"),
    [
        ("他看著這本著名的著作，接著說：裡面有名著。", "他看着这本著名的著作，接着说：里面有名著。"),
        ("他看着這本著名的著作，接着說：裏面有名著。", "他看着这本著名的著作，接着说：里面有名著。"),
        (
            "説明、稅務、鈎子、啓動、啟動、羣眾、群衆、麪包、麵包",
            "说明、税务、钩子、启动、启动、群众、群众、面包、面包",
        ),
        ("妳揹著牠，座標在礦場", "你背着它，坐标在矿场"),
        ("乾隆年間的乾坤殿，乾淨得很", "乾隆年间的乾坤殿，干净得很"),
        ("為甚麼祇有三人？甚麼都衹說一半", "为什么只有三人？什么都只说一半"),
        ("祇園寺供奉神祇和乾達婆", "祇园寺供奉神祇和乾达婆"),
        ("申請司法覆核，顛覆核心設計，覆檢後答覆", "申请司法复核，颠覆核心设计，复检后答复"),
        ("他撰著甚豐，沈著應戰", "他撰著甚丰，沉着应战"),
        ("衞生署守衞三枱飯，下顎麻痺", "卫生署守卫三台饭，下颚麻痹"),
    ],
)
@pytest.mark.parametrize("tag", ["zh-Hant", "zh-Hant-TW", "zh-Hant-HK"])
def test_letters_of_the_other_region_are_understood(mixed: str, simple: str, tag: str):
    assert convert(mixed, tag, SIMPLIFIED) == simple


@pytest.mark.parametrize("mixed", ["裡面裏面着著羣群臺台", "説說溫温"])
def test_a_text_of_no_region_is_left_alone_where_it_stands(mixed: str):
    assert convert(mixed, "zh-Hant", "zh-Hant-TW") == mixed


# Tags ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("zh-Hans", SIMPLIFIED),
        ("zh-CN", SIMPLIFIED),
        ("zh-hans-cn", SIMPLIFIED),
        ("zh_SG", SIMPLIFIED),
        ("zh-Hant", TAIWAN),
        ("ZH-TW", TAIWAN),
        ("zh-Hant-TW", TAIWAN),
        ("zh-hk", HONG_KONG),
        ("zh-Hant-HK", HONG_KONG),
        ("zh-Hant-MO", HONG_KONG),
    ],
)
def test_a_tag_names_a_form(tag: str, meant: str):
    assert form(tag) == meant


@pytest.mark.parametrize("tag", ["", "zh", "en", "bo", "zh-Latn", "yue-Hant", "zh-Hantx", "x" * 10_000, "zh-\ud800"])
def test_another_tag_is_refused(tag: str):
    with pytest.raises(ValueError, match="written form"):
        convert("字", tag, SIMPLIFIED)
    with pytest.raises(ValueError, match="written form"):
        convert("字", SIMPLIFIED, tag)


# Dictionaries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["simplified", "joints"])
def test_every_entry_of_ours_is_what_comes_out(name: str):
    lines = entries(name)
    change = converter(SIMPLIFIED, HONG_KONG)
    standard = converter(HONG_KONG, SIMPLIFIED)
    regional = converter(TAIWAN, HONG_KONG)
    found = [(key, value, change(key)) for key, value in lines.items() if change(key) != regional(value)]
    assert found == []
    assert [key for key, value in lines.items() if len(key) != len(value) or len(key) < 2] == []
    assert [key for key, value in lines.items() if standard(value) != key and not set(value) & set("昇覆徵")] == []


@pytest.mark.parametrize("name", ["taiwan", "hong_kong", "letters", "back", "traditional"])
def test_entries_keep_the_count_of_characters(name: str):
    assert [key for key, value in entries(name).items() if len(key) != len(value)] == []


def test_every_letter_of_the_press_in_hong_kong_comes_out():
    press = "說明 銳利 稅務 脫離 喜悅 閱讀 兌現 戶口 溫度 衛生 敘述 群眾 山峰 麵包 啟動 床位 厘米 屋簷 線路 污染"
    press += " 平台 裏面 看着"
    assert convert(convert(press, HONG_KONG, SIMPLIFIED), SIMPLIFIED, HONG_KONG) == press


@pytest.mark.parametrize(("traditional", "simple"), entries("traditional").items())
def test_every_entry_towards_simplified_is_what_comes_out(traditional: str, simple: str):
    assert convert(traditional, TAIWAN, SIMPLIFIED) == simple
    assert convert(traditional, HONG_KONG, SIMPLIFIED) == simple


def test_an_ambiguous_character_can_be_what_it_mostly_is():
    for letter, candidates in ambiguous(SIMPLIFIED).items():
        assert len(candidates) > 1
        assert len(set(candidates)) == len(candidates)
        assert convert(f"、{letter}、", SIMPLIFIED, TAIWAN)


@pytest.mark.parametrize(
    ("simple", "right"),
    [
        ("我国历史上", "我國歷史上"),
        ("工人制造", "工人製造"),
        ("码头发展", "碼頭發展"),
        ("头发展示", "頭髮展示"),
        ("选手表示", "選手表示"),
        ("机关系统", "機關系統"),
        ("联系统一战线", "聯繫統一戰線"),
        ("一出现", "一出現"),
        ("大会发布", "大會發佈"),
        ("体制作用", "體制作用"),
        ("有采取措施", "有採取措施"),
        ("定制服装", "定製服裝"),
        ("发出征集令", "發出徵集令"),
        ("一个中国原则", "一個中國原則"),
        ("个中滋味", "箇中滋味"),
        ("吸引了如此多的游客", "吸引了如此多的遊客"),
        ("拿出了望远镜", "拿出了望遠鏡"),
        ("表明了立场", "表明了立場"),
        ("在频道里", "在頻道裡"),
        ("节日里", "節日裡"),
        ("组织里", "組織裡"),
        ("十亿美元后", "十億美元後"),
        ("抵达银川后", "抵達銀川後"),
        ("合影后离开", "合影後離開"),
        ("人口占全县三成", "人口佔全縣三成"),
        ("占人口三成", "佔人口三成"),
        ("并为群众服务", "並為群眾服務"),
        ("并发放补助", "並發放補助"),
        ("并成立专班", "並成立專班"),
        ("于山南市举行", "於山南市舉行"),
        ("于越南举行", "於越南舉行"),
        ("于都县", "于都縣"),
        ("百余天", "百餘天"),
        ("飞回天津", "飛回天津"),
        ("融合中医", "融合中醫"),
        ("折合人民币", "折合人民幣"),
        ("宣布复工", "宣佈復工"),
        ("网上复查", "網上複查"),
        ("桥头发生车祸", "橋頭發生車禍"),
        ("头发出油", "頭髮出油"),
        ("带头发言", "帶頭發言"),
        ("飞机制造", "飛機製造"),
        ("半导体制造", "半導體製造"),
        ("机制作用", "機制作用"),
        ("上海参与", "上海參與"),
        ("国家具有主权", "國家具有主權"),
        ("家具有限公司", "傢俱有限公司"),
        ("市长征集意见", "市長徵集意見"),
        ("首批准备", "首批準備"),
        ("批准备案", "批准備案"),
        ("渔船只能", "漁船只能"),
        ("对外汇报", "對外彙報"),
    ],
)
def test_a_phrase_across_two_words_does_not_decide(simple: str, right: str):
    assert convert(simple, SIMPLIFIED, TAIWAN) == right


def test_the_version_names_what_decides():
    assert re.fullmatch(r"opencc-[0-9.]+\+[0-9a-f]{12}", VERSION)


# Rules --------------------------------------------------------------------------------------------------------------

NAMED = [
    ("于老师来了", "于老師來了"),
    ("本报记者 于小梅 范志远", "本報記者 于小梅 范志遠"),
    ("（记者 余志强）", "（記者 余志強）"),
    ("县长余建国表示", "縣長余建國表示"),
    ("书记于伟说", "書記于偉說"),
    ("和于小姐一起", "和于小姐一起"),
    ("问了范医生", "問了范醫生"),
    ("被告人于某当庭认罪", "被告人于某當庭認罪"),
    ("老余、小范和老涂", "老余、小范和老涂"),
    ("名叫于小梅", "名叫于小梅"),
    ("朴教授、郁律师、岳队长", "朴教授、郁律師、岳隊長"),
    ("钟局长看了看钟楼", "鍾局長看了看鐘樓"),
    ("游书记、游某", "游書記、游某"),
    ("局长于伟，书记于建国。", "局長于偉，書記于建國。"),
    ("记者范文华", "記者范文華"),
    ("记者于小梅说", "記者于小梅說"),
    ("（记者 于伟）", "（記者 于偉）"),
    ("（图/记者于伟）", "（圖/記者于偉）"),
    ("董事长于军，支书于海到场", "董事長于軍，支書于海到場"),
]
PLAIN = [
    ("位于老师宿舍", "位於老師宿舍"),
    ("对于记者来说", "對於記者來說"),
    ("由于主任不在", "由於主任不在"),
    ("于老师而言，这是小事", "於老師而言，這是小事"),
    ("取决于教练", "取決於教練"),
    ("于昨日抵达", "於昨日抵達"),
    ("记者于昨日获悉", "記者於昨日獲悉"),
    ("记者于近日表示", "記者於近日表示"),
    ("县长于会上说", "縣長於會上說"),
    ("嫌疑人于某日潜逃", "嫌疑人於某日潛逃"),
    ("其余老师", "其餘老師"),
    ("300余名教师", "300餘名教師"),
    ("二十余位专家和医生", "二十餘位專家和醫生"),
    ("业余教练", "業餘教練"),
    ("示范老师", "示範老師"),
    ("规范主任", "規範主任"),
    ("忧郁先生", "憂鬱先生"),
    ("五分钟记者会", "五分鐘記者會"),
    ("导游小姐", "導遊小姐"),
    ("旅游局局长", "旅遊局局長"),
    ("糊涂先生", "糊塗先生"),
    ("小范围试点，小余量", "小範圍試點，小餘量"),
    ("塌方、余震、滑坡", "塌方、餘震、滑坡"),
    ("涂上、涂成、涂有红漆", "塗上、塗成、塗有紅漆"),
    ("范文、范例、范本", "範文、範例、範本"),
    ("余干县、余庆县、余姚市", "餘干縣、餘慶縣、余姚市"),
    ("主任游泳，记者涂改", "主任游泳，記者塗改"),
    ("游客于山顶，居民于家中，", "遊客於山頂，居民於家中，"),
    ("记者于拉萨报道", "記者於拉薩報道"),
    ("校长于操场，", "校長於操場，"),
    ("学生涂药，医生涂上", "學生塗藥，醫生塗上"),
    ("重建于家中，对于姓名、由于姓氏", "重建於家中，對於姓名、由於姓氏"),
]
FIGURES = [
    ("300只羊", "300隻羊"),
    ("三百余只羊", "三百餘隻羊"),
    ("十多只鸟", "十多隻鳥"),
    ("5万只", "5萬隻"),
    ("３只", "３隻"),
    ("五十只是最低要求", "五十只是最低要求"),
    ("100只能算少的", "100只能算少的"),
    ("一只是黑的", "一隻是黑的"),
    ("这只是开始", "這只是開始"),
    ("其余只有三人", "其餘只有三人"),
    ("走了30里，又走了百余里", "走了30里，又走了百餘里"),
    ("百里挑一", "百裡挑一"),
    ("三里屯、八里乡", "三里屯、八里鄉"),
    ("平里村，大里村的", "平里村，大里村的"),
    ("山里村民、村里社区", "山裡村民、村裡社區"),
    ("10天后、数天后、多天后", "10天後、數天後、多天後"),
    ("天后宫", "天后宮"),
    ("第5周、20周岁", "第5週、20週歲"),
]


@pytest.mark.parametrize(("simple", "right"), [*NAMED, *PLAIN, *FIGURES])
def test_names_and_figures_decide(simple: str, right: str):
    assert convert(simple, SIMPLIFIED, TAIWAN) == right


# The glossary -------------------------------------------------------------------------------------------------------

NAMES = [
    ("于小梅", "于小梅"),
    ("范志远", "范志遠"),
    ("余秋里", "余秋里"),
    ("干露露", "干露露"),
    ("乾荣", "乾榮"),
    ("后志光", "后志光"),
    ("里根", "雷根"),
    ("特朗普", "川普"),
    ("新西兰", "紐西蘭"),
    ("平里", "平里"),
    ("发发", "发发"),
    ("AT&T中国", "AT&T中国"),
    ("面", "面"),
]


@pytest.mark.parametrize(("name", "became"), NAMES)
@pytest.mark.parametrize("around", ["{}", "由{}发来", "头{}发", "（{}）", "{0}、{0}", "3只{}里面", "{}老师"])
def test_a_name_stands_as_the_glossary_says(name: str, became: str, around: str):
    glossary = [(name, became)]
    once = around.replace("{0}", "{}")
    before, _, after = once.partition("{}")
    for target in (TAIWAN, HONG_KONG):
        text = convert(once.replace("{}", name), SIMPLIFIED, target, glossary)
        assert text.count(became) >= once.count("{}")
        assert text.startswith(convert(before, SIMPLIFIED, target)) or after


def test_the_longest_name_counts_and_the_first_of_equal_ones():
    glossary = [("范志", "X"), ("范志远", "范志遠"), ("范志远", "Y"), ("范", "Z"), ("", "never")]
    assert convert("范志远、范志、范、师范", SIMPLIFIED, TAIWAN, glossary) == "范志遠、X、Z、師Z"


def test_a_glossary_may_be_any_iterable_and_as_large_as_a_desk_needs():
    glossary = ((f"于{number}号", f"于{number}號！") for number in range(3000))
    assert convert("于2999号和于3号", SIMPLIFIED, TAIWAN, glossary) == "于2999號！和于3號！"
    deep = [("发" * length, "髮" * length) for length in range(1, 1200)]
    assert convert("发" * 1300, SIMPLIFIED, TAIWAN, deep) == "髮" * 1300


def test_names_may_hold_what_a_pattern_would_read():
    glossary = [("发]里", "发]里"), ("发^", "发^"), ("发-面", "发-面"), ("发\\", "发\\"), ("(发)", "(发)")]
    text = "发]里 发^ 发-面 发\\ (发)"
    assert convert(text, SIMPLIFIED, TAIWAN, glossary) == text


def test_a_name_goes_the_other_way_too():
    assert convert("於小梅和雷根在裡面", TAIWAN, SIMPLIFIED, [("雷根", "里根"), ("於", "於")]) == "於小梅和里根在里面"


def test_the_same_script_needs_no_glossary():
    assert convert("里根", SIMPLIFIED, "zh-CN", [("里根", "雷根")]) == "里根"


# Addresses ----------------------------------------------------------------------------------------------------------

ADDRESSES = [
    "https://example.com/新闻/头发",
    "http://example.cn/里面?面=发&后=1#里程",
    "https://例子.中国/发展",
    "https://zh.wikipedia.org/wiki/头发",
    "https://example.com/a/发展报告.html",
    "https://example.com/G20峰会/里程.pdf",
    "HTTPS://EXAMPLE.COM/发",
    "ftp://example.com/后面",
    "www.例子.中国/面条",
    "www.example.com/发展",
    "example.com/里程/发",
    "news.example.com.cn/台风",
    "https://example.com/里面_发展-后来",
    "news@新闻.中国",
    "发展@example.com",
    "头发.里@example.com",
    "@头条发布",
    "@平安里程",
    "#里程碑#",
    "#头发 2026#",
    "#后来",
    "＠后台",
    "＃里程碑＃",
    "https://user:pw@example.com/发",
    "https://example.com:8080/发",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "详情见 {} 。", "头发（{}）里面", "发：{}，发", "{}\n发"])
def test_an_address_stays(address: str, around: str):
    before, after = around.split("{}")
    for target in (TAIWAN, HONG_KONG):
        wanted = convert(before, SIMPLIFIED, target) + address + convert(after, SIMPLIFIED, target)
        assert convert(around.replace("{}", address), SIMPLIFIED, target) == wanted


@pytest.mark.parametrize(
    ("simple", "right"),
    [
        ("登录https://example.com查询里程", "登錄https://example.com查詢里程"),
        ("见www.example.com，头发", "見www.example.com，頭髮"),
        ("写信给news@example.com的头发", "寫信給news@example.com的頭髮"),
        ("2026/08/05头发", "2026/08/05頭髮"),
        ("评分4.5/头发", "評分4.5/頭髮"),
        ("3#楼后面", "3#樓後面"),
        ("第#1、#2号楼后面", "第#1、#2號樓後面"),
        ("km/发电", "km/發電"),
        ("他说@", "他說@"),
        ("# 头发", "# 頭髮"),
        ("头发/里面", "頭髮/裡面"),
    ],
)
def test_what_only_looks_like_an_address_is_converted(simple: str, right: str):
    assert convert(simple, SIMPLIFIED, TAIWAN) == right


@pytest.mark.parametrize("joint", "\xad\u200b\u200c\u200d\u2060")
def test_what_nobody_sees_parts_no_word_and_stays(joint: str):
    text, right = (
        there.replace("|", joint) for there in ("|理|发||店，新西|兰的于老|师|", "|理|髮||店，紐西|蘭島的于老|師|")
    )
    assert convert(text, SIMPLIFIED, TAIWAN, [("新西兰", "紐西蘭島")]) == right
    assert convert(f"见https://example.com/{joint}头发", SIMPLIFIED, TAIWAN) == f"見https://example.com/{joint}頭髮"


# Quotation marks ----------------------------------------------------------------------------------------------------

QUOTED = [
    ("他说：“走。”", "他說：「走。」"),
    ("“他说‘走’吗？”", "「他說『走』嗎？」"),
    ("“甲‘乙“丙”丁’戊”", "「甲『乙「丙」丁』戊」"),
    ("使用“Windows”系统", "使用「Windows」系統"),
    ("他写道：“It’s ‘fine’ here.”", "他寫道：「It’s ‘fine’ here.」"),
    ("“We will go,” he said.", "“We will go,” he said."),
    ("It’s the students’ choice.", "It’s the students’ choice."),
    ("“第一段。\n“第二段。”", "「第一段。\n「第二段。」"),
    ("——“WTO”——成员", "——「WTO」——成員"),
    ("‘甲’与‘乙’", "『甲』與『乙』"),
    ("5’ 10”", "5’ 10”"),
    ("没有", "沒有"),
    ("“”", "“”"),
]


@pytest.mark.parametrize(("simple", "right"), QUOTED)
def test_quotation_marks_turn_where_that_is_wished(simple: str, right: str):
    assert convert(simple, SIMPLIFIED, TAIWAN, quotes=True) == right


def test_quotation_marks_stay_unless_that_is_wished():
    assert convert("“头发”", SIMPLIFIED, TAIWAN) == "“頭髮”"
    assert convert("「頭髮」", TAIWAN, SIMPLIFIED) == "「头发」"


def test_quotation_marks_turn_back():
    assert convert("「他說『走』嗎？」", TAIWAN, SIMPLIFIED, quotes=True) == "“他说‘走’吗？”"
    assert convert("「頭」", TAIWAN, HONG_KONG, quotes=True) == "「頭」"


def test_quotation_marks_of_a_name_are_the_name_s():
    assert convert("见“中国”和“里”", SIMPLIFIED, TAIWAN, [("“中国”", "“中国”")], quotes=True) == "見“中国”和「裡」"


@given(st.text(alphabet="“”‘’「」甲ab \n，’", max_size=60))
def test_quotation_marks_never_change_anything_else(text: str):
    turned = convert(text, SIMPLIFIED, TAIWAN, quotes=True)
    raised = str.maketrans("「」『』", "“”‘’")
    assert turned.translate(raised) == text.translate(raised)


# Odd input ----------------------------------------------------------------------------------------------------------

ODD = [
    "",
    "\0",
    "\ud800",
    "\udfff头\udc00发",
    "\ue000\ue001\uf8ff",
    "头\ue000发",
    "头\0发",
    "\U0001f600\U00020000\U000f0000",
    "发\u0301\ufe00",
    "\ufeff头发\r\n\t",
    "\ufffd\ufffe\uffff",
    "e\u0301",
    "\u202e发",
]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_odd_text_is_not_lost(text: str, source: str, target: str):
    converted = convert(text, source, target, [("发", "髮")], quotes=True)
    assert len(converted) == len(text)
    assert [letter for letter in converted if letter not in "頭髮头发"] == [
        letter for letter in text if letter not in "頭髮头发"
    ]


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_nothing_raises_and_no_character_is_lost(text: str):
    for source, target in PAIRS:
        assert len(convert(text, source, target)) == len(text)


@given(st.text(alphabet="发里面后只余于范老师3@#/.:wа头 、https\ue000\0\ud800“”", max_size=60))
def test_masks_and_rules_lose_nothing(text: str):
    glossary = [("发里", "髮"), ("面", "麵麵"), ("老师", "老師")]
    assert len(convert(text, SIMPLIFIED, TAIWAN)) == len(text)
    kept = convert(text, SIMPLIFIED, TAIWAN, glossary)
    for odd in "\ue000\0\ud800":
        assert kept.count(odd) == text.count(odd)


@pytest.mark.parametrize(
    "text",
    [
        "头发" * 1_000_000,
        "@" * 500_000,
        "#发" * 300_000,
        "a." * 500_000,
        "https://发" * 100_000,
        "于" * 500_000,
        "“" * 300_000,
        "‘" * 100_000 + "”" * 100_000,
        "3只" * 300_000,
        "a" * 500_000 + "@",
        "发@" * 200_000,
    ],
    ids=lambda text: text[:6],
)
def test_a_very_long_text_is_converted(text: str):
    assert len(convert(text, SIMPLIFIED, HONG_KONG, [("发发", "發發")], quotes=True)) == len(text)


def test_many_threads_get_the_same():
    texts = [row[0] for row in SENTENCES] * 3
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: convert(text, SIMPLIFIED, HONG_KONG, [("拉萨", "拉薩")]), texts))
    assert found == [row[2] for row in SENTENCES] * 3


def test_there_is_one_converter_for_two_forms():
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: id(converter(HONG_KONG, TAIWAN).__self__), range(64)))  # type: ignore[attr-defined]
    assert len(made) == 1
