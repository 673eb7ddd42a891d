"""What the words around a report mean: link labels that name no report, and the names of page furniture.

Lists of words in the languages that reports are most often published in; each is compared in lower case.
"""

import re

__all__ = [
    "AUTHOR_WORDS",
    "CARD_WORDS",
    "DATE_WORDS",
    "FURNITURE",
    "FURNITURE_PAIRS",
    "MORE_WORDS",
    "NEXT_WORDS",
    "PAGER_WORDS",
    "PAGE_WORDS",
    "SUMMARY_WORDS",
    "TITLE_WORDS",
    "TOPIC_WORDS",
    "is_generic",
    "is_label",
    "name_words",
    "without_call",
    "without_lead_in",
    "word_set",
]


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which is how the lists here are written."""
    return frozenset(text.split())


_GENERIC_WORDS = word_set("""
    read more view download full report here click pdf details detail learn continue reading open see document file
    publication article the this a an to of in and go get find out about online text version page pages website link
    summary executive kb mb gb o kib mib en english french access visit now show preview print html doc docx web
    lire la suite savoir plus télécharger le les rapport voir consulter document ouvrir
    mehr weiterlesen lesen erfahren herunterladen ansehen bericht details zum zur öffnen anzeigen
    leer más mas descargar ver informe seguir leyendo saber completo el
    leia mais saiba ler baixar descarregar relatório continuar lendo
    leggi tutto di più scarica continua scopri rapporto apri vai
    lees meer verder downloaden bekijk rapport lezen
    läs mer ladda ner les mer last ned læs mere lue lisää lataa
    czytaj więcej pobierz zobacz číst více stáhnout tovább letöltés devamı devamını oku indir
    читать далее подробнее скачать ещё докладніше завантажити
    διαβάστε περισσότερα λήψη
    続きを読む 詳細 詳しく見る ダウンロード 阅读更多 查看详情 下载 更多 자세히 보기 다운로드
    اقرأ المزيد تحميل קרא עוד
    """)
_LEAD_IN = re.compile(
    r"^(?:read (?:more|the full report|on)|learn more|find out more|see more|view (?:more|details)|more|"
    r"continue reading|lire la suite|en savoir plus|weiterlesen|mehr (?:lesen|erfahren)|leer más|saber más|"
    r"leia mais|saiba mais|leggi (?:tutto|di più)|lees (?:meer|verder)|läs mer|les mer|læs mere)\b"
    r"(?=\s*(?:$|[:\-–—»>…]|about\b|on\b|of\b|from\b|sur\b|über\b|zu\b|sobre\b|su\b|over\b|om\b|“|\"|'))"
    r"\s*(?:about|on|of|from|sur|über|zu|sobre|su|over|om)?\b[\s:\-–—»>…]*",
    re.IGNORECASE,
)
_CALL_AT_END = re.compile(
    r"([.!?…\]])\s?(?:read (?:more|on)|learn more|find out more|continue reading|lire la suite|en savoir plus|"
    r"weiterlesen|mehr lesen|leer más|saiba mais|leia mais|leggi tutto|lees meer|läs mer|les mer)[\s.…»›>→]{0,6}$",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"\d[\d.,]{0,9}\s?(?:[kmg]i?b|ko|mo|pages?|pp)\b")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LABEL = re.compile(
    r"(?:published|posted|publication date|date|updated|last updated|released|issued|filed|by|authors?|topics?|tags?|"
    r"categor(?:y|ies)|themes?|subjects?|filed under|posted in|posted on|published on|keywords?|and|on|in|share|"
    r"publié le|veröffentlicht am|publicado(?: el| em)?|pubblicato il|gepubliceerd op|new|file type|file size|"
    r"format|size|type)?",
    re.IGNORECASE,
)
_FILE_FACTS = re.compile(r"[\W_]*(?:(?:pdf|docx?|file|opens in a new (?:tab|window)|[\d.,]+ ?[kmg]?i?b|"
                         r"\d+ ?(?:pages|pp?|seiten|páginas))[\W_]*)+", re.IGNORECASE)  # fmt: skip

NEXT_WORDS = frozenset(
    """next|next page|older|older posts|older entries|older items|older articles|older reports|
    more results|next results|next posts|forward|go to next page|suivant|suivante|page suivante|précédents|
    articles plus anciens|weiter|nächste|nächste seite|nächster|vor|ältere beiträge|ältere einträge|
    siguiente|página siguiente|
    siguientes|entradas más antiguas|entradas antiguas|próxima|próximo|próxima página|seguinte|avançar|
    mensagens antigas|successivo|successiva|avanti|prossimo|prossima|pagina successiva|post più vecchi|volgende|
    volgende pagina|oudere berichten|nästa|nästa sida|neste|neste side|næste|næste side|seuraava|następna|
    następny|dalej|następna strona|další|další stránka|ďalšia|ďalej|következő|următoarea|următorul|sonraki|
    sonraki sayfa|ileri|следующая|следующая страница|вперед|вперёд|далее|след|наступна|далі|следваща|επόμενη|
    επόμενο|次へ|次|次のページ|次ページ|下一页|下一頁|下页|后一页|다음|다음 페이지|التالي|הבא|berikutnya|selanjutnya|
    tiếp|tiếp theo|sau|ถัดไป|अगला""".replace("\n    ", "").split("|")
)  # fmt: skip

MORE_WORDS = frozenset(
    """load more|show more|view more|see more|more|more reports|more items|more posts|load more reports|
    show more reports|load more results|show more results|load more posts|load more items|charger plus|voir plus|
    afficher plus|plus de résultats|mehr laden|mehr anzeigen|weitere laden|weitere anzeigen|cargar más|ver más|
    mostrar más|carregar mais|ver mais|mostrar mais|carica altri|carica altro|mostra altri|meer laden|toon meer|
    meer tonen|visa fler|ladda fler|vis flere|vis mere|last inn flere|näytä lisää|załaduj więcej|pokaż więcej|
    показать ещё|показать еще|загрузить ещё|загрузить еще|
    もっと見る|さらに表示|加载更多|載入更多|
    더 보기|더보기""".replace("\n    ", "").split("|")
)  # fmt: skip
PAGE_WORDS = word_set(
    "page p pg paged pagenum pageno seite pagina página side sida strona start offset from skip first begin"
)

FURNITURE = word_set(
    """nav navbar navigation topnav subnav menu submenu megamenu menubar breadcrumb breadcrumbs crumbs sidebar footer
    masthead pagination pager paginator pagenav pagenavi cookie cookies consent gdpr share sharing social addthis
    skiplink tagcloud related newsletter subscribe login signin toolbar advert adverts ads popup facet facets filters
    copyright"""
)
FURNITURE_PAIRS = word_set(
    """tag-cloud most-read most-popular most-viewed site-header site-footer page-header main-header global-header
    top-bar back-top language-switcher language-selector side-bar see-also skip-link skip-links site-map quick-links
    wp-sidebar widget-area privacy-banner sign-up"""
)
TITLE_WORDS = word_set("title headline heading titre titel titulo")
SUMMARY_WORDS = word_set("summary teaser excerpt description desc abstract lead intro snippet blurb synopsis")
TOPIC_WORDS = word_set(
    "topic topics tag tags category categories cat subject subjects theme themes keyword keywords label badge"
)
AUTHOR_WORDS = word_set("author authors byline contributor contributors people person staff profile profiles")
DATE_WORDS = word_set("date datetime published pubdate time timestamp posted datum fecha created")
PAGER_WORDS = word_set(
    "pagination pager paginator pagenav pagenavi paging pages pagelinks paginate pageination navigation numbers"
)
CARD_WORDS = word_set(
    "card cards item teaser result results listing entry post report publication resource row views hit hentry"
)


def name_words(name: str) -> list[str]:
    """The words of a class or id: `cardTitle_main` is card, title, main."""
    return [word.lower() for word in _NAME_WORD.findall(name)]


def is_generic(text: str) -> bool:
    """Whether a link's text says what to do ("Read more", "Download PDF") and not where it leads."""
    if len(text) > 200:
        return False
    if _LEAD_IN.match(text):
        return True
    bare = _MEASURE.sub("", text.lower())
    words = _WORD.findall(bare)
    return len(words) <= 7 and all(word in _GENERIC_WORDS for word in words) and not _DIGIT.search(bare)


def without_lead_in(text: str) -> str:
    """What "Read more about X" is about; "" where it says no more than that."""
    rest = _LEAD_IN.sub("", text.strip(), count=1).strip(" .\"“”'")
    return "" if is_generic(rest) else rest


def without_call(text: str) -> str:
    """A teaser without the "Read more" that it ends with."""
    return _CALL_AT_END.sub(r"\1", text)


def is_label(text: str) -> bool:
    """Whether a run of text only announces or measures something: "Published:", "PDF, 2 MB", ", "."""
    bare = text.strip(" \t\r\n:;,.|/·•-–—()[]»›>→…&")
    return len(bare) < 60 and (_LABEL.fullmatch(bare) is not None or _FILE_FACTS.fullmatch(bare) is not None)
