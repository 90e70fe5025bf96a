"""The library's expectations, asked for the rows that fail and for nothing else.

As they come, they also collect the failing values, which we must not hold, and count what we count
ourselves; and each builds its own configuration anew some fifty times in one run.
Measured on 20 rules: see decision 0012.
"""

from __future__ import annotations

from abc import ABC
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

ROWS = "unexpected_index_list"


class _RowsOnly(BatchExpectation, ABC):
    """Before an expectation on a map of rows: one metric, the places of the rows that fail."""

    _configuration: Any = pydantic.PrivateAttr(None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        # Nothing changes an expectation between its making and its result.
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration

    def get_validation_dependencies(
        self, execution_engine: Any = None, runtime_configuration: Any = None, **_: Any
    ) -> ValidationDependencies:
        name = f"{self.map_metric}.{ROWS}"
        asked = get_metric_kwargs(name, self.configuration, runtime_configuration)
        metric = MetricConfiguration(name, asked["metric_domain_kwargs"], asked["metric_value_kwargs"])
        return ValidationDependencies(
            {name: metric}, self._get_runtime_kwargs(runtime_configuration)["result_format"]
        )

    def _validate(self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        failing = metrics[f"{self.map_metric}.{ROWS}"] or []
        return {"success": not failing, "result": {ROWS: failing}}


class ExpectRowsToBeFilled(_RowsOnly, gxe.ExpectColumnValuesToNotBeNull):
    pass


class ExpectRowsToBeInSet(_RowsOnly, gxe.ExpectColumnValuesToBeInSet):
    pass


class ExpectRowsToMatch(_RowsOnly, gxe.ExpectColumnValuesToMatchRegex):
    pass


class ExpectRowsToBeUnique(_RowsOnly, gxe.ExpectColumnValuesToBeUnique):
    pass


class ExpectRowsToBeUniqueTogether(_RowsOnly, gxe.ExpectCompoundColumnsToBeUnique):
    pass
