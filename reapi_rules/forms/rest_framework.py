"""A Django REST framework serializer that accepts a request and rejects what reAPI would reject."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from reapi_rules.catalog.catalog import chosen
from reapi_rules.catalog.extras import need
from reapi_rules.engine.engine import Options
from reapi_rules.engine.report import Report
from reapi_rules.forms.mapping import field_of, line
from reapi_rules.forms.reader import own_of, preflight_decoded, preflight_form

__all__ = ["RequestMixin"]


class RequestMixin:
    """For a serializer, named before ``serializers.Serializer``: its data, JSON or a form, is a request to reAPI.

    Errors are by field, with the rule id as their code; ``validated_data`` is what to send, with the values of fields
    that are the serializer's own; ``report`` is the report on the last data.  Fields of the request need not be
    declared: those that are, for a label or a tighter bound, should not be required.

    ``options`` are those of ``preflight``; ``names`` gives the request's name of a field by the serializer's.
    """

    options: ClassVar[Options] = {}
    names: ClassVar[Mapping[str, str]] = {}
    report: Report | None = None

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """What the fields of the serializer make of the data, and what to send; raises ValidationError."""
        serializers = need("rest_framework.serializers", "rest-framework")
        attributes: dict[str, Any] = {}
        own = own_of(self._declared, self.names, chosen(self.options.get("catalog")))
        errors: dict[str, Any] = {}
        try:
            attributes = dict(super().to_internal_value(data))  # type: ignore[misc]  # the serializer's
        except serializers.ValidationError as error:
            errors = dict(error.detail)
        report = self.report = self._judge(data, own)
        errors |= self._details(report)
        if errors:
            raise serializers.ValidationError(errors)
        sent = {field.source for name, field in self._declared.items() if name not in own}
        return {**{name: value for name, value in attributes.items() if name not in sent}, **(report.payload() or {})}

    def _judge(self, data: Any, own: Collection[str]) -> Report:
        if hasattr(data, "getlist"):
            return preflight_form(data, names=self.names, own=own, **self.options)
        if isinstance(data, Mapping):
            own = {*own, *(set(self.names.values()) - set(self.names))}  # as of a form
            data = {self.names.get(name, name): value for name, value in data.items() if name not in own}
        return preflight_decoded(data, **self.options)

    def _details(self, report: Report) -> dict[str, list[Any]]:
        """The errors by the serializer's fields."""
        detail = need("rest_framework.exceptions", "rest-framework").ErrorDetail
        form_wide = need("rest_framework.settings", "rest-framework").api_settings.NON_FIELD_ERRORS_KEY
        language = need("django.utils.translation", "rest-framework").get_language() or "en"
        in_form = {own: name for name, own in self.names.items()}
        labels = {self.names.get(name, name): str(field.label) for name, field in self._declared.items() if field.label}
        found: dict[str, list[Any]] = {}
        for error in report.errors:
            name = field_of(error) or form_wide
            message = line(error, language, hints=True, labels=labels)
            found.setdefault(in_form.get(name, name), []).append(detail(message, code=error.rule))
        return found

    @property
    def _declared(self) -> Mapping[str, Any]:
        fields: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]  # the serializer's
        return fields
