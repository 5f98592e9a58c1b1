"""Has moto read and do DynamoDB's expressions as they are read here.

moto's own readers know less than the grammar: no indexes above 9, no NOT NOT, no line breaks, few
parentheses; and what fails half way leaves half an update.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lambda_over_https.sandbox.strict.dynamodb.expressions.answering import answering
from lambda_over_https.sandbox.strict.dynamodb.expressions.conditions import read_condition
from lambda_over_https.sandbox.strict.dynamodb.expressions.key_conditions import read_key_conditions
from lambda_over_https.sandbox.strict.dynamodb.expressions.meaning import Given
from lambda_over_https.sandbox.strict.dynamodb.expressions.projecting import projected
from lambda_over_https.sandbox.strict.dynamodb.expressions.projections import read_projection
from lambda_over_https.sandbox.strict.dynamodb.expressions.tree import (
    Call,
    Condition,
    Joined,
    Negated,
    Operand,
    Path,
    Update,
    Value,
)
from lambda_over_https.sandbox.strict.dynamodb.expressions.updates import read_update
from lambda_over_https.sandbox.strict.dynamodb.expressions.updating import FailedError, updated
from lambda_over_https.sandbox.strict.dynamodb.items.index_keys import wrong_after_update


def cover() -> None:
    """Replace moto's readers. Call this before the first call reaches moto."""
    from moto.dynamodb import comparisons, models, responses
    from moto.dynamodb.models.dynamo_type import Item

    responses.validate_attributes_used = _checked_before
    comparisons.ConditionExpressionParser.parse = _condition
    responses.ProjectionExpressionParser.parse = _projection
    responses.parse_expression = _key_conditions
    Item.project = projected
    responses.UpdateExpressionParser = models.UpdateExpressionParser = _Updates
    models.UpdateExpressionValidator, models.UpdateExpressionExecutor = _Validator, _Executor
    responses.DynamoHandler.update_item = answering(responses.DynamoHandler.update_item)


def _checked_before(*_: Any, **__: Any) -> None:
    """Nothing: the placeholders that a call defines have been held against its expressions."""


# --- conditions and projections ---


def _condition(self: Any) -> Any:
    """The operators of moto for the condition of one of its parsers."""
    from moto.dynamodb.comparisons import OpDefault

    if not self.condition_expression:
        return OpDefault(None, None)
    given = Given(self.expression_attribute_names or {}, self.expression_attribute_values or {})
    return _operator(read_condition(self.condition_expression), given)


def _operator(node: Condition, given: Given) -> Any:
    from moto.dynamodb import comparisons

    if isinstance(node, Joined):
        join = comparisons.OpAnd if node.word == "AND" else comparisons.OpOr
        return join(*(_operator(each, given) for each in node.conditions))
    if isinstance(node, Negated):
        return comparisons.OpNot(_operator(node.condition, given))
    operands = [_operand(each, given) for each in node.operands]
    if isinstance(node, Call):
        return comparisons.FUNC_CLASS[node.name](*operands)
    others = {"BETWEEN": comparisons.FuncBetween, "IN": comparisons.FuncIn}
    return {**comparisons.COMPARATOR_CLASS, **others}[node.operator](*operands)


def _operand(operand: Operand, given: Given) -> Any:
    from moto.dynamodb import comparisons

    if isinstance(operand, Path):
        return comparisons.AttributePath(list(operand.resolved(given.names)))
    if isinstance(operand, Value):
        return comparisons.AttributeValue(given.values[operand.name])
    return _operator(operand, given)


def _key_conditions(
    key_condition_expression: str,
    expression_attribute_values: Mapping[str, Any],
    expression_attribute_names: Mapping[str, str],
    schema: Sequence[Mapping[str, str]],
) -> tuple[list[Any], list[Any], list[str]]:
    """The conditions on hash and on range keys, as moto's query takes them, and no placeholders."""
    given = Given(expression_attribute_names, expression_attribute_values)
    wanted = read_key_conditions(key_condition_expression, given)
    hashes, ranges = [], []
    for part in schema:
        name = part["AttributeName"]
        if name in wanted and part["KeyType"] == "HASH":
            hashes.append((name, wanted[name].values[0]))
        elif name in wanted:
            ranges.append((name, wanted[name].operator.upper(), list(wanted[name].values)))
    return hashes, ranges, []


def _projection(self: Any) -> list[Any]:
    if not self.projection_expression:
        return []
    names = self.expression_attribute_names
    return [path.resolved(names) for path in read_projection(self.projection_expression)]


# --- updates, in the parts that moto has for them ---


class _Updates:
    """Stands for moto's reader of updates, and for what it reads."""

    def __init__(self, update: Update) -> None:
        self.update = update

    @classmethod
    def make(cls, text: str) -> "_Updates":
        return cls(read_update(text))

    def find_clauses(self, _kinds: Sequence[type]) -> list[Any]:
        """No placeholders: they have been checked."""
        return []


class _Validator:
    """Makes an item's new attributes, or refuses the update; moto asks it before it touches the item."""

    def __init__(
        self,
        expression: _Updates,
        expression_attribute_names: Mapping[str, str] | None,
        expression_attribute_values: Mapping[str, Any] | None,
        item: Any,
        table: Any,
    ) -> None:
        self._update, self._item, self._table = expression.update, item, table
        self._given = Given(expression_attribute_names or {}, expression_attribute_values or {})

    def validate(self) -> "_Validator":
        from moto.dynamodb.exceptions import (
            ItemSizeTooLarge,
            ItemSizeToUpdateTooLarge,
            MockValidationException,
        )

        try:
            self._check_keys()
            self.attributes = _limited(updated(self._item.attrs, self._update, self._given))
        except FailedError as failed:
            raise MockValidationException(str(failed)) from None
        except ItemSizeTooLarge:
            raise ItemSizeToUpdateTooLarge from None
        if wrong := wrong_after_update(self._table, self.attributes):
            raise MockValidationException(wrong)
        return self

    def _check_keys(self) -> None:
        for path in self._update.targets:
            name = path.resolved(self._given.names)[0]
            if name in self._table.table_key_attrs:
                problem = f"Cannot update attribute {name}. This attribute is part of the key"
                raise FailedError(f"One or more parameter values were invalid: {problem}")

    def normalize(self) -> None:
        """Nothing is left to do; moto calls this."""


class _Executor:
    def __init__(self, made: _Validator, item: Any, _names: Mapping[str, str]) -> None:
        self._attributes, self._item = made.attributes, item

    def execute(self) -> None:
        self._item.attrs = self._attributes


def _limited(attributes: Mapping[str, Any]) -> Any:
    """The attributes in moto's form, which raises ItemSizeTooLarge."""
    from moto.dynamodb.models.dynamo_type import LimitedSizeDict

    limited = LimitedSizeDict()
    for name, value in attributes.items():
        limited[name] = value
    return limited
