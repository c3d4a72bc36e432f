"""The formulas of a self-calculating workbook: each row works out its own answer, from its own cells alone.

A formula addresses its row with ``INDEX(column, ROW())``.  So it stays right when rows are sorted, deleted or copied,
and when cells are cut and pasted, which would drag an ordinary reference along.  The names are those of the hidden
tables (``m_...`` models, ``r_...`` combinations, ``s_...`` spellings, ``t_...`` texts), and every function is one that
Excel 2016 and Google Sheets both have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reapi_rules.catalog.spellings import SHORTEST
from reapi_rules.sheets.live.lookup import LACKING, MIRRORED, PIXELS, TYPED, UNLISTED
from reapi_rules.sheets.meaning.columns import letter

__all__ = ["CHEAPER", "FORMULAS", "INPUTS", "LETTERS", "RESULTS", "WORK", "rows_without_formulas"]

INPUTS = ("Asset", "Model", "Size", "Resolution", "Quality", "n", "Reference images")
CHEAPER = "medium"
"""The quality that a row left to auto is compared with."""

_DIGITS, _STRANGE = "0123456789", "*?~"
_WIDE = {chr(ord(sign) + 0xFEE0): sign for sign in f"{_DIGITS}:."}
_PLAIN = {"×": "x", "*": "x", "\uff58": "x", "pixels": "", "pixel": "", "px": "", "像素": "", " ": ""}
"""How the size of an image in pixels is spelt."""
_MOST_DIGITS = 6
"""Of an edge in pixels; their squares are counted exactly."""
_ABSENT = "§"  # no spelling and no key has it


def _at(title: str) -> str:
    """The cell of a column in the formula's own row; its letters come in at last."""
    return f"\0{title}\0"


def _cleaned(title: str) -> str:
    """What is typed, without line ends and blanks around it; an error does not count as blank."""
    text = f'{_at(title)}&""'
    for sign in ("CHAR(9)", "CHAR(10)", "CHAR(13)", *(f'"{blank}"' for blank in "\u00a0\u3000\u200b\ufeff")):
        text = f'SUBSTITUTE({text},{sign}," ")'
    return f'IFERROR(TRIM({text}),"#ERROR")'


def _replaced(text: str, signs: Mapping[str, str]) -> str:
    for sign, instead in signs.items():
        text = f'SUBSTITUTE({text},"{sign}","{instead}")'
    return text


def _bare(text: str) -> str:
    """A text to look up, without wildcards; an asterisk becomes a multiplication sign."""
    return _replaced(text, {**dict.fromkeys(_STRANGE, _ABSENT), "*": "×"})


def _of_model(column: str) -> str:
    """What the table of models says of the one of the row."""
    return f"INDEX(m_{column},{_at('model')})"


def _word(title: str, table: str) -> str:
    """The word that is spelt so, or what is typed in small letters."""
    text = _cleaned(title)
    return f'=IF({text}="","",IFERROR(INDEX({table}_word,MATCH({_bare(text)},{table},0))&"",LOWER({text})))'


def _shape() -> str:
    """A size; a number is what a spreadsheet made of a ratio, the minutes of a time of day."""
    cell, text = _at("Size"), _cleaned("Size")
    minutes = f'IF({cell}<1,ROUND({cell}*1440,0),{cell})&""'
    number = f"IFERROR(INDEX(s_shape_word,MATCH({minutes},s_shape,0)),{text})"
    written = _at("written")
    pixels = _replaced(written, _PLAIN)
    cut = f'FIND("x",{pixels})'
    shorter = f"MIN(VALUE(LEFT({pixels},{cut}-1)),VALUE(MID({pixels},{cut}+1,{_MOST_DIGITS})))"
    is_plain = f"OR({pixels}={written},IFERROR({shorter},0)>={SHORTEST})"  # 16×9 may be a ratio, 16x9 says pixels
    word = f'IFERROR(INDEX(s_shape_word,MATCH({_bare(written)},s_shape,0))&"",IF({is_plain},{pixels},{written}))'
    return f'=IF({text}="","",IF(ISNUMBER({cell}),{number},{word}))'


def _is_listed(role: str, word: str = "") -> str:
    return f'ISNUMBER(MATCH({_bare(f"""{_of_model("id")}&"|{role}|"&{word or _at(role)}""")},w_key,0))'


def _slot(role: str) -> str:
    """What the key has for a word: whether the model lists it, and what is typed."""
    has, typed = _of_model(role), f'"{TYPED}"&{_at(role)}'
    other = f'IF({has}=1,{typed},"{UNLISTED}")'
    if role == "shape":
        other = f'IF({_IN_PIXELS},"{PIXELS}",{other})'
    return f'IF({has}=0,"{LACKING}",IF({_at(role)}="","",IF({_is_listed(role)},{typed},{other})))'


def _place(quality: str) -> str:
    """The place of a row's combination at a quality; 0 if there is none."""
    mirrored = f'AND({_at("shape")}="",{_at("images")}=1,{_of_model("mirrors")}=1)'
    shape = f'IF({mirrored},"{MIRRORED}",{_slot("shape")})'
    key = f'{_of_model("id")}&"|"&{shape}&"|"&{_slot("tier")}&"|"&{quality}'
    return f"IF({_at('model')}=0,0,IFERROR(MATCH({_bare(key)},r_key,0),0))"


def _edge(part: str) -> str:
    """An edge of a size in pixels that is in no list, 0 where it is longer than is counted exactly."""
    sign = f'FIND("x",{_at("shape")})'
    digits = f"LEFT({_at('shape')},{sign}-1)" if part == "width" else f"MID({_at('shape')},{sign}+1,{_MOST_DIGITS})"
    is_open = f"IF({_at('is pixels')},NOT({_is_listed('shape')}),FALSE)"
    return f"=IF({is_open},IF(LEN({_at('shape')})<={2 * _MOST_DIGITS + 1},VALUE({digits}),0),0)"


def _nearest_shape() -> str:
    """The place of the nearest shape; 0 if there is none, or the size is oddly spelt."""
    width, height, m = _at("asked width"), _at("asked height"), _at("model")
    nearer = f"SUMPRODUCT((p_model={m})*({width}*{width}*p_before+p_tie>{height}*{height}*p_here))"
    is_plain = f'AND({width}>0,{height}>0,{width}&"x"&{height}={_at("shape")})'
    return f"=IF({is_plain},IFERROR(MATCH({m},p_model,0)-1+{nearer},0),0)"


def _nearest(place: str, quality: str) -> str:
    """The place of the size that is nearest to one in pixels; of other rows their own."""
    shape, area = _at("nearest shape"), f"{_at('asked width')}*{_at('asked height')}"
    tier = f"INDEX(q_tier,MATCH({shape},q_shape,0)-1+SUMPRODUCT((q_shape={shape})*({area}>=q_area)))"
    key = f'{_of_model("id")}&"|{TYPED}"&INDEX(p_word,{shape})&"|{TYPED}"&{tier}&"|"&{quality}'
    is_open = f"IF({_at('is pixels')},IF({_is_listed('shape')},FALSE,ISNUMBER(MATCH({_at('model')},p_model,0))),FALSE)"
    return f"=IF({_at(place)}=0,0,IF({is_open},IF({shape}=0,0,IFERROR(MATCH({key},r_key,0),0)),{_at(place)}))"


def _planned() -> str:
    """1 for a request, -1 for a total, which the first text says of a row without a size, 0 for a blank row."""
    texts = "&".join(_cleaned(title) for title in INPUTS[1:])
    first = _replaced(_cleaned("Asset"), {":": "", "\uff1a": ""})
    is_total = f'AND({_cleaned("Size")}="",ISNUMBER(MATCH({_bare(f"TRIM({first})")},s_total,0)))'
    return f"=IF(LEN({texts})>0,IF({is_total},-1,1),0)"


_IN_PIXELS = f"AND({_at('is pixels')},{_of_model('pixels')}=1)"
_CHEAPER_SLOT = f'"{TYPED}{CHEAPER}"'
_BLANK_SLOT = f'IF({_of_model("quality")}=0,"{LACKING}","")'
_REFERENCE = f"LOWER({_cleaned('Reference images')})"
_NUMBER = _replaced(_cleaned("n"), _WIDE)


def _is_known(role: str) -> str:
    """Whether the model takes a word; some take any."""
    return f'OR({_at(role)}="",{_of_model(role)}<>1,{_is_listed(role)})'


def _filled(text: str, title: str) -> str:
    return f'SUBSTITUTE({_of_model(text)},"{_ABSENT}",{_cleaned(title)})&" | "'


def _is_link(start: str) -> str:
    """Whether the reference image starts so, and a sign of a host follows."""
    has_host = f'ISERROR(FIND(MID({_REFERENCE}&"/",{len(start) + 1},1),"/?#\\:@ "))'
    return f'AND(LEFT({_REFERENCE},{len(start)})="{start}",{has_host})'


def _errors() -> str:
    """What is wrong, each with a bar behind it."""
    n, limit, allowed = _at("number"), _of_model("range"), _at("allowed")
    whole = f"IF(ISNUMBER({n}),{n}=INT({n}),FALSE)"
    in_range = f'IF(OR({limit}="",AND({n}>={_of_model("least")},{n}<={_of_model("most")})),"",{limit}&" | ")'
    links = f'LEFT({_REFERENCE},3)="[""h",{_is_link("http://")},{_is_link("https://")}'
    image = f'OR({_at("images")}=0,{_of_model("images")}=0,{_REFERENCE}="yes",{links})'
    broken = f'IF({allowed}=0,"",IF(INDEX(r_error,{allowed})="","",INDEX(r_error,{allowed})&" | "))'
    return (
        f'IF(OR({_is_known("shape")},{_IN_PIXELS}),"",{_filled("not_shape", "Size")})'
        f'&IF({_is_known("tier")},"",{_filled("not_tier", "Resolution")})&{broken}'
        f'&IF({_of_model("most")}=0,"",IF({whole},{in_range},t_n&" | "))'
        f'&IF({image},"",IF(LEFT({_REFERENCE},5)="data:",t_data_uri,t_not_http)&" | ")'
        f'&IF({_is_known("quality")},"",{_filled("not_quality", "Quality")})'
    )


def _credits(price: str, place: str, nearest: str) -> str:
    """The page's formula in whole numbers: the price times n, rounded up to credits."""
    images = f"IF({_of_model('most')}=0,1,{_at('number')})"
    bound = "MIN" if price == "r_low" else "MAX"
    return f"-INT(-{bound}(INDEX({price},{_at(place)}),INDEX({price},{_at(nearest)}))*{images}/per_credit)"


def _is_priced(place: str, nearest: str) -> str:
    return f"IF({_at(nearest)}=0,FALSE,COUNT(INDEX(r_price,{_at(place)}),INDEX(r_price,{_at(nearest)}))=2)"


def _ignored() -> str:
    """Whether something is filled in that the model has no field for."""
    given = {"tier": _at("tier"), "quality": _at("quality"), "most": _cleaned("n")}
    faults = ",".join(f'AND({_of_model(role)}=0,{text}<>"")' for role, text in given.items())
    return f"=IF({_at('model')}=0,0,IF(OR({faults},AND({_of_model('images')}=0,{_at('images')}=1)),1,0))"


_AS_RATIO = f'SUBSTITUTE({_at("shape")},"x",":")'
_OTHER = f"ISNUMBER(MATCH({_bare(_cleaned('Model'))},others,0))"
_OK, _CREDITS, _NEAREST = _at("accepted"), _at("reapi_credits"), _at("nearest")
_UNKNOWN = f'IF({_OTHER},"",SUBSTITUTE(t_model,"{_ABSENT}",{_cleaned("Model")})&" | ")'
_ALL = f"IF({_at('model')}=0,{_UNKNOWN},{_errors()})"
_CHEAPER = ("cheaper", "cheaper nearest")
_SAVED = f'IF({_is_priced(*_CHEAPER)},{_CREDITS}-({_credits("r_price", *_CHEAPER)}),"")'
_IS_MANY = f"IF({_of_model('many')}=0,FALSE,{_at('number')}>={_of_model('many')})"
_MANY = f"SUBSTITUTE({_of_model('many_note')},{_of_model('many')},{_at('number')},1)"


def _edge_answered(edge: str) -> str:
    found = f"INDEX({edge},{_NEAREST})"
    return f'=IF(OR({_OK}=0,{_NEAREST}=0),"",IF({found}=0,"",{found}))'


_ANSWERS = {
    "reapi_verdict": f'=IF({_at("planned")}<1,"",IF({_OK}=0,"rejected",IF(ISNUMBER({_CREDITS}),'
    f'IF(INDEX(r_warns,{_at("place")})+{_at("ignored")}+{_at("like a ratio")}+{_IS_MANY}>0,"warning","fine"),'
    f'"no price")))',
    "reapi_credits": f'=IF({_OK}=0,"",IF({_is_priced("place", "nearest")},'
    f'{_credits("r_price", "place", "nearest")},t_no_price))',
    "reapi_credits_low": f'=IF(ISNUMBER({_CREDITS}),{_credits("r_low", "place", "nearest")},"")',
    "reapi_usd": f'=IF(ISNUMBER({_CREDITS}),{_CREDITS}/1000,"")',
    "reapi_medium_saves": f'=IF(ISNUMBER({_CREDITS}),IF(AND({_at("auto")},{_at("cheaper")}>0),{_SAVED},""),"")',
    "reapi_errors": f'=IF(RIGHT({_at("faults")},3)=" | ",LEFT({_at("faults")},LEN({_at("faults")})-3),"")',
    "reapi_width": _edge_answered("r_width"),
    "reapi_height": _edge_answered("r_height"),
    "reapi_notes": f'=IF({_OK}=0,IF({_at("planned")}<0,t_total,""),IF({_OTHER},t_other_model,IF({_NEAREST}=0,t_pixels,'
    f'IF(ISNUMBER({_CREDITS}),"",t_unpriced&" ")'
    f'&IF(AND(ISNUMBER({_CREDITS}),{_CREDITS}<>{_at("reapi_credits_low")}),t_bounded&" ","")'
    f'&IF(AND({_at("model")}=1,{_at("shape")}="auto"),t_auto_size&" ","")'
    f'&IF(AND({_at("model")}=1,{_at("shape")}="",{_at("images")}=1),t_mirrored&" ","")'
    f'&IF({_at("ignored")}=1,t_ignored&" ","")&IF({_at("like a ratio")}=1,t_like_ratio&" ","")'
    f'&IF({_IS_MANY},{_MANY}&" ","")'
    f'&IF({_at("auto")},t_auto,""))))',
}  # fmt: skip

_WORKED = {
    "planned": _planned(),
    "model": f'=IF({_cleaned("Model")}="",1,'
    f"IFERROR(INDEX(s_model_word,MATCH({_bare(_cleaned('Model'))},s_model,0)),0))",
    "written": f"=LOWER({_replaced(_cleaned('Size'), _WIDE)})",
    "shape": _shape(),
    "tier": _word("Resolution", "s_tier"),
    "quality": _word("Quality", "s_quality"),
    "number": f'=IF({_NUMBER}="",IF({_at("model")}=0,1,{_of_model("n")}),'
    f'IF(ISNUMBER({_at("n")}),{_at("n")},IFERROR(INDEX(s_n_word,MATCH({_bare(_NUMBER)},s_n,0)),"{_ABSENT}")))',
    "images": f'=IF(OR({_REFERENCE}="",{_REFERENCE}="no"),0,1)',
    "is pixels": f'=AND({_replaced(_at("shape"), dict.fromkeys(_DIGITS, ""))}="x",'
    f'LEFT({_at("shape")},1)<>"x",RIGHT({_at("shape")},1)<>"x")',
    "asked width": _edge("width"),
    "asked height": _edge("height"),
    "nearest shape": _nearest_shape(),
    "place": f"={_place(_slot('quality'))}",
    "nearest": _nearest("place", _slot("quality")),
    "allowed": f"={_place(_BLANK_SLOT)}",
    "cheaper": f"=IF({_at('model')}=0,0,IF({_of_model('quality')}=0,0,{_place(_CHEAPER_SLOT)}))",
    "cheaper nearest": _nearest("cheaper", _CHEAPER_SLOT),
    "auto": f"=IF({_at('model')}=0,FALSE,AND({_of_model('quality')}=1,"
    f'OR({_at("quality")}="",{_at("quality")}={_of_model("default")})))',
    "faults": f'=IF({_at("planned")}<1,"",{_ALL})',
    "accepted": f'=IF({_at("planned")}<1,0,IF({_at("reapi_errors")}="",1,0))',
    "ignored": _ignored(),
    "like a ratio": f"=IF({_at('is pixels')},IF({_is_listed('shape', _AS_RATIO)},1,0),0)",
}

RESULTS = tuple(_ANSWERS)
"""Our columns, the price first, since the messages are long."""

WORK = tuple(_WORKED)
"""The hidden working of a row, among our columns, so that it is copied along with those that are seen."""

LETTERS = {title: letter(index) for index, title in enumerate((*INPUTS, *RESULTS[:1], *WORK, *RESULTS[1:]))}
"""The columns of the sheet."""


FORMULAS = {
    title: re.sub("\0(.*?)\0", lambda match: "INDEX(${0}:${0},ROW())".format(LETTERS[match[1]]), text)
    for title, text in (_ANSWERS | _WORKED).items()
}
"""The formula of each column, the same in every row."""


def rows_without_formulas(first: int, last: int) -> str:
    """How many rows ask for something and lack formulas; the row above the first is the header."""
    areas = {title: f"${name}${first - 1}:${name}${last}" for title, name in LETTERS.items()}
    # an error has no length
    filled = "+".join(f"ISNUMBER(1/LEN({areas[title]}))+ISERROR({areas[title]})" for title in INPUTS[1:])
    whole = "*".join(f"_xlfn.ISFORMULA({areas[title]})" for title in (*RESULTS[:2], WORK[0], WORK[-1], RESULTS[-1]))
    return f"SUMPRODUCT((({filled})>0)*(1-{whole}))-1"
