"""Requests as nobody should write them: words and keys that are nearly right, odd URLs and numbers, broken JSON.

Drawn by chance from a seed, which is faster than a strategy, for tests that hold two programs against each other.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from reapi_rules.catalog.aliases import aliases
from reapi_rules.catalog.catalog import built_in
from reapi_rules.catalog.hints import hints
from reapi_rules.catalog.models import Field, Model
from reapi_rules.catalog.spellings import spellings
from tests.support.cards import made_up
from tests.support.strategies import ALL_CELLS

Json = dict[str, Any]

_MODELS = built_in().models
_FIELDS = [(name, field) for model in _MODELS.values() for name, field in model.fields.items()]
_NAMES = ["model", "width", "height", *(name for name, _ in _FIELDS)]
_TABLES = (aliases().roles, aliases().fields, aliases().keys, hints().reasons)
_OTHER_NAMES = [
    *(name for table in _TABLES for names in table.values() for name in names), *aliases().either, *hints().wrappers,
    *hints().settings, *(name for pair in hints().edges for name in pair), *(name for names in hints().near_names.values() for name in names),
    *hints().formats, *hints().by_value, "constructor", "__proto__", "toString", "12", "0", "a/b~c", "ŉumber", "promp\u1fb3t", "inage",
]  # fmt: skip
_IDS = [
    *_MODELS, *built_in().known_ids.ids, *built_in().known_ids.pages, "gpt-image-3", "openai/gpt-image-2", "GPT-IMAGE-2",
    " flux-2 ", "gpt_image_2", "x/", "flux-2@latest", "a/gpt-image-2:b", "“z-image”", "gemini-3-pro-image", "gpt\u2011image\u20112", "constructor", "__proto__",
]  # fmt: skip
_WORDS = [
    *(word for _, field in _FIELDS for word in field.choices),
    *(word for table in (spellings().words, spellings().sent, hints().near) for words in table.values() for each in words.items() for word in each),
    "16×9", "16/9", "1920*1080", "4：3", "１６：９", "1024X1024", "1024 x 768 px", "2.35:1", "0:0", "0x0", "1x1", "100x100",
    "1" * 1001 + "x" + "2" * 1005, "0" * 50 + "16x9", "Ｓquare", "ﬁne", "K", "4K", "ſquare", "straße", " HD", "\u3000high",
    "4k\u00a0uhd", "true", "False", " 3 ", "007", "-1", "1e3", "١", "²", "9" * 19, "9" * 20, "array", "object", "", " ",
    *(f"{n} {unit}" for n, unit in enumerate(sorted(spellings().units))),
    "16:9宽屏", "4K 超清", "2K (2048px)", "1080x1920 (9:16)", "4:3 (1024x768)", "16:9 4K UHD", "“high”", "--ar 16:9", "HIGH_QUALITY", "Ultra HD", "۲",
    "16:9@2k", "\u200bhigh", "`high`", "landscape_4_3", "portrait_16_9", "16:9 2k", "1:1 4k", "4:3 (横版)", "9:16 landscape", "16 by 9", "800px x 600px", "2k 16_9",
    "\ufeff", "\x1c", "\u180e", "\u200b", "\U0001f98a", "e\u0301",
]  # fmt: skip
_PROMPTS = (
    "a fox", "\u2003 ", "16:9 fox", "at 9:16, 1:1", "1:1.5 10:16:9 4:3.", "e\u0301:", "x" * 3, "x" * 800, "x" * 4000,
    "x" * 4001, "x" * 5001, "\U0001f98a" * 2, "\U0001f98a" * 2001, "\U0001f98a" * 4001,
)  # fmt: skip
_SCHEMES = (
    "https://", "http://", "HTTPS://", "hTTp://", "https:/", "ftp://", "//", "", "data:", "DATA:", " https://",
    "\x1fhttps://", "\u00a0https://", "httpſ://",
)  # fmt: skip
_HOSTS = (
    "cdn.example.com", "localhost", "LOCALHOST.", "a.local", "x.internal.", "1.2.3.4", "10.0.0.1", "010.0.0.1", "256.1.1.1",
    "1.2.3", "1..2.3", "172.16.0.1", "172.32.0.1", "192.168.0.1.", "100.64.0.1", "100.128.0.0", "224.0.0.1", "198.18.0.1",
    "::1", "[::1]", "[::]", "[fe80::1%eth0]", "[fe80::1%]", "[fe80::1%a%b]", "[fc00::1]", "[fdff::]", "[2001:db8::1]",
    "[2001:db9::1]", "[::ffff:10.0.0.1]", "[::ffff:8.8.8.8]", "[::ffff:a00:1]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]",
    "[::2:3:4:5:6:7:8]", "[1::8:]", "[:1::8]", "[1:::2]", "[12345::]", "[::1.2.3.4]", "[::01.2.3.4]", "[x]", "[::1", "[",
    "[]", "a]b", "a[b.c", "例え.jp", "user@host.com", "a@b@c.d", "@", "a.b:80", "a.b:", "a.b:65535", "a.b:65536", "a.b:000080",
    "a.b:1234567", "a.b:x", "a.b:80:90", "[::1]:80", "[::1]x", "K.com", "a.LOCAL", "a.ınternal", "０.0.0.1", "..", ".", "a.",
)  # fmt: skip
_PATHS = (
    "",
    "/",
    "/a.png",
    "?x",
    "#y",
    "\\z",
    "/a b",
    "/\u2028",
    "/\x7f",
    "/\u3000 ",
    "/é",
    " ",
    "\n",
    ",https://a.b/c",
    "|http://a.b",
    "?u=https://a.b;https://c.d",
    "\nHTTPS://a.b/c",
    ",httpſ://a.b",
)
_NUMBERS = (
    0, 1, 2, 3, 4, 5, 9, 12, 13, 16, 40, 41, -1, 1.0, 2.0, 4.0, 2.5, -0.0, 1e16, 1e17, 123456789012345680.0, 0.0001, 0.00001,
    1.5e-7, 1e300, 5e-324, 1e22, 2**31 - 1, 2**31, 2**53 + 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**300,
    10**4299, 512, 1024, 2048, 4096,
)  # fmt: skip
_BROKEN = (
    "\\ud800", "\\udc00", "\\uD83E\\udd8a", "\\ud800\\u0041", "\\ud83", "\\u00zz", "1e999", "-1e999", "9" * 4301, "-" + "9" * 4300,
    "9" * 4300, "1e-999", "NaN", "Infinity", "-", "01", "1.", "1e", "[", "]", "{", "}", ",", ":", '"', "\\", "\n", "\x00", "true",
    "nul", "\ufeff", '"x":1e999,', '"y":"\\ud800",', '"model":1e999,', '"n":1e400,', '"bbox_list":[1,{"a":[2,1e999]}],', "/",
)  # fmt: skip
_TEXTS = (
    '"x"', '"\\ud800"', "1", "1.5", "1e999", "-0", "9" * 4301, "9" * 300, "null", "[]", '["\\ud800"]', "[1e999]", "", "  ", "[1,]",
    "nulll", '"' + "é" * 300 + '"', "{}", '{"model":"\\ud800"}', '{"model":1e999}', '{"a":"\\ud800","b":' + "9" * 4301 + ",,}",
    '{"a":"\\ud800","b":' + "9" * 4301 + "}", '{"\\ud800":1}', '{"a":{"\\ud800":1}}', '{"a":"\\ud800 aaaaaaaaaa"}', '{"a" 1}',
    '{"a":1 "b":2}', "[" * 2000, '{"seed":' + "[" * 2000 + "]" * 2000 + "}", "\ufeff\ufeff{}", "\u00a0{}", "-x", "\ud800",
)  # fmt: skip
_BYTES = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3")
_LETTERS = "abcxz:190 _-.ßıİKſ\U0001f98aŉ\u00a0é"
_PRICES = ("0", "0.000000000001", "0.0475", "1", "0.0005", "999999.999999999999", "007.50")
_MISROUNDED = ("0.006", "0.07", "0.035", "0.1", "0.115", "0.007", "0.014")  # three images of it, as floats


class OddRequests:
    """Draws them, of the built-in models or of others."""

    def __init__(self, seed: int, models: dict[str, Model] = _MODELS) -> None:
        self._by_chance, self._models = Random(seed), models
        self._words = _WORDS + [
            word for model in models.values() for field in model.fields.values() for word in field.choices
        ]

    def text(self) -> str | bytes:
        """A request as JSON text or bytes, now and then broken."""
        draw, chance = self._by_chance, self._by_chance.random()
        if chance < 0.02:
            return draw.choice(_TEXTS)
        text = json.dumps(self.body(), ensure_ascii=draw.random() < 0.4)
        if draw.random() < 0.2:  # repeated keys
            text = f"{text[:-1]},{json.dumps(self.body(), ensure_ascii=False)[1:]}"
        if chance < 0.15:
            for _ in range(draw.randint(1, 3)):
                at = draw.randint(0, len(text))
                text = text[:at] + draw.choice(_BROKEN) + text[at + draw.choice((0, 0, 1, 2, 5)) :]
        elif chance < 0.18:
            depth, name = draw.choice((5, 31, 32, 33, 60)), draw.choice(("bbox_list", "zz", "image_urls"))
            text = f'{text[:-1]},"{name}":{"[" * depth}{draw.choice(("1", "1e999"))}{"]" * depth}}}'
        if draw.random() < 0.03:
            text = draw.choice(("\ufeff", "\ufeff\ufeff", " \n\t\r")) + text
        if draw.random() < 0.7:
            return text
        at = draw.randint(0, len(text))
        return text[:at].encode() + (draw.choice(_BYTES) if draw.random() < 0.03 else b"") + text[at:].encode()

    def body(self) -> Json:
        """A request with values that are right, nearly right and wrong."""
        draw = self._by_chance
        id = draw.choice(list(self._models))
        fields = self._models[id].fields
        body: Json = {"model": self._id(id)}
        for name, field in fields.items():
            chance = draw.random()
            if chance < (0.9 if field.required else 0.4):
                body[name] = self._fitting(field)
            elif chance < 0.6:
                body[name] = draw.choice((self._anything(), self._word(), None, ""))
        for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 3, 25))):
            _, field = draw.choice([*_FIELDS, *fields.items()])
            body[self._key()] = draw.choice((self._anything(), self._word(), self._fitting(field), self._url()))
        if draw.random() < 0.1:
            body |= {"width": draw.choice((1024, 1920, 3840, "x")), "height": draw.choice((1024, 1080, 2160.0, None))}
        if draw.random() < 0.1:
            del body["model"]
        if draw.random() < 0.05:  # one level down
            body = {
                self._key(): draw.choice((body, [body], {})),
                draw.choice(hints().wrappers): draw.choice((body, [body], 1, [["n"], [2]])),
            }
        names = list(body)
        draw.shuffle(names)
        return {name: body[name] for name in names}

    def plain_body(self) -> Json:
        """A request in which hardly anything is odd, so that it has a price."""
        draw = self._by_chance
        model = self._models[draw.choice(list(self._models))]
        body: Json = {"model": model.id, "prompt": "a fox"}
        for role in ("shape", "tier", "quality", "number"):
            if (name := model.roles.get(role)) and (role == "number" or draw.random() < 0.6):
                field = model.fields[name]
                body[name] = draw.choice(field.choices or range(field.minimum or 1, (field.maximum or 1) + 1))
        return body

    def typed_body(self) -> Json:
        """A request as people type it into cells and forms: right, nearly right, and now and then beyond a bound."""
        draw = self._by_chance
        model = self._models[draw.choice(list(self._models))]
        body: Json = {"model": draw.choice((*[model.id] * 30, "midjourney", "dall-e-9", model.id.upper()))}
        for name, field in model.fields.items():
            if field.required or draw.random() < (0.6 if field.role else 0.15):
                body[name] = self._typed(field)
        return body

    def card(self) -> Json:
        """A rate card with awkward decimals, most with gaps."""
        draw = self._by_chance
        prices = [*draw.sample(_PRICES, draw.randint(1, len(_PRICES))), *_MISROUNDED]
        kept = draw.choice((1.0, 1.0, 0.9, 0.3))
        cells = {
            model: {cell: draw.choice(prices) for cell in cells if draw.random() < kept}
            for model, cells in ALL_CELLS.items()
            if draw.random() < 0.95
        }
        day = f"2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        others = {"replaces": f"card-{draw.randint(0, 5)}"} if draw.random() < 0.3 else {}
        said = {"id": f"card-{draw.randint(0, 5)}", "checked_on": draw.choice((day, "2026-08-01")), **others}
        return made_up(cells, day, **said)

    def axes(self) -> Json:
        """The axes of a quote."""
        draw = self._by_chance
        return {
            "model": draw.choice((None, *(draw.choice(list(self._models)) for _ in range(8)), draw.choice(_IDS))),
            "size": draw.choice((None, "16:9", "9:16", "auto", "1024x768", self._word())),
            "resolution": draw.choice((None, "1k", "2K", "4k", "8k")),
            "quality": draw.choice((None, "low", "auto", "hd")),
            "n": draw.choice((None, 1, 2, 3, 4, 9)),
            "has_images": draw.random() < 0.3,
        }

    def _id(self, id: str) -> Any:
        draw = self._by_chance
        if draw.random() < 0.85:
            return id
        other = draw.choice(_IDS)
        return draw.choice((other, self._mistyped(other), f"{other}-{draw.choice(('pro', 'v2'))}", self._anything()))

    def _key(self) -> str:
        draw = self._by_chance
        key: str = draw.choice(draw.choice((_NAMES, _OTHER_NAMES, _OTHER_NAMES, _WORDS)))
        spellings = (key, key, self._mistyped(key), key.title().replace(" ", ""), key.replace(" ", "_"), key.upper())
        return draw.choice(spellings)

    def _word(self) -> str:
        draw = self._by_chance
        word = draw.choice(self._words)
        two = f"{draw.randint(0, 5000)}{draw.choice('x:×/*X')}{draw.randint(0, 5000)}"
        near = f"{draw.randint(0, 30)}.{draw.randint(0, 99)}{draw.choice('x:')}{draw.randint(0, 30)}"
        return draw.choice(
            (word, word, self._mistyped(word), word.upper(), f" {word}\n", draw.choice(self._words) + word, two, near)
        )

    def _mistyped(self, word: str) -> str:
        draw, letters = self._by_chance, list(word)
        for _ in range(draw.randint(1, 2)):
            at, letter = draw.randint(0, len(letters)), draw.choice(_LETTERS)
            letters[at : at + draw.choice((0, 1))] = draw.choice(((letter,), (), letters[at : at + 1] * 2))
        return "".join(letters)

    def _url(self) -> str:
        draw = self._by_chance
        url = draw.choice(_SCHEMES) + draw.choice(_HOSTS) + draw.choice(_PATHS)
        return self._mistyped(url) if draw.random() < 0.1 else url

    def _number(self) -> int | float:
        draw = self._by_chance
        any_float = draw.random() * 10.0 ** draw.randint(-20, 20)
        return draw.choice((draw.choice(_NUMBERS), draw.choice(_NUMBERS), any_float, draw.randint(-(10**20), 10**20)))

    def _anything(self, depth: int = 0) -> Any:
        draw, chance = self._by_chance, self._by_chance.random()
        if chance < 0.25:
            return self._number()
        if chance < 0.5:
            return self._word()
        if chance < 0.7:
            return draw.choice((None, True, False, "", [], {}, self._url()))
        if chance < 0.85 or depth > 2:
            return [self._anything(depth + 1) for _ in range(draw.randint(0, 3))]
        if chance < 0.88:
            return {draw.choice(hints().address_keys): draw.choice((self._url(), {"url": self._url()}))}
        edges = {"width": draw.choice((16, 1024, 1920, 1080.0, 0)), "height": draw.choice((9, 1024, 1080, "x"))}
        return {self._key(): self._anything(depth + 1) for _ in range(draw.randint(0, 3))} | draw.choice((edges, {}))

    def _typed(self, field: Field) -> Any:
        draw = self._by_chance
        if field.kind == "text":
            return draw.choice(
                ("a fox", "a fox", 'a red fox, in "snow"\nat 16:9', "狐狸", "x" * (field.max_length or 60))
            )
        if field.kind in ("word", "size"):
            word = draw.choice(field.choices or ("1024x1024",))
            near = (
                word.upper(),
                "7:5",
                "8k",
                "1024x768",
                "1920x1080",
                "3840x2160",
                "16x9",
                "100x100",
                "1000x1400",
                "hd",
            )
            return draw.choice((*[word] * 12, *near))
        if field.kind == "integer":
            least, most = field.minimum or 0, 12 if field.maximum is None else field.maximum
            return draw.choice((least, most, draw.randint(least, most), draw.randint(least, most), least - 1, most + 1))
        if field.kind == "boolean":
            return draw.random() < 0.5
        urls = [draw.choice((*["https://cdn.example.com/a.png"] * 9, "ftp://x/y", "photo.png")) for _ in range(2)]
        if field.kind == "url":
            return urls[0]
        return urls[: draw.choice((1, 2))] if field.kind == "urls" else {} if field.kind == "object" else [1]

    def _fitting(self, field: Field) -> Any:
        draw = self._by_chance
        if field.kind == "text":
            return draw.choice(_PROMPTS)
        if field.kind in ("word", "size"):
            return draw.choice((*field.words, self._word()))
        if field.kind == "integer":
            least, most = field.minimum or 0, 7 if field.maximum is None else field.maximum
            return draw.choice((least, most, 1, 2.0, draw.randint(0, 20), most + 1, least - 1))
        if field.kind == "boolean":
            return draw.random() < 0.5
        if field.kind == "url":
            return self._url()
        if field.kind == "urls":
            good, count = "https://cdn.example.com/a.png", draw.choice((0, 1, 1, 2, 3, 8, 9, 10, 14, 16, 17))
            return [draw.choice((good, good, self._url())) for _ in range(count)]
        return self._anything()
