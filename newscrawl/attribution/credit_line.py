"""One grammar for every short credit line: brackets, bylines, source lines, copyright lines.

A line is a credit only if every piece of it is an agency, a person, the outlet, initials, a role or a date. One
unknown piece or one word of photography rejects the line: a wrong credit is worse than none. A line without any
agency's name, which is nearly every line, is known by one look at its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from newscrawl.attribution.agencies import UNSPECIFIED, agency_named, fold_name, may_name_agency
from newscrawl.attribution.dated import is_dated, without_dates
from newscrawl.text.byline import EMAIL, is_person
from newscrawl.text.whitespace import fold

MAX_LENGTH = 160
MAX_PIECES = 16
# Words before a name that say that somebody else wrote the rest.
WITH = (
    "with files from|with reporting from|with reporting by|additional reporting from|additional reporting by|additional reporting|"
    "with additional reporting by|with additional inputs from|with additional input from|with additional information from|"
    "with inputs from|with input from|inputs from|with agency inputs from|with material from|with information from|with contributions from|"
    "with assistance from|in collaboration with|and|with|"
    "mit material von|mit material der|mit material des|mit materialien von|mit materialien der|mit informationen von|mit informationen der|"
    "mit inhalten von|mit inhalten der|unter verwendung von|verwendete quellen|verwendete quelle|weitere quellen|weitere quelle|mit|"
    "avec les agences|avec l'|avec l’|avec la|avec|con información de|con informacion de|con información de la|con información de las|"
    "con datos de|con informes de|con|com informações de|com informações da|com informações do|com informações das|com|"
    "con informazioni|con fonte|met medewerking van|met|med|oprac|na podst|na podstawie|additional sources|autres sources|otras fuentes|"
    "fuentes adicionales|outras fontes|altre fonti|sources additionnelles"
)
# Words before a name that say that it wrote the line's story, or where the story is from.
FROM = (
    "written by|story by|reported by|posted by|submitted by|reporting by|report by|text by|words by|published by|publié par|publicado por|rédigé par|écrit par|escrito por|scritto da|geschreven door|veröffentlicht von|publicerad av|article by|article from|news from|"
    "from wire reports|from|by|von|vom|par|por|di|door|av|af|od|oleh|theo|nguồn|source|sources|story source|original source|"
    "quelle|quellen|fuente|fuentes|fonte|fontes|fonti|bron|bronnen|kilde|kilder|källa|källor|lähde|lähteet|zdroj|zdroje|"
    "źródło|źródła|forrás|sursa|surse|izvor|izvori|vir|kaynak|sumber|allikas|avots|šaltinis|text|texte|tekst|tekst und|teksti|"
    "autor|autorin|autoren|author|authors|auteur|auteurs|autore|autora|autores|writer|redaktion|publisher|provider|"
    "источник|автор|джерело|πηγή|المصدر|مصدر|منبع|स्रोत|来源|來源|出处|稿源|文|据|據|综合|출처|자료|출처 및 자료|글|出典|配信|提供元"
)


def longest_first(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split("|"), key=len, reverse=True))


# An apostrophe and a CJK word need no blank behind them.
WITH_PREFIX = re.compile(rf"(?:{longest_first(WITH)})\.?(?:\s*[:：•]\s*|\s+(?=\S)|(?<=['’]))", re.I)
FROM_PREFIX = re.compile(rf"(?:{longest_first(FROM)})(?:\s*\.?\s*[:：•|]\s*|\s+(?=\S)|(?<=[据據综合])|(?<=文)／)", re.I)
# What may surround a name and says nothing new: `Nachrichtenagentur dpa`, `der Agentur AFP`, `agence de presse Xinhua`.
DESCRIPTOR = re.compile(
    r"(?:(?:der|die|den|des|the|la|l['’]|las|les|los|il|o|a|de|von)\s*)?(?:(?:deutschen?|österreichischen?|amtlichen?)\s+)?"
    r"(?:nachrichtenagentur(?:en)?|presseagentur(?:en)?|agenturen|agentur|agences?(?: de presse)?|agencias?(?: de noticias)?|"
    r"agências?(?: de notícias)?|agenzi[ae](?: di stampa)?|news agency|newswire|wire service|persbureaus?|nyhetsbyrån|nyhetsbyrået|"
    r"nyhetsbyråene|nyhedsbureauet|uutistoimisto|agencja(?: prasowa)?|agentura|the)\s*[:：]?\s*",
    re.I,
)
DESCRIPTOR_BEHIND = re.compile(
    r"\s*(?:[-–]material|[-–]?(?:news )?agency|nachrichtenagentur|newswires?|wire(?: service)?|电|電|讯|訊|报道|記者|记者|통신사)$",
    re.I,
)
COPYRIGHT_MARK = re.compile(r"[<\[(（]?\s*(?:copyrights?\b|©|\(c\)|ⓒ|저작권자)", re.I)
COPYRIGHT_PREFIX = re.compile(
    r"[<\[(（]?\s*(?:(?:copyrights?\b|©|\(c\)|ⓒ|저작권자|공감언론|all rights reserved[.,]?|news from|by|of)\s*|\d{4}(?:\s?[-–]\s?\d{4})?[,.]?\s*)+",
    re.I,
)
COPYRIGHT_TAIL = re.compile(
    r"[.,;:|]?\s*+(?:\d{4}[.,;]?\s*+)?(?:all rights? reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|todos os direitos|"
    r"tutti i diritti|riproduzione riservata|está expresamente|this material|may not be|learn more|brought to you|more »|무단|ai 학습)"
)
DPA_NUMBER = re.compile(r",?\s*\bdpa:\d[\d-]{5,20}(?:/\d{1,3})?$")
PHOTO = re.compile(
    r"\b(?:photos?|photograph\w*|fotos?|bild(?:er|rechte|quelle|nachweis)?|images?|pictures?|pics?|getty\w*|pool|handout|file|archiv\w*|illustration|"
    r"videos?|footage|shutterstock|istock|scanpix|epa(?:-efe)?|zuma|imago|caption|graphics?|grafik|infografik|screenshot|via|courtesy|credits?|"
    r"nasa|corbis|eyevine|alamy|rex|action images|usa today sports|isopix|laif|mary evans|"
    r"crédit|kuvat?|zdjęcie|zdj|fot|fotografía|fotografia|imagen|imágenes|photographie|fotó|foto-?credit)\b|"
    r"사진|영상|그래픽|제공|写真|画像|提供|图片|圖片|图源|配图|摄|攝|фото|снимок|صورة|تصوير|צילום|φωτο",
    re.I,
)
SAID = re.compile(
    r"\b(?:is an?|was an?|covers|works? for|worked for|said|told|says|reported|according|quoted|citing|zufolge|laut|sagte|meldete|berichtete?|selon|indique|según|confirmó|secondo|"
    r"segundo|volgens|ifølge|enligt|podle|według|interview|gespräch|entretien|entrevista|intervista|intervju)\b",
    re.I,
)
SEPARATOR = re.compile(
    r"\s*(?:[/／,、，|·•;&+\n]|(?<=\w)＝|\s[-–—]+(?=\s)|(?<=\s)(?:and|und|et|y|e|og|och|ja|sowie|i|mit|avec|con|com|met|med|for|für|"
    r"with(?!\s+(?:files|reporting|inputs?|additional|material|information)\b))(?=\s)|[와과]\s)\s*",
    re.I,
)
WITH_INPUTS = re.compile(r"with (?P<who>.{2,40}?) inputs?", re.I)
# `Ouest-France avec AFP`: whoever shares, it is not the agency
OUTLET_WITH = re.compile(
    r"(?P<outlet>[^\W\d_][^,;|/\n]{1,40}?)\s(?:mit|avec|con|com|with|met|med)\s(?P<rest>[^\n]{2,60})", re.I
)
IN_BRACKETS = re.compile(r"(?P<before>[^()（）\n]{2,60}?)\s?[(（](?P<inside>[^()（）\n]{2,40})[)）]")
# `Ada Muster (avec Reuters)`, `Bo Brandt (mit dpa) | Quay`
WITH_IN_BRACKETS = re.compile(r"\s?[(（](?P<inside>(?:mit|avec|con|com|with|met|med)\s[^()（）\n]{2,60})[)）]", re.I)
# `With Quay Wire Services`, `Compiled from Example news services`
WIRES = re.compile(
    r"(?:compiled )?(?:with|from)\s(?:[\w.'&-]{1,20}\s){0,3}(?P<wires>wire services?|news services|wire reports)\.?",
    re.I,
)
STAFF_LINE = re.compile(r"^(?:by\s)?staff\s*[\n|•]\s*", re.I)  # the place of a reporter's name, left general
AND_REST = re.compile(r".*\s(?:and|und|et|y|e|og|och|&)\s+(?P<rest>\S.{0,60})", re.I)
SHARING = re.compile(r"\s(?:mit|avec|con|com|with|met|med)\s", re.I)
INITIALS = re.compile(
    r"(?:[a-zäöüß]{1,4}|[A-ZÄÖÜ]{1,3}|[a-z]{1,3}\.|[A-Z][a-zäöü]{1,2}|[a-zäöüß]{2,4} [A-ZÄÖÜ][a-zäöüß]{2,20})"
)
SLASHED = re.compile(r"[^\s/]+(?: [^\s/]+)?/[^\s/]+(?: [^\s/]+)?")  # one slash between two names
WORD = re.compile(r"[A-ZÀ-Ý][\w.+-]{2,15}")
ONE_WORD = re.compile(r"[^\W\d_a-z][\w.-]{2,15}")
PTI_INITIALS = re.compile(r"[A-Z]{2,4}(?: [A-Z]{2,4}){0,4}")
DPA_DESK = re.compile(r"l[a-z]{2}|tmn|afx|cov|ots")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,4}", re.I)
OUTLET = re.compile(
    r"(?i:the|le|la|les|el|die|der|das|il|o|a)\s+[^\W\d_a-z]|(?i:.*\b(?:times|post|herald|tribune|gazette|telegraph|journal|daily|standard|chronicle|"
    r"observer|zeitung|nachrichten|presse|tagblatt|kurier|anzeiger|diario|journal|figaro|monde|dagblad|avisen|online|redaktion|redacción|redactie|"
    r"redação|redazione|rédaction|redakce|redakcja|staff|newsroom|news desk|web desk|digital|tv|radio|channel)\b)"
)
# What a name may carry beside an agency's: `AP Auto Writer`, `Associated Press writers`, `PTI Correspondent`.
POST = re.compile(
    r"(?:[A-ZÀ-Ý][\w&’'-]*\s+){0,4}(?i:writers?|correspondents?|editors?|reporters?|staff|columnists?|journalists?|contributors?|bureau|team|"
    r"desk|newsdesk|newsroom|service|news|wire|newswires?|report|agency)"
)
ROLE_ONLY = re.compile(
    r"(?:[\w’'-]+\s+){0,4}(?:writers?|correspondents?|editors?|reporters?|staff|columnists?|journalists?|contributors?|bureau|team|desk|newsdesk|"
    r"newsroom|redaktion|redacción|redazione|rédaction|redakteure?|service|services|news|press|agency|online|기자|특파원)",
    re.I,
)
PLACE_BEHIND = re.compile(r"(?:in|à|en|aus|from|a|i)\s+[A-ZÀ-Ý][\w'’-]{1,24}(?:\s+[A-ZÀ-Ý][\w'’-]{1,24}){0,2}")
CAPITALS = re.compile(r"[A-Z][A-Z .'-]{2,30}")
CITY = re.compile(r"[A-Z][\w'’-]{2,20}(?: [A-Z][\w'’-]{2,20}){0,2}")
GLUED = re.compile(r"(?<=[A-ZÀ-Ý]{2})(?=[A-Z][a-z])|(?<=[a-zà-ý])(?=[A-Z])|(?<=[A-Z]{3})(?=Nachrichtenagentur)")
BRACKETS = '()[]（）［］【】〔〕<>〈〉《》«»"“”„ *'
EDGES = BRACKETS + ".,:;–—-•|/=_"


@dataclass(frozen=True, slots=True)
class Credit:
    """The agencies of a line, in its order; whether somebody else shares the credit; what else is in the line."""

    agencies: tuple[str, ...]
    shared: bool
    is_prefixed: bool = False  # it begins as a credit does: By, Source ...
    has_people: bool = False
    has_post: bool = False  # `AP Auto Writer`
    has_unknown: bool = False  # `Reuters/Billboard`: a word that can only be taken for the outlet

    @property
    def is_bare(self) -> bool:
        """Whether the line holds nothing but agencies and dates."""
        return not (self.shared or self.is_prefixed or self.has_people or self.has_post)


@dataclass(slots=True)
class Pieces:
    """What the pieces of a line turned out to be."""

    agencies: list[str] = field(default_factory=list)
    shared: bool = False
    prefixed: bool = False
    people: bool = False
    post: bool = False
    unknown: bool = False
    dated: bool = False
    slashed: bool = False


def read_credit(line: str, outlets: Collection[str] = ()) -> Credit | None:
    """Who a short line credits; None if it is not a credit line. `outlets` are the folded names of the site."""
    if not 2 <= len(line) <= MAX_LENGTH or not may_name_agency(line) or PHOTO.search(line) or SAID.search(line):
        return None
    line = unbracketed("\n".join(map(fold, EMAIL.sub("", line).split("\n"))))
    found = Pieces(dated=is_dated(line))
    line = without_prefixes(unfolded(line, found), found)
    found.slashed = bool(SLASHED.fullmatch(line))
    if not take_agency(line, found):
        pieces = [piece for piece in split_pieces(line) if piece]
        if len(pieces) > MAX_PIECES or not (take_pieces(pieces, found, outlets) or take_outlet_with(line, found)):
            return None
    named = list(dict.fromkeys(found.agencies))
    if len(named) > 1 and UNSPECIFIED in named:
        named.remove(UNSPECIFIED)
    shared = found.shared or named == [UNSPECIFIED] or bool(SHARING.search(line)) or is_beside_person(line, found)
    return Credit(tuple(named), shared, found.prefixed, found.people, found.post, found.unknown) if named else None


def is_beside_person(line: str, found: Pieces) -> bool:
    """`Ada Muster and AP`: joined by a word, the person is not the agency's; `Ada Muster and Bo Brandt, AP` are."""
    joined = AND_REST.search(line) if found.people else None
    return joined is not None and agency_named(SEPARATOR.split(joined["rest"], maxsplit=1)[0].strip(EDGES)) is not None


def unbracketed(line: str) -> str:
    """A line without the brackets around it and an agency's number behind it."""
    stripped = DPA_NUMBER.sub("", line.strip(BRACKETS + "\n"))
    for opened, closed in ("()", "（）"):
        if stripped.count(opened) > stripped.count(closed):
            stripped += closed
    return stripped


def unfolded(line: str, found: Pieces) -> str:
    """`with PTI inputs` -> `PTI`, shared; `Ada Muster (AFP)` -> two pieces; `Deutsche Presse-Agentur (dpa)` -> one name."""
    if inputs := WITH_INPUTS.fullmatch(line):
        found.shared = found.prefixed = True
        return inputs["who"]
    line = STAFF_LINE.sub("", WITH_IN_BRACKETS.sub(r" \g<inside>", line))
    if (wires := WIRES.fullmatch(line)) and agency_named(line.partition(" ")[2]) is None:
        found.shared = found.prefixed = True
        return wires["wires"]
    if bracket := IN_BRACKETS.fullmatch(line):
        before, inside = bracket["before"].strip(EDGES), bracket["inside"]
        agency = agency_named(inside)
        if agency is not None and agency_named(before) == agency:
            return before
        if agency is not None:
            found.unknown = True  # so are pictures credited
            return f"{before}|{inside}"
    return line


def take_pieces(pieces: list[str], found: Pieces, outlets: Collection[str]) -> bool:
    """Whether all pieces of a line may be in a credit; of two, one may be a city or an outlet that nobody knows."""
    unknown = [piece for piece in pieces if not take_piece(piece, found, outlets)]
    if len(unknown) == 1 and len(pieces) == 2 and found.agencies and ONE_WORD.fullmatch(unknown[0]):
        found.unknown = True
        return True
    return not unknown


def take_outlet_with(line: str, found: Pieces) -> bool:
    """`Ouest-France avec AFP`: an outlet that nobody knows, with agencies alone."""
    match = OUTLET_WITH.fullmatch(line)
    if match is None:
        return False
    rest = Pieces()
    pieces = [piece for piece in split_pieces(match["rest"]) if piece]
    if not pieces or len(pieces) > 4 or not all(take_agency(piece, rest) for piece in pieces):
        return False
    found.agencies = rest.agencies
    found.shared = found.unknown = True
    return True


def split_pieces(line: str) -> Iterator[str]:
    return (piece.strip(BRACKETS) for piece in SEPARATOR.split(without_dates(line)))


def without_prefixes(text: str, found: Pieces) -> str:
    """A piece without `By`, `Source:`, `With files from` ...; noted in `found`."""
    for _ in range(3):
        if agency_named(text) is not None:
            break
        if match := WITH_PREFIX.match(text):
            found.shared = found.prefixed = True
        elif match := FROM_PREFIX.match(text):
            found.prefixed = True
        else:
            break
        text = text[match.end() :].lstrip(BRACKETS)
    return text


def take_agency(text: str, found: Pieces) -> bool:
    """Whether a text, dates and describing words aside, is an agency's name; the agency is added."""
    bare = without_dates(text).strip(EDGES)
    for candidate in (bare, *described(bare)):
        if agency := agency_named(candidate):
            found.agencies.append(agency)
            return True
    joined = [agency_named(part) for part in bare.split("-")]  # `NTB-Reuters`
    if len(joined) == 2 and all(joined):
        found.agencies += [agency for agency in joined if agency]
        return True
    return False


def described(text: str) -> Iterator[str]:
    """The text without a word that only says that an agency follows or came before."""
    if before := DESCRIPTOR.match(text):
        yield text[before.end() :].strip(EDGES)
    shortened = DESCRIPTOR_BEHIND.sub("", text)
    if shortened != text:
        yield shortened.strip(EDGES)


def take_piece(piece: str, found: Pieces, outlets: Collection[str]) -> bool:
    """Whether a piece may be in a credit; what it says is noted."""
    piece = without_prefixes(piece, found)
    if take_agency(piece, found):
        return True
    piece = without_dates(piece).strip(EDGES)
    if not piece:
        return True
    if DPA_DESK.fullmatch(piece) and found.agencies == ["dpa"]:
        return True  # dpa's regional services
    if fold_name(piece) in outlets or INITIALS.fullmatch(piece) or DOMAIN.fullmatch(piece):
        found.shared = True
        return True
    if take_joined(piece, found):
        return True
    if OUTLET.match(piece) and len(piece) < 40:
        found.shared = True
        return True
    if is_person(piece):
        found.people = True
        return True
    if found.slashed and WORD.fullmatch(piece):
        found.shared = found.unknown = True
        return True
    return bool(len(piece) < 40 and ROLE_ONLY.fullmatch(piece)) or bool(found.agencies and is_city(piece, found.dated))


def take_joined(piece: str, found: Pieces) -> bool:
    """`Tom Davies Associated Press`, `AP Auto Writer`, `Associated Press in Valencia`, also glued; the agency is added."""
    for text in (piece, GLUED.sub(" ", piece)):
        words = text.split()
        for cut in range(1, min(len(words), 9)):
            head, tail = " ".join(words[:cut]), " ".join(words[cut:])
            if agency := agency_named(head):
                post = POST.fullmatch(tail)
                if post or PLACE_BEHIND.fullmatch(tail) or is_behind(agency, tail):
                    found.agencies.append(agency)
                    found.post = found.post or bool(post)
                    return True
            elif (agency := agency_named(tail)) and is_before(head):
                found.agencies.append(agency)
                found.people = True
                return True
            elif is_post_behind_name(head, tail, found):
                return True
    return False


def is_behind(agency: str, tail: str) -> bool:
    """Whether words behind an agency's name only say where, or are the initials that PTI ends its stories with."""
    return bool(CAPITALS.fullmatch(tail) if agency != "pti" else PTI_INITIALS.fullmatch(tail))


def is_before(head: str) -> bool:
    """`Ada Muster`, `Ada Muster of`, `Staff writer`: what may be before an agency's name in one piece."""
    head = head.removesuffix(" of").removesuffix(" for")
    return is_person(head) or bool(ROLE_ONLY.fullmatch(head))


def is_post_behind_name(head: str, tail: str, found: Pieces) -> bool:
    """`ERIC TUCKER AP Writer`: a name, an agency and a post in one piece."""
    first, _, rest = tail.partition(" ")
    for name, post in ((first, rest), (" ".join(tail.split()[:2]), " ".join(tail.split()[2:]))):
        if post and (agency := agency_named(name)) and POST.fullmatch(post) and is_person(head):
            found.agencies.append(agency)
            found.people = found.post = True
            return True
    return False


def is_city(piece: str, dated: bool) -> bool:
    """A city behind the agency: `AFP, MANILA`; in ordinary letters only beside a date, `PTI, Washington, Nov 20`."""
    return bool(CAPITALS.fullmatch(piece) or (dated and CITY.fullmatch(piece)))


def is_picture_credit(line: str) -> bool:
    """`Kin Cheung/Associated Press`, `Lukas Coch/dpa/AAP`: a whole name and a slash, as pictures are credited."""
    pieces = [piece.strip(EDGES) for piece in line.split("/")]
    return len(pieces) > 1 and any(
        len(piece.split()) > 1 and is_person(piece) and agency_named(piece) is None and not OUTLET.match(piece)
        for piece in pieces
    )


def read_copyright(line: str, outlets: Collection[str] = ()) -> Credit | None:
    """Who a copyright line names; None where it has no sign of copyright or names no agency."""
    line = fold(line.split("\n", 1)[0])[: 2 * MAX_LENGTH]
    if not COPYRIGHT_MARK.match(line) or not may_name_agency(line):
        return None
    prefix = COPYRIGHT_PREFIX.match(line)
    holder = line[prefix.end() if prefix else 0 :]
    if tail := COPYRIGHT_TAIL.search(holder.lower()):
        holder = holder[: tail.start()]
    holder = DPA_NUMBER.sub("", holder.strip(" .,"))
    named = agency_named(DESCRIPTOR_BEHIND.sub("", holder.strip(EDGES)).removesuffix("코리아"))
    return Credit((named,), False, True) if named else read_credit(holder, outlets)
