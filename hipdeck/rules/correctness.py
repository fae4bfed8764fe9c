"""Rules about what can't be right in a deck: functions from the deck to diagnostics, which no note can waive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hipdeck.deck.notes import Citation, Deck, Note
from hipdeck.diagnostics import Diagnostic, Key, error, warning
from hipdeck.names import Names, did_you_mean
from hipdeck.source.document import Document

_CLOZE = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::")
_CODE = re.compile(r"`[^`]*`")


def duplicate_ids(deck: Deck) -> Iterator[Diagnostic]:
    """Two notes with the same id: students would get only one of them.

    Fails: `- id: glute-bridge` in two notes. Passes: a different id for each note.
    From: Anki's importer, which recognizes a note by its GUID, and the GUID is derived from the id.
    """
    first: dict[str, Note] = {}
    for note in deck.notes:
        other = first.setdefault(note.id, note)
        if other is not note:
            place = other.at()
            message = f"the id '{note.id}' is already in use at {place.path}:{place.line}:{place.column}"
            yield error("duplicate-id", note.at(), message, "give one of the two notes another id")


def answer_among_choices(deck: Deck) -> Iterator[Diagnostic]:
    """A multiple choice whose answer isn't one of the choices, or that offers a choice twice.

    Fails: `choices: [Heels, Toes]` with `answer: Heel`. Passes: `answer: Heels`.
    From: the card, which marks the choice that equals the answer.
    """
    for note in deck.notes:
        if note.form != "choices":
            continue
        if note.answer not in note.choices:
            hint = _right_choice(note) or did_you_mean(note.answer, note.choices) or "copy one of the choices exactly"
            yield error("answer-not-a-choice", note.at("answer"), "the answer isn't one of the choices", hint)
        first: dict[str, int] = {}
        for index, choice in enumerate(note.choices):
            if first.setdefault(choice, index) != index:
                message = f"the choice '{choice}' appears twice"
                yield error("duplicate-choice", note.at("choices", index), message, "delete one, or change it")


def _right_choice(note: Note) -> str:
    """What to write if the answer is a choice's letter or number, or a choice that YAML split at its commas."""
    lengths = range(2, len(note.choices) + 1)
    for part in (note.choices[start : start + length] for length in lengths for start in range(len(note.choices))):
        if len(part) > 1 and re.sub(r",\s*", ",", note.answer) == ",".join(part):
            return f'YAML splits the choices at this comma; put that choice in quotes: "{note.answer}"'
    mark = re.fullmatch(r"\(?([A-Za-z]|[0-9]{1,2})[.)]?", note.answer)
    if not mark:
        return ""
    place = int(mark[1]) - 1 if mark[1].isdigit() else ord(mark[1].upper()) - ord("A")
    labeled = [choice for choice in note.choices if re.match(rf"\(?{mark[1]}[.):]", choice, re.IGNORECASE)]
    if labeled or 0 <= place < len(note.choices):
        right = labeled[0] if labeled else note.choices[place]
        return f"the card shuffles the choices; write the right one itself: answer: {right}"
    return ""


def known_sources(deck: Deck) -> Iterator[Diagnostic]:
    """A source that deck.yaml doesn't list.

    Fails: `source: gray p. 12` without a source 'gray' in deck.yaml. Passes: `source: gray p. 12` with one.
    From: the card's footer, which shows the source's title.
    """
    if deck.sources is None:
        return
    reported = set()
    names = Names(deck.sources)
    for note in deck.notes:
        citation = note.citation
        if citation and citation.source not in deck.sources:
            place = note.source_place()
            if place not in reported:
                reported.add(place)
                hint = _by_title(deck, citation) or names.did_you_mean(citation.source)
                hint = hint or _how_to_list(citation.source, names.choice)
                yield error("unknown-source", place, f"unknown source '{citation.source}'", hint)


def _by_title(deck: Deck, citation: Citation) -> str:
    """What to write for a source that is called by its title; nothing if it isn't."""
    text = f"{citation.source} {citation.locator}"
    for name, source in (deck.sources or {}).items():
        if text.casefold().startswith(source.title.casefold()):
            return f"write the source's id: source: {name} {text[len(source.title) :].lstrip(' ,;:')}".rstrip()
    return ""


def _how_to_list(source: str, choice: str) -> str:
    """What to write in deck.yaml for a source that isn't listed there; `choice` is a hint that names those that are."""
    name = source if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", source) else "guide"
    above = "below" if choice else "after a line"
    hint = f"list it in deck.yaml, {above} 'sources:': '  {name}: {{title: …}}'"
    if name != source:
        hint += f", and begin this source with that word: source: {name} …"
    return f"{hint}; or {choice}" if choice else hint


def misplaced_clozes(deck: Deck) -> Iterator[Diagnostic]:
    """A cloze in a question, an answer, a choice or a why.

    Fails: `question: The {{c1::deltoid}} lifts the arm`. Passes: the same text as a `cloze:`; braces in `code`.
    From: Anki, which makes gaps only in notes of its cloze type. The braces show elsewhere, so this is only a warning.
    """
    for note in deck.notes:
        if "{{c" not in note.question + note.answer + note.why and not any("{{c" in choice for choice in note.choices):
            continue
        texts: list[tuple[tuple[Key, ...], str]]
        texts = [(("question",), note.question), (("answer",), note.answer), (("why",), note.why)]
        texts += [(("choices", index), choice) for index, choice in enumerate(note.choices)]
        for keys, text in texts:
            if "{{c" in text and (mark := _CLOZE.search(_CODE.sub("", text))):
                message = f"'{mark[0]}' makes a gap only in 'cloze'"
                hint = "write 'cloze: …' instead of question and answer, or put the braces in `code`"
                yield warning("misplaced-cloze", note.find(mark[0], *keys), message, hint)


def retired_reasons(deck: Deck) -> Iterator[Diagnostic]:
    """A retired note without a reason.

    Fails: `retired: true`. Passes: `retired: the study behind it was withdrawn`.
    From: the release notes, where students read the reason.
    """
    for note in deck.notes:
        if note.retired.casefold() in ("true", "false", "yes", "no"):
            message = f"'{note.retired}' isn't a reason, and students read it in the release notes"
            hint = "write why the note is no longer in the deck, or delete 'retired' if it still is"
            yield error("no-reason", note.at("retired"), message, hint)


def tag_spelling(deck: Deck) -> Iterator[Diagnostic]:
    """Two tags that differ only in capital letters.

    Fails: `equipment::Band` in one note and `equipment::band` in another. Passes: one spelling for both.
    From: Anki, which merges such tags into the one that it met first.
    """
    spelling: dict[str, str] = {}
    known: set[str] = set()
    section_tags = {section.path: deck.section_tag(section) for section in deck.sections}
    for note in deck.notes:
        for tag in (section_tags[note.section.path], *note.tags):
            if tag in known:
                continue
            parts = tag.split("::")
            for length in range(2, len(parts) + 1):
                part = "::".join(parts[:length])
                other = spelling.setdefault(part.casefold(), part)
                if other != part:
                    message = f"the tags '{other}' and '{part}' differ only in capital letters"
                    yield error("tag-case", note.at(), message, "spell both the same way; to Anki they are one tag")
                    break
            else:
                known.add(tag)


def invisible_characters(deck: Deck) -> Iterator[Diagnostic]:
    """An invisible character in a title or a tag.

    Fails: a zero-width space in `tags: [hip]`. Passes: a joiner in a Persian word.
    From: Anki, for which such a tag is another one, though nobody sees a difference.
    """
    for text, document, keys in _names(deck):
        if text.isascii():
            continue
        from hipdeck.rules.odd_characters import find_invisible

        if invisible := find_invisible(text):
            is_alone = not any(sign.isalnum() for sign in text.rpartition("::")[2])
            hint = "write something visible there, or delete it with its quotes" if is_alone else invisible.hint
            yield error("control-character", document.find(invisible.needle, *keys), invisible.message, hint)


def _names(deck: Deck) -> Iterator[tuple[str, Document, tuple[Key, ...]]]:
    """The titles and tags of a deck that may hold more than ASCII, each with its document and the keys to it there."""
    if deck.document:
        yield deck.name, deck.document, ("deck",)
        for key, source in (deck.sources or {}).items():
            yield source.title, deck.document, ("sources", key, "title")
    for section in deck.sections:
        yield section.title, section.document, ("section",)
        for index, tag in enumerate(section.tags):
            yield tag, section.document, ("tags", index)
    for note in deck.notes:
        if not "".join(note.own_tags).isascii():  # most notes need no closer look, and a large deck has many
            for index, tag in enumerate(note.own_tags):
                yield tag, note.section.document, ("notes", note.index, "tags", index)


def section_tags(deck: Deck) -> Iterator[Diagnostic]:
    """Two section files with the same tag, or one whose tag Anki would change.

    Fails: 'glute bridge.yaml' next to 'glute-bridge.yaml', or 'glute::::bridge.yaml'. Passes: names that differ in more
    than spaces.
    From: Anki's tags, which can't hold spaces or empty parts.
    """
    first: dict[str, str] = {}
    for section in deck.sections:
        tag = deck.section_tag(section)
        if not all(tag.split("::")):
            message = f"this section's tag would be '{tag}', which has an empty part"
            yield error("bad-tag", section.at(), message, "rename the file")
        other = first.setdefault(tag, section.document.path)
        if other != section.document.path:
            message = f"this section and {other} both get the tag '{tag}'"
            yield error("section-tag", section.at(), message, "rename one of the two files")


def unused_sources(deck: Deck) -> Iterator[Diagnostic]:
    """A source that no note uses.

    Why: a list of sources that weren't used claims more than is true.
    Fails: a source 'gray' in deck.yaml that no `source:` begins with.
    Passes: `source: gray p. 12` in any note or file.
    From: Wozniak's eighteenth rule, provide sources: a source belongs with what came from it.
    """
    used = {note.citation.source for note in deck.notes if note.citation}
    for source in deck.sources or ():
        if source not in used and deck.document:
            place = deck.document.key_at("sources", source)
            hint = "name it in the notes that come from it, or delete it"
            yield warning("unused-source", place, f"no note uses the source '{source}'", hint)
