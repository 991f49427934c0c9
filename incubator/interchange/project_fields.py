"""What a table of projects may hold. Pure."""

from collections.abc import Iterable

from incubator.core.languages import _, current_locale
from incubator.interchange.table_fields import TableField


def project_fields(sections: Iterable[tuple[str, str, str]]) -> list[TableField]:
    """Return all fields of a table of projects; ``sections``: key, Russian and English title of the document's sections."""
    own = [
        TableField("id", _("Номер строки"), ("id", "номер", "№", "№ п/п", "п/п", "код", "ид", "number", "no"), is_wide=False),
        TableField("title", _("Название проекта"), (
            "название", "название проекта", "название идеи", "название работы", "проект", "идея", "тема", "тема проекта", "наименование",
            "наименование проекта", "название вашего проекта", "название вашей идеи", "полное название проекта", "title", "project", "name",
            "project title", "project name",
        ), is_wide=False),
        TableField("team", _("Название команды"), ("команда", "название команды", "team", "team name")),
        TableField("organisation", _("Школа, колледж или вуз"), (
            "организация", "школа", "колледж", "вуз", "образовательная организация", "образовательное учреждение", "учебное заведение",
            "место учебы", "оо", "organisation", "organization", "school",
        )),
        TableField("municipality", _("Район или город"), (
            "район", "муниципалитет", "муниципальное образование", "муниципальный район", "округ", "город", "мо", "municipality", "district",
        )),
        TableField("cluster", _("Кластер"), ("кластер", "промышленный кластер", "отрасль", "направление", "cluster")),
        TableField("competencies", _("Компетенции"), ("компетенции", "компетенция", "competencies", "skills")),
        TableField("help_wanted", _("Какая помощь нужна"), (
            "нужна помощь", "какая помощь нужна", "помощь", "запрос", "что нужно команде", "help wanted", "help_wanted",
        )),
        TableField("students", _("Участники с адресами"), (
            "участники", "участник", "ученики", "студенты", "авторы", "автор", "состав команды", "состав", "участники команды", "участники проекта", "авторы проекта", "фио участников", "students", "members",
        ), is_wide=False),
        TableField("teacher", _("Педагог с адресом"), (
            "педагог", "учитель", "руководитель", "руководитель проекта", "преподаватель", "руководитель команды", "педагог руководитель", "научный руководитель", "фио руководителя", "фио педагога",
            "teacher", "supervisor",
        ), is_wide=False),
        TableField("coach", _("Консультант с адресом"), ("консультант", "наставник", "наставники", "эксперт", "coach", "mentor", "mentors"), is_wide=False),
    ]  # fmt: skip
    is_russian = current_locale() == "ru"
    return own + [TableField(key, ru if is_russian else en, (ru, en)) for key, ru, en in sections]
