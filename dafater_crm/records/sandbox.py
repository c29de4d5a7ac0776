"""Texts with variables that people write, rendered in a sandbox of our own.

A text may print its variables, ask `{% if %}` and walk through a list that it is given. Everything else that Jinja can
do is refused when the text is saved, so it can neither reach into the system nor run for long: there is nothing to
call, no attribute but the keys of the rows of a list, one loop deep, and the size of the result is bounded.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import frappe
from frappe import _
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE = 200_000
MAX_RESULT = 500_000
MAX_DEPTH = 25

FILTERS = frozenset({"default", "upper", "lower"})
ALLOWED_NODES = (
	nodes.Template,
	nodes.Output,
	nodes.TemplateData,
	nodes.Name,
	nodes.Const,
	nodes.Getattr,
	nodes.If,
	nodes.For,
	nodes.Filter,
	nodes.CondExpr,
	nodes.Compare,
	nodes.Operand,
	nodes.And,
	nodes.Or,
	nodes.Not,
)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True)
class Vocabulary:
	"""What a kind of text may name: its variables, and for each list the keys of its rows."""

	variables: tuple[str, ...]
	lists: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Sandbox(ImmutableSandboxedEnvironment):
	"""Jinja with nothing in it: no globals, three filters, and no attributes but the keys of plain dicts."""

	def __init__(self) -> None:
		super().__init__(autoescape=True, undefined=StrictUndefined)
		self.globals.clear()
		self.filters = {name: self.filters[name] for name in FILTERS}
		self.tests.clear()

	def getattr(self, obj: Any, attribute: str) -> Any:
		if type(obj) is dict and attribute in obj:
			return obj[attribute]
		return self.unsafe_undefined(obj, attribute)

	def getitem(self, obj: Any, argument: Any) -> Any:
		return self.getattr(obj, argument)

	def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
		return False

	def is_safe_callable(self, obj: Any) -> bool:
		return False


def check_source(source: str | None, label: str, words: Vocabulary) -> None:
	"""Raise one clear `frappe.ValidationError` unless the text can be rendered. `label`: translated name of the text."""
	source = _tidy(source)
	if len(source) > MAX_SOURCE:
		_refuse(_("The text {0} is too long. Shorten it to {1} characters.").format(label, MAX_SOURCE))
	try:
		tree = Sandbox().parse(source)
	except (TemplateError, RecursionError) as error:
		_refuse(
			_(
				"The text {0} has an incomplete variable near line {1}. Each variable stands between two opening and two closing braces."
			).format(label, getattr(error, "lineno", 1) or 1)
		)
	_Checker(label, words).visit(tree)


def render(source: str | None, label: str, words: Vocabulary, values: dict[str, Any]) -> str:
	"""Return the text with `values` filled in, escaped. Raises `frappe.ValidationError` for anything but a clean result."""
	check_source(source, label, words)
	parts, size = [], 0
	try:
		for part in Sandbox().from_string(_tidy(source)).generate(values):
			size += len(part)
			if size > MAX_RESULT:
				_refuse(
					_("The text {0} becomes too long when it is filled in. Shorten the template.").format(
						label
					)
				)
			parts.append(part)
	except (TemplateError, TypeError):
		# for example a date compared with a number; Jinja's own wording would not help the user
		_refuse(
			_(
				"The text {0} could not be filled in. Check its conditions and compare only values of one kind."
			).format(label)
		)
	return "".join(parts)


def _tidy(source: str | None) -> str:
	"""Undo what the text editor does inside of braces: entities for `>` and `&`, hard spaces."""
	return _TAG.sub(lambda tag: html.unescape(tag[0]).replace("\u00a0", " "), source or "")


def _refuse(message: str) -> NoReturn:
	frappe.throw(message, title=_("Template Text"))
	raise AssertionError  # frappe.throw always raises; this tells the type checker


class _Checker:
	"""Walks the syntax tree and refuses what is not on the lists above."""

	def __init__(self, label: str, words: Vocabulary) -> None:
		self.label = label
		self.words = words
		# name of a loop variable -> the keys of its rows, while inside of that loop
		self.loop: dict[str, frozenset[str]] = {}

	def visit(self, node: nodes.Node, depth: int = 0) -> None:
		if not isinstance(node, ALLOWED_NODES) or depth > MAX_DEPTH:
			self._not_possible()
		if isinstance(node, nodes.Getattr):
			self._check_attribute(node)
		elif isinstance(node, nodes.For):
			self._check_loop(node, depth)
		else:
			self._check_leaf(node)
			for child in node.iter_child_nodes():
				self.visit(child, depth + 1)

	def _check_leaf(self, node: nodes.Node) -> None:
		if isinstance(node, nodes.Name) and node.name not in self.words.variables:
			self._unknown(node.name)
		if isinstance(node, nodes.Filter) and node.name not in FILTERS:
			self._not_possible()

	def _check_attribute(self, node: nodes.Getattr) -> None:
		owner = node.node.name if isinstance(node.node, nodes.Name) else ""
		if node.attr not in self.loop.get(owner, ()):
			self._unknown(f"{owner}.{node.attr}")

	def _check_loop(self, node: nodes.For, depth: int) -> None:
		"""One loop deep, over a list of ours, with a loop variable that hides nothing."""
		simple = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name)
		if self.loop or not simple or node.recursive or node.test or node.target.name in self.words.variables:
			self._not_possible()
		if node.iter.name not in self.words.lists:
			self._unknown(node.iter.name)
		self.loop = {node.target.name: self.words.lists[node.iter.name]}
		for child in node.body:
			self.visit(child, depth + 1)
		self.loop = {}
		for child in node.else_:
			self.visit(child, depth + 1)

	def _unknown(self, name: str) -> NoReturn:
		_refuse(
			_("The text {0} uses the variable {1}, which does not exist. Use one of these: {2}.").format(
				self.label, frappe.bold(frappe.utils.escape_html(name)), ", ".join(self.words.variables)
			)
		)

	def _not_possible(self) -> NoReturn:
		_refuse(
			_(
				"The text {0} uses a command that templates do not allow. Use only variables, conditions and a loop over a list."
			).format(self.label)
		)
