"""Translates Java's regular expressions to Python's: selection patterns are Java's, and match the whole text.

Source: API Gateway API reference, IntegrationResponse, ``selectionPattern``; java.util.regex.Pattern.
"""

import re
import string

_LINE_ENDS = r"\n\r\u0085\u2028\u2029"
_HORIZONTAL = r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_VERTICAL = r"\n\x0b\f\r\u0085\u2028\u2029"
_NAMED_CLASSES = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "Graph": r"\x21-\x7e",
    "Print": r"\x20-\x7e",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0b\f\r",
}

_OPENING = re.compile(
    r"\?(?:[:=!>]|<[=!]|<(?P<name>[a-zA-Z][a-zA-Z0-9]*)>|(?P<on>[a-zA-Z]*)(?:-(?P<off>[a-zA-Z]+))?(?P<end>[:)]))|(?!\?)"
)

_SAME_IN_BOTH = frozenset("dDwWsSbBAtnrfa")
_CLASS_ESCAPES = frozenset("dDwWsStnrfa")


def translate(pattern: str) -> str:
    """The pattern in Python's syntax. ValueError if Java refuses it, or if Python has nothing equal."""
    return _Translator(pattern).translate()


class _Translator:
    """One pass over the pattern, with a method for each construct that the two dialects write differently."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._dotall = False
        self._unix_lines = False
        self._scopes = 0

    def translate(self) -> str:
        translated = self._alternatives()
        if self._at < len(self._text):
            raise ValueError("invalid pattern: unmatched closing ')'")
        return translated

    def _alternatives(self) -> str:
        """Translate up to the end of the group, and close the scopes that flags opened in it."""
        outer, self._scopes = self._scopes, 0
        parts = []
        while self._at < len(self._text) and self._peek() != ")":
            if self._scopes and self._peek() == "|":
                raise ValueError("invalid pattern: the sandbox does not support flags before a |")
            parts.append(self._piece())
        parts.append(")" * self._scopes)
        self._scopes = outer
        return "".join(parts)

    def _piece(self) -> str:
        char = self._next()
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._class()
        if char == "(":
            return self._group()
        if char == ".":
            return self._dot()
        if char == "{":
            return self._repetition()
        return char

    def _dot(self) -> str:
        if self._dotall:
            return r"[\s\S]"
        return r"[^\n]" if self._unix_lines else f"[^{_LINE_ENDS}]"

    def _repetition(self) -> str:
        match = re.compile(r"\d+(,\d*)?\}").match(self._text, self._at)
        if match is None or self._at == 1:
            raise ValueError("invalid pattern: illegal repetition")
        self._at = match.end()
        return "{" + match.group()

    def _escape(self) -> str:
        char = self._next()
        if char == "Q":
            end = self._text.find("\\E", self._at)
            quoted = self._text[self._at :] if end < 0 else self._text[self._at : end]
            self._at = len(self._text) if end < 0 else end + 2
            return re.escape(quoted)
        if char in _SAME_IN_BOTH or char in "123456789":
            return f"\\{char}"
        if char in _ASSERTIONS:
            return _ASSERTIONS[char]
        if char == "k":
            return f"(?P={self._until('>', '<')})"
        return self._character(char)

    def _character(self, char: str) -> str:
        """Translate an escape for one character or a set, which is valid inside and outside of brackets."""
        if char in "pP":
            return self._property(negated=char == "P")
        if char in "hHvV":
            members = _HORIZONTAL if char in "hH" else _VERTICAL
            return f"[^{members}]" if char in "HV" else f"[{members}]"
        if char == "x":
            return self._hexadecimal()
        if char == "u":
            return re.escape(chr(self._number(4)))
        if char == "0":
            return self._octal()
        if char in "ec":
            return r"\x1b" if char == "e" else re.escape(chr(ord(self._next()) ^ 64))
        if char.isalpha() and char.isascii():
            raise ValueError(f"invalid pattern: illegal or unsupported escape \\{char}")
        return re.escape(char)

    def _hexadecimal(self) -> str:
        if self._peek() == "{":
            return re.escape(chr(int(self._until("}", "{"), 16)))
        return re.escape(chr(self._number(2)))

    def _number(self, digits: int) -> int:
        text = self._text[self._at : self._at + digits]
        if len(text) < digits or not set(text) <= set(string.hexdigits):
            raise ValueError("invalid pattern: illegal hexadecimal escape")
        self._at += digits
        return int(text, 16)

    def _octal(self) -> str:
        match = re.compile(r"[0-3][0-7]{1,2}|[0-7]{1,2}").match(self._text, self._at)
        if match is None:
            raise ValueError("invalid pattern: illegal octal escape")
        self._at = match.end()
        return re.escape(chr(int(match.group(), 8)))

    def _property(self, *, negated: bool) -> str:
        name = self._until("}", "{") if self._peek() == "{" else self._next()
        members = _NAMED_CLASSES.get(name)
        if members is None:
            raise ValueError(f"the sandbox does not support \\p{{{name}}}")
        return f"[^{members}]" if negated else f"[{members}]"

    def _group(self) -> str:
        match = _OPENING.match(self._text, self._at)
        if match is None:
            raise ValueError("invalid pattern: unknown kind of group")
        self._at = match.end()
        if match["end"] == ")":
            self._scopes += 1
            return self._flagged(match)
        before = (self._dotall, self._unix_lines)
        opening = (
            self._flagged(match)
            if match["end"]
            else "(" + match.group().replace("?<", "?P<", bool(match["name"]))
        )
        inner = self._alternatives()
        if self._next() != ")":
            raise ValueError("invalid pattern: unclosed group")
        self._dotall, self._unix_lines = before
        return f"{opening}{inner})"

    def _flagged(self, match: re.Match[str]) -> str:
        """Switch flags on or off; flags that Python has too become the opening of a group."""
        on, off = match["on"] or "", match["off"] or ""
        if unknown := set(on + off) - set("idmsu"):
            raise ValueError(f"the sandbox does not support the pattern flag {''.join(sorted(unknown))}")
        self._dotall = "s" not in off and ("s" in on or self._dotall)
        self._unix_lines = "d" not in off and ("d" in on or self._unix_lines)
        kept_on = "".join(flag for flag in "im" if flag in on)
        kept_off = "".join(flag for flag in "im" if flag in off)
        return f"(?{kept_on}{'-' + kept_off if kept_off else ''}:"

    def _class(self) -> str:
        """Translate a bracketed class to a group that matches one character.

        Java's classes may be nested and intersected; Python's may not.
        """
        negated = self._skip("^")
        alternatives: list[str] = []
        intersected: list[str] = []
        plain = ""
        first = True
        while first or self._peek() != "]":
            first = False
            if self._text.startswith("&&", self._at):
                self._at += 2
                intersected.append(_union(plain, alternatives))
                plain, alternatives = "", []
            elif self._skip("["):
                alternatives.append(self._class())
            else:
                plain += self._class_member(alternatives)
        self._at += 1
        last = _union(plain, alternatives)
        return _one_character("".join(f"(?={part})" for part in intersected) + last, negated=negated)

    def _class_member(self, alternatives: list[str]) -> str:
        char = self._next()
        if char != "\\":
            return char if char == "-" or char.isalnum() else re.escape(char)
        char = self._next()
        if char in _CLASS_ESCAPES:
            return f"\\{char}"
        translated = self._character(char)
        if translated.startswith("["):
            alternatives.append(translated)
            return ""
        return translated

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise ValueError("invalid pattern: it ends too early")
        return self._text[self._at]

    def _next(self) -> str:
        char = self._peek()
        self._at += 1
        return char

    def _skip(self, char: str) -> bool:
        if self._peek() != char:
            return False
        self._at += 1
        return True

    def _until(self, closing: str, opening: str) -> str:
        end = self._text.find(closing, self._at)
        if end < 0 or self._peek() != opening:
            raise ValueError(f"invalid pattern: {opening}…{closing} expected")
        found = self._text[self._at + 1 : end]
        self._at = end + 1
        return found


_ASSERTIONS = {
    "z": r"\Z",
    "Z": rf"(?=(?:\r\n|[{_LINE_ENDS}])?\Z)",
    "R": rf"(?>\r\n|[{_VERTICAL}])",
}


def _union(plain: str, alternatives: list[str]) -> str:
    parts = [f"[{plain}]", *alternatives] if plain else alternatives
    if not parts:
        raise ValueError("invalid pattern: empty character class")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _one_character(translated: str, *, negated: bool) -> str:
    if not negated:
        return f"(?:{translated})" if translated.startswith("(?=") else translated
    return rf"(?:(?!{translated})[\s\S])"
