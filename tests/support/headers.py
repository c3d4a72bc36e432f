"""Small planning sheets by their headers: titles of public sheets, and those that somebody wrote down by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from reapi_rules import quote

__all__ = [
    "AXES",
    "CELLS",
    "HANDWRITTEN",
    "MONEY",
    "NAMES",
    "PUBLIC",
    "SUBJECTS",
    "TWO_ROWS",
    "Sheet",
    "cost",
    "sheets",
]

SUBJECTS = {"m": "model", "p": "prompt", "s": "shape", "t": "tier", "q": "quality", "n": "number", "r": "references", "w": "width", "h": "height"}  # fmt: skip
AXES = {"s": "size", "t": "resolution", "q": "quality", "n": "n"}
NAMES = {"w": "size", "h": "size", **AXES}
CELLS = {
    "m": ("gpt-image-2-official",),
    "p": ("a fox in snow", "teapot, soft light", "castle under the stars"),
    "s": ("16:9", "1:1", "9:16", "4:3"),
    "t": ("2k", "1k", "2K"),
    "q": ("high", "low", "medium"),
    "n": ("2", "1", "4", "3"),
    "r": ("",),
    "w": ("2048", "1024", "1536"),
    "h": ("1152", "1024", "864"),
}
MONEY = ("$/image", "€ / Bild", "Images ($)", "Bilder (€)", "Qty €", "n (£)", "¥数量", "数量（￥）", "₩ 수량")
"""What images cost."""

TWO_ROWS = (
    ("asset,output,,,n", ",size,resolution,quality,"), ("素材,规格,,,数量", ",比例,分辨率,画质,"), ("素材,图片规格,,,数量", "名称,比例,分辨率,画质,张"),
    ("Asset,Size,,Quality,n", ",ratio,resolution,,"), ("Motiv,Ausgabe,,,Anzahl", "Name,Format,Auflösung,Qualität,"), ("asset,format,,output,", ",size,resolution,quality,n"),
)  # fmt: skip
"""Headers of two rows that nothing joins, over an asset, a size, a resolution, a quality and a number."""

PUBLIC = """
模型=m|提示词=p|画幅比例=s|图像规格=t|生成数量=n
Prompt=p|Format=s|Auflösung=t|Qualität=q|Anzahl=n
Asset=-a|Ratio=s|Res=t|Qual=q|Pieces=n
Aspect ratio=s|Resolution=t|Quality=q|How many=n
Aspect ratio=s|Resolution=t|Quality=q|Amount=n
Aspect ratio=s|Resolution=t|Quality=q|No. of images=n
Aspect ratio=s|Resolution=t|Quality=q|# images=n
Aspect ratio=s|Resolution=t|Quality=q|Number=n
Aspect ratio=s|Resolution=t|Quality=q|Variants=n
Aspect ratio=s|Resolution=t|Quality=q|Versions=n
Aspect ratio=s|Resolution=t|Quality=q|Qty.=n
Aspect ratio=s|Resolution=t|Quality=q|images per asset=n
Aspect ratio=s|Resolution=t|Quality=q|quantity (n)=n
Aspect ratio=s|Resolution=t|Quality=q|n images=n
prompt=p|Width=w|Height=h|Quality=q|Qty=n
task_type=-t2i|prompt=p|aspect_ratio=s|image_size=t
提示词=p|比例=s|时长=-5|批量=n|参考图片=r
素材=-海報|比例=s|解析度=t|品質=q|數量=n
提示词=p|画面比例=s|图片规格=t|图像质量=q|生成张数=n
提示词=p|图片比例=s|解析度=t|品質=q|數量=n
提示词=p|图像比例=s|分辨率=t|质量=q|批量=n
提示词=p|画面尺寸=s|图像规格=t|质量=q|数量=n|参考图1=r
prompt=p|ar=s|resolution=t|quality=q|variations=n
prompt=p|dimensions=s|resolution=t|quality=q|copies=n
prompt=p|shape=s|resolution=t|quality=q|versions=n
prompt=p|orientation=s|resolution=t|quality=q|pieces=n
prompt=p|output_size=s|resolution=t|quality=q|n=n|ref_images=r
プロンプト=p|アスペクト比=s|解像度=t|品質=q|枚数=n
素材名=-狐|画面比率=s|解像度=t|画質=q|枚数=n
素材名=-狐|画面比率=s|画質設定=q|作成数=n
プロンプト=p|比率=s|解像度=t|画質=q|生成数=n|秒数=-5
프롬프트=p|비율=s|화질=q|이미지 수=n
提示词=p|比例=s|画质=q|批量数=n|时长=-5
提示词=p|比例=s|画质=q|生成次数=n
prompt=p|ratio=s|quality=q|Imgs=n
prompt=p|ratio=s|quality=q|Images needed=n
prompt=p|ratio=s|quality=q|Number of assets=n|Frame=-7
prompt=p|ratio=s|qualité=q|N° d'images=n|Durée (s)=-5
프롬프트=p|비율=s|해상도=t|품질=q|개수=n
Prompt=p|Format=s|Auflösung=t|Qualität=q|Stückzahl=n
Prompt=p|Format=s|Résolution=t|Qualité=q|Nombre=n
Prompt=p|Format=s|Résolution=t|Qualité=q|Quantité=n
Prompt=p|Proporción=s|Resolución=t|Calidad=q|Cantidad=n
Prompt=p|Proporzione=s|Risoluzione=t|Qualità=q|Quantità=n
Prompt=p|Proporção=s|Resolução=t|Qualidade=q|Quantidade=n
"""
HANDWRITTEN = (Path(__file__).parents[1] / "sheets" / "headers" / "handwritten.txt").read_text(encoding="utf-8")


class Sheet(NamedTuple):
    """A small sheet, what each column means, and what it costs when all of it is read."""

    titles: list[str]
    codes: list[str]
    rows: list[list[str]]
    credits: int


def sheets(text: str) -> Iterator[Sheet]:
    for number, line in enumerate(filter(None, text.splitlines())):
        titles, _, codes = zip(*(column.rpartition("=") for column in line.split("|")))
        values = {
            code: cycle(cells[number % len(cells) :] + cells[: number % len(cells)]) for code, cells in CELLS.items()
        }
        rows = [[code[1:] if code[0] == "-" else next(values[code]) for code in codes] for _ in range(3)]
        yield Sheet(list(titles), list(codes), rows, sum(map(cost, [list(codes)] * 3, rows)))


def cost(codes: list[str], row: list[str]) -> int:
    cells = dict(zip(codes, row))
    axes: dict[str, Any] = {AXES[code]: cell for code, cell in cells.items() if code in AXES}
    if "w" in cells:
        axes["size"] = f"{cells['w']}x{cells['h']}"
    if "n" in axes:
        axes["n"] = int(axes["n"])
    return quote(**axes).credits or 0
