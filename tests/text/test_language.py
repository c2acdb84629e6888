"""The language of a story: stated, contradicted, or told from its text."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newscrawl.text.language import by_common_words, contradicts, detected, lacks_english, story_language
from tests.cost import at_most

TEXTS = {
    "en": "The harbour council of Calder voted on Monday to widen the northern quay by next spring, and the boats that lie there will have to move to the southern basin for some months, its chairman said.",
    "ko": "칼더 항만 의회는 월요일 회의에서 내년 봄까지 북쪽 부두를 넓히기로 결정했다고 의장이 밝혔다. 어선들은 몇 달 동안 남쪽 선착장을 써야 하며 의회가 그 비용을 부담하기로 했다.",
    "ja": "カルダー港の評議会は月曜日、来年春までに北の岸壁を広げることを決めたと議長が明らかにした。漁船は数か月のあいだ南の船だまりを使うことになる。",
    "zh": "卡尔德港务委员会周一投票决定在明年春天之前扩建北码头，主席在会后表示，渔船将在数月内使用南边的港池，费用由委员会承担。",
    "ar": "صوّت مجلس ميناء كالدر يوم الاثنين على توسيع الرصيف الشمالي بحلول الربيع المقبل، وقال رئيس المجلس إن القوارب ستستخدم الحوض الجنوبي لعدة أشهر.",
    "fa": "شورای بندر کالدر روز دوشنبه رأی داد که اسکله شمالی تا بهار آینده گسترش یابد و رئیس شورا گفت قایق‌های ماهیگیری چند ماه از حوضچه جنوبی استفاده خواهند کرد.",
    "ru": "Портовый совет Калдера проголосовал в понедельник за расширение северного причала к весне, сообщил председатель после заседания. Рыбакам придётся несколько месяцев стоять в южной гавани.",
    "uk": "Портова рада Калдера проголосувала в понеділок за розширення північного причалу до весни, повідомив голова після засідання. Рибалкам доведеться кілька місяців стояти в південній гавані.",
    "tr": "Calder liman meclisi pazartesi günü kuzey rıhtımının gelecek bahara kadar genişletilmesine karar verdi. Başkan, teknelerin birkaç ay boyunca güney havuzunu kullanacağını söyledi.",
    "id": "Dewan pelabuhan Calder pada hari Senin memutuskan untuk memperlebar dermaga utara sebelum musim semi tahun depan, kata ketuanya. Kapal nelayan harus memakai kolam selatan selama beberapa bulan.",
    "vi": "Hội đồng cảng Calder hôm thứ Hai đã bỏ phiếu mở rộng bến phía bắc trước mùa xuân năm tới, chủ tịch hội đồng cho biết. Tàu cá sẽ phải dùng bến phía nam trong vài tháng.",
    "th": "สภาท่าเรือคาลเดอร์ลงมติเมื่อวันจันทร์ให้ขยายท่าเทียบเรือด้านเหนือภายในฤดูใบไม้ผลิหน้า ประธานสภากล่าวว่าเรือประมงต้องใช้ท่าด้านใต้เป็นเวลาหลายเดือน",
    "es": "El consejo del puerto de Calder votó el lunes a favor de ampliar el muelle norte antes de la próxima primavera, según dijo su presidente. Los barcos tendrán que usar la dársena sur durante unos meses.",
    "fr": "Le conseil du port de Calder a voté lundi l'élargissement du quai nord d'ici au printemps prochain, a indiqué son président. Les bateaux devront utiliser le bassin sud pendant quelques mois.",
    "it": "Il consiglio del porto di Calder ha deciso lunedì di allargare la banchina nord entro la prossima primavera, ha detto il presidente. Le barche dovranno usare il bacino sud per alcuni mesi.",
    "de": "Der Hafenrat von Calder hat am Montag beschlossen, den nördlichen Kai bis zum nächsten Frühjahr zu verbreitern, sagte der Vorsitzende. Die Boote müssen einige Monate lang das südliche Becken nutzen.",
    "pt": "O conselho do porto de Calder decidiu na segunda-feira alargar o cais norte até à próxima primavera, disse o seu presidente. Os barcos terão de usar a doca sul durante alguns meses.",
    "nl": "De havenraad van Calder besloot maandag om de noordelijke kade voor het volgende voorjaar te verbreden, zei de voorzitter. De boten moeten enkele maanden gebruikmaken van het zuidelijke dok.",
    "pl": "Rada portu w Calder zdecydowała w poniedziałek o poszerzeniu północnego nabrzeża do wiosny, powiedział jej przewodniczący. Łodzie będą musiały przez kilka miesięcy korzystać z basenu południowego.",
    "el": "Το λιμενικό συμβούλιο του Κάλντερ αποφάσισε τη Δευτέρα να διευρύνει τη βόρεια αποβάθρα έως την επόμενη άνοιξη, δήλωσε ο πρόεδρός του μετά τη συνεδρίαση.",
    "he": "מועצת הנמל של קלדר החליטה ביום שני להרחיב את הרציף הצפוני עד האביב הבא, אמר יושב הראש לאחר הישיבה. הסירות ייאלצו להשתמש במעגן הדרומי במשך כמה חודשים.",
    "hi": "काल्डर की बंदरगाह परिषद ने सोमवार को उत्तरी घाट को अगले वसंत तक चौड़ा करने का फैसला किया, उसके अध्यक्ष ने बैठक के बाद कहा। नावों को कुछ महीने दक्षिणी घाट का उपयोग करना होगा।",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language_where_nobody_states_it(language: str) -> None:
    assert detected(TEXTS[language]) == language
    assert story_language(None, None, TEXTS[language]) == language


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_stated_rightly_stays(language: str) -> None:
    assert not contradicts(TEXTS[language], language)
    assert not (language == "en" and lacks_english(TEXTS[language]))
    assert story_language(language, "xx", TEXTS[language]) == language
    assert story_language(None, language, TEXTS[language]) == language


@pytest.mark.parametrize(
    ("stated", "of_site", "text", "language"),
    [
        ("en", None, "ko", "ko"),
        ("en", None, "ru", "ru"),
        ("en", None, "de", "de"),  # the theme's word
        ("en", None, "es", "es"),
        ("ko", None, "en", "en"),
        ("ja", None, "zh", "ja"),  # Han alone may be Japanese, too
        ("zh", None, "ja", "ja"),
        ("ar", None, "fa", "ar"),  # one script
        ("de", None, "fr", "de"),  # one script, and no word on which to tell
        ("sr", None, "ru", "sr"),
        ("eng", None, "en", "en"),
        ("kr", None, "ko", "ko"),
        ("jp", None, "ja", "ja"),
        (None, "ko", "en", "en"),
        (None, "de", "fr", "de"),
        ("en", "ko", "en", "en"),
    ],
    ids=range(16),
)
def test_who_is_believed(stated: str | None, of_site: str | None, text: str, language: str) -> None:
    assert story_language(stated, of_site, TEXTS[text]) == language


@pytest.mark.parametrize("text", ["", "1:0, 2:1", "KOSPI 2,345.67", "서울 (연합)", "Baker St. 12"])
def test_too_little_text_tells_nothing(text: str) -> None:
    assert story_language("en", None, text) == "en"
    assert story_language(None, "ko", text) == "ko"
    assert story_language(None, None, text) is None


def test_a_page_that_states_its_language_pays_nothing_for_it() -> None:
    code = (
        "import sys; from newscrawl.text.language import story_language as f;"
        f"f('en', None, {TEXTS['en']!r}); f('ko', None, {TEXTS['ko']!r}); f(None, 'de', {TEXTS['de']!r});"
        "assert 'py3langid' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    story_language("en", None, TEXTS["en"] * 100)
    with at_most(240):
        for _ in range(200):
            for language in ("en", "ko", "de"):
                story_language(language, None, TEXTS[language] * 100)


def test_a_text_without_a_clear_lead_is_left_to_the_library() -> None:
    xhosa = "Ibhunga lezibuko lase-Calder livote ngoMvulo ukuba landise ibhanki esemantla phambi kwentlakohlaza ezayo, utshilo usihlalo walo emva kwentlanganiso ebibanjwe kwiholo yedolophu izolo ngokuhlwa, waza wathi izikhephe ziza kuya emazantsi okwexeshana elingange nyanga ezimbini ezizayo."
    assert by_common_words(xhosa) is None
    assert detected(xhosa) == "xh" and story_language(None, None, xhosa) == "xh"
    assert story_language("en", None, xhosa) == "en", "one script: the page is believed"


def test_a_single_page_does_not_wait_for_the_model() -> None:
    command = (
        "import sys; from newscrawl import read_page; page = '<h1>Umyezo</h1>' + '<p>Ukutya kwethu kumnandi kakhulu namhlanje ekhaya</p>' * 5;"
        "print(read_page(page.encode(), 'https://paper.example/1', None).language, 'py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "False"]
