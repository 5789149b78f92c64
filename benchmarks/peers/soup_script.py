"""Peer: BeautifulSoup and langdetect: the paragraphs of <article>, or of the whole page, and a JSON line each.

soup_script.py LIST FOLDER  ->  {"pages": 509, "rows": 507}
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from bs4 import BeautifulSoup
from langdetect import DetectorFactory, LangDetectException, detect


def main() -> None:
    """LIST names a page a line; articles.jsonl goes to FOLDER."""
    DetectorFactory.seed = 0
    paths, folder = Path(sys.argv[1]).read_text().splitlines(), Path(sys.argv[2])
    rows = 0
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as out:
        for path in paths:
            soup = BeautifulSoup(gzip.decompress(Path(path).read_bytes()), "lxml")
            for element in soup(["script", "style", "nav", "footer", "aside"]):
                element.decompose()
            body = soup.find("article") or soup
            text = "\n".join(line for each in body.find_all("p") if (line := each.get_text(" ", strip=True)))
            if not text:
                continue
            try:
                language = detect(text)
            except LangDetectException:
                language = None
            title = soup.title.get_text(strip=True) if soup.title else None
            out.write(json.dumps({"path": path, "title": title, "language": language, "text": text}) + "\n")
            rows += 1
    print(json.dumps({"pages": len(paths), "rows": rows}))


if __name__ == "__main__":
    main()
