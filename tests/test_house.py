"""Conventions of the code base: names, packages, and complexity of functions."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from radon.complexity import cc_visit

import incubator
from incubator.config import ROOT

PACKAGE = Path(incubator.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

#: Loaded by those who need them, or in a process of their own: each worker would hold 35 MB more.
RARELY_NEEDED = {
    "PIL",
    "authlib",
    "black",
    "cryptography",
    "docx",
    "fontTools",
    "httpx",
    "icalendar",
    "joserfc",
    "pypdfium2",
    "typst",
    "webauthn",
    "xlsxwriter",
    "zxingcpp",
}

#: Highest cyclomatic complexity of a function.
HARDEST = 12


def _roles() -> set[str]:
    from incubator.people.permissions import StaffRole
    from incubator.projects.permissions import ProjectRole

    return {*ProjectRole, *StaffRole}


def test_the_site_starts_without_what_is_rarely_needed() -> None:
    code = "import sys, incubator.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, timeout=60, check=True, text=True)
    loaded = set(done.stdout.split())
    assert "incubator.people.oidc.tokens" in loaded
    assert RARELY_NEEDED & loaded == set()


def test_no_function_is_hard_to_follow() -> None:
    hard = {
        f"{path.relative_to(PACKAGE)}: {block.name} ({block.complexity})"
        for path in MODULES
        for block in cc_visit(path.read_text("utf-8"))
        if block.letter in "FM" and block.complexity > HARDEST
    }
    assert hard == set()


def test_no_two_classes_have_one_name() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                where[node.name].append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def test_quotation_marks_are_translated_with_what_they_quote() -> None:
    mixed = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        if any(isinstance(part, ast.Constant) and str(part.value).endswith("«") for part in node.values[:-1])
    }
    assert mixed - {"core/text.py"} | {path.name for path in TEMPLATES if "«{{" in path.read_text("utf-8")} == set()


def test_no_file_is_named_like_a_module_of_the_standard_library() -> None:
    assert {path.stem for path in MODULES} & sys.stdlib_module_names == set()


def test_roles_are_asked_for_in_the_permissions_alone() -> None:
    """Sets and tuples of roles are written out nowhere else."""
    roles = _roles()
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in MODULES
        if path.name != "permissions.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Set, ast.Tuple, ast.List))
        and len(node.elts) > 1
        and all(isinstance(each, ast.Constant) and each.value in roles | {""} for each in node.elts)
        and any(isinstance(each, ast.Constant) and each.value for each in node.elts)
    ]
    assert found == []


def test_templates_ask_what_somebody_may_and_not_who_they_are() -> None:
    assert TEMPLATES
    asking = re.compile(r"is_organiser|is_mentor|way\.role|\.role in")
    assert [str(path) for path in TEMPLATES if asking.search(path.read_text("utf-8"))] == []


def test_rooms_are_packages_that_say_nothing() -> None:
    """An ``__init__`` with imports would load a whole package for one of its files."""
    full = [path for path in MODULES if path.name == "__init__.py" and len(path.read_text("utf-8").splitlines()) > 15]
    assert [str(path.relative_to(PACKAGE)) for path in full] == ["db/__init__.py"]


def test_no_test_sleeps() -> None:
    """Nothing waits for luck; a turn of the loop, ``sleep(0)``, takes no time. Editors in a benchmark do think."""
    sleeping = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] == "sleep"
        and [ast.unparse(each) for each in node.args] != ["0"]
        and path != ROOT / "tests/benchmarks/editors.py"
    ]
    assert sleeping == []


def test_limits_of_forms_have_names() -> None:
    """Pages use ``core/limits.py``, so that form, template and gate agree."""
    found = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in MODULES
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"form.text", "form.number"}
        for keyword in call.keywords
        if keyword.arg in {"longest", "most"} and isinstance(keyword.value, ast.Constant)
    ]
    assert found == []


def test_no_consent_or_membership_ends_without_hiding_the_name() -> None:
    """The verbs of ``projects`` end it alone; everybody calls those of ``publication/withdrawals.py`` above them."""
    alone = {
        "incubator.projects.consents": "withdraw_consent",
        "incubator.projects.orphaned_consents": "void_recorded_by",
        "incubator.projects.own_consents": "withdraw_own_consent",
        "incubator.projects.team": "remove_member",
        "incubator.projects.vouching": "refuse_to_vouch",
    }
    calls = {f"{module.rpartition('.')[2]}.{verb}" for module, verb in alone.items()}
    callers = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and alone.get(node.module or "") in {each.name for each in node.names})
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in calls)
    }
    assert callers == {"publication/withdrawals.py"}


def test_nobody_comes_into_a_team_without_a_look_at_what_is_public_and_at_its_mentors() -> None:
    """What was public before may name the newcomer, and a mentor may know them."""
    coming = re.compile(r"await (?:join|accept_into_team|enter_team)\(|\bMember\(project=")
    callers = {
        str(path.relative_to(PACKAGE)): path.read_text("utf-8")
        for path in MODULES
        if coming.search(path.read_text("utf-8")) and path.relative_to(PACKAGE).parts[0] not in {"projects", "demo"}
    }
    assert set(callers) == {"classroom/teams.py", "gates/accept.py", "gates/merge_projects.py"}
    for text in callers.values():
        assert "await hide_newcomer(" in text
        assert "await withdraw_barred(" in text


def test_days_are_those_of_the_region() -> None:
    """Between midnight of the region and that of UTC they differ: `today()` and `day_of()` know the region's."""
    of_another_zone = re.compile(
        r"now\(\)\.(date\(|year|month|day\b|hour|weekday)|date\.today\(|datetime\.(now\(\)|today|utcnow|utcfromtimestamp)"
        r"|(_at|since|until):%"
    )
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if of_another_zone.search(line) and path != Path(__file__)
    }
    assert found == set()
