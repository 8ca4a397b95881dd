"""The frame of the page: head, contents, parts, scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

import epoca
from epoca.messages import Message
from epoca.plots import CONFIG, relayout
from epoca.report.figures import as_json
from epoca.report.markup import Section, text
from epoca.report.subject import Subject

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
    "form-action 'none'"
)
"""Nothing is fetched, and no script runs but the two of the page; plotly writes styles and images into it."""


def page(subject: Subject, *, title: str, opening: str, sections: Sequence[Section]) -> str:
    """The whole page.

    Parameters
    ----------
    subject : Subject
        Says in which language.
    title : str
        Of the window.
    opening : str
        The first screen, as HTML with the ``h1``.
    sections : sequence of Section
        What follows, in this order.
    """
    say = subject.say
    scripts = [_plotly(), _own("page.js")]
    policy = _POLICY.format(scripts=" ".join(f"'sha256-{_hash(script)}'" for script in scripts))
    links = "".join(f'<li><a href="#{section.id}">{text(section.title)}</a></li>' for section in sections)
    looks = as_json({"light": relayout("light"), "dark": relayout("dark"), "config": CONFIG})
    lang = "pt-BR" if subject.voice.language.code == "pt_BR" else "en"
    made_by = Message("Made by epoca {version}.", version=epoca.__version__)
    without_script = Message(
        "Figures need JavaScript, which is switched off; their numbers are in the tables below each."
    )
    return "".join(
        [
            f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{text(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
            f'<meta name="generator" content="epoca {text(epoca.__version__)}">',
            f'<title>{text(title)}</title><link rel="icon" href="data:,"><style>{_own("style.css")}</style></head>',
            f'<body><a class="skip" href="#main">{text(say(Message("Skip to the report")))}</a>',
            f'<header><nav aria-label="{text(say(Message("Contents")))}"><ol>{links}</ol></nav>',
            f'<button type="button" id="look" data-dark="{text(say(Message("Dark page")))}" ',
            f'data-light="{text(say(Message("Light page")))}" hidden></button></header>',
            f'<main id="main" tabindex="-1">{opening}',
            f'<noscript><p class="note">{text(say(without_script))}</p></noscript>',
            *map(str, sections),
            f"</main><footer><p>{text(say(made_by))}</p></footer>",
            f'<script type="application/json" id="looks">{looks}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>\n",
        ]
    )


def _own(name: str) -> str:
    return resources.files("epoca.report").joinpath(name).read_text("utf-8")


@cache
def _plotly() -> str:
    """Plotly as a script within a page: nothing in it can end it, and its line ends are those that browsers hash."""
    from plotly.offline import get_plotlyjs

    plain = str(get_plotlyjs()).replace("\r\n", "\n")
    return plain.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
