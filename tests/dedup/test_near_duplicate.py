from __future__ import annotations

import random
from typing import Any

import pytest

from newscrawl.dedup.near_duplicate import THRESHOLD, headlines_disagree, judge, measure
from newscrawl.dedup.shingle import Sketch, shingles_of
from newscrawl.dedup.version import stated_change, steady
from tests.dedup.texts import ARTICLES, article


def is_same(known: tuple[str, str], new: tuple[str, str]) -> bool:
    sketch = Sketch.unpacked(shingles_of(known[0], known[1]).packed())
    shingles = shingles_of(new[0], new[1])
    return judge(measure(shingles, sketch)) >= THRESHOLD and not headlines_disagree(shingles, sketch)


def joined(*parts: list[str]) -> str:
    return "\n\n".join(paragraph for part in parts for paragraph in part)


HEAD, STORY = article(1)
OTHER_HEAD, OTHER = article(2)
SHORT_HEAD, SHORT = (
    "CALDER WOOL CO <CWC> SETS DIVIDEND",
    "Qtly div 12 cts vs 12 cts prior\n\nPay April 15\n\nRecord March 27",
)
MARKET = "The Calder index {verb} {a} percent on {day} to close at {b}, with {who} led by {x} and {y}.\n\nTurnover on the main board was {c} billion shares, compared with a thirty-day average of {d} billion shares.\n\nAdvancing issues trailed declining ones by a ratio of {e} to 1 on the exchange.\n\nTrading has been thin in recent sessions as many wait for clearer signals on the direction of interest rates.\n\nIn the bond market the yield on the ten-year note was at {f} percent, against {g} percent in the session before."


def market(seed: int) -> str:
    chance = random.Random(seed)
    figures = {name: f"{chance.uniform(1, 90):.2f}" for name in "abcdefg"}
    names = chance.sample(["Orrin Steel", "Pell Bank", "Linden Foods", "Tarn Rail", "Sable Air", "Varn Power"], 2)
    return MARKET.format(verb="fell", day="Monday", who="losses", x=names[0], y=names[1], **figures)


PAIRS: list[tuple[str, tuple[str, str], tuple[str, str], bool]] = [
    ("the same text", (HEAD, joined(STORY)), (HEAD, joined(STORY)), True),
    ("another headline", (HEAD, joined(STORY)), ("Late news from the coast", joined(STORY)), True),
    ("another dateline, credit moved", (HEAD, joined(STORY)), (HEAD, "CALDER (Meridian) — " + joined(STORY)), True),
    ("half of it cut", (HEAD, joined(STORY)), (HEAD, joined(STORY[: len(STORY) // 2])), True),
    ("the cut one came first", (HEAD, joined(STORY[: len(STORY) // 2])), (HEAD, joined(STORY)), True),
    ("a local paragraph in it", (HEAD, joined(STORY)), (HEAD, joined(STORY[:2], OTHER[5:6], STORY[2:])), True),
    ("paragraphs merged, other quotation marks", (HEAD, joined(STORY)), (HEAD, " ".join(STORY).replace('"', "“")), True),
    ("another story", (HEAD, joined(STORY)), (OTHER_HEAD, joined(OTHER)), False),
    ("a story with the same background at its end", (HEAD, joined(STORY)), (OTHER_HEAD, joined(OTHER, STORY[-3:])), False),
    ("a follow-up that repeats the first story's lead far down", (HEAD, joined(STORY)), (OTHER_HEAD, joined(OTHER, STORY[:3])), False),
    ("two market reports of one template", ("Calder index falls", market(1)), ("Calder index falls", market(2)), False),
    ("the same market report, shortened", ("Calder index falls", market(1)), ("Shares lower", "\n\n".join(market(1).split("\n\n")[:3])), True),
    ("the same dividend of two companies", (SHORT_HEAD, SHORT), ("TARN RAIL INC <TRN> SETS DIVIDEND", SHORT), False),
    ("two dividends of one company", (SHORT_HEAD, SHORT), (SHORT_HEAD, "Qtly div 15 cts vs 14 cts prior\n\nPay July 14\n\nRecord June 26"), False),
    ("the same dividend of one company, rewritten a little", (SHORT_HEAD, SHORT), (SHORT_HEAD, "CALDER: " + SHORT.replace("vs", "versus")), True),
    ("empty", ("", ""), ("", ""), False),
    ("empty and a story", (HEAD, joined(STORY)), ("", ""), False),
    ("one word", ("", "word"), ("", "word"), False),
]  # fmt: skip


@pytest.mark.parametrize(("known", "new", "same"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_which_texts_are_one_story(known: tuple[str, str], new: tuple[str, str], same: bool) -> None:
    assert is_same(known, new) is same


SPACELESS: dict[str, Any] = {
    "Chinese": ("港务委员会周一投票决定在明年春天之前拓宽北码头，会议结束后主席对记者表示。", "这项工程预计耗资九百万元，其中一半将通过贷款筹集，根据会后公布的计划。", "渔船将不得不在几个月内使用南部港池，船主们此前曾要求委员会避免这种情况。", "委员会表示将为较长的航程支付费用，并请船主们提交申请。", "面包师在老城区的烤炉下发现了一口自大洪水以来无人见过的钟，他告诉邻居们。", "这口钟的重量与一头小牛相当，上面刻有铸造年份，一位教师向人群念了出来。", "博物馆希望得到它，但面包师说它将在每天早晨第一炉面包出炉时敲响。"),
    "Japanese": ("港湾評議会は月曜日、来春までに北岸壁を拡張することを賛成多数で決めたと議長が会議後に述べた。", "工事の費用はおよそ九百万円で、公表された計画によるとその半分は借り入れで賄われる。", "漁船は数か月の間、南の船だまりを使わなければならないが、船主らはそれを避けるよう求めていた。", "評議会は遠回りの費用を負担すると述べ、船主らに申請を呼びかけた。", "旧市街のパン職人が、大洪水以来誰も見たことのない鐘を窯の下から見つけたと隣人に語った。", "鐘は子牛ほどの重さがあり、鋳造の年が文字で刻まれていて、教師が人々に読み上げた。", "博物館は引き取りを求めたが、職人は毎朝最初のパンが焼けたら鳴らすと話している。"),
    "Thai": ("คณะกรรมการท่าเรือลงมติเมื่อวันจันทร์ให้ขยายท่าเทียบเรือด้านเหนือภายในฤดูใบไม้ผลิหน้า ประธานกล่าวหลังการประชุม", "งานนี้จะใช้เงินราวเก้าล้านตามแผนที่เผยแพร่ และครึ่งหนึ่งจะมาจากการกู้ยืม", "เรือประมงจะต้องใช้ท่าด้านใต้เป็นเวลาหลายเดือนซึ่งเจ้าของเรือเคยขอให้หลีกเลี่ยง", "คณะกรรมการกล่าวว่าจะจ่ายค่าเดินทางที่ไกลขึ้น", "คนทำขนมปังในเมืองเก่าพบระฆังใต้เตาอบที่ไม่มีใครเห็นตั้งแต่น้ำท่วมใหญ่ เขาบอกเพื่อนบ้าน", "มันหนักเท่าลูกวัวและมีปีที่หล่อเป็นตัวอักษรซึ่งครูคนหนึ่งอ่านให้ฝูงชนฟัง", "พิพิธภัณฑ์ขอมันไป แต่คนทำขนมปังบอกว่าจะตีทุกเช้าเมื่อขนมปังก้อนแรกสุก"),
    "Korean": ("항만 위원회는 월요일 내년 봄까지 북쪽 부두를 넓히기로 의결했다고 위원장이 회의를 마친 뒤 밝혔다.", "공사에는 약 900만원이 들며 공개된 계획에 따르면 그 절반은 빌려서 마련하게 된다.", "어선들은 몇 달 동안 남쪽 선착장을 써야 하는데 선주들은 이를 피해 달라고 요청해 왔다.", "위원회는 더 먼 길에 드는 비용을 내겠다고 밝히고 선주들에게 신청을 당부했다.", "구시가지의 한 제빵사가 대홍수 이후 아무도 보지 못한 종을 화덕 밑에서 찾았다고 이웃들에게 말했다.", "종은 송아지만큼 무겁고 주조한 해가 글자로 새겨져 있어 한 교사가 사람들에게 읽어 주었다.", "박물관이 종을 달라고 했지만 제빵사는 아침마다 첫 빵이 나오면 종을 치겠다고 말했다."),
}  # fmt: skip


@pytest.mark.parametrize("language", SPACELESS)
def test_languages_without_spaces_and_korean(language: str) -> None:
    lines = list(SPACELESS[language])
    story, other = lines[:4], lines[4:]
    assert is_same(("一", joined(story)), ("二", joined(story[:3])))
    assert is_same(("一", joined(story[:3])), ("二", joined(story)))
    assert is_same(("一", joined(story)), ("二", "（記者） " + joined(story[:3], other[2:])))
    assert not is_same(("一", joined(story)), ("二", joined(other)))
    assert not is_same(("一", joined(story)), ("二", joined(other, story[3:])))


@pytest.mark.parametrize("number", range(len(ARTICLES)))
def test_no_two_of_the_test_articles_are_one_story(number: int) -> None:
    head, story = article(number)
    for other in range(len(ARTICLES)):
        other_head, other_story = article(other)
        assert is_same((head, joined(story)), (other_head, joined(other_story))) is (number == other)


STATED = [
    ("(LEAD) Council widens quay", "", "update"),
    ("(2nd LD) Council widens quay", "", "update"),
    ("UPDATE 2-Council widens quay", "", "update"),
    ("Council widens quay", "(Adds details, quotes)\n\nCALDER", "update"),
    ("(종합2보) 부두 넓힌다", "", "update"),
    ("부두 넓힌다(종합)", "", "update"),
    ("(Corrected) Council widens quay", "", "correction"),
    ("CORRECTED-Council widens quay", "", "correction"),
    ("Council widens quay", "(Corrects figure in second paragraph)\n\nCALDER", "correction"),
    ("Council widens quay", "The council voted.\n\nCorrection: An earlier version of this story misstated the cost.", "correction"),
    ("[정정] 부두 넓힌다", "", "correction"),
    ("부두 넓힌다", "<고침> 첫 문단의 금액을 바로잡습니다.", "correction"),
    ("WITHDRAWN: Council widens quay", "", "withdrawal"),
    ("KILL - Council widens quay", "", "withdrawal"),
    ("Council widens quay", "This story has been withdrawn.", "withdrawal"),
    ("[기사 삭제] 부두 넓힌다", "", "withdrawal"),
    ("Council widens quay", "The council voted on Monday.", None),
    ("Market correction looms, analysts say", "Shares fell.", None),
    ("Kill Bill star dies", "", None),
    ("Band takes lead in charts", "The update came late.", None),
    ("Troops withdrawn from the border", "The unit was withdrawn on Monday, officials said.", None),
    ("Update on the weather", "It will rain.", None),
]  # fmt: skip


@pytest.mark.parametrize(("headline", "text", "expected"), STATED)
def test_what_a_story_states_of_itself(headline: str, text: str, expected: str | None) -> None:
    assert stated_change(headline, text) == expected


CHURN = [
    ("Updated 5 minutes ago, 12:30", True), ("1,204 views", True), ("3 min read", True), ("입력 2026.11.23 10:00", True), ("조회수 1,204", True),
    ("Updated rules on 3 quays will follow. They are long.", False), ("12 boats sank on Monday.", False), ("It is raining.", False),
    ("3 shares were sold for a low price, the broker who sold all three of them told the court of Varn on Monday", False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "goes"), CHURN)
def test_lines_that_change_by_themselves(line: str, goes: bool) -> None:
    text = "\n\n".join([*STORY, line])
    assert (steady(text) == "\n\n".join(STORY)) is goes
