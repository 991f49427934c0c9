"""Jinja's environment of one language: what a template says in any case is worked out when it is compiled, not at each rendering.

A page asks for a hundred words; looking up each of them again took longer than the queries of the page.
"""

from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

#: Functions whose answer depends on nothing but the text that they are called with, and the language.
_FOLDED = {"_": "gettext", "static": "static"}


class _SharedTemplate(Template):
    """A template whose macros are made once. Jinja looks at each import whether the page has globals that they do not know; here all have the same."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class EagerEnvironment(Environment):
    """An environment that compiles a word, the address of a static file, or a whole picture as the text that it is."""

    template_class = _SharedTemplate

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(_Folding(self, source).visit(source), *args, **kwargs)


class _Folding(NodeTransformer):
    def __init__(self, environment: Environment, template: nodes.Template) -> None:
        self._environment = environment
        own = set(_names_of(template))
        self._folded = {name: given for name, given in _FOLDED.items() if name not in own}

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Replace ``_("…")`` by the words. A sentence with values waits for them."""
        self.generic_visit(call)
        name = self._folded.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        if name is None or len(call.args) != 1 or call.kwargs or call.dyn_args or call.dyn_kwargs:
            return call
        given = call.args[0]
        if not isinstance(given, nodes.Const):
            return call
        answer: Any = self._environment.globals[name]
        said = nodes.Const(str(answer(given.value)), lineno=call.lineno)
        return nodes.MarkSafe(said, lineno=call.lineno) if name == "gettext" else said

    def visit_Concat(self, joined: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Leave it to be joined when it is rendered: Jinja would take the words for text that is not safe."""
        return joined

    def visit_Include(self, include: nodes.Include) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Replace a picture, which holds no variables, by itself."""
        name = include.template.value if isinstance(include.template, nodes.Const) else ""
        if not str(name).endswith(".svg"):
            return include
        text = self._environment.get_template(name).render()
        return nodes.Output([nodes.TemplateData(text)], lineno=include.lineno)


def _names_of(template: nodes.Template) -> Iterator[str]:
    """Yield the names that a template gives to something itself."""
    yield from (name.name for name in template.find_all(nodes.Name) if name.ctx != "load")
    yield from (macro.name for macro in template.find_all(nodes.Macro))
    yield from (whole.target for whole in template.find_all(nodes.Import))
    for taken in template.find_all(nodes.FromImport):
        yield from (each if isinstance(each, str) else each[1] for each in taken.names)
