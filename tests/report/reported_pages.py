"""Reports of synthetic runs, and what can be read back from a page without a browser."""

import base64
import gzip
import json
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from plotted_runs import hostile, store

from qbench.session.report import make_report

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict
    parent: "Element | None" = None
    children: list = field(default_factory=list)
    texts: list = field(default_factory=list)

    def text(self):
        """All text within, in the order of the page."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.texts)

    def find(self, tag=None, **wanted):
        """Elements within, of a tag and with these attributes (class_ for class)."""
        found = []
        for child in self.children:
            same = all(child.attributes.get(name.rstrip("_")) == value for name, value in wanted.items())
            if (tag is None or child.tag == tag) and same:
                found.append(child)
            found += child.find(tag, **wanted)
        return found


class Reader(HTMLParser):
    """Builds the tree, and refuses what does not nest: a page of ours leaves nothing to a browser's mercy."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("#page", {})
        self.here = self.root

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        self.here.texts.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag):
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.texts.append(data)


def read_page(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def page_of(plan, folder):
    """The text of the report of a synthetic run, which is stored under ``folder``."""
    return make_report([store(plan, folder)])


def data_of(page):
    """The data blocks of a page, by name, decoded without the page's own script."""
    found = {}
    for script in page.find("script"):
        kind, name = script.attributes.get("type"), script.attributes.get("id", "")
        if name.startswith("data-"):
            text = script.text()
            if kind == "application/gzip":
                text = gzip.decompress(base64.b64decode(text)).decode("ascii")
            found[name.removeprefix("data-")] = json.loads(text)
    return found


def columns_of(table):
    """A table's columns by name, as lists of text."""
    return {
        one["name"]: [one["words"][place] for place in one["places"]] if "words" in one else one["values"]
        for one in table["columns"]
    }


def hostile_records():
    """The hostile run as a folder can hold it: without a flag that no version knows.

    One simulator's name is a template as plotly.js fills them in.
    """
    first, *others = hostile().sims
    template = replace(others[-1], name="%{meta}<b>bold</b>")
    sims = (first, *others[:-1], template)
    return replace(hostile(), sims=sims, flags={("*", first.name): ("cached",)})
