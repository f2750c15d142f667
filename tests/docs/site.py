#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
"""site.py HTML_FOLDER: every link and picture of the site that Doxygen has made is there, places in pages included;
every public name can be searched for, and is reached from the first page by three clicks at most. site.py --markdown
FOLDER: the same of links in Markdown files, as GitHub shows them. Nothing outside of the folder is looked at."""
import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse

CLICKS = 3
OUTSIDE = re.compile(r"[a-z]+:|//|#$|javascript")

DOXYGENS = ("#nested-classes",)  # its own mistake, where all of them are hidden


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.places, self.links, self.files = set(), set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.places |= {found[key] for key in ("id", "name") if found.get(key)}
        if tag == "a" and found.get("href"):
            self.links.add(found["href"])
        self.files |= {found[key] for key in ("src", "srcset") if found.get(key)}
        if tag == "link" and found.get("href"):
            self.files.add(found["href"])


def resolved(page, link):
    """The page's name and the place in it; None for what lies outside."""
    if OUTSIDE.match(link):
        return None
    path, _, place = urllib.parse.unquote(link).partition("#")
    return (page if not path else str(pathlib.PurePosixPath(page).parent / path) if "/" in page else path), place


def site(folder):
    pages = {path.name: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.html"))}
    menu = set(re.findall(r'url:"([^"]+)"', (folder / "menudata.js").read_text(encoding="utf-8")))
    broken = []
    for name, page in pages.items():
        for link in sorted(page.links | page.files | menu):
            target = resolved(name, link)
            if target is None:
                continue
            file, place = target
            if not (folder / file).exists():
                broken.append(f"{name}: {link}: no such file")
            elif place and file in pages and place not in pages[file].places and link not in DOXYGENS:
                broken.append(f"{name}: {link}: no such place")

    # How many clicks a link is away, by links in pages and by the menu.
    clicks, now = {}, ["index.html"]
    for count in range(1, CLICKS + 1):
        following = []
        for name in now:
            for link in pages[name].links | menu:
                target = resolved(name, link)
                if target and target not in clicks:
                    clicks[target] = count
                    if target[0] in pages and (target[0], None) not in clicks:
                        clicks[target[0], None] = count
                        following.append(target[0])
        now = following

    # What the search knows: [key, [name, [link, where, scope]...]]
    names = {}
    for path in sorted(folder.glob("search/all_*.js")):
        text = path.read_text(encoding="utf-8").partition("=")[2].strip().rstrip(";")
        for shown, places in re.findall(r"\['[^']*',\['([^']*)',((?:\['[^']*',\d,'[^']*'\],?)+)\]\]", text):
            for link, scope in re.findall(r"\['([^']*)',\d,'([^']*)'\]", places):
                names[f"{scope} {shown}"] = resolved("search/x", link)
    for text, (file, place) in names.items():
        file = file.removeprefix("search/../")
        if file not in pages or place and place not in pages[file].places:
            broken.append(f"search: {text}: {file}#{place}: no such place")
        elif (file, place) not in clicks and (file, "") not in clicks and (file, None) not in clicks:
            broken.append(f"{text} is further away than {CLICKS} clicks")
    found = {text.rpartition(" ")[2] for text in names}
    broken += [f"the search does not find {name}" for name in ("parallel_for", "thread_pool", "prange") if name not in found]
    return f"{len(pages)} pages, {len(names)} names, {sum(len(page.links) for page in pages.values())} links", broken


def slug(heading):
    """As GitHub makes the place of a heading."""
    text = re.sub(r"<!--.*?-->|`|\[([^]]*)\]\([^)]*\)", lambda found: found[1] or "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def markdown(folder):
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=folder, capture_output=True, text=True, check=False).stdout.split()
    files = listed or [str(path.relative_to(folder)) for path in folder.rglob("*.md") if "build" not in path.parts]
    texts = {name: re.sub(r"^(```|~~~).*?^\1", "", (folder / name).read_text(encoding="utf-8"), flags=re.S | re.M) for name in files}
    places = {name: {slug(line.lstrip("#")) for line in re.findall(r"^#+ .*$", text, re.M)} for name, text in texts.items()}
    broken, count = [], 0
    for name, text in texts.items():
        prose = re.sub(r"`[^`\n]*`", "", text)
        for link in re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'(?:src|srcset)="([^"]+)"', prose):
            count += 1
            if OUTSIDE.match(link):
                continue
            path, _, place = link.partition("#")
            target = (folder / name).parent / path if path else folder / name
            if not target.exists():
                broken.append(f"{name}: {link}: no such file")
                continue
            file = target.resolve().relative_to(folder.resolve()).as_posix()
            if place and file in places and place not in places[file]:
                broken.append(f"{name}: {link}: no such heading")
    return f"{len(files)} files, {count} links", broken


def main(words):
    if words[:1] == ["--markdown"]:
        text, broken = markdown(pathlib.Path(words[1]))
    elif words:
        text, broken = site(pathlib.Path(words[0]))
    else:
        sys.exit(__doc__)
    print("\n".join(broken + [text]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
