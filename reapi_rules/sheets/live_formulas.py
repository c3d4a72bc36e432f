"""The formulas of a self-calculating workbook; ``{r}`` stands for the row.

They use names of the hidden tables (``m_...`` models, ``r_...`` combinations, ``t_...`` texts, ``d_...`` defaults) and
functions that Excel 2010 and LibreOffice Calc both have.
"""

from __future__ import annotations

from reapi_rules.sheets.columns import letter
from reapi_rules.sheets.live_table import MIRRORED

__all__ = ["CHEAPER", "LETTERS", "RESULTS", "WORK"]

_INPUTS = ("Asset", "Model", "Size", "Resolution", "Quality", "n", "Reference images")
CHEAPER = "medium"
"""The quality that a row left to auto is compared with."""

_REFERENCE = "LOWER(TRIM(Quote!G{r}))"


def _count(sign: str) -> str:
    """How often a sign stands in the size of a row."""
    return f'LEN(C{{r}})-LEN(SUBSTITUTE(C{{r}},"{sign}",""))'


def _place(quality: str) -> str:
    """The place of a row's combination at a quality; 0 where reAPI does not take it."""
    key = f'INDEX(m_id,B{{r}})&"|"&C{{r}}&"|"&D{{r}}&"|"&{quality}'
    return f"=IF(B{{r}}=0,0,SUMPRODUCT((r_key={key})*(ROW(r_key)-1)))"


def _credits(price: str, place: str) -> str:
    """The page's formula in whole numbers: the price times n, rounded up to credits."""
    return f"-INT(-INDEX({price},Work!{place}{{r}})*Work!F{{r}}/per_credit)"


def _spelt(column: str, cell: str) -> str:
    """A word as the table of spellings reads it, else as it is typed."""
    return f"IF({column}{{r}}=0,LOWER(TRIM(Quote!{cell}{{r}})),INDEX(s_word,{column}{{r}}))"


def _spelling(role: str, cell: str) -> str:
    """The place of what is typed in the table of spellings; 0 where it is not there."""
    return f'=SUMPRODUCT((s_spelt="{role}|"&LOWER(TRIM(Quote!{cell}{{r}})))*(ROW(s_spelt)-1))'


WORK = {
    "A planned": "=IF(SUMPRODUCT(--(LEN(TRIM(Quote!B{r}:G{r}))>0))>0,1,0)",
    "B place of the model": '=SUMPRODUCT((m_id=IF(TRIM(Quote!B{r})="",d_model,TRIM(Quote!B{r})))*(ROW(m_id)-1))',
    "C size": '=IF(TRIM(Quote!C{r})="",IF(P{r},"' + MIRRORED + '",d_size),' + _spelt("T", "C") + ")",
    "D resolution": '=IF(TRIM(Quote!D{r})="",d_resolution,' + _spelt("U", "D") + ")",
    "E quality": '=IF(B{r}=0,"",IF(INDEX(m_quality,B{r})=0,"-",'
    'IF(TRIM(Quote!E{r})="",INDEX(m_default,B{r}),' + _spelt("V", "E") + ")))",
    "F n": '=IF(TRIM(Quote!F{r})="",d_n,IF(ISLOGICAL(Quote!F{r}),"?",'
    'IF(ISNUMBER(Quote!F{r}),Quote!F{r},IF(W{r}=0,"?",INDEX(s_word,W{r})))))',
    "G is pixels": f'=IF(AND({_count("x")}=1,LEFT(C{{r}},1)<>"x",RIGHT(C{{r}},1)<>"x"),'
    'SUMPRODUCT(ISNUMBER(FIND(MID(C{r},ROW(r_key)-1,1),"0123456789x"))*(ROW(r_key)-1<=LEN(C{r})))=LEN(C{r}),FALSE)',
    "H place of the combination": _place("E{r}"),
    "I place at the default quality": _place("INDEX(m_default,B{r})"),
    "J place at a cheaper quality": _place(f'"{CHEAPER}"'),
    "K size is known": '=IF(OR(TRIM(Quote!C{r})="",SUMPRODUCT(--(sizes=C{r}))>0),TRUE,'
    "IF(B{r}=0,FALSE,AND(G{r},INDEX(m_pixels,B{r})=1)))",
    "L resolution is known": "=SUMPRODUCT(--(resolutions=D{r}))>0",
    "M n is whole": "=IF(ISNUMBER(F{r}),F{r}=INT(F{r}),FALSE)",
    "N what is wrong": '=IF(A{r}=0,"",IF(B{r}=0,IF(S{r},"",t_model&Quote!B{r}&t_model_end),'
    'IF(K{r},"",IF(Q{r},t_time,t_size&Quote!C{r}&INDEX(m_size_end,B{r}))&" | ")'
    '&IF(L{r},"",t_resolution&Quote!D{r}&t_resolution_end&" | ")'
    '&IF(AND(K{r},L{r},I{r}=0,SUMPRODUCT((resolutions=D{r})*restricted)>0),t_tier&" | ","")'
    '&IF(M{r},IF(AND(F{r}>=INDEX(m_least,B{r}),F{r}<=INDEX(m_most,B{r})),"",INDEX(m_range,B{r})&" | "),t_n&" | ")'
    '&IF(R{r},"",IF(LEFT(' + _REFERENCE + ',5)="data:",t_data_uri,t_not_http)&" | ")'
    '&IF(OR(E{r}="-",SUMPRODUCT(--(qualities=E{r}))>0),"",t_quality&Quote!E{r}&t_quality_end&" | ")))',
    "O quality is left to the default": "=IF(B{r}=0,FALSE,AND(INDEX(m_quality,B{r})=1,E{r}=INDEX(m_default,B{r})))",
    "P has references": f'=AND({_REFERENCE}<>"",{_REFERENCE}<>"no")',
    "Q size is a time of day": '=OR(ISNUMBER(Quote!C{r}),ISNUMBER(FIND(":0",C{r})),'
    f'AND(LEFT(C{{r}},1)="0",{_count(":")}=1),{_count(":")}=2)',
    "R references are in order": f'=OR(NOT(P{{r}}),{_REFERENCE}="yes",LEFT({_REFERENCE},1)="[",'
    f'LEFT({_REFERENCE},7)="http://",LEFT({_REFERENCE},8)="https://")',
    "S is another model of reAPI": "=SUMPRODUCT(--(others=TRIM(Quote!B{r})))>0",
    "T place of the size's spelling": _spelling("shape", "C"),
    "U place of the resolution's spelling": _spelling("tier", "D"),
    "V place of the quality's spelling": _spelling("quality", "E"),
    "W place of n's spelling": _spelling("number", "F"),
}
"""The hidden working of a row, column by column."""

_SAVED = "IF(ISNUMBER(INDEX(r_price,Work!J{r})),I{r}-(" + _credits("r_price", "J") + '),"")'
RESULTS = {
    "reapi_ok": '=IF(Work!A{r}=0,"",IF(M{r}="","yes","no"))',
    "reapi_credits": '=IF(H{r}<>"yes","",IF(Work!H{r}=0,t_no_price,IF(ISNUMBER(INDEX(r_price,Work!H{r})),'
    + _credits("r_price", "H")
    + ",t_no_price)))",
    "reapi_credits_low": "=IF(ISNUMBER(I{r})," + _credits("r_low", "H") + ',"")',
    "reapi_usd": '=IF(ISNUMBER(I{r}),I{r}/1000,"")',
    "reapi_medium_saves": "=IF(ISNUMBER(I{r}),IF(AND(Work!O{r},Work!J{r}>0)," + _SAVED + ',""),"")',
    "reapi_errors": '=IF(RIGHT(Work!N{r},3)=" | ",LEFT(Work!N{r},LEN(Work!N{r})-3),Work!N{r})',
    "reapi_width": '=IF(OR(H{r}<>"yes",Work!H{r}=0),"",IF(INDEX(r_width,Work!H{r})=0,"",INDEX(r_width,Work!H{r})))',
    "reapi_height": '=IF(OR(H{r}<>"yes",Work!H{r}=0),"",IF(INDEX(r_height,Work!H{r})=0,"",INDEX(r_height,Work!H{r})))',
    "reapi_notes": '=IF(H{r}<>"yes","",IF(Work!S{r},t_other_model,IF(Work!H{r}=0,t_pixels,'
    'IF(ISNUMBER(I{r}),"",t_unpriced&" ")&IF(Work!C{r}="' + MIRRORED + '",t_mirrored&" ","")'
    '&IF(Work!C{r}="auto",t_auto_size&" ","")&IF(Work!O{r},t_auto,""))))',
}
"""Our columns, which follow while somebody types: the price first, since the messages are long."""

LETTERS = {title: letter(index) for index, title in enumerate((*_INPUTS, *RESULTS))}
"""The columns of the sheet to fill in."""
