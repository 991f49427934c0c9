"""Why an upload is not accepted, in words for whoever uploads it."""

from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.imaging.limits import MOST_PAGES, MOST_PIXELS, SECONDS
from incubator.imaging.opened import Refused


class NotOpened(Refusal):
    """The upload is nothing that is accepted."""

    status = 422

    def __init__(self, name: str, why: str) -> None:
        super().__init__(_("«%(name)s»: %(why)s", name=name, why=why))


def words_of(refused: Refused) -> str:
    words: dict[Refused, str] = {
        Refused.UNKNOWN: _("принимаем картинки JPEG, PNG, WebP, HEIC и документы PDF, PPTX, DOCX"),
        Refused.BROKEN: _("файл не открывается: похоже, он повреждён или загрузился не целиком"),
        Refused.PIXELS: _("картинка слишком большая: можно до %(n)s мегапикселей", n=MOST_PIXELS // 1_000_000),
        Refused.SLOW: _(
            "файл слишком сложный: его не нарисовать за %(n)s секунд. Сохраните его попроще, например «для экрана»",
            n=SECONDS,
        ),
        Refused.PAGES: _("в PDF должно быть от 1 до %(n)s страниц", n=MOST_PAGES),
        Refused.LOCKED: _("файл закрыт паролем: снимите пароль и загрузите снова"),
        Refused.UNCLEAN: _(
            "фотографии в нём говорят, где их сняли, и убрать это не получается: сохраните документ заново (Печать → «Сохранить как PDF») и загрузите снова"
        ),
        Refused.MACROS: _("в документе есть макросы: сохраните его без них или как PDF"),
    }
    return words[refused]
