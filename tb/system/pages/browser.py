"""A page in a real headless Chromium: what it draws, asks for and complains of; keys as a person presses them."""
import base64
import json
import pathlib
import sys
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None

BROWSER, DRIVER = pathlib.Path("/usr/bin/chromium"), pathlib.Path("/usr/bin/chromedriver")


def need_browser():
    absent = [name for name, there in (("python3-selenium", webdriver), ("chromium", BROWSER.exists()), ("chromium-driver", DRIVER.exists())) if not there]
    if absent:
        print(f"skipped: {' and '.join(absent)} not installed")
        sys.exit(77)


class Browser:
    def __init__(self, case, width=1200, height=900, downloads=None):
        options = webdriver.ChromeOptions()
        options.binary_location = str(BROWSER)
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}", "--hide-scrollbars",
                "--force-device-scale-factor=1"):
            options.add_argument(word)
        if downloads:
            options.add_experimental_option("prefs", {"download.default_directory": str(downloads),
                    "profile.default_content_setting_values.automatic_downloads": 1})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(str(DRIVER)), options=options)
        if case:
            case.addCleanup(self.driver.quit)

    def open(self, file, dark=False, scripts=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self.driver.get(pathlib.Path(file).resolve().as_uri())
        until = time.monotonic() + 20
        while scripts and time.monotonic() < until and not self.run("return document.documentElement.dataset.drawn"):
            time.sleep(0.05)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def console(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses that the page asked for since it was opened; its own first."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def press(self, key, code=None):
        for kind in ("keyDown", "keyUp"):
            event = {"type": kind, "key": key, "code": code or key}
            if kind == "keyDown" and len(key) == 1:
                event["text"] = key
            if key == "Tab":
                event["windowsVirtualKeyCode"] = 9
            if key == " ":
                event["windowsVirtualKeyCode"] = 32
            if key == "Enter":
                event.update(windowsVirtualKeyCode=13, text="\r") if kind == "keyDown" else event.update(windowsVirtualKeyCode=13)
            self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", event)

    def tab_to(self, script, most=400):
        """Presses Tab until `script`, with `e` the focused element, is true."""
        for _ in range(most):
            self.press("Tab")
            if self.run("const e = document.activeElement; return " + script):
                return
        raise AssertionError(f"the Tab key does not reach: {script}")

    def whole_picture(self, file, selector=None, until=None):
        """Of the page, or of one element of it; down to where the element `until` begins."""
        box = self.run("""const r = (arguments[0] ? document.querySelector(arguments[0]) : document.documentElement).getBoundingClientRect();
                          const end = arguments[1] ? document.querySelector(arguments[1]).getBoundingClientRect().top : r.bottom;
                          return [r.left + scrollX, r.top + scrollY, r.width, end - r.top]""", selector, until)
        clip = dict(zip(("x", "y", "width", "height"), box), scale=1)
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})
        pathlib.Path(file).write_bytes(base64.b64decode(picture["data"]))

    def paper(self, file):
        printed = self.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "preferCSSPageSize": True})
        pathlib.Path(file).write_bytes(base64.b64decode(printed["data"]))
