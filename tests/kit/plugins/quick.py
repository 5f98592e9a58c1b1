"""What costs a process time and proves nothing in a test, left out."""

import functools
import gc
import http.client
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import botocore.client
import botocore.errorfactory
import botocore.hooks
import botocore.model
import botocore.session

from tests.kit.plugins.tries import SharingTrie

PLAIN = re.compile(rb"([!-9;-~]+):[ \t]*([^\r\n]*)\r?\n")
"""A header that is on one line."""

RARELY = 10_000
"""Objects made until Python looks for garbage. With the usual 700 a tenth of the tests' time goes into
looking; with many more, what nobody closed stays open for long."""

creator: Any = botocore.client.ClientCreator
hooks: Any = botocore.hooks
session: Any = botocore.session
# Private, but it is the part of Python's own that refuses a line that is too long, and too many of them.
read_lines: Any = http.client._read_headers  # type: ignore[attr-defined]  # noqa: SLF001

Made = Callable[..., Any]


def quickened() -> Callable[[], None]:
    """Quicken this process, and those that it forks, until the function that is returned is called.

    Nothing waits for the disk: no test cuts the power, and other processes see what was written at once. All
    sessions of the SDK share one reader of its services' models, what is made of each model, and the methods
    of each service's client, where each would make them anew. Nor does each anew look at the signatures of
    its hundred handlers, translate the names of their events, and copy all of them.
    """
    slow = {(place, name): getattr(place, name) for place, name in _QUICK}

    def put(them: Mapping[tuple[Any, str], Any]) -> None:
        for (place, name), what in them.items():
            setattr(place, name, what)

    put({each: _QUICK[each](slow[each]) for each in slow})
    return functools.partial(put, slow)


def keep_compiled() -> None:
    """Let Python keep what it compiles: else each run compiles the tests, and each process the program."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def look_rarely_for_garbage() -> None:
    """The tests make much, and most of it goes without the collector of garbage."""
    gc.set_threshold(RARELY)


def loaded() -> None:
    """Say that what there is now stays: the collector of garbage, and a fork's, need not look at it again."""
    gc.collect()
    gc.freeze()


def _sharing_models(_: Made) -> Made:
    models: dict[int, Any] = {}

    def load(self: Any, name: str, api_version: str | None = None) -> Any:
        read = self._loader.load_service_model(name, "service-2", api_version=api_version)
        return models.setdefault(id(read), botocore.model.ServiceModel(read, service_name=name))

    return load


def _sharing_methods(create: Made) -> Made:
    methods: dict[Any, dict[str, Any]] = {}

    def created(self: Any, model: Any) -> dict[str, Any]:
        if model not in methods:
            methods[model] = create(self, model)
        return dict(methods[model])

    return created


def _sharing_names(begin: Made) -> Made:
    names: dict[str, str] = {}

    def begun(self: Any, *arguments: Any) -> None:
        begin(self, *arguments)
        self._alias_name_cache = names

    return begun


def _accepts_kwargs(_: Made) -> Made:
    def accepts(function: Any) -> bool:
        code = getattr(function, "__code__", None)
        return bool(code.co_flags & inspect.CO_VARKEYWORDS if code else inspect.getfullargspec(function)[2])

    return accepts


def _parsing_plainly(parse: Made) -> Made:
    """The headers of HTTP as they nearly always are; all others by the rules of e-mail, as ever."""

    def parsed(fp: Any, _class: Any = http.client.HTTPMessage) -> Any:
        lines = read_lines(fp)
        plain = [PLAIN.fullmatch(line) for line in lines[:-1]]
        if not all(plain):
            return parse(io.BytesIO(b"".join(lines)), _class)
        message = _class()
        for name, value in (found.groups() for found in plain if found):
            message.set_raw(name.decode("latin-1"), value.decode("latin-1"))
        return message

    return parsed


def _not_waiting(_: Made) -> Made:
    """As if what was written were on the disk."""
    return lambda _: None


_QUICK: Mapping[tuple[Any, str], Callable[[Made], Made]] = {
    (os, "fsync"): _not_waiting,
    (http.client, "parse_headers"): _parsing_plainly,
    (session, "create_loader"): functools.cache,
    (session, "ClientExceptionsFactory"): functools.cache,
    (creator, "_load_service_model"): _sharing_models,
    (creator, "_create_methods"): _sharing_methods,
    (hooks, "accepts_kwargs"): _accepts_kwargs,
    (hooks.EventAliaser, "__init__"): _sharing_names,
    (hooks, "_PrefixTrie"): lambda _: SharingTrie,
}
"""Where each slow function is, and what makes a quick one of it."""
