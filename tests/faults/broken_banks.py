"""Malformed question banks: the shipped ones, each changed at random."""

import functools
import json
import random
import re
from collections.abc import Callable

from bank_texts import LEVELLED, TINY
from faults.counts import chance
from hostile import HOSTILE
from ruamel.yaml import YAML

from workshop.banks.shipped import banks_directory

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

_YAML_SIGNS = [
    "", "\t", ": ", "- ", "&a ", "*a ", "!!x ", '"', "'", "[", "}", "{", "]", "\n", "\n\n", " ",
    "%",
    "|", ">", "? ", "---\n", "...\n", "\0", "\x1b[2J", "\u2028", "\ufeff", "<<: ", "1e999", "#",
    "2026-02-30", '"\\UFFFFFFFF"', "!!python/object/apply:os.system [id]", "~", "no", "0o17",
    "\x85",
    "!!binary aGk=", "!!set {a}", "!!omap [a: b]", "!!timestamp 2001-12-14", "&x [*x]",
    "%YAML 9.9\n",
    "%TAG ! tag:x,2000:\n", "\\u0000", '"\\x00"', "!!float", "0x1f", "1_000", "=", "!<tag:x> y",
]  # fmt: skip
_SCALARS: list[str] = [
    "9" * 39, "9" * 4_400, "-1", "0", "1e400", ".inf", ".nan", "0x1F", "0b1", "1_0", "12:30:45",
    "true", "null", "~", "''", "[]", "{}", "[[]]", "!!int x", "!!null x", "!!bool maybe", "1.0",
    "2026-02-30", "&a b", "*a", "!!merge x", "<<", "|\n", ">9\n", "|-+\n", '"\\ud800"',
    '"\\x1b[2J"',
    '"\\U0010ffff"', "'it''s'", "@x", "`x`", "%x", "x" * 2_001, "é" * 30_000, "- - - x", "? x",
]  # fmt: skip
_ENCODINGS = [
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "cp037",
    "utf-8-sig",
    "shift_jis", "gb18030",
]  # fmt: skip


@functools.cache
def _shipped() -> tuple[str, ...]:
    return tuple(p.read_text(encoding="utf-8") for p in sorted(banks_directory().glob("*.yaml")))


@functools.cache
def _shortened() -> tuple[str, ...]:
    """Return the shipped banks with two blocks each, because whole ones would take too long."""
    texts: list[str] = []
    for text in _shipped():
        head, *blocks = text.split("\n  - id: ")
        if "\nlevels:" in head:
            levels = text.split("\nblocks:\n")
            head, blocks = levels[0] + "\nblocks:", re.split(r"(?m)^  - id: ", levels[1])[1:]
        names = [block.split("\n", 1)[0] for block in blocks[:2]]
        head = re.sub(r"(?ms)^canvas: \|\n(  .*?\n)+", f"canvas: |\n  {' '.join(names)}\n", head)
        head = re.sub(r"(?m)^columns: .*\n", "", head)
        block_ids = "|".join(names)
        head = re.sub(rf"(?m)^  - (higher|lower)\.(?!(?:{block_ids})\n)\w+\n", "", head)
        texts.append(
            "\n  - id: ".join([head, *(block.rstrip("\n") for block in blocks[:2])]) + "\n"
        )
    return tuple(texts)


def sound_texts() -> tuple[str, ...]:
    """Return the sound banks from which all others are made."""
    return (*_shipped(), *_shortened(), TINY, LEVELLED)


@functools.cache
def _as_json(text: str) -> str:
    loaded = YAML(typ="safe", pure=True).load(text)
    return json.dumps(loaded, ensure_ascii=False)


def _source(choice: random.Random) -> str:
    return choice.choices(sound_texts(), [2, 2, 16, 16, 10, 10])[0]


# ── the kinds of change ──────────────────────────────────────────────────────────────────────


def _flip_bytes(choice: random.Random) -> bytes:
    content = bytearray(_source(choice).encode())
    for _ in range(choice.choice([1, 1, 3, 30])):
        offset = choice.randrange(len(content))
        content[offset] = choice.choice(
            [content[offset] ^ 1 << choice.randrange(8), choice.randrange(256)]
        )
    return bytes(content)


def _cut_bytes(choice: random.Random) -> bytes:
    content = _source(choice).encode()
    begin, end = sorted(choice.randrange(len(content)) for _ in range(2))
    return choice.choice(
        [content[:begin], content[end:], content[:begin] + content[end:],
         content + choice.randbytes(choice.randrange(1, 300)), choice.randbytes(end - begin + 1)]
    )  # fmt: skip


def _insert_yaml_signs(choice: random.Random) -> bytes:
    text = _source(choice)
    for _ in range(choice.choice([1, 1, 2, 6])):
        cut = choice.randrange(len(text) + 1)
        text = text[:cut] + choice.choice(_YAML_SIGNS) + text[cut + choice.choice([0, 0, 1, 8]) :]
    return text.encode()


def _lines(choice: random.Random) -> bytes:
    lines = _source(choice).splitlines()
    for _ in range(choice.choice([1, 1, 3, 10])):
        index = choice.randrange(len(lines))
        match choice.randrange(6):
            case 0:
                lines.insert(index, lines[index])
            case 1 if len(lines) > 1:
                del lines[index]
            case 2:
                lines.insert(choice.randrange(len(lines)), lines[index])
            case 3:
                lines[index] = " " * choice.randrange(1, 9) + lines[index]
            case 4:
                lines[index] = lines[index].lstrip()
            case _:
                lines[index] = lines[index].replace(
                    " ", choice.choice(["\t", "\u00a0", "", "  "]), 1
                )
    return choice.choice(["\n", "\n", "\r\n", "\r", "\u2028"]).join(lines).encode()


def _scalar(choice: random.Random) -> bytes:
    """Give a key an odd value."""
    lines = _source(choice).splitlines()
    key_lines = [n for n, line in enumerate(lines) if re.match(r"[ -]*\w+:", line)]
    index = choice.choice(key_lines)
    lines[index] = f"{lines[index].split(':')[0]}: {choice.choice(_SCALARS)}"
    return "\n".join(lines).encode()


def _hostile_words(choice: random.Random) -> bytes:
    tree = json.loads(_as_json(_source(choice)))
    for _ in range(choice.choice([1, 3])):
        holder, key = _random_item(tree, choice)
        if isinstance(holder[key], str):
            holder[key] = choice.choice(HOSTILE)[: choice.choice([60, 1_990, 30_000])]
    return json.dumps(tree, ensure_ascii=choice.random() < 0.5).encode("utf-8", "surrogatepass")


def _structure(choice: random.Random) -> bytes:
    """Change the tree: delete, copy, repeat, rename or wrap a value, or change its type."""
    tree = json.loads(_as_json(_source(choice)))
    for _ in range(choice.choice([1, 1, 2, 5])):
        holder, key = _random_item(tree, choice)
        match choice.randrange(8):
            case 0:
                del holder[key]
            case 1:
                other_holder, other_key = _random_item(tree, choice)
                holder[key] = json.loads(json.dumps(other_holder[other_key]))
            case 2:
                holder[key] = [holder[key]]
            case 3:
                holder[key] = {"id": holder[key]}
            case 4:
                holder[key] = choice.choice(_VALUES)
            case 5 if isinstance(holder, dict):
                holder[choice.choice(["id", "ask", "__class__", "é", "", "1", "x" * 300])] = holder[
                    key
                ]
            case 6 if isinstance(holder[key], list):
                holder[key] = holder[key] * choice.choice([2, 3, 30])
            case _:
                holder[key] = json.loads("[" * 19 + "1" + "]" * 19)
        if not tree:
            break
    return json.dumps(tree, ensure_ascii=False, indent=choice.choice([None, 1])).encode()


_VALUES: list[Value] = [
    None, True, False, 0, -1, 1.5, 10**38, 10**19, 2**63, 1e308, "", " ", "a b", "A", "1",
    "x" * 5_000,
    [], {}, [None], [[]], {"": ""}, {"id": "x"}, ["a"] * 101, "higher", "customer", "a\nb", "a.b",
]  # fmt: skip


def _random_item(tree: Value, choice: random.Random) -> tuple[dict[str, Value], str]:
    """Return a random collection in the tree, and a random key or index in it."""
    items: list[tuple[Value, object]] = []
    pending: list[Value] = [tree]
    while pending:
        node = pending.pop()
        keys = node.keys() if isinstance(node, dict) else range(len(node))  # type: ignore[arg-type]
        for key in keys:
            items.append((node, key))
            child = node[key]  # type: ignore[index]
            if isinstance(child, dict | list):
                pending.append(child)
    return choice.choice(items)  # type: ignore[return-value]


def _encoding(choice: random.Random) -> bytes:
    text = _source(choice)
    raw = text.encode(choice.choice(_ENCODINGS), "replace")
    mark = choice.choice(
        [b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff", b"\0"]
    )
    return mark * choice.choice([1, 1, 2]) + raw


def _too_much(choice: random.Random) -> bytes:
    """Return something that takes endless time or all memory without a limit."""
    many = choice.choice([21, 100, 3_000, 90_000])
    text = _source(choice)
    return choice.choice(
        [
            "x: " + "[" * many,
            "x: " + "{a: " * many,
            "- " * many + "x",
            "".join(f"{' ' * n}a:\n" for n in range(min(many, 1_300))),
            text + "x: [" + "1, " * many + "]\n",
            text + "".join(f"k{n}: 1\n" for n in range(min(many, 30_000))),
            "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(min(many,
            900))),
            text.replace("title: ", "title: " + "x" * many, 1),
            text.replace("title: ", 'title: "' + "\\u00e9" * many + '" #', 1),
            "? " * many + "x",
            "!" * many + " x",
            "'" + "''" * many,
            "#" * many,
            "\n" * many + text,
            "\t" * many,
            "a" * many + ": 1\n" + text,
            "%" + "A" * many,
            "&" + "A" * many + " x",
            text + "#" + "x" * 1_000_000,
            "--- " * many,
            text.replace("canvas: |", "canvas: |\n  " + "left right " * (many // 10), 1),
            text.replace("version: 1", "version: " + "9" * many, 1),
            text.replace("version: 1", "version: !!int " + "9" * many, 1),
            text.replace("version: 1", "version: !!float " + "1:" * many, 1),
            text.replace("version: 1", "version: " + "1" + ":59" * many, 1),
        ]
    ).encode()  # fmt: skip


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "flipped bytes": _flip_bytes,
    "cut bytes": _cut_bytes,
    "YAML signs": _insert_yaml_signs,
    "moved lines": _lines,
    "odd scalars": _scalar,
    "hostile words": _hostile_words,
    "structure": _structure,
    "encodings": _encoding,
    "too much": _too_much,
}
_WEIGHTS = [3, 1, 4, 3, 3, 2, 4, 1, 1]


def broken_bank(number: int) -> tuple[str, bytes]:
    """Return the kind of the change and the content of the malformed bank of that number."""
    choice = chance("banks", number)
    kind = choice.choices(list(KINDS), _WEIGHTS)[0]
    return kind, KINDS[kind](choice)
