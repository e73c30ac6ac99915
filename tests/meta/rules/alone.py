"""What one rule says of a history that others judge besides."""

from __future__ import annotations

from id_isolation.history.recorder import History
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Anomaly, Circumstances, Rule


def said_by(history: History, circumstances: Circumstances, *rules: type[Rule]) -> list[Anomaly]:
    """The anomalies of these rules among those of all, in the order in which they show."""
    kinds = {kind.name for rule in rules for kind in rule.kinds}
    return [anomaly for anomaly in anomalies(history, circumstances) if anomaly.kind.name in kinds]
