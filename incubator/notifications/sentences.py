"""What the bell says in one sentence about each kind of event, with the placeholders of its mail (``mails.py``).

Where the subject of the mail says it, it is the sentence. Organisers rewrite mails, not these.
"""

from collections.abc import Mapping
from typing import Any

from incubator.core.languages import _
from incubator.notifications.mail_templates import filled
from incubator.notifications.mails import packaged_mails


def sentence(mail: str, values: Mapping[str, Any]) -> str:
    """Return the sentence for events that this mail tells, in the current language. Raises KeyError for an unknown mail."""
    return filled(sentence_of(mail), dict(values))


def sentence_of(mail: str) -> str:
    """Return the sentence with its placeholders."""
    return own_sentences().get(mail) or packaged_mails()[mail].subject


def kind_in_words(mail: str) -> str:
    """Return what kind of happening it is, in the current language."""
    return _without_mail().get(mail) or packaged_mails()[mail].name


def _without_mail() -> dict[str, str]:
    """Return the kinds whose mail is written by the verb, or by nobody."""
    return {
        "help_offered": _("Предложение помощи"),
        "invited": _("Приглашение в команду"),
        "invited_to_work": _("Приглашение в программу"),
    }


def own_sentences() -> dict[str, str]:
    """Return the sentences that are not the subject of their mail."""
    return _for_mentors() | _for_teams() | _about_the_showcase() | _about_people() | _for_organisers()


def _for_mentors() -> dict[str, str]:
    return {
        "assignment": _("Вас просят прочитать «{title}» и написать рецензию до {day}"),
        "withdrawn": _("Рецензия на «{title}» больше не нужна: {reason}"),
        "taken_back": _("Команда забрала заявку «{title}»; ваша рецензия сохранена"),
        "closed_after_review": _("Решения по заявке «{title}» не будет; ваша рецензия сохранена"),
        "outcome": _("Объявлено решение по заявке «{title}»: {outcome}"),
        "outcome_corrected": _("Решение по заявке «{title}» исправили: {outcome}"),
        "decided_without": _("По заявке «{title}» уже решили, рецензию писать не нужно"),
    }


def _for_teams() -> dict[str, str]:
    return {
        "advance": _("Рубеж пройден: «{title}» переходит на этап «{stage}»"),
        "graduated": _("Весь путь пройден: «{title}» завершает программу"),
        "return": _("Заявку «{title}» прочитали и просят доработать"),
        "stop": _("Есть решение по заявке «{title}»"),
        "corrected": _("Решение по заявке «{title}» исправили"),
        "remark_doubted": _("Наставник просит вернуться к одному замечанию: «{title}»"),
        "typo_corrected": _("Организатор исправил опечатку в сданной версии: «{title}»"),
        "extended": _("У команды «{title}» новый срок сдачи"),
        "deadline_near": _("Срок близко: сдать «{title}» можно до {until}"),
        "date_moved": _("Срок сдачи изменился: «{title}»"),
        "withdrawn_by_office": _("Организатор снял команду «{title}» с программы"),
        "merged": _("Два проекта вашей команды стали одним: «{title}»"),
        "deletion_planned": _("Проект «{title}» скоро удалят; пока его можно вернуть"),
        "deletion_stopped": _("Проект «{title}» остаётся: удалять его передумали"),
        "idea_deleted": _("Капитан удаляет идею «{title}»; пока её можно вернуть"),
        "idea_restored": _("Идея «{title}» снова с вами"),
        "left": _("Команда «{title}» ушла из программы"),
        "commented": _("{name} комментирует раздел «{section}»: «{title}»"),
        "replied": _("{name} отвечает о разделе «{section}»: «{title}»"),
        "posted": _("{name} пишет в обсуждении: «{title}»"),
    }


def _about_the_showcase() -> dict[str, str]:
    return {
        "offered": _("Организатор предлагает показать «{title}» на витрине"),
        "published": _("Проект «{title}» теперь видят все: он на витрине"),
        "publication_refused": _("Версию {number} пока не показываем, и вот почему: «{title}»"),
        "news_refused": _("Новое на витрине пока не показываем, и вот почему: «{title}»"),
        "news_shown": _("Новость видят все: «{headline}», проект «{title}»"),
        "news_declined": _("Новость «{headline}» пока не показываем, и вот почему: «{title}»"),
        "news_removed": _("Организатор снял с витрины новость «{headline}»: «{title}»"),
        "news_offered": _("Команда «{title}» предлагает новость: «{headline}»"),
        "taken_off": _("Организатор снял проект или его версию с витрины: «{title}»"),
        "awarded": _("Проект «{title}» получил награду: {name}"),
        "name_hidden": _("На витрине больше нет одного имени: «{title}»"),
        "help_offered": _("Вам предлагают помощь, слова и адрес – в письме: «{title}»"),
        "name_waits": _("Новое имя ждёт организатора: «{title}»"),
        "file_hidden": _("Организатор убрал с витрины картинку или файл: «{title}»"),
        "publication_asked": _("Команда «{title}» просится на витрину"),
        "content_reported": _("Посетитель сообщает о странице «{title}»: {wrong}"),
        "name_to_see": _("Посмотрите новое имя для витрины: «{title}»"),
        "file_to_see": _("Посмотрите картинку ещё раз: «{title}»"),
    }


def _about_people() -> dict[str, str]:
    return {
        "invited": _("Вас зовут в команду «{title}»"),
        "invited_to_work": _("Вас приглашают в программу: {title}"),
        "joined": _("В команде «{title}» новый человек: {name}"),
        "left_team": _("Из команды «{title}» вышел человек: {name}"),
        "removed": _("Вы больше не в команде «{title}»"),
        "captain_changed": _("Новый капитан команды «{title}»: {name}"),
        "vouch_asked": _("В команду «{title}» пришёл взрослый: {name}. Подтвердите, если знаете"),
        "consent_withdrawn": _("В команде «{title}» отозвано согласие: {name}, {purpose}"),
        "teenager_agrees": _("Родитель согласился, осталось ваше «да»: {purposes}"),
        "consent_ending": _("Согласие закончится {day}: {name}, {purpose}"),
        "documents_missing": _("До срока немного, а согласий не хватает: «{title}»"),
        "birth_date_changed": _("{who} меняет дату рождения: {name}"),
        "substitute_named": _("До {day} вы ведёте класс вместо коллеги: {name}"),
        "teacher_replaced": _("До {day} ваших учеников ведёт {name}"),
    }


def _for_organisers() -> dict[str, str]:
    return {
        "submitted": _("Команда «{title}» сдала версию {number}: ей нужны наставники"),
        "declined": _("{name} не сможет написать рецензию на «{title}»: {reason}"),
        "reconsidered": _("{name} всё-таки напишет рецензию на «{title}»"),
        "review_late": _("Рецензия на «{title}» опаздывает: {name}"),
        "unassigned": _("{name} больше не рецензирует «{title}»: {reason}"),
    }
