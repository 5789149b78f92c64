"""Judges single lines by their shape and their words: prose, date line, leftover, announcement of another article.

Before: "Get the latest headlines in your inbox"  After: `is_cue_line` True, `is_prose` False.

Everything here is about general traits, never about one site's phrases. The word lists stand in configs/cleaning.toml.
Lines are normalised (one space between words).
"""

from __future__ import annotations

import re

from transforms.cleaning.clean_settings import Cues, Dates, Prose
from transforms.metadata.date_forms import find_date_expressions

END_MARKS = ".!?…。！？؟۔।॥։။．"
CLOSERS = "\"'”’»›)]」』）】"
OPENERS = "\"'“‘„‚«‹([「『（【¿¡"

_QUOTE_OPENERS = "\"'“‘„‚«‹「『"

# Scripts written without spaces between words: Thai, Lao, Khmer, Myanmar, Chinese, Japanese.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_END = re.compile(f"[{END_MARKS}][{re.escape(CLOSERS)}]*(?:\\[\\d+\\])*$")
_SENTENCE_BREAK = re.compile(f"[.!?…][{re.escape(CLOSERS)}]* [{re.escape(OPENERS)}]?[^\\W\\d_a-z]|[。！？]")
_LIST_MARK = re.compile(r"(?:[-*•·‣▪◦●–—+]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s")
_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_LABEL = re.compile(r"([^:|–—»>]{2,40}?)\s*(?::|\||[–—»>](?=\s))\s*(\S.*)")
_CJK_DATE = re.compile(r"\d{1,4}\s*[年년]\s*\d{1,2}\s*[月월]\s*\d{1,2}\s*[日일]?")
_NUMERIC_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}t[\d:.+z-]+|\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}|\d{1,2}[:.h]\d{2}(?::\d{2})?|\d{1,2}(?:am|pm)|\d{4}",
    re.I,
)
_DIGIT = re.compile("[0-9]")
_DATE_TOKEN = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*|\d[\w:./\-+]*")


def count_words(text: str) -> int:
    """Words of a normalised line; in scripts without spaces two characters count as a word."""
    spaces = text.count(" ") + 1
    if not text.isascii() and (spaces <= 2 or len(text) > 9 * spaces) and _UNSPACED.search(text):
        return max(spaces, len(text) // 2)
    return spaces


def ends_sentence(text: str) -> bool:
    """Whether the line ends with an end mark, closing quotes and brackets after it allowed."""
    return _END.search(text, max(0, len(text) - 12)) is not None


def is_prose(text: str, words: int, limits: Prose) -> bool:
    """Whether the line is running text: a sentence of some length, or long enough whatever its end."""
    if words >= limits.sure_words:
        return True
    return words >= limits.min_words and (ends_sentence(text) or _SENTENCE_BREAK.search(text) is not None)


def has_sentence_break(text: str) -> bool:
    """Whether one sentence ends and another begins inside the line."""
    return _SENTENCE_BREAK.search(text) is not None


def is_title_case(text: str) -> bool:
    """Whether nearly all longer words are capitalised, as in English headlines; False for fewer than three of them."""
    longer = [word for word in text.split(" ") if len(word) > 4]
    return len(longer) > 2 and sum(word.lstrip(OPENERS)[:1].isupper() for word in longer) >= 0.8 * len(longer)


def is_list_item(text: str) -> bool:
    """Whether the line starts with a bullet, a number or a letter of a list."""
    return _LIST_MARK.match(text) is not None


def starts_lower(text: str) -> bool:
    """Whether the line starts in mid-sentence: a lower-case word, brackets and quotes before it allowed.

    Names such as "iPhone" and "eBay" are not lower case.
    """
    stripped = text.lstrip(OPENERS) if text[:1] in OPENERS else text
    if not stripped[:1].islower():
        return False
    first = stripped.split(" ", 1)[0]
    return not any(character.isupper() for character in first[1:4])


def looks_left_over(text: str, words: int, max_words: int) -> bool:
    """Whether the line could be a button, a label or another article's headline: short, no end mark, no list item, no
    quotation and not the middle of a sentence. Says nothing about its place, which must speak for it too."""
    return words <= max_words and not own_shape(text)


def own_shape(text: str) -> str:
    """What makes a line look like the article's own however short it is, in a few words; empty where nothing does."""
    if ends_sentence(text):
        return "it ends like a sentence"
    if text[:1] in OPENERS:
        return "it opens with a quote or a bracket"
    if is_list_item(text):
        return "it is a list item"
    if starts_lower(text):
        return "it starts in lower case"
    if not text.isascii() and ("，" in text or "、" in text):
        # Chinese and Japanese sentences pause by commas; what has one and no end mark is rather broken than a label.
        return "it has a comma inside"
    return "it ends in a comma or semicolon" if text[-1:] in ",;" else ""


def is_cue_line(text: str, words: int, cues: Cues, *, at_edge: bool) -> bool:
    """Whether the line is made of the words with which pages speak about themselves.

    At the edges of an article names of outlets and sites may stand among them.
    """
    if words > cues.max_words or is_list_item(text) or text[:1] in _QUOTE_OPENERS:
        return False
    if not at_edge and not _begins_with_cue(text, cues):
        return False
    tokens = [token.replace("’", "'") for token in _WORD.findall(text)]
    strong = listed = names = others = address = 0
    for position, token in enumerate(tokens):
        folded = token.casefold()
        address += folded in cues.address
        if folded in cues.strong:
            strong += 1
        elif folded in cues.weak or folded in cues.address or folded.isdigit():
            listed += 1
        elif at_edge and token[:1].isupper() and position and names < cues.max_names:
            names += 1
        else:
            others += 1
    if not strong:
        # "What do you think? Let us know below": nothing but common words, and it speaks to the reader.
        return at_edge and address > 0 and others == names == 0 and len(tokens) > 2 and text[-1:] != "."
    if not at_edge:
        return others == 0
    if ends_sentence(text) and words > 6:
        # A sentence must also speak to the reader: "The app is free to download." may well be the article's.
        return address > 0 and others <= 1 and names <= 1
    if names and strong + listed < 2:
        return False
    return strong + listed + names >= cues.edge_share * len(tokens) and strong + listed >= names and others <= 2


def _begins_with_cue(text: str, cues: Cues) -> bool:
    """Whether the first word is a listed one: where every word must be, that tells most lines."""
    first = _WORD.search(text)
    if first is None:
        return False
    folded = first.group().replace("’", "'").casefold()
    return folded in cues.strong or folded in cues.weak or folded in cues.address or folded.isdigit()


def speaks_to_reader(text: str, words: int, cues: Cues) -> bool:
    """Whether the line, mostly a sentence, speaks to the reader about the page: it has a strong word and an address.

    "Our free daily email has all you need." An article may say such a thing too, so this counts among leftovers only.
    """
    if words > cues.max_sentence_words or is_list_item(text) or text[:1] in _QUOTE_OPENERS:
        return False
    tokens = {token.replace("’", "'").casefold() for token in _WORD.findall(text)}
    return not tokens.isdisjoint(cues.strong) and not tokens.isdisjoint(cues.address)


def is_quotation(text: str, words: int) -> bool:
    """Whether the line is something that somebody says: it starts with a quotation mark and is more than a label."""
    return text[:1] in _QUOTE_OPENERS and words > 5


def looks_like_data(text: str) -> bool:
    """Whether the line could be a row of a table or an item of a list: columns, figures, "label: value", a comma.

    "14 Utah 82.38", "Price range: 51 to 141", "Jo Roe, head of sales, Example Ltd". Such lines may end an article.
    """
    if "\t" in text or "," in text or "; " in text:
        return True
    label = _LABEL.match(text)
    if label is not None and ":" in text:
        return True
    tokens = text.split(" ")
    return 3 * sum(any(character.isdigit() for character in token) for token in tokens) >= len(tokens)


def could_be_headline(text: str, words: int, max_words: int) -> bool:
    """Whether a line of a list of other articles could be one's headline: as `looks_left_over`, but it may be a question
    or an exclamation and may begin with a quotation."""
    if words > max_words or is_list_item(text) or starts_lower(text) or text[-1:] in ",;:":
        return False
    return text[-1:] in "?!？！؟" or not ends_sentence(text)


def is_announcement(text: str, words: int, cues: Cues) -> bool:
    """Whether the line is a label and another article's headline: "ALSO READ | Ten things to know today"."""
    if words > 22 or text[-1:] == "." or text[:1] in OPENERS:
        return False
    found = _LABEL.match(text)
    if found is None:
        return False
    label = [token.replace("’", "'").casefold() for token in _WORD.findall(found.group(1))]
    if not label or len(label) > 4 or has_sentence_break(found.group(2)):
        return False
    known = all(token in cues.labels or token in cues.strong or token in cues.weak for token in label)
    return known and any(token in cues.labels for token in label)


def is_date_line(text: str, words: int, dates: Dates) -> bool:
    """Whether the line is a date or time and nothing but: "Updated: 14:05 GMT", "3 March 2021", "2 hours ago".

    A full date is read as the date of publication is, so its month may be named in any language of configs/months.toml.
    """
    if words > 14 or len(text) > 90:
        return False
    if text.isascii():
        if not _DIGIT.search(text):
            return False
    elif _CJK_DATE.search(text):
        return len(text) <= 40
    has_number = False
    anchored = False
    for token in _DATE_TOKEN.findall(text):
        folded = token.rstrip(".").casefold()
        if folded[:1].isdigit():
            has_number = True
            anchored = anchored or _NUMERIC_DATE.fullmatch(folded) is not None
        elif folded in dates.anchors:
            anchored = True
        elif folded not in dates.words:
            return _is_full_date(text, dates)
    return (has_number and anchored) or _is_full_date(text, dates)


def _is_full_date(text: str, dates: Dates) -> bool:
    """Whether nothing but words of date lines and marks stands around a full date: "tirsdag 3. marts 2021"."""
    found = find_date_expressions(text)
    if len(found) != 1:
        return False
    (expression, start), *_ = found
    around = f"{text[:start]} {text[start + len(expression) :]}"
    return all(token.rstrip(".").casefold() in dates.words for token in _DATE_TOKEN.findall(around))
