"""The three places and the generator are mutated, and first judged by the checks of their own surface."""

from __future__ import annotations

from pathlib import Path

from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import COSTLY, all_pairs
from id_isolation.power.mutants import Opening, all_mutants, likely_first


def test_every_place_has_mutants_with_names_of_their_own() -> None:
    """The generator has most."""
    mutants = all_mutants()
    assert {mutant.path for mutant in mutants} == {AUTH, DISPATCHER, GENERATOR, WEBSOCKET}
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert sum(mutant.path == GENERATOR for mutant in mutants) > len(mutants) / 2


def test_what_is_no_part_of_a_place_is_not_mutated() -> None:
    """The dispatcher's tools mint nothing."""
    functions = {mutant.function.rpartition(".")[2] for mutant in all_mutants() if mutant.path == DISPATCHER}
    assert functions == {"create_from_deprecated_execution_engine", "_create_migration_context"}


def test_a_place_is_judged_on_its_surface_and_the_generator_everywhere() -> None:
    """Quick checks come first, and those of the surface itself."""
    by_path = {mutant.path: mutant for mutant in all_mutants()}
    assert {surface for _, surface in likely_first(by_path[AUTH])} == {Surface.AUTH}
    order = likely_first(by_path[GENERATOR])
    assert set(order) == set(all_pairs())
    assert order[0][1] is Surface.GENERATOR
    costly = [pair in COSTLY for pair in order]
    assert costly == sorted(costly)


def test_a_mutant_is_written_and_opened(tmp_path: Path) -> None:
    """The rest of the tree is as it was."""
    mutant = next(one for one in all_mutants() if one.path == AUTH)
    backend, root = Opening(mutant)(tmp_path)
    assert root == tmp_path
    assert (tmp_path / AUTH).read_text("utf-8") == mutant.source
    assert backend.sessions is not None
