"""A headless Chromium that looks at the board, and what the tests ask of it."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kit.sandbox.lambda_lab import eventually

PATIENCE = 20.0
NEEDED = {"chromium": "chromium", "chromedriver": "chromium-driver"}
"""What must be installed: the command, and its package in Debian."""


def missing() -> str:
    """Why no browser can be started; empty if one can."""
    lacking = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    return f"the board's page needs a browser: apt-get install {' '.join(lacking)}" if lacking else ""


# Every element with words of its own: the size of its letters, and their contrast against what is behind.
MEASURE = """
const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = (color) => {
  const [r, g, b] = color.match(/[\\d.]+/g).map(Number);
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
};
const behind = (node) => {
  for (let each = node; each; each = each.parentElement) {
    const color = getComputedStyle(each).backgroundColor;
    if (!/, 0\\)$/.test(color)) return color;
  }
};
return [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility()
  && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())).map((each) => {
    const style = getComputedStyle(each);
    const [dark, bright] = [light(style.color), light(behind(each))].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    return [each.textContent.trim().slice(0, 30), parseFloat(style.fontSize), contrast];
  });
"""


AA = 4.5
"""The least contrast of WCAG AA."""


class Browser:
    """One window."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        """Open a page that is new to the window: its console is empty."""
        self.driver.get("about:blank")
        self.console()
        self.driver.get(url)

    def resize(self, width: int, height: int) -> None:
        """Give the page exactly that much room."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, **features: str) -> None:
        """Set what the user prefers, for example ``prefers_reduced_motion="reduce"``."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.command("Emulation.setEmulatedMedia", features=listed)

    def command(self, name: str, **parameters: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of a script."""
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str) -> str:
        """The text of the first element that fits; empty if there is none."""
        found = self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
        return str(found)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that fit."""
        script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText)"
        return [str(each) for each in self.run(script, selector)]

    def words_that_cannot_be_read(self, least: float, among: int) -> list[Any]:
        """Words in smaller letters than ``least`` px or with less contrast than AA asks, and how they are.

        There must be more than ``among`` in all.
        """
        measured = self.run(MEASURE)
        assert len(measured) > among
        return [each for each in measured if each[1] < least or each[2] < AA]

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            code = {" ": "Space"}.get(key, key)
            text = key if len(key) == 1 else {"Enter": "\r"}.get(key, "")
            more = {"text": text} if text else {}
            virtual = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}.get(key, 0)
            self.command(
                "Input.dispatchKeyEvent",
                type="keyDown",
                key=key,
                code=code,
                windowsVirtualKeyCode=virtual,
                **more,
            )
            self.command(
                "Input.dispatchKeyEvent", type="keyUp", key=key, code=code, windowsVirtualKeyCode=virtual
            )

    def until(self, true: Callable[[], Any], what: str = "") -> None:
        """Wait until it is true."""
        assert eventually(true, PATIENCE), f"{what or 'it'} never comes; the page says: {self.text('body')}"

    def until_text(self, selector: str, words: str) -> None:
        """Wait until these words stand there."""
        self.until(lambda: words in self.text(selector), f"{words!r} in {selector}")

    def console(self) -> list[str]:
        """What the console has had to say since it was last asked: errors, refusals of the policy."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def picture(self, path: Path) -> None:
        """Save what is seen as a PNG file."""
        shot = self.command("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser() -> Iterator[Browser]:
    """A window of 1280 by 720; skips the test where no browser is installed."""
    if why := missing():
        pytest.skip(why)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for each in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(str(shutil.which("chromedriver"))))
    try:
        window = Browser(driver)
        window.resize(1280, 720)
        yield window
    finally:
        driver.quit()
