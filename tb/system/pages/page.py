"""What a page says without a browser: text, tables with the whole values of their cells, data of its charts."""
import html.parser
import json


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.text, self.tables, self.table, self.row, self.cell, self.data, self.within, self.references = "", {}, None, None, None, None, "", []
        self.tags = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.within = "data" if tag == "script" and attributes.get("id") == "data" else tag if tag in ("script", "style") else self.within
        self.references += [attributes[a] for a in ("href", "src") if a in attributes]
        if tag == "table" and "id" in attributes:
            self.table = self.tables[attributes["id"]] = []
        elif tag == "tr" and self.table is not None:
            self.table.append([])
        elif tag in ("td", "th") and self.table is not None:
            self.cell = ""
        elif tag == "data" and self.cell is not None:
            self.cell = float(attributes["value"])

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = None
        elif tag in ("td", "th") and self.cell is not None:
            self.table[-1].append(self.cell)
            self.cell = None
        elif tag in ("script", "style"):
            self.within = ""

    def handle_data(self, data):
        if self.within == "data":
            self.data = json.loads(data)
        elif not self.within:
            self.text += data
            if isinstance(self.cell, str):
                self.cell += data
