"""Java's regular expressions, as selection patterns use them: the whole text, Java's dot, Java's syntax."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambda_over_https.sandbox.gateway.languages.patterns import compile_java


def matches(pattern: str, text: str) -> bool:
    """java.util.regex.Pattern.matches(pattern, text)."""
    return compile_java(pattern).matches(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (".*four hundred.*", "Error: four hundred from", True),
        (".+", "", False),
        (".*", "two\nlines", False),
        (".*", "two\rlines", False),
        (".*", "two\u2028lines", False),
        ("(?s).*", "two\nlines", True),
        ("a(?s).*", "a\n", True),
        ("(?:(?s).)b.", "\nb\n", False),
        ("(?d).*", "two\rlines", True),
        ("(.|\n)*", "two\nlines", True),
        ("[\\s\\S]*timed out[\\s\\S]*", "x\ntimed out\ny", True),
        ("bad", "bad request", False),
        ("^bad.*$", "bad request", True),
        ("^bad$", "bad\n", False),
        ("(?i)BAD.*", "bad request", True),
        ("x(?i)BAD", "xbad", True),
        ("x(?i)BAD", "Xbad", False),
        ("(?i:a)b", "Ab", True),
        ("(?i:a)b", "AB", False),
        ("(?-i:a)b", "ab", True),
        (r"\Q[a].*\E!", "[a].*!", True),
        (r"\Q[a].*", "[a].*", True),
        (r"\[BadRequest\].*", "[BadRequest] x", True),
        (r"\p{Alpha}+\p{Punct}", "abc!", True),
        (r"\P{Digit}+", "abc", True),
        (r"[\p{Upper}_]+", "A_B", True),
        (r"[^\p{Upper}_]+", "ab", True),
        (r"[a-z&&[^aeiou]]+", "xyz", True),
        (r"[a-z&&[^aeiou]]+", "xyza", False),
        (r"[a[0-9]]+", "a0a9", True),
        (r"[^a[0-9]]", "0", False),
        (r"[]a]+", "]a", True),
        (r"[&]", "&", True),
        (r"a{2,3}", "aaa", True),
        (r"a++b", "aab", True),
        (r"(?>a|ab)c", "abc", False),
        (r"(?<word>\w+) \k<word>", "is is", True),
        (r"(\w+) \1", "is is", True),
        (r"(?=.*x).+", "axb", True),
        (r"(?<!a)b", "b", True),
        (r"\w", "é", False),
        (r"\d", "٣", False),
        (r"\x41\u0042\x{43}\0104\e\cA", "ABCD\x1b\x01", True),
        (r"a\R\hb", "a\r\n\tb", True),
        (r"\v", "\n", True),
        (r"a\z", "a", True),
        (r"a|b", "b", True),
        (r"#\ \/\-", "# /-", True),
        ("}", "}", True),
        ("]", "]", True),
        ("", "", True),
    ],
)
def test_a_pattern_matches_as_in_java(pattern: str, text: str, expected: bool) -> None:
    """java.util.regex.Pattern, "Summary of regular-expression constructs"."""
    assert matches(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a)",
        "[a",
        "[]",
        "*",
        "a**",
        "{",
        "a{",
        '{"message".*',
        "a{,2}",
        "a{3,2}",
        r"\y",
        "\\",
        r"\xg0",
        r"\u12",
        r"\p{Nope}",
        r"\p{L}",
        "(?P<name>a)",
        "(?#comment)",
        "(?x) a",
        "(a)(?(1)b|c)",
        r"\k<missing>",
        "a|(?i)b|c",
    ],
)
def test_what_java_refuses_or_python_cannot_say_is_an_error(pattern: str) -> None:
    """java.util.regex.PatternSyntaxException; and nothing is silently read as something else."""
    with pytest.raises(ValueError, match=r"pattern|support"):
        compile_java(pattern)


@given(st.text())
@settings(deadline=None)
def test_quoted_text_matches_itself_only(text: str) -> None:
    r"""``\Q…\E`` takes everything literally."""
    quoted = "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E"
    assert matches(quoted, text)
    assert not matches(quoted, text + "x")


@given(st.text(alphabet="ab.*+?()[]|^$\\{}1-,&é\n", max_size=12), st.text(alphabet="ab\n1", max_size=6))
@settings(deadline=None, max_examples=300)
def test_any_pattern_compiles_or_is_refused_with_a_value_error(pattern: str, text: str) -> None:
    """No pattern of a user makes the gateway stumble."""
    try:
        compiled = compile_java(pattern)
    except ValueError:
        return
    compiled.matches(text)


@given(st.text(alphabet="abc01 ", max_size=8), st.text(alphabet="abc01 \n", max_size=8))
@settings(deadline=None)
def test_plain_patterns_mean_the_same_in_both(pattern: str, text: str) -> None:
    """Letters, digits and blanks stand for themselves."""
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text)) == (pattern == text)
