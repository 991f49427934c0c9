"""One event for every write of the domain, whichever module writes and however it is reached."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import incubator
from incubator.piccolo_app import APP_CONFIG

ROOT = Path(incubator.__file__).parent

#: Packages that are mechanisms: the features that use them record what they write.
_NO_DOMAIN = ("db", "core", "http", "search", "artwork", "typesetting", "tabular", "files", "jobs", "_assets")

TABLES = {table.__name__ for table in APP_CONFIG.table_classes}

_WRITES = {"insert", "update", "delete"}

#: Functions that write no fact of the domain, each with the reason.
SILENT = {
    "privacy.guardian_answer._forbid_as_well": "the answer, of which it is a part, is told",
    "publication.following.ask_to_follow": "who follows is nobody's business: the journal keeps no addresses",
    "publication.following.confirm_following": "who follows is nobody's business: the journal keeps no addresses",
    "publication.following.follow": "who follows is nobody's business: the journal keeps no addresses",
    "publication.following._erase": "who follows is nobody's business: the journal keeps no addresses",
    "publication.following.move_followers": "who follows is nobody's business: the journal keeps no addresses",
    "publication.follower_mails._write": "who follows is nobody's business: the journal keeps no addresses",
    "gates.self_check.check_own_work": "how a team sees its own draft, which nobody else reads",
    "publication.entry.reindex": "what search finds, written anew from what is told: an operator's command",
    "publication.entry.follow_captions": "what search finds, which follows from what is told: a consent, a picture hidden",
    "imaging.plain_pdf.plain_pdf": "a file in a folder that goes with the process, no row",
    "attachments.removal._remove_unnamed_of": "what nothing has named for a month; its bytes go with the orphans",
    "imaging.reader._written": "a file in a folder that goes with the process, no row",
    "people.sessions.begin_session": "a device that is signed in is no fact of the programme; its end is told",
    "people.sessions.visit_of": "when a device was last seen",
    "people.sessions.open_session": "what a session has proved",
    "people.sessions.note_factor": "what a session has proved",
    "people.sessions.note_password": "what a session has proved",
    "people.passkeys._remember": "what a session was asked",
    "people.passkeys._take": "what a session was asked",
    "people.passkeys.use_passkey": "when a passkey was last used",
    "people.second_factor.start_app": "an app that has shown no code yet; its first one is told",
    "people.second_factor._drop_waiting": "an app that has shown no code yet; its first one is told",
    "people.throttle.begin_guess": "counts, forgotten after hours",
    "people.throttle.guessed_right": "counts, forgotten after hours",
    "people.throttle.forget_guesses": "counts, forgotten after hours",
    "people.rate_limits.take": "counts, forgotten after a day",
    "people.rate_limits.lock_key": "counts, forgotten after a day",
    "people.rate_limits.give_back": "counts, forgotten after a day",
    "people.rate_limits.forget_attempts": "counts, forgotten after a day",
    "people.known_devices.remember_device": "a browser that is known is no fact of the programme",
    "people.known_devices.forget_devices": "a browser that is known is no fact of the programme",
    "people.tokens.issue": "a link in a mail; what it is used for is told",
    "people.tokens.end_all": "a link in a mail; what it is used for is told",
    "people.tokens.redeem": "a link in a mail; what it is used for is told",
    "people.oidc.visits.begin_visit": "a browser on its way, forgotten after minutes",
    "people.oidc.visits.end_visit": "a browser on its way, forgotten after minutes",
    "people.oidc.visits.forget_visits": "a browser on its way, forgotten after minutes",
    "people.oidc.identities._note_use": "when somebody signed in last",
    "people.consent_texts.install_consent_texts": "what the program brings along",
    "reference.install.install_reference_rows": "what the program brings along",
    "mail.outbox.queue": "a mail; the event that causes it is told",
    "mail.delivery.deliver_waiting": "how far a mail got",
    "mail.delivery._deliver": "how far a mail got",
    "notifications.digest._bundle": "how far a mail got",
    "notifications.tell._mark": "which events were told",
    "notifications.tell._notify": "whom an event concerns; the event itself is in the journal",
    "notifications.bell.open_notification": "what somebody has read is no fact of the programme",
    "notifications.bell.mark_read": "what somebody has read is no fact of the programme",
    "notifications.bell.forget_notifications": "what the journal keeps, forgotten after half a year",
    "history.record.record": "the journal itself",
    "reviews.figures.mend_figures": "figures that follow from other rows, whose change is told",
    "reviews.review_statistics.store_summaries": "figures that follow from the reviews, whose change is told",
    "privacy.scans.bring": "a picture that waits until somebody has looked at it",
    "privacy.sheet_reader._kept": "a picture in memory",
    "privacy.guardian_answer.note_opened": "that a mail arrived; its answer is told",
    "privacy.guardian_answer.begin": "uses the link up; its answer is told in the same transaction",
    "privacy.guardian_links.forget_guardian_links": "erases addresses of links that are over; that they were sent is told",
    "privacy.guardian_links._erase": "erases addresses of links that are over; that they were sent is told",
    "privacy.guardian_links._forget": "erases addresses of links that are over; that they were sent is told",
    "privacy.guardian_links._drop_mails": "a mail to an address that is erased",
    "privacy.guardian_links.end_ways_to_family": "follows from the family's new code, which is told",
    "projects.consents.store_refusal": "part of a guardian's answer, which is told",
    "privacy.scans.say_whose": "whose a picture is; that it was filed is told",
    "privacy.scans.drop_scan": "a picture that nobody wanted",
    "privacy.scans.forget_waiting_scans": "pictures that nobody has filed in a month",
    "mail.retention.erase_old_mails": "erases what was said; that a mail went stays in the outbox",
    "publication.content_reports.forget_reporters": "erases what a stranger wrote; that the report was closed is told",
    "publication.index.rebuild": "the index, made anew of what is there",
    "publication.render_again.render_frozen_again": "HTML, made anew of what is there",
    "interchange.everything.import_from": "the journal is among what is read",
}


@dataclass
class Function:
    """A function of the package: its calls by full name; whether it writes; whether it records an event."""

    calls: set[str] = field(default_factory=set)
    writes: bool = False
    records: bool = False


def _functions() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module.partition(".")[0] in _NO_DOMAIN or module.endswith("tables"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        names = _names(tree, module)
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[f"{module}.{node.name}"] = _function(node, names)
    return found


def _names(tree: ast.Module, module: str) -> dict[str, str]:
    """Return what a name in a module refers to: its own function, or one imported from the package."""
    own = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}
    imported = {
        alias.asname or alias.name: f"{node.module.removeprefix('incubator.')}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("incubator.")
        for alias in node.names
    }
    return imported | own


def _function(node: ast.AST, names: dict[str, str]) -> Function:
    function = Function()
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
        if isinstance(call.func, ast.Name):
            function.calls.add(names.get(call.func.id, call.func.id))
            function.records |= call.func.id == "record"
        elif isinstance(call.func, ast.Attribute):
            owner = call.func.value
            is_table = isinstance(owner, ast.Name) and (owner.id in TABLES or owner.id == "table")
            function.writes |= call.func.attr == "save" or (call.func.attr in _WRITES and is_table)
            # A journal written in batches, by an import.
            function.records |= call.func.attr == "insert" and isinstance(owner, ast.Name) and owner.id == "Event"
    return function


def silent_writes(functions: dict[str, Function]) -> list[str]:
    """Return the functions that write and can be reached without recording an event."""
    callers: dict[str, set[str]] = defaultdict(set)
    for name, function in functions.items():
        for called in function.calls & functions.keys():
            callers[called].add(name)

    def records(name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Return whether it records an event, itself or by another verb that it calls."""
        function = functions[name]
        called = (function.calls & functions.keys()) - seen - {name}
        return function.records or any(records(each, seen | {name}) for each in called)

    def is_told(name: str, seen: frozenset[str] = frozenset()) -> bool:
        if name in SILENT or records(name):
            return True
        by = callers[name] - seen - {name}
        return bool(by) and all(is_told(each, seen | {name}) for each in by)

    return sorted(name for name, function in functions.items() if function.writes and not is_told(name))


def test_every_write_is_told() -> None:
    assert silent_writes(_functions()) == []


def test_the_list_of_the_silent_holds_nobody_else() -> None:
    functions = _functions()
    assert SILENT.keys() <= functions.keys()


def test_a_verb_that_records_nothing_is_seen() -> None:
    functions = _functions()
    functions["projects.comments.comment"].records = False
    assert "projects.comments.comment" in silent_writes(functions)


def test_no_page_writes() -> None:
    """Pages call verbs."""
    pages = {name for name, function in _functions().items() if "pages." in name and function.writes}
    assert pages == set()
